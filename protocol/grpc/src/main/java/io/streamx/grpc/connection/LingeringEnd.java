package io.streamx.grpc.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.streamx.net.IdleCheck;
import io.streamx.net.Sockets;
import io.streamx.wire.TimeSource;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection so that all that was written arrives: ends this side's half, and drops what comes until the peer ends its
 * own half or has been silent for a while. A socket that is closed while bytes of the peer come, and be it a WINDOW_UPDATE, is
 * reset, and the peer loses what it has not read yet. On the event loop.
 */
final class LingeringEnd {
    /** How long a peer may take to end its half of a connection whose other half has ended. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** How long a peer that has broken the rules has to read why; it may be sending for ever. */
    private static final long ERROR_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A peer that has been silent for so long, after this side's half has ended, reads no more. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What can still be read of a connection that takes no more bytes is there at once. */
    private static final long READ_ON_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final GrpcConnection connection;
    private boolean begun;
    private boolean lingering;
    private boolean readingOn;
    private long heardNanos;

    LingeringEnd(GrpcConnection connection) {
        this.connection = connection;
    }

    /** Whether this side's half has ended, so that what comes is dropped. */
    boolean isLingering() {
        return lingering;
    }

    /** Ends the connection when what was written has left. Repeating it does nothing. */
    void begin() {
        if (!begun && channel().isActive()) {
            begun = true;
            connection.flush();
            connection.context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> endOutput(LINGER_NANOS));
        }
    }

    /** To be called when a peer that has broken the rules has been told so. */
    void afterError() {
        endOutput(ERROR_LINGER_NANOS);
    }

    private void endOutput(long nanos) {
        Channel channel = channel();
        // Set before the half is ended, which may close the channel.
        lingering = channel.isActive();
        if (!Sockets.endOutput(channel)) {
            connection.context().close();
            return;
        }
        heardNanos = System.nanoTime();
        connection.scheduleWhileOpen(connection.context()::close, nanos);
        IdleCheck.start(channel, TimeSource.SYSTEM, SILENCE_NANOS, () -> System.nanoTime() - heardNanos, () -> {
            connection.context().close();
            return true;
        });
    }

    /** Bytes have come, and were dropped. */
    void onRead() {
        heardNanos = System.nanoTime();
    }

    /**
     * A write has found that the peer is gone. The last bytes of the peer may have arrived and be unread; the end behind them
     * closes the connection.
     */
    void readOn() {
        if (!readingOn) {
            readingOn = true;
            connection.scheduleWhileOpen(connection.context()::close, READ_ON_NANOS);
        }
    }

    private Channel channel() {
        return connection.context().channel();
    }
}
