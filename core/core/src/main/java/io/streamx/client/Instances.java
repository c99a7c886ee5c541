package io.streamx.client;

import io.streamx.RpcException;
import io.streamx.UnavailableException;
import io.streamx.balancer.Candidate;
import io.streamx.discovery.Address;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an instance for each call and keeps what belongs to its address. When an instance cannot be connected to, the
 * next one is tried, as Kitex does.
 *
 * @param <P> the connections to one address
 */
final class Instances<P> {
    private final String service;
    private final Candidates candidates;
    private final Function<Address, P> makePool;
    private final Predicate<P> inUse;
    private final Map<Address, P> pools = new ConcurrentHashMap<>();
    /** Addresses that were left and held no connection when the instances last changed. */
    private Set<Address> left = new HashSet<>();
    /** The choice that {@link #pools} was last cleared up for. */
    private volatile Candidates.@Nullable Choice cleared;

    /** {@code inUse} says whether what belongs to an address still holds a connection. */
    Instances(String service, Candidates candidates, Function<Address, P> makePool, Predicate<P> inUse) {
        this.service = service;
        this.candidates = candidates;
        this.makePool = makePool;
        this.inUse = inUse;
    }

    /**
     * Connects to one instance after another until one can be connected to.
     *
     * @param connect fails with a {@link ConnectException} where another instance may be tried
     */
    <C> C connect(ClientCallInfo call, CallBounds bounds, BiFunction<P, Candidate, C> connect) {
        Candidates.Choice choice = candidates.await(bounds);
        if (choice != cleared) {
            dropUnused(choice);
        }
        List<Candidate> tried = List.of();
        RpcException first = null;
        for (int attempt = 0; attempt < Retries.INSTANCES; attempt++) {
            Candidate candidate = choice.pick(call, tried);
            if (candidate == null) {
                break;
            }
            candidate.tried();
            try {
                C connected = connect.apply(pool(candidate), candidate);
                candidate.connected();
                return connected;
            } catch (ConnectException e) {
                candidate.connectFailed(System.nanoTime());
                first = first == null ? e.failure() : first;
                tried = new ArrayList<>(tried);
                tried.add(candidate);
            }
        }
        throw failure(first).onThisThread();
    }

    private P pool(Candidate candidate) {
        Address address = candidate.instance().address();
        P pool = pools.get(address);
        return pool != null ? pool : pools.computeIfAbsent(address, makePool);
    }

    /**
     * Drops what belongs to addresses that are no instance's any more, once it holds no connection; connections close
     * when they are idle. The drop comes at the second change of instances at which that is so, because a call may be
     * about to connect there at the first.
     */
    private synchronized void dropUnused(Candidates.Choice choice) {
        if (cleared == choice) {
            return;
        }
        Set<Address> there = new HashSet<>();
        choice.all().forEach(candidate -> there.add(candidate.instance().address()));
        Set<Address> unused = new HashSet<>();
        pools.forEach((address, pool) -> {
            if (!there.contains(address) && !inUse.test(pool)) {
                unused.add(address);
            }
        });
        for (Address address : unused) {
            if (left.contains(address)) {
                pools.remove(address);
            }
        }
        left = unused;
        cleared = choice;
    }

    private RpcException failure(@Nullable RpcException first) {
        return first != null ? first : new UnavailableException("service " + service + " cannot be connected to", null);
    }

    /** What belongs to each address that is known now. */
    List<P> all(CallBounds bounds) {
        return candidates.await(bounds).all().stream().map(this::pool).toList();
    }

    void close(Consumer<P> closePool) {
        pools.values().forEach(closePool);
    }
}
