package io.streamx.benchmarks;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is carried.
 *
 * @param name as given on the command line
 * @param kind what happens
 * @param streams streams, or unary calls, at once
 * @param bytes of a message
 */
record Workload(String name, Kind kind, int streams, int bytes) {
    /** What happens; on the command line its name in lower case and how many at once. */
    enum Kind {
        /** Streams with one message at a time there and back. */
        BIDI,
        /** One stream on which the server sends as fast as it can. */
        DOWN,
        /** One stream on which the client sends as fast as it can. */
        UP,
        /** One stream on which the client sends as fast as it can and the server answers each message with itself. */
        PIPE,
        /** Unary calls, each of which follows the last one of its kind. */
        UNARY,
        /** A client made, one unary call, and the client closed, over and over. */
        CONNECT;

        private boolean hasOneStream() {
            return this == DOWN || this == UP || this == PIPE || this == CONNECT;
        }
    }

    static final int DEFAULT_BYTES = 100;

    private static final Pattern NAME = Pattern.compile("([a-z]+)-([0-9]{1,6})(?:@([0-9]{1,8}))?");

    static Workload named(String name) {
        Matcher matcher = NAME.matcher(name);
        if (matcher.matches()) {
            for (Kind kind : Kind.values()) {
                int streams = Integer.parseInt(matcher.group(2));
                if (kind.name().toLowerCase(Locale.ROOT).equals(matcher.group(1))
                        && (streams == 1 || (streams > 1 && !kind.hasOneStream()))) {
                    int bytes = matcher.group(3) == null ? DEFAULT_BYTES : Integer.parseInt(matcher.group(3));
                    if (bytes > Payload.END_LENGTH) {
                        return new Workload(name, kind, streams, bytes);
                    }
                }
            }
        }
        throw new IllegalArgumentException("workload: " + name
                + " (expected: bidi-N, unary-N, down-1, up-1, pipe-1 or connect-1; @BYTES behind it for messages of"
                + " another size than " + DEFAULT_BYTES + ", more than " + Payload.END_LENGTH + ")");
    }

    /** Whether messages are counted where they are received, and that is the server. */
    boolean isCountedByServer() {
        return kind == Kind.UP;
    }

    /** Whether a message is waited for, so that it makes sense to say how long that took. */
    boolean hasLatency() {
        return kind == Kind.BIDI || kind == Kind.UNARY || kind == Kind.CONNECT;
    }

    CompletableFuture<Void> start(Stack stack, int port, Stack.Session session, Meter meter, Duration sending) {
        return switch (kind) {
            case BIDI -> session.pingPong(streams, meter);
            case DOWN -> session.down(sending, meter);
            case UP -> session.up(sending);
            case PIPE -> session.pipe(meter);
            case UNARY -> session.calls(streams, meter);
            case CONNECT -> Sessions.oneAfterAnother(stack, port, meter);
        };
    }
}
