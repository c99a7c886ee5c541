package io.streamx.grpc.connection;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * How a server ends a connection without losing a call: first it announces the end and takes the streams that are
 * already under way. When a PING has made the way to the client and back, it says which stream is the last, and closes
 * the connection when no stream is left.
 *
 * <p>Source: docs/protocol/grpc.md "12. Graceful stop".
 */
final class GracefulClose {
    /** The payload of the PING, which is that of Kitex. */
    static final long PING = 0x0106010800030309L;

    private static final long ANSWER_WAIT_SECONDS = 60;
    private static final long NO_ERROR = 0;

    private enum State {
        OPEN,
        ANNOUNCED,
        DRAINING,
        CLOSED
    }

    private final GrpcServerConnection connection;
    private State state = State.OPEN;
    private String reason = "";

    GracefulClose(GrpcServerConnection connection) {
        this.connection = connection;
        connection.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                if (state == State.DRAINING) {
                    connection.streams().execute(GracefulClose.this::closeIfEmpty);
                }
            }
        });
    }

    /** Begins the end. Repeating this does nothing. {@code debug} tells the client why. */
    void begin(String debug) {
        if (state != State.OPEN) {
            return;
        }
        state = State.ANNOUNCED;
        reason = debug;
        goAway(Integer.MAX_VALUE);
        connection.encoder().writePing(connection.context(), false, PING, connection.newPromise());
        connection.flush(connection.context());
        connection.scheduleWhileOpen(this::settle, TimeUnit.SECONDS.toNanos(ANSWER_WAIT_SECONDS));
    }

    /** A PING of this side was answered. */
    void onPingAnswered(long data) {
        if (data == PING) {
            settle();
        }
    }

    private void settle() {
        if (state != State.ANNOUNCED) {
            return;
        }
        state = State.DRAINING;
        goAway(connection.connection().remote().lastStreamCreated());
        connection.flush(connection.context());
        closeIfEmpty();
    }

    private void closeIfEmpty() {
        if (state == State.DRAINING
                && connection.activeCalls() == 0
                && connection.connection().numActiveStreams() == 0) {
            state = State.CLOSED;
            connection.closeAfterLinger();
        }
    }

    /** A call has ended. */
    void callEnded() {
        if (state == State.DRAINING) {
            connection.streams().execute(this::closeIfEmpty);
        }
    }

    /** The connection closes, one way or another. */
    void closing() {
        if (state == State.OPEN) {
            goAway(connection.connection().remote().lastStreamCreated());
        }
        state = State.CLOSED;
    }

    private void goAway(int lastStreamId) {
        connection.goAway(
                connection.context(),
                lastStreamId,
                NO_ERROR,
                Unpooled.copiedBuffer(reason, StandardCharsets.UTF_8),
                connection.newPromise());
    }
}
