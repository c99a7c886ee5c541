package io.streamx.spring;

import io.streamx.service.ServiceDefinition;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.util.ClassUtils;

/** Finds the services among the beans. */
final class ServiceBeans {
    private static final String BIND = "bind";

    private ServiceBeans() {}

    /** All services: those of beans with {@link StreamXService}, in their order, then beans that are definitions themselves. */
    static List<ServiceDefinition> of(ListableBeanFactory beans) {
        List<ServiceDefinition> services = new ArrayList<>();
        Map<Object, String> names = new LinkedHashMap<>();
        List<Object> handlers = new ArrayList<>();
        for (String name : beans.getBeanNamesForAnnotation(StreamXService.class)) {
            Object bean = beans.getBean(name);
            handlers.add(bean);
            names.put(bean, name);
        }
        AnnotationAwareOrderComparator.sort(handlers);
        handlers.forEach(bean -> services.addAll(bind(names.getOrDefault(bean, ""), bean)));
        beans.getBeanProvider(ServiceDefinition.class).orderedStream().forEach(services::add);
        return services;
    }

    private static List<ServiceDefinition> bind(String name, Object bean) {
        Set<Class<?>> interfaces = ClassUtils.getAllInterfacesForClassAsSet(AopUtils.getTargetClass(bean));
        List<Class<?>> services = interfaces.stream()
                .filter(type -> bindOf(type) != null)
                // A service that extends another one in the IDL has the methods of both.
                .filter(type -> interfaces.stream()
                        .noneMatch(other -> other != type && type.isAssignableFrom(other) && bindOf(other) != null))
                .toList();
        if (services.isEmpty()) {
            throw new StreamXSetupException(
                    "Bean '" + name + "' of " + AopUtils.getTargetClass(bean).getName()
                            + " has @StreamXService and implements no generated service; it implements "
                            + interfaces.stream().map(Class::getName).toList() + ".",
                    "Implement the interface that the generator has written of a service, or remove the annotation.");
        }
        return services.stream().map(type -> bind(type, name, bean)).toList();
    }

    /** The method that generated interfaces have for binding a handler; null of other interfaces. */
    private static @Nullable Method bindOf(Class<?> type) {
        Method method = ClassUtils.getMethodIfAvailable(type, BIND, type);
        return method != null
                        && Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == ServiceDefinition.class
                ? method
                : null;
    }

    private static ServiceDefinition bind(Class<?> type, String name, Object bean) {
        if (!type.isInstance(bean)) {
            throw new StreamXSetupException(
                    "Bean '" + name + "' is served as " + type.getName()
                            + ", and the proxy that stands before it does not implement that interface.",
                    "Let the proxy implement the interfaces of its class, or proxy the class (proxyTargetClass=true).");
        }
        try {
            Method bind = bindOf(type);
            if (bind == null) {
                throw new IllegalStateException("no bind method in " + type);
            }
            return (ServiceDefinition) bind.invoke(null, bean);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException("cannot bind bean '" + name + "' as " + type.getName(), e);
        }
    }
}
