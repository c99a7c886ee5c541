package io.streamx.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2FrameWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is kept of streams and messages of gRPC while they are read. */
class Http2FramesTest {
    private static final byte[] PREFACE = new byte[24];

    private final List<RecordedFrame> frames = new ArrayList<>();
    private final End client = new End(true);
    private final End server = new End(false);
    private final Http2Frames read;

    Http2FramesTest() {
        read = new Http2Frames(1, FrameTexts.BYTES, frames::add);
        read.feed(true, PREFACE, 0);
    }

    @AfterEach
    void close() {
        client.channel.finishAndReleaseAll();
        server.channel.finishAndReleaseAll();
        read.end(0);
    }

    /** Writes what one end sends. */
    private final class End {
        private final boolean isClient;
        private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        private final ChannelHandlerContext context = channel.pipeline().firstContext();
        private final Http2FrameWriter writer = new DefaultHttp2FrameWriter();

        End(boolean isClient) {
            this.isClient = isClient;
        }

        void headers(int stream, boolean isEnd) {
            DefaultHttp2Headers headers = new DefaultHttp2Headers();
            if (isClient) {
                headers.path("/s/m").set("grpc-encoding", "gzip");
            } else {
                headers.status("200");
            }
            writer.writeHeaders(context, stream, headers, 0, isEnd, context.newPromise());
            sent();
        }

        void data(int stream, boolean isEnd, int length, int bytes) {
            ByteBuf message = Unpooled.buffer().writeByte(0).writeInt(length).writeZero(bytes);
            writer.writeData(context, stream, message, 0, isEnd, context.newPromise());
            sent();
        }

        void reset(int stream) {
            writer.writeRstStream(context, stream, 8, context.newPromise());
            sent();
        }

        private void sent() {
            context.flush();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                read.feed(isClient, ByteBufUtil.getBytes(out), 0);
                out.release();
            }
        }
    }

    @Test
    void nothingIsKeptOfStreamsThatAreOver() {
        for (int stream = 1; stream < 200; stream += 2) {
            client.headers(stream, false);
            client.data(stream, true, 3, 3);
            server.headers(stream, false);
            assertThat(read.knownStreams()).isEqualTo(1);
            if (stream % 4 == 1) {
                server.data(stream, false, 4, 4);
                server.headers(stream, true);
            } else {
                server.reset(stream);
            }
            assertThat(read.knownStreams()).isZero();
        }
        assertThat(frames).filteredOn(frame -> frame.kind().equals("Message")).hasSize(150);
    }

    @Test
    void aMessageTooLongToBeOneIsToldAndItsBytesAreNotKept() {
        client.headers(1, false);
        client.data(1, false, Integer.MAX_VALUE, 100);
        client.data(1, false, 3, 3);
        client.headers(3, false);
        client.data(3, true, 3, 3);
        assertThat(frames)
                .filteredOn(frame -> frame.call().equals("stream 1"))
                .extracting(RecordedFrame::kind)
                .containsExactly("Headers", "unreadable", "DATA", "DATA");
        assertThat(frames).last().extracting(RecordedFrame::kind).isEqualTo("Message");
    }
}
