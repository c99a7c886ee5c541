package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an error costs that Netty has found in what comes or leaves: nothing, one stream, or the connection. On the
 * event loop.
 */
final class ProtocolErrors {
    private final GrpcConnection connection;
    private final StreamResets resets;
    private final LingeringEnd end;
    private boolean failed;

    /** The smallest last stream that this side has named in a GOAWAY. */
    private int lastStreamSaid = Integer.MAX_VALUE;

    ProtocolErrors(GrpcConnection connection, StreamResets resets, LingeringEnd end) {
        this.connection = connection;
        this.resets = resets;
        this.end = end;
    }

    /** A GOAWAY of this side names its last stream. */
    void onGoAwaySent(int lastStreamId) {
        lastStreamSaid = Math.min(lastStreamSaid, lastStreamId);
    }

    /**
     * Ends the connection as Netty does, but names the last stream that came, where Netty would name any. Source: RFC
     * 9113 section 5.4.1.
     */
    void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception http2Ex) {
        if (failed || end.isLingering()) {
            return;
        }
        Throwable reason = http2Ex != null ? http2Ex : cause;
        if (outbound && isLossOfPeer(reason) && connection.readsOnWhenPeerIsGone()) {
            end.readOn();
            return;
        }
        failed = true;
        if (!(reason instanceof IOException)) {
            // A peer that has gone has broken no rule; a write may be the first to find out.
            connection.onConnectionViolation(reason);
        }
        connection.streams().lost(connection.lostFailure(String.valueOf(reason.getMessage()), reason));
        long code = http2Ex != null ? http2Ex.error().code() : Http2Error.INTERNAL_ERROR.code();
        // A later GOAWAY must not name more streams than an earlier one.
        int last = Math.min(connection.connection().remote().lastStreamCreated(), lastStreamSaid);
        ByteBuf debug = ByteBufUtil.writeUtf8(ctx.alloc(), String.valueOf(reason.getMessage()));
        connection.goAway(ctx, last, code, debug, ctx.newPromise()).addListener(done -> end.afterError());
        ctx.flush();
    }

    private static boolean isLossOfPeer(Throwable reason) {
        return reason instanceof IOException || reason.getCause() instanceof IOException;
    }

    /**
     * Does what an error of one stream asks for.
     *
     * @return whether Netty is still to do what it does by itself, which is to reset the stream
     */
    boolean onStreamError(ChannelHandlerContext ctx, boolean outbound, Http2Exception.StreamException violation) {
        int id = violation.streamId();
        Http2Stream stream = connection.connection().stream(id);
        if (stream == null || stream.state() == Http2Stream.State.CLOSED) {
            // Frames that were under way when this side gave the stream up are not the peer's fault, and neither are
            // frames that this side did not write because of that.
            if (outbound
                    || resets.contains(id)
                    || connection.connection().local().mayHaveCreatedStream(id)) {
                return false;
            }
            Http2Exception fatal = connection.fatal(id, violation);
            if (fatal != null) {
                onConnectionError(ctx, false, fatal, fatal);
                return false;
            }
            if (stream == null
                    && !(violation instanceof Http2Exception.HeaderListSizeException)
                    && resets.resetUnread(id, violation.error().code())) {
                return false;
            }
        } else {
            MultiplexedStream wire = connection.open().get(id);
            if (wire != null) {
                connection.onStreamViolation(wire, violation);
            }
        }
        if (stream != null && isHeadersBehindTheEnd(stream, violation)) {
            resets.reset(stream, Http2Error.STREAM_CLOSED.code());
            return false;
        }
        return true;
    }

    /**
     * Whether HEADERS came behind the end of a stream. Netty takes these for too many headers, which is another error,
     * and only its message tells.
     */
    private static boolean isHeadersBehindTheEnd(Http2Stream stream, Http2Exception violation) {
        return !stream.state().remoteSideOpen()
                && String.valueOf(violation.getMessage()).contains("received too many headers");
    }
}
