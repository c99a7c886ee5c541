package io.streamx.jfr;

import io.streamx.ConnectionInfo;
import java.time.Duration;
import java.time.Instant;

/** Writes what happens to connections into the recording that runs. */
public final class ConnectionRecords {
    // These are asked whether their kind is recorded. They are never written.
    private static final ConnectionRecord OPENED = new ConnectionRecord.Opened();
    private static final ConnectionRecord CLOSED = new ConnectionRecord.Closed();

    private ConnectionRecords() {}

    /** Whether {@link #opened} writes anything. */
    public static boolean areOpeningsRecorded() {
        return OPENED.isEnabled();
    }

    /** Writes that a connection was made. */
    public static void opened(ConnectionInfo connection) {
        if (areOpeningsRecorded()) {
            new ConnectionRecord.Opened().write(connection);
        }
    }

    /** Whether {@link #closed} writes anything. */
    public static boolean areEndsRecorded() {
        return CLOSED.isEnabled();
    }

    /** Writes that a connection has ended. */
    public static void closed(ConnectionInfo connection, String reason) {
        if (areEndsRecorded()) {
            ConnectionRecord.Closed event = new ConnectionRecord.Closed();
            event.reason = reason;
            event.age = Duration.between(connection.openedAt(), Instant.now()).toMillis();
            event.write(connection);
        }
    }
}
