package io.streamx.spring;

import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.dns.DnsResolver;
import io.streamx.kubernetes.KubernetesResolver;
import java.util.Arrays;
import java.util.Map;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Finds registries and resolvers by what settings call them. */
final class StreamXRegistries {
    private static final String SUFFIX = "StreamXRegistry";
    private static final Map<String, String> CLASSES = Map.of(
            "etcd", "io.streamx.etcd.EtcdRegistry",
            "zookeeper", "io.streamx.zookeeper.ZookeeperRegistry",
            "consul", "io.streamx.consul.ConsulRegistry",
            "nacos", "io.streamx.nacos.NacosRegistry");

    private final ListableBeanFactory beans;

    StreamXRegistries(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The registry that a server registers in; {@code setting} is the setting that names it. */
    Registry registry(String setting, String name) {
        return find(Registry.class, setting, name);
    }

    /** The resolver that a client asks; {@code setting} is the setting that names it. */
    Resolver resolver(String setting, String name) {
        return find(Resolver.class, setting, name);
    }

    private <T> T find(Class<T> type, String setting, String name) {
        for (String bean : new String[] {name, name + SUFFIX}) {
            if (beans.containsBean(bean) && beans.isTypeMatch(bean, type)) {
                return beans.getBean(bean, type);
            }
        }
        String className = CLASSES.get(name);
        if (className != null && !isPresent(className)) {
            throw missing(setting + "=" + name, name);
        }
        throw new StreamXSetupException(
                "There is no " + type.getSimpleName() + " '" + name + "', which " + setting + " names; there are "
                        + known(type) + ".",
                className == null
                        ? "Name one of etcd, zookeeper, consul and nacos, or a bean of the type " + type.getName() + "."
                        : "Say where it is, below streamx.registry." + name + ".");
    }

    private <T> Object known(Class<T> type) {
        return Arrays.stream(beans.getBeanNamesForType(type))
                .map(bean -> bean.endsWith(SUFFIX) ? bean.substring(0, bean.length() - SUFFIX.length()) : bean)
                .toList();
    }

    /** The addresses of a name. */
    static Resolver dns(String nameAndPort) {
        check("io.streamx.dns.DnsResolver", "dns=" + nameAndPort, "dns");
        return Dns.of(nameAndPort);
    }

    /** The SRV records of a name. */
    static Resolver dnsSrv(String name) {
        check("io.streamx.dns.DnsResolver", "dns-srv=" + name, "dns");
        return Dns.srv(name);
    }

    /** The endpoints of a service of Kubernetes. */
    static Resolver kubernetes(StreamXClientProperties.Kubernetes settings) {
        check("io.streamx.kubernetes.KubernetesResolver", "kubernetes.service=" + settings.service(), "kubernetes");
        return Kubernetes.of(settings);
    }

    private static void check(String className, String setting, String artifact) {
        if (!isPresent(className)) {
            throw missing(setting, artifact);
        }
    }

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, StreamXRegistries.class.getClassLoader());
    }

    private static StreamXSetupException missing(String setting, String artifact) {
        return new StreamXSetupException(
                "The setting " + setting + " needs streamx-" + artifact + ", which is not on the class path.",
                "Add the dependency io.streamx:streamx-" + artifact + ".");
    }

    /** A class of its own, because it names classes that may be missing. */
    private static final class Dns {
        static Resolver of(String nameAndPort) {
            return DnsResolver.of(nameAndPort);
        }

        static Resolver srv(String name) {
            return DnsResolver.srv(name);
        }
    }

    /** A class of its own, because it names classes that may be missing. */
    private static final class Kubernetes {
        static Resolver of(StreamXClientProperties.Kubernetes settings) {
            String port = settings.port();
            boolean isNumber = !port.isEmpty() && port.chars().allMatch(Character::isDigit);
            KubernetesResolver resolver = isNumber
                    ? KubernetesResolver.of(settings.service(), Integer.parseInt(port))
                    : KubernetesResolver.of(settings.service(), port);
            return settings.namespace() == null ? resolver : resolver.inNamespace(settings.namespace());
        }
    }
}
