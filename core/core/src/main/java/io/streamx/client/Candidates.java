package io.streamx.client;

import io.streamx.balancer.Balancer;
import io.streamx.balancer.Candidate;
import io.streamx.discovery.Address;
import io.streamx.discovery.Instance;
import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.ClientStatus.InstanceStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The instances of a service as its client's balancer sees them, shared by all kinds of calls. Safe from any thread. */
final class Candidates {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);
    private static final Predicate<Candidate> PASSED_OVER = Candidate::isPassedOver;

    private final KnownInstances known;
    private final Balancer balancer;
    private volatile @Nullable Choice choice;
    /** Guarded by this. */
    private boolean closed;

    Candidates(KnownInstances known, Balancer balancer) {
        this.known = known;
        this.balancer = balancer;
        known.onChange(this::followed);
    }

    /** What is chosen from while the instances do not change. */
    static final class Choice {
        private final List<Instance> instances;
        private final List<Candidate> all;
        private final Balancer.Picker picker;

        private Choice(List<Instance> instances, List<Candidate> all, Balancer.Picker picker) {
            this.instances = instances;
            this.all = all;
            this.picker = picker;
        }

        List<Candidate> all() {
            return all;
        }

        /**
         * The next instance for a call: one to which connecting did not just fail, if there is one.
         *
         * @param tried those that this call could not connect to
         * @return null when all were tried
         */
        @Nullable
        Candidate pick(ClientCallInfo call, List<Candidate> tried) {
            Predicate<Candidate> passedOver =
                    tried.isEmpty() ? PASSED_OVER : candidate -> candidate.isPassedOver() || tried.contains(candidate);
            Candidate picked = picker.pick(call, call.request(), passedOver);
            return picked != null ? picked : picker.pick(call, call.request(), tried::contains);
        }
    }

    /** What the balancer wants to be told of calls through; null when it wants to be told nothing. */
    Balancer.@Nullable CallFeedback feedback() {
        return balancer.feedback();
    }

    /**
     * The choice among the instances that are known now; waits for the first instances.
     *
     * @throws io.streamx.RpcException when there is no instance
     */
    Choice await(CallBounds bounds) {
        List<Instance> instances = known.await(bounds);
        Choice current = choice;
        return current != null && isOf(current, instances) ? current : renewed(instances);
    }

    @SuppressWarnings("ReferenceEquality") // one list for as long as nothing changes, and no comparison for each call
    private static boolean isOf(Choice choice, List<Instance> instances) {
        return choice.instances == instances;
    }

    /**
     * The instances have changed. A client that makes no call now is to keep nothing for those that have gone either, so its
     * balancer is told at once. While there is no instance, the candidates of the last choice are kept for those that come back.
     */
    private synchronized void followed() {
        List<Instance> newest = known.known();
        Choice before = choice;
        if (before == null || newest == null || closed) {
            return;
        }
        if (newest.isEmpty()) {
            choice = new Choice(newest, before.all, (call, request, refused) -> null);
            before.picker.retired();
            return;
        }
        try {
            Choice unused = renewed(newest);
        } catch (RuntimeException ofTheBalancer) {
            // The next call asks the balancer again, and its caller is told.
            LOG.debug("the balancer takes no new instances yet", ofTheBalancer);
        }
    }

    private synchronized Choice renewed(List<Instance> found) {
        List<Instance> newest = known.known();
        // What a call has found may be older than what another thread has made a choice of meanwhile.
        List<Instance> instances = newest == null || newest.isEmpty() ? found : newest;
        Choice before = choice;
        if (before != null && isOf(before, instances)) {
            return before;
        }
        Map<Address, Candidate> kept = new HashMap<>();
        if (before != null) {
            before.all.forEach(candidate -> kept.put(candidate.instance().address(), candidate));
        }
        long now = System.nanoTime();
        List<Candidate> all = new ArrayList<>();
        for (Instance instance : instances) {
            Candidate candidate = kept.get(instance.address());
            if (candidate == null) {
                candidate = before == null ? Candidate.of(instance) : Candidate.appeared(instance, now);
            } else {
                candidate.update(instance);
            }
            all.add(candidate);
        }
        Choice made = new Choice(instances, List.copyOf(all), balancer.picker(List.copyOf(all)));
        choice = made;
        if (closed) {
            // The one before is retired, and a call that is still on its way may use the new one.
            made.picker.retired();
        } else if (before != null) {
            before.picker.retired();
        }
        return made;
    }

    /** What is known now, without asking anybody. */
    ClientStatus status(String service) {
        List<Instance> instances = known.known();
        Choice current = choice;
        Map<Address, Candidate> candidates = new HashMap<>();
        if (current != null) {
            current.all.forEach(candidate -> candidates.put(candidate.instance().address(), candidate));
        }
        List<InstanceStatus> all = new ArrayList<>();
        for (Instance instance : instances == null ? List.<Instance>of() : instances) {
            Candidate candidate = candidates.get(instance.address());
            all.add(new InstanceStatus(
                    instance.address().toString(),
                    instance.weight(),
                    candidate != null && candidate.isPassedOver(System.nanoTime())));
        }
        return new ClientStatus(service, instances != null, known.trouble(), all);
    }

    void close() {
        known.close();
        synchronized (this) {
            Choice last = choice;
            if (!closed && last != null) {
                last.picker.retired();
            }
            closed = true;
        }
    }
}
