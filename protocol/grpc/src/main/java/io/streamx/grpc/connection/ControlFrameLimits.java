package io.streamx.grpc.connection;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose peer makes this side write control frames that the peer does not read, or whose streams this
 * side had to reset too often because of what the peer did on them. On the event loop.
 */
final class ControlFrameLimits extends DecoratingHttp2ConnectionEncoder {
    /** How many answers to pings and settings, and resets, a peer may leave unread. */
    private static final int MAX_UNREAD = 10_000;
    /** How many streams of a connection a server resets before it ends the connection. */
    private static final int MAX_RESETS = 200;

    private static final int RESET_SECONDS = 30;

    /** Counts resets; null at clients, which reset the streams that they do not want any more. */
    private final @Nullable RateLimit resets;

    private @Nullable Http2LifecycleManager connection;
    private int unread;
    private boolean exceeded;

    ControlFrameLimits(Http2ConnectionEncoder encoder, boolean server) {
        super(encoder);
        resets = server ? new RateLimit(MAX_RESETS, TimeUnit.SECONDS.toNanos(RESET_SECONDS)) : null;
    }

    @Override
    public void lifecycleManager(Http2LifecycleManager lifecycleManager) {
        connection = lifecycleManager;
        super.lifecycleManager(lifecycleManager);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        return super.writeSettingsAck(ctx, counted(ctx, promise));
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        return super.writePing(ctx, ack, data, ack ? counted(ctx, promise) : promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        ChannelFuture written = super.writeRstStream(ctx, streamId, errorCode, counted(ctx, promise));
        // A stream that this side gives up by its own choice is no sign of a peer that breaks the rules.
        if (resets != null
                && errorCode != Http2Error.CANCEL.code()
                && errorCode != Http2Error.NO_ERROR.code()
                && resets.exceededAt(System.nanoTime())) {
            end(ctx, "more than %d streams had to be reset within %d s", MAX_RESETS, RESET_SECONDS);
        }
        return written;
    }

    private ChannelPromise counted(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (unread == MAX_UNREAD) {
            ctx.flush();
        }
        if (unread == MAX_UNREAD) {
            end(ctx, "%d control frames wait for the peer to read them", MAX_UNREAD);
        }
        unread++;
        return promise.unvoid().addListener(done -> unread--);
    }

    private void end(ChannelHandlerContext ctx, String format, Object... arguments) {
        Http2LifecycleManager manager = connection;
        if (manager != null && !exceeded) {
            exceeded = true;
            manager.onError(ctx, true, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, format, arguments));
            ctx.close();
        }
    }
}
