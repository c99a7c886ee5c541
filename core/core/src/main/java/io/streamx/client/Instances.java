package io.streamx.client;

import io.streamx.RpcException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an instance for each call and keeps what belongs to its address. An instance that cannot be connected to is
 * passed over for the next, as Kitex does.
 *
 * @param <P> the connections to one address
 */
final class Instances<P> {
    /** As many as Kitex tries. */
    private static final int MAX_ATTEMPTS = 6;

    private final String service;
    private final Resolver resolver;
    private final Balancer balancer;
    private final Function<Address, P> makePool;
    private final Map<Address, P> pools = new ConcurrentHashMap<>();

    Instances(String service, Resolver resolver, Balancer balancer, Function<Address, P> makePool) {
        this.service = service;
        this.resolver = resolver;
        this.balancer = balancer;
        this.makePool = makePool;
    }

    /**
     * Connects to one instance after another until one can be connected to.
     *
     * @param connect fails with a {@link ConnectException} where another instance may be tried
     */
    <C> C connect(Function<P, C> connect) {
        List<Instance> left = resolver.resolve(service);
        if (left.isEmpty()) {
            throw new RpcException("service " + service + " has no instance (expected: at least one)");
        }
        RpcException first = null;
        for (int attempt = 0; attempt < MAX_ATTEMPTS && !left.isEmpty(); attempt++) {
            Instance instance = left.size() == 1 ? left.getFirst() : balancer.pick(left);
            try {
                return connect.apply(pools.computeIfAbsent(instance.address(), makePool));
            } catch (ConnectException e) {
                first = first == null ? e.failure() : first;
                List<Instance> others = new ArrayList<>(left);
                others.remove(instance);
                left = others;
            }
        }
        throw failure(first).onThisThread();
    }

    private RpcException failure(@Nullable RpcException first) {
        return first != null ? first : new RpcException("service " + service + " cannot be connected to");
    }

    /** What belongs to each address known to the resolver now. */
    List<P> all() {
        List<P> all = new ArrayList<>();
        for (Instance instance : resolver.resolve(service)) {
            all.add(pools.computeIfAbsent(instance.address(), makePool));
        }
        return all;
    }

    void close(Consumer<P> closePool) {
        pools.values().forEach(closePool);
    }
}
