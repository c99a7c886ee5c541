package io.streamx.grpc.connection;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose peer makes this side write control frames that the peer does not read, or whose streams this
 * side had to reset too often because of what the peer did on them. On the event loop.
 */
final class ControlFrameLimits extends DecoratingHttp2ConnectionEncoder {
    /** How many resets a peer may leave unread. */
    private static final int MAX_UNREAD = 10_000;
    /** How many answers to pings and settings a peer may leave unread. */
    private static final int MAX_UNREAD_ANSWERS = 1_000;
    /**
     * How many bytes may wait for a client that reads nothing, beyond those that the network takes before senders wait: heads and
     * ends of its calls.
     */
    private static final int MAX_UNREAD_BYTES = 1 << 20;
    /** How many streams of a connection a server resets before it ends the connection. */
    private static final int MAX_RESETS = 200;

    private static final int RESET_SECONDS = 30;

    /** Counts resets; null at clients, which reset the streams that they do not want any more. */
    private final @Nullable RateLimit resets;

    private @Nullable Http2LifecycleManager connection;
    private int unread;
    private int unreadAnswers;
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
        return super.writeSettingsAck(ctx, countedAnswer(ctx, promise));
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        return super.writePing(ctx, ack, data, ack ? countedAnswer(ctx, promise) : promise);
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

    /**
     * Heads count as written at once, so streams that were refused are no bound for them: their peer may open ever more of them,
     * and read none of the answers.
     */
    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        if (resets != null && ctx.channel().bytesBeforeWritable() > MAX_UNREAD_BYTES) {
            end(ctx, "%d bytes of answers wait for the peer to read them", MAX_UNREAD_BYTES);
        }
        return super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
    }

    private ChannelPromise countedAnswer(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (unreadAnswers == MAX_UNREAD_ANSWERS) {
            ctx.flush();
        }
        if (unreadAnswers == MAX_UNREAD_ANSWERS) {
            end(ctx, "%d answers to pings and settings wait for the peer to read them", MAX_UNREAD_ANSWERS);
        }
        unreadAnswers++;
        return promise.unvoid().addListener(done -> unreadAnswers--);
    }

    private ChannelPromise counted(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (unread == MAX_UNREAD) {
            ctx.flush();
        }
        if (unread == MAX_UNREAD) {
            end(ctx, "%d resets wait for the peer to read them", MAX_UNREAD);
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
