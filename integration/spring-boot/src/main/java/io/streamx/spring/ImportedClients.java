package io.streamx.spring;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/** Registers the beans that {@link ImportStreamXClients} asks for. */
final class ImportedClients implements ImportBeanDefinitionRegistrar {
    @Override
    public void registerBeanDefinitions(AnnotationMetadata importer, BeanDefinitionRegistry registry) {
        importer.getAnnotations().stream(ImportStreamXClients.class).forEach(found -> register(found, registry));
    }

    private static void register(MergedAnnotation<ImportStreamXClients> found, BeanDefinitionRegistry registry) {
        String name = found.getString("name");
        for (Class<?> type : found.getClassArray("types")) {
            registry.registerBeanDefinition(ClassUtils.getShortNameAsProperty(type), definition(type, name, registry));
        }
    }

    private static <T> RootBeanDefinition definition(Class<T> type, String name, BeanDefinitionRegistry registry) {
        ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
        return new RootBeanDefinition(
                type, () -> beans.getBean(StreamXClients.class).as(type, name));
    }
}
