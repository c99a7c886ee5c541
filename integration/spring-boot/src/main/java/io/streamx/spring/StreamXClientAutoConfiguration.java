package io.streamx.spring;

import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import java.util.Map;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The clients of the application. */
@AutoConfiguration(after = StreamXRegistryAutoConfiguration.class)
@EnableConfigurationProperties(StreamXClientsProperties.class)
class StreamXClientAutoConfiguration {
    @Bean
    StreamXClients streamXClients(
            StreamXClientsProperties properties,
            Environment environment,
            BundledTls tls,
            StreamXRegistries registries,
            ObjectProvider<StreamXConnectionDetails> details,
            ObjectProvider<Extension> extensions,
            ObjectProvider<StreamXClientCustomizer> customizers,
            BeanFactory beans) {
        return new StreamXClients(
                properties,
                environment.getProperty("spring.application.name", ""),
                tls,
                registries,
                details,
                extensions,
                customizers,
                beans);
    }

    @Bean
    static ClientBeans streamXClientBeans(Environment environment) {
        return new ClientBeans(environment);
    }

    /**
     * Makes each client that has settings a bean, {@code chatStreamXClient} of the client {@code chat}, with the qualifier
     * {@code chat}; and lets {@link StreamXClient} inject all of them in any type.
     */
    static final class ClientBeans implements BeanDefinitionRegistryPostProcessor {
        private final Environment environment;

        ClientBeans(Environment environment) {
            this.environment = environment;
        }

        @Override
        public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
            ConfigurableListableBeanFactory beans = (ConfigurableListableBeanFactory) registry;
            Map<String, Object> named = Binder.get(environment)
                    .bind("streamx.clients", Bindable.mapOf(String.class, Object.class))
                    .orElse(Map.of());
            named.keySet().forEach(name -> {
                RootBeanDefinition definition = new RootBeanDefinition(
                        Client.class, () -> beans.getBean(StreamXClients.class).client(name));
                definition.setLazyInit(true);
                // The bean {@link StreamXClients} closes all clients, so that the bean of one client must not.
                definition.setDestroyMethodName("");
                definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
                registry.registerBeanDefinition(name + "StreamXClient", definition);
            });
        }

        @Override
        public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
            if (beans instanceof DefaultListableBeanFactory factory) {
                factory.setAutowireCandidateResolver(
                        new ClientInjection(factory, factory.getAutowireCandidateResolver()));
            }
        }
    }
}
