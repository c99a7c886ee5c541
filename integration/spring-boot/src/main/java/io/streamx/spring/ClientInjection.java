package io.streamx.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.BeanDefinitionHolder;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.AutowireCandidateResolver;
import org.springframework.core.MethodParameter;

/** Gives what {@link StreamXClient} asks for, and leaves all else to the resolver that was there. */
final class ClientInjection implements AutowireCandidateResolver {
    private final BeanFactory beans;
    private final AutowireCandidateResolver other;

    ClientInjection(BeanFactory beans, AutowireCandidateResolver other) {
        this.beans = beans;
        this.other = other;
    }

    @Override
    public @Nullable Object getSuggestedValue(DependencyDescriptor descriptor) {
        StreamXClient wanted = wanted(descriptor);
        return wanted == null
                ? other.getSuggestedValue(descriptor)
                : beans.getBean(StreamXClients.class).as(descriptor.getDependencyType(), wanted.value());
    }

    private static @Nullable StreamXClient wanted(DependencyDescriptor descriptor) {
        StreamXClient onParameter = descriptor.getAnnotation(StreamXClient.class);
        if (onParameter != null) {
            return onParameter;
        }
        MethodParameter parameter = descriptor.getMethodParameter();
        // The annotation stands on a method. Only a setter's counts here: a method that returns something makes a
        // bean, and its annotation is not about its parameters.
        return parameter == null
                        || parameter.getMethod() == null
                        || parameter.getMethod().getReturnType() != void.class
                ? null
                : parameter.getMethodAnnotation(StreamXClient.class);
    }

    @Override
    public boolean isAutowireCandidate(BeanDefinitionHolder candidate, DependencyDescriptor descriptor) {
        return other.isAutowireCandidate(candidate, descriptor);
    }

    @Override
    public boolean isRequired(DependencyDescriptor descriptor) {
        return other.isRequired(descriptor);
    }

    @Override
    public boolean hasQualifier(DependencyDescriptor descriptor) {
        return other.hasQualifier(descriptor);
    }

    @Override
    public @Nullable String getSuggestedName(DependencyDescriptor descriptor) {
        return other.getSuggestedName(descriptor);
    }

    @Override
    public @Nullable Object getLazyResolutionProxyIfNecessary(
            DependencyDescriptor descriptor, @Nullable String beanName) {
        return other.getLazyResolutionProxyIfNecessary(descriptor, beanName);
    }

    @Override
    public @Nullable Class<?> getLazyResolutionProxyClass(DependencyDescriptor descriptor, @Nullable String beanName) {
        return other.getLazyResolutionProxyClass(descriptor, beanName);
    }

    @Override
    public AutowireCandidateResolver cloneIfNecessary() {
        return new ClientInjection(beans, other.cloneIfNecessary());
    }
}
