package io.streamx.client;

/**
 * One place where a service can be called.
 *
 * @param host a name, looked up when connecting, or an IP address without brackets
 * @param port 1 to 65535
 * @param weight share of the calls beside others, for balancers that weigh; more than 0
 */
public record Instance(String host, int port, int weight) {
    /** The weight of an instance that says nothing of it. */
    public static final int DEFAULT_WEIGHT = 10;

    /** Checks port and weight. */
    public Instance {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        if (weight <= 0) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: > 0)");
        }
    }

    /**
     * An instance of the default weight.
     *
     * @param hostAndPort {@code host:port}, with an IPv6 address in brackets
     * @throws IllegalArgumentException naming the value and what was expected
     */
    public static Instance of(String hostAndPort) {
        Address address = Address.parse(hostAndPort);
        return new Instance(address.host(), address.port(), DEFAULT_WEIGHT);
    }

    /** The same with another weight. */
    public Instance withWeight(int newWeight) {
        return new Instance(host, port, newWeight);
    }

    Address address() {
        return new Address(host, port);
    }
}
