package io.streamx.client;

import java.util.List;

/**
 * Where a service is. Asked for every call, on the caller's thread, so it answers from what it knows; one that follows
 * a registry keeps a list up to date on threads of its own. Safe from any number of threads.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * All instances to choose from.
     *
     * @throws io.streamx.RpcException when the service is not known; an empty list is reported as that too
     */
    List<Instance> resolve(String service);

    /** Always the same instances. */
    static Resolver fixed(List<Instance> instances) {
        List<Instance> all = List.copyOf(instances);
        return service -> all;
    }
}
