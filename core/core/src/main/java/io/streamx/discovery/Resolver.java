package io.streamx.discovery;

import java.time.Duration;
import java.util.List;

/**
 * Tells a client where a service is, and tells it again when that changes. A client asks once and keeps the last answer
 * itself, so that calls go on while a registry is away. Safe from any number of threads; one resolver may serve many
 * clients. A resolver closes what it holds open with the last of its watches.
 *
 * <pre>{@code
 * Resolver resolver = Resolver.polling(
 *         "our list",
 *         Duration.ofSeconds(5),
 *         (service, skipped) -> ports.stream()
 *                 .map(port -> Instance.of("127.0.0.1:" + port))
 *                 .toList());
 * }</pre>
 */
@FunctionalInterface
public interface Resolver {
    /**
     * Begins to follow a service. Returns at once: what is found is told to the listener, from threads of the resolver's
     * own or before this method returns, and until the watch is closed. A registry that cannot be reached is tried again
     * for ever.
     *
     * @param service the name under which its servers register
     * @throws IllegalArgumentException for a name that this registry cannot hold
     */
    Watch watch(String service, Listener listener);

    /** Names the registry and where it looks for that service, for messages. */
    default String describe(String service) {
        return toString();
    }

    /** Is told what a registry knows. The calls for one watch do not overlap. */
    interface Listener {
        /** All instances that the registry has now; an empty list where it has none. */
        void onInstances(List<Instance> instances);

        /**
         * The registry has a record that cannot be used. This is told before the {@link #onInstances} of the answer
         * that held the record.
         *
         * @param record the key or name of the record, and what it says
         * @param reason what is wrong, and what was expected
         */
        void onSkipped(String record, String reason);

        /** The registry could not be asked, for {@code reason}; it will be tried again. */
        void onUnavailable(String reason);
    }

    /** A service being followed. */
    interface Watch extends AutoCloseable {
        /** Ends the watch; the listener is told nothing more. Repeating this does nothing. */
        @Override
        void close();
    }

    /** Asks where a service is. */
    @FunctionalInterface
    interface Lookup {
        /**
         * All instances of {@code service}.
         *
         * @param skipped is told of records that cannot be used
         * @throws Exception when the registry could not be asked
         */
        List<Instance> lookUp(String service, Listener skipped) throws Exception;
    }

    /** A resolver that always knows {@code instances}. */
    static Resolver fixed(List<Instance> instances) {
        return new FixedResolver(List.copyOf(instances));
    }

    /**
     * A resolver that asks {@code lookup} again and again, on a virtual thread.
     *
     * @param name what is asked, for messages
     * @param interval from one answer to the next question
     */
    static Resolver polling(String name, Duration interval, Lookup lookup) {
        return new PollingResolver(name, interval, lookup);
    }
}
