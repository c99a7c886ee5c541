package io.streamx.balancer;

import io.streamx.middleware.ClientCall;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the instance of each call. Safe from any number of threads; one balancer may serve many clients.
 *
 * <p>A stream stays with its instance for as long as it lives. So where streams are long, take {@link #leastActive}: the
 * others spread beginnings evenly, and what is open gathers on the instances that have been there longest.
 */
@FunctionalInterface
public interface Balancer {
    /**
     * Prepares choices among those candidates. Called when a client first has instances, and whenever they change.
     *
     * @param candidates at least one; the list and its order do not change
     */
    Picker picker(List<Candidate> candidates);

    /** Who is told of the calls that were made, for balancers that go by them; null for nobody. */
    default @Nullable CallFeedback feedback() {
        return null;
    }

    /** Chooses among the candidates it was made for. Safe from any number of threads. */
    @FunctionalInterface
    interface Picker {
        /**
         * One candidate that is not refused; null when all are.
         *
         * @param request of unary calls and of server streaming; null for other streams
         * @param refused the candidates that this call is not to have: those that just failed to connect
         */
        @Nullable
        Candidate pick(ClientCall call, @Nullable Object request, Predicate<Candidate> refused);
    }

    /** Is told of calls. Its methods run on the threads of callers and must not block. */
    interface CallFeedback {
        /** A call or stream goes to that candidate. */
        void started(Candidate candidate);

        /**
         * A call or stream is over; once for each that started.
         *
         * @param nanos how long a unary call took; -1 for a stream, whose time says nothing of its server
         * @param failure how it failed; null when it did not
         */
        void ended(Candidate candidate, long nanos, @Nullable Throwable failure);
    }

    /** A balancer that goes by weights, and can let new instances begin slowly. */
    interface Weighted extends Balancer {
        /**
         * This balancer, with instances that appear while a client runs having a tenth of their weight at first, and all of
         * it after that time: a server whose caches and compiled code are cold is not flooded. Those that were there from
         * the beginning have their weights at once.
         */
        Weighted withSlowStart(Duration window);
    }

    /** Each in turn, whatever its weight. */
    static Balancer roundRobin() {
        return new RoundRobin();
    }

    /**
     * Each in turn as often as its weight says, spread out: weights of 5, 1 and 1 give no five calls in a row to the first.
     * Instances are gone over in rounds, interleaved, and an instance of a third of the greatest weight is taken in every
     * third round. What a client has when nothing is set.
     */
    static Weighted weightedRoundRobin() {
        return new WeightedRoundRobin(SlowStart.NONE);
    }

    /** By chance, each as often as its weight says. */
    static Weighted weightedRandom() {
        return new WeightedRandom(SlowStart.NONE);
    }

    /**
     * The one that runs the fewest of this client's calls and streams, in proportion to its weight. It looks at each
     * instance for each call.
     */
    static Weighted leastActive() {
        return new LeastActive(SlowStart.NONE);
    }

    /**
     * The better of two chosen by chance: the one where a call is expected to take less time, by a peak-sensitive moving
     * average of the time that calls took (10 s), the number that run there, and its weight. An instance that becomes slow
     * loses calls at once, and gets them back as the average decays. Streams count while they run; their time does not.
     */
    static Weighted peakEwma() {
        return new PeakEwma(SlowStart.NONE);
    }

    /**
     * Calls of one key to one instance, for as long as that is there; when instances come or go, few keys change places. Each
     * instance has a part of the keys that goes by its weight.
     *
     * @param key what makes calls belong together
     */
    static Balancer consistentHash(CallKey key) {
        return new ConsistentHash(key);
    }

    /**
     * Chooses as {@code balancer} does among the instances of one zone, and among all while none there can be called. What
     * instances there can take is not known: a zone with few of them gets all calls of its clients.
     *
     * @param zone the zone this client runs in, as {@link io.streamx.discovery.Instance#zone} names it
     */
    static Balancer zoneFirst(String zone, Balancer balancer) {
        return new ZoneFirst(zone, balancer);
    }

    /** Tells which calls belong together. */
    @FunctionalInterface
    interface CallKey {
        /**
         * The key of a call, such as the id of a user; null when it has none, which leaves the instance to chance.
         *
         * @param request of unary calls and of server streaming; null for other streams
         */
        @Nullable
        String of(ClientCall call, @Nullable Object request);
    }
}
