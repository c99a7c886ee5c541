package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.streamx.net.BatchWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes HEADERS, small DATA and WINDOW_UPDATE, which is what calls consist of, side by side into one buffer. A buffer
 * and a promise for each piece would cost more than a small call itself. Netty writes all other frames, each behind
 * what was gathered before it.
 *
 * <p>A gathered frame counts as written at once. It cannot fail by itself any more, and when the connection fails the
 * streams learn that from the connection. Whoever writes calls {@link #submit} before the channel is flushed. On the
 * event loop.
 */
final class GatheringFrameWriter extends DecoratingHttp2FrameWriter {
    private static final int HEAD_BYTES = 9;
    /** The largest payload that is copied; larger ones go to the network as they are. */
    private static final int MAX_COPIED_BYTES = 1024;
    /**
     * The largest frame that is gathered, whatever the peer would take, because frames are gathered in buffers of 32
     * KiB.
     */
    private static final int MAX_FRAGMENT_BYTES = 16 * 1024;

    private static final int INITIAL_BYTES = 256;
    private static final int MAX_KEPT_BYTES = 4 * 1024;

    private static final byte END_STREAM = 0x1;
    private static final byte END_HEADERS = 0x4;

    private final Http2HeadersEncoder headersEncoder;
    private ByteBuf frame = Unpooled.buffer(INITIAL_BYTES);
    private @Nullable BatchWriter batch;

    GatheringFrameWriter() {
        this(new DefaultHttp2HeadersEncoder());
    }

    private GatheringFrameWriter(Http2HeadersEncoder headersEncoder) {
        super(new DefaultHttp2FrameWriter(headersEncoder));
        this.headersEncoder = headersEncoder;
    }

    /** Hands what was gathered to the channel. */
    void submit() {
        if (batch != null) {
            batch.submitBatch();
        }
    }

    /** Drops what was gathered, after the channel has closed. */
    void discard() {
        if (batch != null) {
            batch.discard();
        }
    }

    private BatchWriter batch(ChannelHandlerContext ctx) {
        BatchWriter gathered = batch;
        if (gathered == null) {
            gathered = new BatchWriter(ctx);
            batch = gathered;
        }
        return gathered;
    }

    // ---- what is gathered ----

    /** Writes DATA as {@link #writeData(ChannelHandlerContext, int, ByteBuf, int, boolean, ChannelPromise)} does, and makes no promise for what is gathered. */
    ChannelFuture writeData(ChannelHandlerContext ctx, int streamId, ByteBuf data, boolean endStream) {
        if (data.readableBytes() > MAX_COPIED_BYTES || !ctx.channel().isActive()) {
            return writeData(ctx, streamId, data, 0, endStream, ctx.newPromise());
        }
        gatherData(ctx, streamId, data, endStream);
        return ctx.newSucceededFuture();
    }

    @Override
    public ChannelFuture writeData(
            ChannelHandlerContext ctx,
            int streamId,
            ByteBuf data,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        int length = data.readableBytes();
        if (length > MAX_COPIED_BYTES || padding > 0 || !ctx.channel().isActive()) {
            submit();
            return super.writeData(ctx, streamId, data, padding, endStream, promise);
        }
        gatherData(ctx, streamId, data, endStream);
        return promise.setSuccess();
    }

    private void gatherData(ChannelHandlerContext ctx, int streamId, ByteBuf data, boolean endStream) {
        frame.clear().writerIndex(HEAD_BYTES).writeBytes(data);
        data.release();
        gather(ctx, Http2FrameTypes.DATA, endStream ? END_STREAM : 0, streamId);
    }

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        if (padding > 0 || !ctx.channel().isActive()) {
            submit();
            return super.writeHeaders(ctx, streamId, headers, padding, endStream, promise);
        }
        frame.clear().writerIndex(HEAD_BYTES);
        try {
            headersEncoder.encodeHeaders(streamId, headers, frame);
        } catch (Http2Exception | RuntimeException unencodable) {
            return promise.setFailure(unencodable);
        }
        byte flags = endStream ? END_STREAM : 0;
        int maxFragment = Math.min(configuration().frameSizePolicy().maxFrameSize(), MAX_FRAGMENT_BYTES);
        if (frame.writerIndex() - HEAD_BYTES <= maxFragment) {
            gather(ctx, Http2FrameTypes.HEADERS, (byte) (flags | END_HEADERS), streamId);
            return promise.setSuccess();
        }
        gatherFragments(ctx, flags, streamId, maxFragment);
        return promise.setSuccess();
    }

    /**
     * Gathers a header block in fragments. The head of each fragment is written over the end of the fragment before,
     * which has been copied by then.
     */
    private void gatherFragments(ChannelHandlerContext ctx, byte firstFlags, int streamId, int maxFragment) {
        int end = frame.writerIndex();
        byte type = Http2FrameTypes.HEADERS;
        byte flags = firstFlags;
        for (int start = HEAD_BYTES; start < end; ) {
            int length = Math.min(maxFragment, end - start);
            if (start + length == end) {
                flags |= END_HEADERS;
            }
            putHead(start - HEAD_BYTES, length, type, flags, streamId);
            batch(ctx).copy(frame, start - HEAD_BYTES, HEAD_BYTES + length);
            start += length;
            type = Http2FrameTypes.CONTINUATION;
            flags = 0;
        }
        releaseLargeFrame();
    }

    @Override
    public ChannelFuture writeWindowUpdate(
            ChannelHandlerContext ctx, int streamId, int windowSizeIncrement, ChannelPromise promise) {
        if (!ctx.channel().isActive()) {
            return super.writeWindowUpdate(ctx, streamId, windowSizeIncrement, promise);
        }
        frame.clear().writerIndex(HEAD_BYTES).writeInt(windowSizeIncrement);
        gather(ctx, Http2FrameTypes.WINDOW_UPDATE, (byte) 0, streamId);
        return promise.setSuccess();
    }

    /** Gathers the frame whose payload lies in {@link #frame} behind the place for its head. */
    private void gather(ChannelHandlerContext ctx, byte type, byte flags, int streamId) {
        int length = frame.writerIndex();
        putHead(0, length - HEAD_BYTES, type, flags, streamId);
        batch(ctx).copy(frame, 0, length);
        releaseLargeFrame();
    }

    private void putHead(int index, int length, byte type, byte flags, int streamId) {
        frame.setMedium(index, length)
                .setByte(index + 3, type)
                .setByte(index + 4, flags)
                .setInt(index + 5, streamId);
    }

    private void releaseLargeFrame() {
        if (frame.capacity() > MAX_KEPT_BYTES) {
            frame.release();
            frame = Unpooled.buffer(INITIAL_BYTES);
        }
    }

    // ---- what is not, behind what was ----

    @Override
    public ChannelFuture writeHeaders(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream,
            ChannelPromise promise) {
        submit();
        return super.writeHeaders(
                ctx, streamId, headers, streamDependency, weight, exclusive, padding, endStream, promise);
    }

    @Override
    public ChannelFuture writePriority(
            ChannelHandlerContext ctx,
            int streamId,
            int streamDependency,
            short weight,
            boolean exclusive,
            ChannelPromise promise) {
        submit();
        return super.writePriority(ctx, streamId, streamDependency, weight, exclusive, promise);
    }

    @Override
    public ChannelFuture writePushPromise(
            ChannelHandlerContext ctx,
            int streamId,
            int promisedStreamId,
            Http2Headers headers,
            int padding,
            ChannelPromise promise) {
        submit();
        return super.writePushPromise(ctx, streamId, promisedStreamId, headers, padding, promise);
    }

    @Override
    public ChannelFuture writeFrame(
            ChannelHandlerContext ctx,
            byte frameType,
            int streamId,
            Http2Flags flags,
            ByteBuf payload,
            ChannelPromise promise) {
        submit();
        return super.writeFrame(ctx, frameType, streamId, flags, payload, promise);
    }

    @Override
    public ChannelFuture writeRstStream(
            ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        submit();
        return super.writeRstStream(ctx, streamId, errorCode, promise);
    }

    @Override
    public ChannelFuture writeSettings(ChannelHandlerContext ctx, Http2Settings settings, ChannelPromise promise) {
        submit();
        return super.writeSettings(ctx, settings, promise);
    }

    @Override
    public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
        submit();
        return super.writeSettingsAck(ctx, promise);
    }

    @Override
    public ChannelFuture writePing(ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
        submit();
        return super.writePing(ctx, ack, data, promise);
    }

    @Override
    public ChannelFuture writeGoAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        submit();
        return super.writeGoAway(ctx, lastStreamId, errorCode, debugData, promise);
    }
}
