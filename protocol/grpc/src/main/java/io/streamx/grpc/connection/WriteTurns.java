package io.streamx.grpc.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.streamx.wire.StreamHost;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets what streams have written within one turn of the event loop leave together: each stream as one DATA frame, and
 * all of them with one flush of the channel. On the event loop.
 */
final class WriteTurns {
    private final GrpcConnection connection;
    private final GatheringFrameWriter frames;

    /** The streams that have something to write. */
    private final List<MultiplexedStream> touched = new ArrayList<>();

    private final Runnable settle = this::settle;
    private boolean flushing;
    private boolean settling;

    WriteTurns(GrpcConnection connection, GatheringFrameWriter frames) {
        this.connection = connection;
        this.frames = frames;
    }

    /** A stream has something to write at the next {@link #end}. */
    void touch(MultiplexedStream stream) {
        touched.add(stream);
    }

    /** Writes what streams have for the peer, and hands it to the channel. */
    void end() {
        boolean outermost = !flushing;
        flushing = true;
        try {
            if (!touched.isEmpty()) {
                writeTouched();
            }
            connection.flush(connection.context());
        } finally {
            if (outermost) {
                flushing = false;
            }
        }
    }

    private void writeTouched() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).writePending();
        }
        touched.clear();
        connection.onMessagesWritten();
    }

    /** Does what Netty's own flush does, and hands what was gathered to the channel between its two steps. */
    void flush(ChannelHandlerContext context) {
        try {
            connection.encoder().flowController().writePendingBytes();
            frames.submit();
            context.flush();
        } catch (Http2Exception e) {
            connection.onError(context, true, e);
        } catch (RuntimeException e) {
            connection.onError(
                    context, true, Http2Exception.connectionError(Http2Error.INTERNAL_ERROR, e, "Error flushing"));
        }
    }

    /** Writes as much of what waits for the peer's windows as these let go now. */
    void writeWhatMayGo() {
        try {
            connection.encoder().flowController().writePendingBytes();
        } catch (Http2Exception e) {
            connection.onError(connection.context(), true, e);
        }
    }

    /** Has the credit settled of bytes that left outside a flush by {@link StreamHost}, which would settle it. */
    void settleSoon() {
        if (!flushing && !settling) {
            settling = true;
            connection.streams().execute(settle);
        }
    }

    private void settle() {
        settling = false;
        connection.streams().flush();
    }

    /**
     * Says whether {@link StreamHost} is about to flush by itself, so that bytes that leave until then need nobody to
     * settle their credit.
     */
    void flushFollows(boolean follows) {
        flushing = follows;
    }
}
