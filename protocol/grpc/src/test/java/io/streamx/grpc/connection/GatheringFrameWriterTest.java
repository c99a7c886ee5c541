package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringFrameWriterTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext ctx = channel.pipeline().context(ChannelInboundHandlerAdapter.class);
    private final GatheringFrameWriter writer = new GatheringFrameWriter();

    @AfterEach
    void close() {
        writer.close();
        channel.finishAndReleaseAll();
    }

    @Test
    void aCallIsOneBufferWithTheBytesOfNettysWriter() {
        BiConsumer<Http2FrameWriter, ChannelHandlerContext> call = (frames, to) -> {
            frames.writeHeaders(to, 3, request("/a.Echo/say"), 0, false, to.newPromise());
            frames.writeData(to, 3, bytes(100), 0, false, to.newPromise());
            frames.writeData(to, 3, Unpooled.EMPTY_BUFFER, 0, true, to.newPromise());
            frames.writeWindowUpdate(to, 0, 65_536, to.newPromise());
        };
        call.accept(writer, ctx);
        writer.submit();

        assertThat(buffersWritten()).singleElement().isEqualTo(nettys(call));
    }

    @Test
    void headersThatAreSentAgainAreShortAsWithNettysWriter() {
        BiConsumer<Http2FrameWriter, ChannelHandlerContext> calls = (frames, to) -> {
            frames.writeHeaders(to, 3, request("/a.Echo/say"), 0, true, to.newPromise());
            frames.writeHeaders(to, 5, request("/a.Echo/say"), 0, true, to.newPromise());
        };
        calls.accept(writer, ctx);
        writer.submit();

        assertThat(String.join("", buffersWritten())).isEqualTo(nettys(calls));
    }

    @Test
    void framesOfOtherTypesStayInTheirPlace() {
        BiConsumer<Http2FrameWriter, ChannelHandlerContext> mixed = (frames, to) -> {
            frames.writeSettings(to, new Http2Settings().initialWindowSize(1000), to.newPromise());
            frames.writeHeaders(to, 3, request("/a.Echo/one"), 0, false, to.newPromise());
            frames.writeRstStream(to, 3, 8, to.newPromise());
            frames.writeData(to, 5, bytes(10), 0, false, to.newPromise());
            frames.writePing(to, false, 7, to.newPromise());
            frames.writeData(to, 5, bytes(11), 0, false, to.newPromise());
            frames.writeSettingsAck(to, to.newPromise());
            frames.writeData(to, 5, bytes(12), 0, false, to.newPromise());
            frames.writePriority(to, 5, 3, (short) 16, false, to.newPromise());
            frames.writeData(to, 5, bytes(14), 0, false, to.newPromise());
            frames.writePushPromise(to, 5, 6, request("/a.Echo/two"), 0, to.newPromise());
            frames.writeData(to, 5, bytes(15), 0, false, to.newPromise());
            frames.writeFrame(to, (byte) 0x77, 0, new Http2Flags(), bytes(3), to.newPromise());
            frames.writeData(to, 5, bytes(16), 0, false, to.newPromise());
            frames.writeGoAway(to, 5, 0, bytes(4), to.newPromise());
            frames.writeData(to, 5, bytes(13), 0, true, to.newPromise());
        };
        mixed.accept(writer, ctx);
        writer.submit();

        assertThat(String.join("", buffersWritten())).isEqualTo(nettys(mixed));
    }

    @Test
    void largeAndPaddedDataIsPassedOnInItsPlace() {
        BiConsumer<Http2FrameWriter, ChannelHandlerContext> mixed = (frames, to) -> {
            frames.writeData(to, 3, bytes(100), 0, false, to.newPromise());
            frames.writeData(to, 3, bytes(1024), 0, false, to.newPromise());
            frames.writeData(to, 3, bytes(1025), 0, false, to.newPromise());
            frames.writeData(to, 3, bytes(100), 8, false, to.newPromise());
            frames.writeData(to, 3, bytes(16_384), 0, true, to.newPromise());
            frames.writeData(to, 5, bytes(1), 0, true, to.newPromise());
        };
        mixed.accept(writer, ctx);
        writer.submit();

        assertThat(String.join("", buffersWritten())).isEqualTo(nettys(mixed));
    }

    @Test
    void headersLargerThanAFrameContinueAsWithNettysWriter() {
        BiConsumer<Http2FrameWriter, ChannelHandlerContext> large = (frames, to) -> {
            Http2Headers headers = request("/a.Echo/say");
            for (int i = 0; i < 50; i++) {
                headers.add(AsciiString.of("key" + i), AsciiString.of("~".repeat(1000)));
            }
            frames.writeHeaders(to, 3, headers, 0, true, to.newPromise());
            frames.writeHeaders(to, 5, request("/a.Echo/say"), 0, true, to.newPromise());
        };
        large.accept(writer, ctx);
        writer.submit();

        assertThat(String.join("", buffersWritten())).isEqualTo(nettys(large));
    }

    @Test
    void nothingIsWrittenBeforeItIsSubmitted() {
        writer.writeData(ctx, 3, bytes(100), 0, false, ctx.newPromise());
        channel.flush();

        assertThat(buffersWritten()).isEmpty();
    }

    @Test
    void headersLargerThanThePeerTakesFailAndLeaveNothingBehind() throws Http2Exception {
        writer.configuration().headersConfiguration().maxHeaderListSize(100);
        Http2Headers headers = request("/a.Echo/say").add("key", "v".repeat(100));

        ChannelFuture written = writer.writeHeaders(ctx, 3, headers, 0, true, ctx.newPromise());
        writer.submit();

        assertThat(written.cause())
                .isInstanceOf(Http2Exception.HeaderListSizeException.class)
                .hasMessageContaining("100");
        assertThat(buffersWritten()).isEmpty();
    }

    @Test
    void onAClosedChannelEveryWriteFails() {
        channel.close();

        assertThat(writer.writeData(ctx, 3, bytes(1), 0, false, ctx.newPromise())
                        .cause())
                .isNotNull();
        assertThat(writer.writeHeaders(ctx, 3, request("/a.Echo/say"), 0, true, ctx.newPromise())
                        .cause())
                .isNotNull();
        assertThat(writer.writeWindowUpdate(ctx, 0, 1, ctx.newPromise()).cause())
                .isNotNull();
    }

    @Test
    void whatIsDiscardedIsNotWritten() {
        writer.writeData(ctx, 3, bytes(100), 0, false, ctx.newPromise());

        writer.discard();
        writer.submit();

        assertThat(buffersWritten()).isEmpty();
    }

    private List<String> buffersWritten() {
        channel.flushOutbound();
        List<String> buffers = new ArrayList<>();
        for (ByteBuf buffer = channel.readOutbound(); buffer != null; buffer = channel.readOutbound()) {
            buffers.add(ByteBufUtil.hexDump(buffer));
            buffer.release();
        }
        return buffers;
    }

    private static String nettys(BiConsumer<Http2FrameWriter, ChannelHandlerContext> frames) {
        EmbeddedChannel other = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        StringBuilder bytes = new StringBuilder();
        try (DefaultHttp2FrameWriter expected = new DefaultHttp2FrameWriter()) {
            frames.accept(expected, other.pipeline().context(ChannelInboundHandlerAdapter.class));
            other.flushOutbound();
            for (ByteBuf buffer = other.readOutbound(); buffer != null; buffer = other.readOutbound()) {
                bytes.append(ByteBufUtil.hexDump(buffer));
                buffer.release();
            }
        }
        other.finishAndReleaseAll();
        return bytes.toString();
    }

    private static Http2Headers request(String path) {
        return new DefaultHttp2Headers(false)
                .method("POST")
                .scheme("http")
                .path(path)
                .authority("echo")
                .add("content-type", "application/grpc")
                .add("te", "trailers");
    }

    private static ByteBuf bytes(int length) {
        ByteBuf bytes = Unpooled.buffer(Math.max(1, length));
        for (int i = 0; i < length; i++) {
            bytes.writeByte(i);
        }
        return bytes;
    }
}
