package io.streamx.balancer;

import io.streamx.middleware.ClientCall;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the instance of each call. Safe from any number of threads; one balancer may serve many clients.
 *
 * <p>A stream stays with its instance for as long as it lives. So where streams are long, take {@link #leastActive}:
 * the other balancers spread the beginnings of streams evenly, and open streams gather on the instances that have been
 * there longest.
 *
 * <pre>{@code
 * .balancer(Balancer.leastActive().withSlowStart(Duration.ofSeconds(30)))
 * }</pre>
 */
@FunctionalInterface
public interface Balancer {
    /**
     * Prepares choices among {@code candidates}. A client calls this when it first has instances, on the thread of the
     * call that needs them, and whenever they change, on the thread that tells of the change; so it must not block.
     *
     * @param candidates at least one; the list and its order do not change
     */
    Picker picker(List<Candidate> candidates);

    /**
     * What is told of the calls that are made, for balancers that go by that; null when the balancer wants to be told
     * nothing.
     */
    default @Nullable CallFeedback feedback() {
        return null;
    }

    /** Chooses among the candidates that it was made for. Safe from any number of threads. */
    @FunctionalInterface
    interface Picker {
        /**
         * One candidate that is not refused; null when all are.
         *
         * @param request the request of a unary call or of server streaming; null for other streams
         * @param refused the candidates that this call is not to have: those that just failed to connect
         */
        @Nullable
        Candidate pick(ClientCall call, @Nullable Object request, Predicate<Candidate> refused);

        /**
         * A client calls this once when it has another picker in place of this one, because its instances have changed, or is
         * closed; calls that have begun may still ask. It is for balancers that keep something for each instance. A balancer
         * around another one passes it on.
         */
        default void retired() {}
    }

    /** Is told of calls. Its methods run on the threads of callers and must not block. */
    interface CallFeedback {
        /** A call or stream goes to that candidate. */
        void started(Candidate candidate);

        /**
         * A call or stream is over. Each one that started is told of once.
         *
         * @param nanos how long a unary call took; -1 for a stream, whose time says nothing of its server
         * @param failure how the call failed; null when it did not
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

    /** Takes each instance in turn, whatever its weight. */
    static Balancer roundRobin() {
        return new RoundRobin();
    }

    /**
     * Takes each instance in turn, as often as its weight says, spread out: weights of 5, 1 and 1 give no five calls in
     * a row to the first. Instances are gone over in rounds, interleaved, and an instance of a third of the greatest
     * weight is taken in every third round. A client has this balancer when nothing is set.
     */
    static Weighted weightedRoundRobin() {
        return new WeightedRoundRobin(SlowStart.NONE);
    }

    /** Chooses by chance, each instance as often as its weight says. */
    static Weighted weightedRandom() {
        return new WeightedRandom(SlowStart.NONE);
    }

    /**
     * Chooses the instance that runs the fewest of this client's calls and streams, in proportion to its weight. It
     * looks at each instance for each call.
     */
    static Weighted leastActive() {
        return new LeastActive(SlowStart.NONE);
    }

    /**
     * Chooses the better of two instances that chance has chosen: the one where a call is expected to take less time,
     * by a peak-sensitive moving average of the time that calls took (10 s), the number of calls that run there, and
     * the instance's weight. An instance that becomes slow loses calls at once, and gets them back as the average
     * decays. Streams count while they run; their time does not.
     */
    static Weighted peakEwma() {
        return new PeakEwma(SlowStart.NONE);
    }

    /**
     * Sends calls of one key to one instance, for as long as that instance is there; when instances come or go, few
     * keys change places. Each instance has a part of the keys that goes by its weight.
     *
     * @param key what makes calls belong together
     */
    static Balancer consistentHash(CallKey key) {
        return new ConsistentHash(key);
    }

    /**
     * Chooses as {@code balancer} does among the instances of one zone, and among all while none there can be called.
     * This balancer does not know how many calls the instances of the zone can take: a zone with few of them gets all
     * calls of its clients.
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
         * The key of a call, such as the id of a user; null when the call has none, which leaves the instance to
         * chance.
         *
         * @param request the request of a unary call or of server streaming; null for other streams
         */
        @Nullable
        String of(ClientCall call, @Nullable Object request);
    }
}
