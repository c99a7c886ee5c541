package io.streamx.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.net.IdleCheck;
import io.streamx.net.ReadTimeout;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.TimeSource;
import java.util.List;

/** Looks after a connection of HTTP/1 that is not used, and after requests that begin and do not go on. On the event loop. */
final class Http1Times implements StrictRequestDecoder.Listener {
    private final HttpServerConnection connection;
    private final ServerRuntime runtime;
    private final Channel channel;
    private final TimeSource time;
    /** Limits the time of the head of a request, and of a body of one message. */
    private final ReadTimeout requestTimeout;
    /** Limits the time of each message of a stream. */
    private final ReadTimeout messageTimeout;

    private boolean wasPaused;
    private long lastUsedNanos;
    private long lastPendingBytes;

    Http1Times(HttpServerConnection connection, ServerRuntime runtime, Channel channel, long idleTimeoutNanos) {
        this.connection = connection;
        this.runtime = runtime;
        this.channel = channel;
        time = TimeSource.of(channel);
        lastUsedNanos = time.nanoTime();
        requestTimeout = new ReadTimeout(
                channel.eventLoop(), runtime.readTimeout(), time, this::isRequestExcused, this::onLateRequest);
        messageTimeout =
                new ReadTimeout(channel.eventLoop(), runtime.readTimeout(), time, this::hasPaused, this::onLateMessage);
        IdleCheck.start(channel, idleTimeoutNanos, this::idleNanos, () -> {
            channel.close();
            return true;
        });
    }

    /** A request or a response has ended. */
    void used() {
        lastUsedNanos = time.nanoTime();
    }

    /** The socket is not read for a while. */
    void paused() {
        wasPaused = true;
    }

    private long idleNanos() {
        if (connection.activeCalls() > 0) {
            return IdleCheck.IN_USE;
        }
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        long pending = out == null ? 0 : out.totalPendingWriteBytes();
        if (pending != lastPendingBytes) {
            lastPendingBytes = pending;
            used();
        }
        return time.nanoTime() - lastUsedNanos;
    }

    /** Messages of a stream come when they come, and each of them has {@link #messageTimeout} once it has begun. */
    private boolean isRequestExcused() {
        HttpCall running = connection.exchange().call();
        return (running != null && (running.isStreaming() || !connection.isRequestOpen())) || hasPaused();
    }

    /** Whether this side has stopped reading since it was last asked: what it does not read cannot be late. */
    private boolean hasPaused() {
        boolean paused = wasPaused || !channel.config().isAutoRead();
        wasPaused = false;
        return paused;
    }

    @Override
    public void onBytes(int count, boolean withinRequest) {
        requestTimeout.received(count, withinRequest && !connection.isClosing() && connection.webSocket() == null);
    }

    /** Bytes of a stream have come, in the body of a request or in the frames of a WebSocket. */
    void onMessageBytes(int count, RequestMessages.Progress progress) {
        progress.time(messageTimeout, count, connection.activeCalls() > 0 && !connection.isClosing());
    }

    private void onLateMessage() {
        WebSocketConnection socket = connection.webSocket();
        HttpCall running = connection.exchange().call();
        if (connection.isClosing() || !channel.isActive()) {
            return;
        }
        String late = LateRequests.message(runtime);
        if (socket != null) {
            socket.onLateText(late);
        } else if (running != null) {
            runtime.refused(channel, late, "messages of a stream");
            connection.endBehindResponse();
            running.onTimeout(StatusException.outcome(StatusCode.DEADLINE_EXCEEDED, late, List.of(), null));
        }
    }

    private void onLateRequest() {
        if (connection.isClosing() || !channel.isActive()) {
            return;
        }
        runtime.refused(
                channel,
                "a request that has begun and is not whole after "
                        + runtime.readTimeout().toMillis() + " ms",
                "HTTP/1.1");
        connection.refuse(LateRequests.refusal(runtime), true);
        connection.flush();
    }
}
