package io.streamx.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.FastThreadLocal;
import io.streamx.wire.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Gathers small frames into buffers of up to 32 KiB before they go down the pipeline. Larger frames go as they are, in
 * their place among the others. On the event loop.
 *
 * <p>Frames are gathered in an array that all writers of an event loop share, since copying from array to array is what
 * is fastest; from there one copy takes them to the network's memory, as many bytes as there are.
 */
public final class BatchWriter implements Wire {
    private static final int BATCH_BYTES = 32 * 1024;
    private static final int COPY_LIMIT_BYTES = 16 * 1024;

    /** The shared array, and the writer whose bytes are in it. */
    private static final class Batch {
        final byte[] bytes = new byte[BATCH_BYTES];
        int length;

        @Nullable
        BatchWriter owner;
    }

    private static final FastThreadLocal<Batch> BATCH = new FastThreadLocal<>() {
        @Override
        protected Batch initialValue() {
            return new Batch();
        }
    };

    private final ChannelHandlerContext ctx;
    private final Channel channel;
    private @Nullable Batch batch;
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
        int start = reserve(length);
        byte[] target = batch().bytes;
        if (frame.hasArray()) {
            System.arraycopy(frame.array(), frame.arrayOffset() + frame.readerIndex(), target, start, length);
        } else {
            frame.getBytes(frame.readerIndex(), target, start, length);
        }
        frame.release();
    }

    /**
     * Writes a copy of {@code frame} with {@code number} in place of the four bytes at {@code offset}.
     */
    public void writeWith(byte[] frame, int offset, int number) {
        if (frame.length > COPY_LIMIT_BYTES) {
            write(Unpooled.copiedBuffer(frame).setInt(offset, number));
            return;
        }
        int start = reserve(frame.length);
        byte[] target = batch().bytes;
        System.arraycopy(frame, 0, target, start, frame.length);
        target[start + offset] = (byte) (number >>> 24);
        target[start + offset + 1] = (byte) (number >>> 16);
        target[start + offset + 2] = (byte) (number >>> 8);
        target[start + offset + 3] = (byte) number;
    }

    /** Writes a copy of {@code length} bytes, at most 32 KiB, of {@code source}, which the caller keeps owning. */
    public void copy(ByteBuf source, int index, int length) {
        int start = reserve(length);
        source.getBytes(index, batch().bytes, start, length);
    }

    /** Makes room for {@code length} bytes of this writer, and says where they go. */
    private int reserve(int length) {
        Batch current = batch();
        if (current.owner != this || current.length + length > BATCH_BYTES) {
            BatchWriter owner = current.owner;
            if (owner != null) {
                owner.submitBatch();
            }
            current.owner = this;
        }
        int start = current.length;
        current.length = start + length;
        return start;
    }

    private Batch batch() {
        Batch current = batch;
        if (current == null) {
            current = BATCH.get();
            batch = current;
        }
        return current;
    }

    /** Hands what was gathered to the pipeline, so that what others write there comes behind it. */
    public void submitBatch() {
        Batch current = batch;
        if (current == null || current.owner != this) {
            return;
        }
        int length = current.length;
        current.length = 0;
        current.owner = null;
        submit(ctx.alloc().ioBuffer(length).writeBytes(current.bytes, 0, length));
    }

    private void submit(ByteBuf bytes) {
        unflushed = true;
        // A failed write closes the channel, from which its streams learn of the failure. A void promise would raise an
        // exception beside that.
        ctx.write(bytes, ctx.newPromise());
    }

    @Override
    public boolean isWritable() {
        // The channel does not count what is gathered here, which is never more than one batch. A closed channel takes
        // everything, and drops it.
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
        Batch current = batch;
        if (current != null && current.owner == this) {
            current.owner = null;
            current.length = 0;
        }
    }
}
