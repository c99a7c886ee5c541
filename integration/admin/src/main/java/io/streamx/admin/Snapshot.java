package io.streamx.admin;

import io.streamx.CallInfo;
import io.streamx.ConnectionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What a process did at one moment.
 *
 * @param callCount how many calls ran; the list has the oldest {@value #MOST_ROWS} of them
 * @param connectionCount how many connections were open; the list has the oldest {@value #MOST_ROWS} of them
 */
record Snapshot(Instant at, int callCount, List<Call> calls, int connectionCount, List<Connection> connections) {
    static final int MOST_ROWS = 1000;

    /** A call; times in milliseconds, of waits -1 where nobody waits. */
    record Call(
            String side,
            String method,
            String mode,
            String transport,
            String peer,
            String instance,
            long ageMillis,
            long sent,
            long received,
            long sendWaitMillis,
            long receiveWaitMillis) {
        static Call of(RunningCalls.Running running) {
            CallInfo call = running.call();
            Enum<?> transport = call.carrier() != null ? call.carrier() : call.transport();
            return new Call(
                    running.side(),
                    call.service() + "." + call.method(),
                    lower(call.mode()),
                    transport == null ? "" : lower(transport),
                    call.remoteAddress() == null ? "" : call.remoteAddress().toString(),
                    call.instance(),
                    running.ageMillis(),
                    running.sent(),
                    running.received(),
                    running.sendWaitMillis(),
                    running.receiveWaitMillis());
        }

        private static String lower(Enum<?> value) {
            return value.name().toLowerCase(Locale.ROOT);
        }
    }

    /** A connection. */
    record Connection(String side, String service, String local, String peer, long ageMillis) {
        static Connection of(ConnectionInfo connection, Instant now) {
            return new Connection(
                    connection.side().name().toLowerCase(Locale.ROOT),
                    connection.service(),
                    String.valueOf(connection.localAddress()),
                    String.valueOf(connection.remoteAddress()),
                    Duration.between(connection.openedAt(), now).toMillis());
        }
    }

    /** What runs now, of the calls those alone whose method contains {@code filter}, the oldest first. */
    static Snapshot of(RunningCalls calls, OpenedConnections connections, String filter) {
        Instant now = Instant.now();
        List<Call> running = calls.all().stream()
                .map(Call::of)
                .filter(call -> call.method().contains(filter))
                .sorted(Comparator.comparingLong(Call::ageMillis).reversed())
                .toList();
        List<Connection> open = connections.all().stream()
                .map(connection -> Connection.of(connection, now))
                .sorted(Comparator.comparingLong(Connection::ageMillis).reversed())
                .toList();
        return new Snapshot(now, running.size(), first(running), open.size(), first(open));
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(MOST_ROWS, all.size()));
    }
}
