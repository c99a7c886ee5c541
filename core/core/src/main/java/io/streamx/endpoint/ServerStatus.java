package io.streamx.endpoint;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a server holds and may hold, at one moment. Immutable.
 *
 * @param port the port that it listens on; 0 when it listens within the process alone
 * @param services the full names of its services
 * @param connections how many connections are open
 * @param maxConnections the setting of that name; empty where it was not set
 * @param runningCalls how many handlers run; empty where {@code maxRunningCalls} was not set, because nobody counts then
 * @param maxRunningCalls the setting of that name; empty where it was not set
 * @param maxConcurrentStreams how many streams one connection may carry at once
 * @param isClosing whether it has begun to close
 */
public record ServerStatus(
        int port,
        List<String> services,
        int connections,
        OptionalInt maxConnections,
        OptionalInt runningCalls,
        OptionalInt maxRunningCalls,
        int maxConcurrentStreams,
        boolean isClosing) {
    /** Copies the list. */
    public ServerStatus {
        services = List.copyOf(services);
    }
}
