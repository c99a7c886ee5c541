package io.streamx.discovery;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One place where a service can be called.
 *
 * @param host a name, looked up when connecting, or an IP address without brackets; within the process {@code in-process:}
 *     and the name that the server listens on
 * @param port 1 to 65535; 0 within the process
 * @param weight the share of the calls beside other instances, for balancers that weigh; more than 0. Kitex' registries
 *     hold whole numbers, Nacos fractions too
 * @param tags whatever else a registry says of the instance, such as the tags of Kitex servers
 */
public record Instance(String host, int port, double weight, Map<String, String> tags) {
    /** The weight of an instance that says nothing of it, as in Kitex. */
    public static final double DEFAULT_WEIGHT = 10;
    /** The tag that says in which zone (data centre, availability zone) an instance runs. */
    public static final String ZONE = "zone";

    /** Checks host, port and weight. */
    public Instance {
        Address checked = new Address(host, port);
        host = checked.host();
        if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: > 0)");
        }
        tags = Map.copyOf(tags);
    }

    /**
     * An instance of the default weight.
     *
     * @param hostAndPort {@code host:port}, with an IPv6 address in brackets, or {@code in-process:name}
     * @throws IllegalArgumentException naming the value and what was expected
     */
    public static Instance of(String hostAndPort) {
        return at(Address.parse(hostAndPort));
    }

    /** An instance of the default weight. */
    public static Instance at(Address address) {
        return new Instance(address.host(), address.port(), DEFAULT_WEIGHT, Map.of());
    }

    /** This instance with another weight. */
    public Instance withWeight(double newWeight) {
        return new Instance(host, port, newWeight, tags);
    }

    /** This instance with other tags. */
    public Instance withTags(Map<String, String> newTags) {
        return new Instance(host, port, weight, newTags);
    }

    /** This instance with one more tag. */
    public Instance withTag(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(tags);
        more.put(key, value);
        return withTags(more);
    }

    /** In which zone the instance runs, which the tag {@link #ZONE} says; empty when nothing does. */
    public String zone() {
        return tags.getOrDefault(ZONE, "");
    }

    /** Host and port. */
    public Address address() {
        return new Address(host, port);
    }
}
