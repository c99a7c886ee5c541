package io.streamx.engine;

import io.streamx.MessageStream;

/**
 * What one connection holds at a moment, for tests that want it back where it began.
 *
 * @param streams open on it
 * @param endedUnreadStreams ended, with messages nobody has taken
 * @param unsentBytes counted for senders
 * @param unreadBytes counted for readers
 */
public record ConnectionLevels(int streams, int endedUnreadStreams, long unsentBytes, long unreadBytes) {
    public static final ConnectionLevels ZERO = new ConnectionLevels(0, 0, 0, 0);

    /** The connection of a stream, of either end. */
    public static StreamConnection connectionOf(MessageStream stream) {
        return switch (stream) {
            case BlockingClientStream<?, ?> client -> client.exchange().connection();
            case BlockingServerStream<?, ?> server -> server.exchange().connection();
            default -> throw new IllegalArgumentException(stream + " (expected: a stream of the engine)");
        };
    }

    /** The levels now, as the event loop of the connection sees them. */
    public static ConnectionLevels of(StreamConnection connection) throws Exception {
        return connection
                .channel()
                .eventLoop()
                .submit(() -> new ConnectionLevels(
                        connection.activeStreams(),
                        connection.endedUnreadStreams(),
                        connection.sendBudget().unsent(),
                        connection.readBudget().unread()))
                .get();
    }
}
