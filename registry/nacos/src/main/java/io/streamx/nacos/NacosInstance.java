package io.streamx.nacos;

import com.alibaba.nacos.api.naming.pojo.Instance;
import io.streamx.discovery.Resolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server as Nacos holds it.
 *
 * <p>Source: registry-nacos v2.0.0, registry/registry.go and resolver/resolver.go.
 */
final class NacosInstance {
    private NacosInstance() {}

    /** The instance that Nacos is sent for {@code self}. */
    static Instance write(String cluster, io.streamx.discovery.Instance self) {
        Instance instance = new Instance();
        // Kitex puts address and port together with a colon and nothing else, so an IPv6 address needs its brackets
        // here.
        instance.setIp(self.host().indexOf(':') >= 0 ? "[" + self.host() + "]" : self.host());
        instance.setPort(self.port());
        // Kitex cuts off fractions, and never calls an instance of weight 0.
        instance.setWeight(Math.max(1, self.weight()));
        instance.setEnabled(true);
        instance.setHealthy(true);
        instance.setEphemeral(true);
        instance.setClusterName(cluster);
        instance.setMetadata(self.tags());
        return instance;
    }

    /** Whether Nacos still has that server. */
    static boolean isIn(List<Instance> found, Instance self) {
        return found.stream().anyMatch(one -> one.getIp().equals(self.getIp()) && one.getPort() == self.getPort());
    }

    /** The servers that can be called; {@code listener} hears of those whose address is none. */
    static List<io.streamx.discovery.Instance> read(List<Instance> found, Resolver.Listener listener) {
        List<io.streamx.discovery.Instance> read = new ArrayList<>();
        for (Instance one : found) {
            // A weight of 0 is how an instance is taken out of use without being taken out of Nacos.
            if (!one.isEnabled() || !one.isHealthy() || one.getWeight() == 0) {
                continue;
            }
            try {
                read.add(read(one));
            } catch (IllegalArgumentException e) {
                listener.onSkipped(
                        one.getIp() + ":" + one.getPort() + " of weight " + one.getWeight(),
                        String.valueOf(e.getMessage()));
            }
        }
        return read;
    }

    private static io.streamx.discovery.Instance read(Instance one) {
        String ip = String.valueOf(one.getIp());
        boolean bracketed = ip.startsWith("[") && ip.endsWith("]");
        Map<String, String> metadata = one.getMetadata();
        return new io.streamx.discovery.Instance(
                bracketed ? ip.substring(1, ip.length() - 1) : ip,
                one.getPort(),
                one.getWeight(),
                metadata == null ? Map.of() : metadata);
    }
}
