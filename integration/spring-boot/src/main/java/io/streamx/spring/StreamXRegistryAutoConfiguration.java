package io.streamx.spring;

import io.streamx.consul.ConsulRegistry;
import io.streamx.etcd.EtcdRegistry;
import io.streamx.nacos.NacosRegistry;
import io.streamx.zookeeper.ZookeeperRegistry;
import java.util.Objects;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The registries that settings name. */
@AutoConfiguration
@EnableConfigurationProperties(StreamXRegistryProperties.class)
class StreamXRegistryAutoConfiguration {
    @Bean
    StreamXRegistries streamXRegistries(ListableBeanFactory beans) {
        return new StreamXRegistries(beans);
    }

    /** The TLS of the server and of all clients, so that a bundle that several of them use is read once. */
    @Bean
    BundledTls streamXTls(ObjectProvider<SslBundles> bundles) {
        return new BundledTls(bundles);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(EtcdRegistry.class)
    @Conditional(EtcdIsNamed.class)
    static class Etcd {
        @Bean
        @ConditionalOnMissingBean(name = "etcdStreamXRegistry")
        EtcdRegistry etcdStreamXRegistry(StreamXRegistryProperties all) {
            StreamXRegistryProperties.Etcd settings = all.etcd();
            EtcdRegistry registry = EtcdRegistry.of(settings.endpoints().toArray(new String[0]));
            if (settings.prefix() != null) {
                registry = registry.withPrefix(settings.prefix());
            }
            if (settings.user() != null) {
                registry = registry.withUser(settings.user(), Objects.requireNonNullElse(settings.password(), ""));
            }
            return settings.lease() == null ? registry : registry.withLease(settings.lease());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ZookeeperRegistry.class)
    @ConditionalOnProperty("streamx.registry.zookeeper.servers")
    static class Zookeeper {
        @Bean
        @ConditionalOnMissingBean(name = "zookeeperStreamXRegistry")
        ZookeeperRegistry zookeeperStreamXRegistry(StreamXRegistryProperties all) {
            StreamXRegistryProperties.Zookeeper settings = all.zookeeper();
            ZookeeperRegistry registry = ZookeeperRegistry.of(Objects.requireNonNull(settings.servers(), "servers"));
            return settings.session() == null ? registry : registry.withSession(settings.session());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ConsulRegistry.class)
    @ConditionalOnProperty("streamx.registry.consul.agent")
    static class Consul {
        @Bean
        @ConditionalOnMissingBean(name = "consulStreamXRegistry")
        ConsulRegistry consulStreamXRegistry(StreamXRegistryProperties all) {
            StreamXRegistryProperties.Consul settings = all.consul();
            ConsulRegistry registry = ConsulRegistry.of(Objects.requireNonNull(settings.agent(), "agent"));
            if (settings.token() != null) {
                registry = registry.withToken(settings.token());
            }
            return settings.look() == null ? registry : registry.withLook(settings.look());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(NacosRegistry.class)
    @Conditional(NacosIsNamed.class)
    static class Nacos {
        @Bean
        @ConditionalOnMissingBean(name = "nacosStreamXRegistry")
        NacosRegistry nacosStreamXRegistry(StreamXRegistryProperties all) {
            StreamXRegistryProperties.Nacos settings = all.nacos();
            NacosRegistry registry = NacosRegistry.of(settings.servers().toArray(new String[0]));
            if (settings.namespace() != null) {
                registry = registry.withNamespace(settings.namespace());
            }
            if (settings.group() != null) {
                registry = registry.withGroup(settings.group());
            }
            if (settings.cluster() != null) {
                registry = registry.withCluster(settings.cluster());
            }
            if (settings.user() != null) {
                registry = registry.withUser(settings.user(), Objects.requireNonNullElse(settings.password(), ""));
            }
            return settings.look() == null ? registry : registry.withLook(settings.look());
        }
    }

    /**
     * A condition on a setting that is a list. Such a setting may be written with an index or without, which Spring's condition
     * on a property does not know.
     */
    abstract static class ListIsSet implements Condition {
        private final String list;

        ListIsSet(String list) {
            this.list = list;
        }

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return Binder.get(context.getEnvironment())
                    .bind(list, Bindable.listOf(String.class))
                    .isBound();
        }
    }

    /** Whether the endpoints of etcd are set. */
    static final class EtcdIsNamed extends ListIsSet {
        EtcdIsNamed() {
            super("streamx.registry.etcd.endpoints");
        }
    }

    /** Whether the servers of Nacos are set. */
    static final class NacosIsNamed extends ListIsSet {
        NacosIsNamed() {
            super("streamx.registry.nacos.servers");
        }
    }
}
