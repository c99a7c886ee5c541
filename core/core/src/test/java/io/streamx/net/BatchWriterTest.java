package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchWriterTest {
    /** The network, which breaks when it is told to. */
    private static final class Network extends ChannelOutboundHandlerAdapter {
        private boolean broken;

        @Override
        public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
            if (broken) {
                ReferenceCountUtil.release(bytes);
                promise.tryFailure(new IOException("Broken pipe"));
            } else {
                ctx.write(bytes, promise);
            }
        }
    }

    private final Network network = new Network();
    private final EmbeddedChannel channel = new EmbeddedChannel(network, new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext ctx = channel.pipeline().lastContext();
    private final BatchWriter writer = new BatchWriter(ctx);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void smallFramesGoOutTogetherAndLargeOnesInTheirPlace() {
        writer.write(bytes(1, 10));
        writer.writeWith(new byte[] {2, 0, 0, 0, 0}, 1, 0x01020304);
        ByteBuf more = bytes(3, 4);
        writer.copy(more, 1, 2);
        more.release();
        writer.write(bytes(4, 20_000));
        writer.write(bytes(5, 3));
        writer.flush();

        assertThat(written()).containsExactly("01".repeat(10) + "0201020304" + "0303", "04".repeat(20_000), "050505");
    }

    @Test
    void writersOfOneEventLoopDoNotMix() {
        BatchWriter other = new BatchWriter(ctx);
        writer.write(bytes(1, 2));
        other.write(bytes(2, 2));
        writer.write(bytes(3, 2));
        writer.flush();
        other.flush();

        assertThat(written()).containsExactly("0101", "0202", "0303");
    }

    @Test
    void aWriteThatFindsThePeerGoneIsNoErrorBesideTheEndOfTheConnection() {
        network.broken = true;
        writer.write(bytes(1, 10));
        writer.flush();

        channel.checkException();
        assertThat(written()).isEmpty();
    }

    @Test
    void whatWasDiscardedIsNotWritten() {
        writer.write(bytes(1, 10));
        writer.discard();
        writer.flush();

        assertThat(written()).isEmpty();
    }

    private List<String> written() {
        channel.flushOutbound();
        List<String> buffers = new ArrayList<>();
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            buffers.add(ByteBufUtil.hexDump(buffer));
            buffer.release();
        }
        return buffers;
    }

    private static ByteBuf bytes(int value, int count) {
        ByteBuf bytes = Unpooled.buffer(count);
        for (int i = 0; i < count; i++) {
            bytes.writeByte(value);
        }
        return bytes;
    }
}
