package io.streamx.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import org.jspecify.annotations.Nullable;

/**
 * Gathers small frames into buffers of about 32 KiB before they go down the pipeline; larger ones go as they are, in
 * their place. On the event loop.
 */
public final class BatchWriter implements Wire {
    private static final int BATCH_BYTES = 32 * 1024;
    private static final int COPY_LIMIT_BYTES = 16 * 1024;

    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private @Nullable ByteBuf batch;
    private boolean unflushed;

    /** Writes into the pipeline at {@code ctx}. */
    public BatchWriter(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        channel = ctx.channel();
    }

    /** Writes a whole frame. Takes ownership. */
    public void write(ByteBuf frame) {
        int length = frame.readableBytes();
        if (length > COPY_LIMIT_BYTES) {
            submitBatch();
            submit(frame);
            return;
        }
        room(length).writeBytes(frame);
        frame.release();
    }

    /** Writes a copy of {@code bytes}. */
    public void write(byte[] bytes) {
        room(bytes.length).writeBytes(bytes);
    }

    /** The buffer to append exactly {@code length} bytes to, a small frame made in place. Stays this writer's. */
    public ByteBuf room(int length) {
        ByteBuf current = batch;
        if (current != null && current.writableBytes() < length) {
            submitBatch();
            current = null;
        }
        if (current == null) {
            current = ctx.alloc().ioBuffer(Math.max(BATCH_BYTES, length));
            batch = current;
        }
        return current;
    }

    private void submitBatch() {
        ByteBuf full = batch;
        if (full != null) {
            batch = null;
            submit(full);
        }
    }

    private void submit(ByteBuf bytes) {
        unflushed = true;
        // A failed write closes the channel; its streams learn it from there.
        ctx.write(bytes, ctx.voidPromise());
    }

    @Override
    public boolean isWritable() {
        // What is gathered here is not yet counted by the channel, and never more than one batch. A closed channel
        // takes
        // everything, to drop it.
        return channel.isWritable() || !channel.isActive();
    }

    @Override
    public void flush() {
        submitBatch();
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    /** Drops what was gathered, after the channel has closed. */
    public void discard() {
        ByteBuf rest = batch;
        if (rest != null) {
            batch = null;
            rest.release();
        }
    }
}
