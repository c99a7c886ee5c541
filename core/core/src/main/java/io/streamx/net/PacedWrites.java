package io.streamx.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands the network no more of large messages than it takes. Netty copies every buffer that is written into direct memory at
 * once; so a few peers that read nothing, and are sent a message of 16 MiB each, would use up the direct memory of the process.
 * Here what lies on the heap stays there while the channel takes no bytes, and goes on in pieces. All else is passed on at once,
 * or behind what is kept.
 *
 * <p>It stands between TLS and the protocol. On the event loop, unless a method says otherwise.
 */
public final class PacedWrites extends ChannelDuplexHandler {
    /** The largest piece: larger ones would be direct memory of their own, which the pooled allocator does not keep. */
    private static final int PIECE_BYTES = 256 * 1024;

    private static final AttributeKey<PacedWrites> OF_CHANNEL = AttributeKey.valueOf(PacedWrites.class, "of");

    private record Kept(Object message, ChannelPromise promise) {}

    private final LongConsumer memory;
    private final @Nullable StalledWrites watch;
    private final ArrayDeque<Kept> kept = new ArrayDeque<>(2);
    private volatile long keptBytes;
    private boolean handingOn;

    private PacedWrites(LongConsumer memory, @Nullable StalledWrites watch) {
        this.memory = memory;
        this.watch = watch;
    }

    /**
     * Adds itself to a channel, at the end of its pipeline: behind TLS, before the protocol.
     *
     * @param memory is told how many bytes are kept whenever that changes
     * @param watch is told when the network takes no more bytes; null where nobody watches
     */
    public static void install(Channel channel, LongConsumer memory, @Nullable StalledWrites watch) {
        PacedWrites writes = new PacedWrites(memory, watch);
        channel.attr(OF_CHANNEL).set(writes);
        channel.pipeline().addLast(writes);
    }

    /** How many bytes of a channel wait on the heap for its network. Any thread. */
    public static long keptBytes(Channel channel) {
        PacedWrites writes = channel.attr(OF_CHANNEL).get();
        return writes == null ? 0 : writes.keptBytes;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (kept.isEmpty() && !mustWait(ctx.channel(), message)) {
            ctx.write(message, promise);
        } else {
            kept.add(new Kept(message, promise));
            keep(bytes(message));
            handOn(ctx);
        }
    }

    private static boolean mustWait(Channel channel, Object message) {
        return message instanceof ByteBuf bytes
                && !bytes.isDirect()
                && (bytes.readableBytes() > PIECE_BYTES || !takesMore(channel));
    }

    private static int bytes(Object message) {
        return message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    }

    /** Whether the network takes bytes. A channel that is closed, or whose sending half is, takes everything, and drops it. */
    private static boolean takesMore(Channel channel) {
        return channel.isWritable() || !channel.isActive() || channel.unsafe().outboundBuffer() == null;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // the event loop alone writes it
    private void keep(int more) {
        if (more != 0) {
            keptBytes += more;
            memory.accept(keptBytes);
        }
    }

    private void handOn(ChannelHandlerContext ctx) {
        if (handingOn) {
            return;
        }
        handingOn = true;
        try {
            for (Kept next = kept.peek(); next != null && takesMore(ctx.channel()); next = kept.peek()) {
                handOn(ctx, next);
            }
        } finally {
            handingOn = false;
        }
    }

    private void handOn(ChannelHandlerContext ctx, Kept next) {
        if (!(next.message instanceof ByteBuf bytes) || bytes.isDirect()) {
            kept.remove();
            keep(-bytes(next.message));
            ctx.write(next.message, next.promise);
            return;
        }
        int length = Math.min(bytes.readableBytes(), PIECE_BYTES);
        ByteBuf piece;
        try {
            piece = ctx.alloc().ioBuffer(length).writeBytes(bytes, length);
        } catch (RuntimeException | Error noMemory) {
            // A message that has begun cannot be left out, so nothing can follow it.
            drop(noMemory);
            ctx.close();
            return;
        }
        keep(-length);
        if (bytes.isReadable()) {
            ctx.write(piece, ctx.newPromise()).addListener(this::pieceWritten);
        } else {
            kept.remove();
            bytes.release();
            ctx.write(piece, next.promise);
        }
    }

    /** What is behind a piece that was not written fails with it: a connection that takes no more may still be read. */
    private void pieceWritten(Future<?> written) {
        if (!written.isSuccess()) {
            drop(written.cause());
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        handOn(ctx);
        ctx.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!kept.isEmpty() && ctx.channel().isWritable()) {
            handOn(ctx);
            ctx.flush();
        }
        if (watch != null && !ctx.channel().isWritable()) {
            watch.hurry();
        }
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        drop(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        drop(new ClosedChannelException());
    }

    private void drop(Throwable reason) {
        if (kept.isEmpty()) {
            return;
        }
        for (Kept next = kept.poll(); next != null; next = kept.poll()) {
            keep(-bytes(next.message));
            ReferenceCountUtil.release(next.message);
            next.promise.tryFailure(reason);
        }
    }
}
