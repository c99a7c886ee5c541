package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacedWritesTest {
    private static final int LARGE_BYTES = 10 << 20;
    private static final int HIGH_BYTES = 256 << 10;
    private static final int PIECE_BYTES = 256 << 10;

    /** A network that takes bytes when it is told to. */
    private static final class Network extends ChannelOutboundHandlerAdapter {
        private boolean takes;
        private @Nullable IOException refuses;

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (refuses == null) {
                ctx.write(message, promise);
            } else {
                ReferenceCountUtil.release(message);
                promise.setFailure(refuses);
            }
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (takes) {
                ctx.flush();
            }
        }
    }

    private final List<Long> told = new ArrayList<>();
    private final Network network = new Network();
    private final EmbeddedChannel channel = new EmbeddedChannel(network);

    PacedWritesTest() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(HIGH_BYTES / 2, HIGH_BYTES));
        PacedWrites.install(channel, told::add, null);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf heap(int bytes, int value) {
        byte[] array = new byte[bytes];
        Arrays.fill(array, (byte) value);
        return Unpooled.wrappedBuffer(array);
    }

    private long pending() {
        return channel.unsafe().outboundBuffer().totalPendingWriteBytes();
    }

    @Test
    void aLargeMessageGoesToTheNetworkAsItTakesIt() {
        ByteBuf large = heap(LARGE_BYTES, 1);
        ChannelFuture written = channel.writeAndFlush(large);

        assertThat(pending()).isLessThan(HIGH_BYTES + PIECE_BYTES + 10_000);
        assertThat(PacedWrites.keptBytes(channel)).isGreaterThan(LARGE_BYTES - HIGH_BYTES - PIECE_BYTES);
        assertThat(told.getLast()).isEqualTo(PacedWrites.keptBytes(channel));
        assertThat(written.isDone()).isFalse();

        network.takes = true;
        channel.flush();

        assertThat(written.isSuccess()).isTrue();
        assertThat(PacedWrites.keptBytes(channel)).isZero();
        assertThat(told.getLast()).isZero();
        assertThat(large.refCnt()).isZero();
        assertThat(taken()).isEqualTo(LARGE_BYTES);
    }

    @Test
    void whatFollowsStaysBehindIt() {
        ByteBuf large = heap(LARGE_BYTES, 1);
        channel.write(large);
        channel.write(heap(10, 2));
        ByteBuf direct = Unpooled.directBuffer().writeByte(3);
        channel.writeAndFlush(direct);
        network.takes = true;
        channel.flush();

        ByteBuf all = Unpooled.buffer();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            all.writeBytes(next);
            next.release();
        }
        assertThat(all.readableBytes()).isEqualTo(LARGE_BYTES + 11);
        assertThat(ByteBufUtil.hexDump(all, LARGE_BYTES - 1, 12)).isEqualTo("01" + "02".repeat(10) + "03");
    }

    @Test
    void whatIsKeptEndsWithTheConnection() {
        ByteBuf large = heap(LARGE_BYTES, 1);
        ChannelFuture written = channel.writeAndFlush(large);

        channel.close();

        assertThat(written.isDone()).isTrue();
        assertThat(written.isSuccess()).isFalse();
        assertThat(large.refCnt()).isZero();
        assertThat(told.getLast()).isZero();
    }

    @Test
    void whatIsKeptFailsWithAPieceThatWasNotWritten() {
        network.refuses = new IOException("the peer is gone");
        ByteBuf large = heap(LARGE_BYTES, 1);
        ChannelFuture written = channel.writeAndFlush(large);
        ByteBuf behind = heap(10, 2);
        ChannelFuture next = channel.writeAndFlush(behind);

        assertThat(written.cause()).hasMessage("the peer is gone");
        assertThat(next.cause()).hasMessage("the peer is gone");
        assertThat(large.refCnt()).isZero();
        assertThat(behind.refCnt()).isZero();
        assertThat(PacedWrites.keptBytes(channel)).isZero();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void aConnectionWithoutMemoryForAPieceEnds() {
        ByteBuf large = heap(LARGE_BYTES, 1);
        channel.config().setAllocator(new AbstractByteBufAllocator() {
            @Override
            protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
                throw new OutOfMemoryError("of the network");
            }

            @Override
            protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
                throw new OutOfMemoryError("of the network");
            }

            @Override
            public boolean isDirectBufferPooled() {
                return false;
            }
        });
        ChannelFuture written = channel.writeAndFlush(large);

        assertThat(written.cause()).hasMessage("of the network");
        assertThat(large.refCnt()).isZero();
        assertThat(PacedWrites.keptBytes(channel)).isZero();
        assertThat(channel.isOpen()).isFalse();
    }

    private long taken() {
        long bytes = 0;
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            bytes += next.readableBytes();
            next.release();
        }
        return bytes;
    }
}
