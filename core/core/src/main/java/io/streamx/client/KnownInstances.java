package io.streamx.client;

import io.streamx.CallCancelledException;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.UnavailableException;
import io.streamx.discovery.Address;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of a service as its resolver last told them. They stay in use while the registry is away. The service
 * is followed from the first call on. Safe from any thread.
 */
final class KnownInstances {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);
    /**
     * How many unreadable records are remembered, so that each is logged once. The bound keeps a registry full of
     * rubbish from filling the memory.
     */
    private static final int MAX_NAMED = 1000;

    private final String service;
    private final Resolver resolver;
    private final Duration patience;
    private final TimeSource time;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private volatile @Nullable List<Instance> instances;
    private volatile Runnable onChange = () -> {};
    private Resolver.@Nullable Watch watch;
    private boolean closed;

    private final Set<String> named = new HashSet<>();
    private boolean awayWasSaid;
    private volatile @Nullable String away;
    /**
     * How many records of the answer that is being told were skipped, and how many of the answer that was told last.
     */
    private int skipping;

    private int skipped;
    private String lastSkipped = "";

    /** {@code patience} is how long a call waits for the first answer. */
    KnownInstances(String service, Resolver resolver, Duration patience, TimeSource time) {
        this.time = time;
        this.service = service;
        this.resolver = resolver;
        this.patience = patience;
    }

    /** Has {@code told} run, on the resolver's thread, whenever the instances are others than before. */
    void onChange(Runnable told) {
        onChange = told;
    }

    private final class Told implements Resolver.Listener {
        @Override
        public void onInstances(List<Instance> found) {
            told(found);
        }

        @Override
        public void onSkipped(String record, String reason) {
            skipped(record, reason);
        }

        @Override
        public void onUnavailable(String reason) {
            unavailable(reason);
        }
    }

    private void told(List<Instance> found) {
        Map<Address, Instance> distinct = new LinkedHashMap<>();
        found.forEach(instance -> distinct.putIfAbsent(instance.address(), instance));
        List<Instance> newest = List.copyOf(distinct.values());
        boolean changed;
        synchronized (this) {
            skipped = skipping;
            skipping = 0;
            if (awayWasSaid) {
                LOG.info("{}: {} can be asked again", service, resolver.describe(service));
            }
            awayWasSaid = false;
            away = null;
            // Where nothing has changed the list that is there stays, so that nothing that was made of the list is made
            // anew.
            changed = !newest.equals(instances);
            if (changed) {
                instances = newest;
            }
        }
        first.complete(null);
        if (changed) {
            onChange.run();
        }
    }

    private synchronized void skipped(String record, String reason) {
        skipping++;
        lastSkipped = record + ": " + reason;
        if (named.size() < MAX_NAMED && named.add(lastSkipped)) {
            LOG.warn("{}: left out of {}: {}", service, resolver.describe(service), lastSkipped);
        }
    }

    private synchronized void unavailable(String reason) {
        skipping = 0;
        away = reason;
        if (!awayWasSaid) {
            awayWasSaid = true;
            LOG.warn(
                    "{}: {} cannot be asked, and is tried again until it can; {}: {}",
                    service,
                    resolver.describe(service),
                    instances == null ? "no instance is known yet" : "its last answer stays in use",
                    reason);
        }
    }

    private synchronized void begin() {
        if (closed) {
            throw new IllegalStateException("client for " + service + " is closed");
        }
        if (watch == null) {
            watch = resolver.watch(service, new Told());
        }
    }

    /**
     * All instances, one for each address; waits for the first answer. As long as nothing changes this returns one list
     * object.
     *
     * @throws RpcException when there is no instance, naming the registry, the service and what was found
     */
    List<Instance> await(CallBounds bounds) {
        List<Instance> known = instances;
        if (known == null) {
            begin();
            known = instances;
            if (known == null) {
                awaitFirst(bounds);
                known = instances;
            }
        }
        if (known == null || known.isEmpty()) {
            throw none();
        }
        return known;
    }

    /** All instances as they were told last; null when there was no answer yet. */
    @Nullable
    List<Instance> known() {
        return instances;
    }

    /** Why whoever names the instances could not be asked last; null when that was possible. */
    @Nullable
    String trouble() {
        return away;
    }

    private synchronized RpcException none() {
        String rubbish = skipped == 0
                ? ""
                : "; " + skipped + (skipped == 1 ? " record" : " records") + " there cannot be used, the last: "
                        + lastSkipped;
        return new UnavailableException(
                "service " + service + " has no instance in " + resolver.describe(service) + " (expected: at least one)"
                        + rubbish,
                null);
    }

    private void awaitFirst(CallBounds bounds) {
        long began = time.nanoTime();
        long longest = TimeLimit.nanos(patience);
        long left = bounds.leftNanos();
        CompletableFuture<Void> waiting = first.copy();
        try (CallContext.Registration following = bounds.parent().onCancel(() -> waiting.cancel(false))) {
            time.await(waiting, Math.min(longest, left));
        } catch (CancellationException e) {
            throw bounds.cancelled();
        } catch (ExecutionException e) {
            throw new UnavailableException("service " + service + " was not found: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            long passed = TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - began);
            TimeLimit limit = bounds.limit();
            String reason = away;
            String setting = limit != null && left < longest
                    ? "timeout of " + limit.duration().toMillis() + " ms, set by " + limit.setBy()
                    : "connection wait of " + patience.toMillis() + " ms, set by the client";
            throw RpcTimeoutException.beforeConnected(
                    "service " + service + " was not found in " + resolver.describe(service) + " within the " + setting
                            + "; passed " + passed + " ms: " + (reason == null ? "no answer came" : reason),
                    limit != null && left < longest ? limit.duration() : patience,
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (bounds.parent().isCancelled()) {
                throw bounds.cancelled();
            }
            throw new CallCancelledException(
                    "thread was interrupted while it waited for the instances of " + service, e);
        }
    }

    void close() {
        Resolver.Watch ending;
        synchronized (this) {
            closed = true;
            ending = watch;
            watch = null;
        }
        if (ending != null) {
            ending.close();
        }
    }
}
