package io.streamx.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames of length, stream number and bytes on one connection: cuts what is read, and gathers the answers to one read into one
 * write. It stays on its event loop.
 */
abstract class NettyFrames extends ByteToMessageDecoder {
    private static final int FRAME_HEADER = 8;
    private static final int BATCH_BYTES = 32 * 1024;

    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf unsent;

    /** Reads the {@code length} bytes of a frame from {@code in}, which the caller keeps owning. */
    abstract void onFrame(int stream, ByteBuf in, int length);

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        while (in.readableBytes() >= FRAME_HEADER) {
            int length = in.getInt(in.readerIndex());
            if (in.readableBytes() < FRAME_HEADER + length) {
                return;
            }
            int stream = in.getInt(in.readerIndex() + 4);
            in.skipBytes(FRAME_HEADER);
            onFrame(stream, in, length);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        flush();
        super.channelReadComplete(ctx);
    }

    ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return ctx;
    }

    /** The bytes to be sent by the next flush; this object keeps owning them. */
    ByteBuf unsent() {
        ByteBuf buffer = unsent;
        if (buffer == null) {
            buffer = context().alloc().buffer(Math.max(BATCH_BYTES, FRAME_HEADER + Payload.length()));
            unsent = buffer;
        }
        return buffer;
    }

    void append(int stream, byte[] bytes) {
        ByteBuf buffer = unsent();
        if (buffer.readableBytes() + FRAME_HEADER + bytes.length > BATCH_BYTES) {
            write();
        }
        unsent().writeInt(bytes.length).writeInt(stream).writeBytes(bytes);
    }

    private void write() {
        ByteBuf buffer = unsent;
        if (buffer != null) {
            unsent = null;
            ChannelHandlerContext ctx = context();
            var unused = ctx.write(buffer, ctx.voidPromise());
        }
    }

    void flush() {
        write();
        context().flush();
    }

    /** How many messages of a one-way stream leave together. */
    int batch() {
        return Math.max(1, BATCH_BYTES / (FRAME_HEADER + Payload.length()));
    }
}
