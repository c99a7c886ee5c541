package io.streamx.grpc.connection;

import io.streamx.net.ReadTimeout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits how long a frame that has begun to come may take until it is whole. At a server the preface of the connection
 * counts as begun from the start. On the event loop.
 */
final class FrameTimeout {
    private final GrpcConnection connection;
    private @Nullable ReadTimeout limit;
    private boolean prefaceAwaited;
    private boolean frameCame;

    /** How many bytes of a begun frame were there after the last read. */
    private int begunBytes;

    FrameTimeout(GrpcConnection connection) {
        this.connection = connection;
    }

    /**
     * Begins to limit frames: {@link GrpcConnection#onLateFrame} runs when one is not whole after {@code timeout}, and
     * more when it is large. {@code hasBegun} says that bytes of the preface have come already.
     */
    void start(Duration timeout, boolean hasBegun) {
        limit = new ReadTimeout(
                connection.context().channel().eventLoop(),
                timeout,
                connection.time(),
                () -> connection.streams().wasPaused(),
                connection::onLateFrame);
        prefaceAwaited = hasBegun;
        limit.received(0, hasBegun);
    }

    /** A read has been decoded, and has left {@code begun} bytes of a frame that is not whole. */
    void afterRead(int begun) {
        if (limit != null) {
            // HTTP/2 counts no bytes here but those that wait; a frame's time grows with its bytes all the same.
            limit.received(Math.max(0, begun - begunBytes), begun > 0 || prefaceAwaited);
        }
        begunBytes = begun;
    }

    /** A whole frame has come. */
    void onFrame() {
        frameCame = true;
        prefaceAwaited = false;
        if (limit != null) {
            limit.messageEnded();
        }
    }

    /** Whether the peer has sent a whole frame. */
    boolean hasFrameCome() {
        return frameCame;
    }
}
