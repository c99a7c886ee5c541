package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ControlFrameLimitsTest {
    /** The network of a peer that reads, or does not. */
    private static final class Network extends ChannelOutboundHandlerAdapter {
        private boolean read = true;

        @Override
        public void write(ChannelHandlerContext ctx, Object frame, ChannelPromise promise) {
            ReferenceCountUtil.release(frame);
            if (read) {
                promise.trySuccess();
            }
        }
    }

    private final Network network = new Network();
    private final EmbeddedChannel channel = new EmbeddedChannel(network, new ChannelOutboundHandlerAdapter());
    private final ChannelHandlerContext ctx = channel.pipeline().lastContext();
    private final List<Throwable> ends = new ArrayList<>();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void answersThatThePeerDoesNotReadEndTheConnectionOnce() {
        ControlFrameLimits limits = limits(true);
        network.read = false;
        for (int i = 0; i < 500; i++) {
            limits.writePing(ctx, true, i, ctx.newPromise());
            limits.writeSettingsAck(ctx, ctx.newPromise());
        }
        assertThat(ends).isEmpty();

        limits.writePing(ctx, true, 0, ctx.newPromise());
        limits.writePing(ctx, true, 0, ctx.newPromise());

        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        Http2Exception.class, end -> assertThat(end.error()).isEqualTo(Http2Error.ENHANCE_YOUR_CALM))
                .asString()
                .contains("1000 answers to pings and settings wait for the peer to read them");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void answersThatWereReadDoNotCountNorDoPingsOfOurOwn() {
        ControlFrameLimits limits = limits(true);
        for (int i = 0; i < 20_000; i++) {
            limits.writePing(ctx, true, i, ctx.newPromise());
        }
        network.read = false;
        for (int i = 0; i < 20_000; i++) {
            limits.writePing(ctx, false, i, ctx.newPromise());
        }

        assertThat(ends).isEmpty();
    }

    @Test
    void aServerThatMustResetTooManyStreamsEndsTheConnection() {
        ControlFrameLimits limits = limits(true);
        for (int i = 0; i < 200; i++) {
            limits.writeRstStream(ctx, 1, Http2Error.PROTOCOL_ERROR.code(), ctx.newPromise());
        }
        assertThat(ends).isEmpty();

        limits.writeRstStream(ctx, 1, Http2Error.PROTOCOL_ERROR.code(), ctx.newPromise());

        assertThat(ends).singleElement().asString().contains("more than 200 streams had to be reset within 30 s");
    }

    @Test
    void streamsThatWereGivenUpDoNotCount() {
        ControlFrameLimits limits = limits(true);
        for (int i = 0; i < 1000; i++) {
            limits.writeRstStream(ctx, 1, Http2Error.CANCEL.code(), ctx.newPromise());
            limits.writeRstStream(ctx, 1, Http2Error.NO_ERROR.code(), ctx.newPromise());
        }

        assertThat(ends).isEmpty();
    }

    @Test
    void aClientMayResetAsManyAsItLikes() {
        ControlFrameLimits limits = limits(false);
        for (int i = 0; i < 1000; i++) {
            limits.writeRstStream(ctx, 1, Http2Error.PROTOCOL_ERROR.code(), ctx.newPromise());
        }

        assertThat(ends).isEmpty();
    }

    /** What waits for the network is more than it takes before senders wait, by as much as is allowed. */
    @Test
    void answersToRefusedCallsThatThePeerDoesNotReadEndTheConnection() throws Exception {
        Http2Connection connection = new DefaultHttp2Connection(true);
        ControlFrameLimits limits = limits(connection, true);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
        Http2Headers answer = new DefaultHttp2Headers().status("200");
        connection.remote().createStream(1, false);
        connection.remote().createStream(3, false);
        channel.pipeline().context(network).write(Unpooled.directBuffer().writeZero(1 << 20));
        limits.writeHeaders(ctx, 1, answer, 0, false, ctx.newPromise());
        assertThat(ends).isEmpty();

        channel.pipeline().context(network).write(Unpooled.directBuffer().writeZero(1000));
        limits.writeHeaders(ctx, 3, answer, 0, false, ctx.newPromise());

        assertThat(ends).element(0).asString().contains("1048576 bytes of answers wait for the peer to read them");
    }

    private ControlFrameLimits limits(boolean server) {
        return limits(new DefaultHttp2Connection(server), server);
    }

    private ControlFrameLimits limits(Http2Connection connection, boolean server) {
        ControlFrameLimits limits = new ControlFrameLimits(
                new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter()), server);
        limits.lifecycleManager(new Ends());
        return limits;
    }

    /** What a connection would do. */
    private final class Ends implements Http2LifecycleManager {
        @Override
        public void onError(ChannelHandlerContext context, boolean outbound, Throwable cause) {
            ends.add(cause);
        }

        @Override
        public ChannelFuture resetStream(
                ChannelHandlerContext context, int streamId, long errorCode, ChannelPromise promise) {
            return context.write(context.alloc().buffer(13).writeZero(13), promise);
        }

        @Override
        public void closeStreamLocal(Http2Stream stream, ChannelFuture future) {
            throw new AssertionError("no stream is open");
        }

        @Override
        public void closeStreamRemote(Http2Stream stream, ChannelFuture future) {
            throw new AssertionError("no stream is open");
        }

        @Override
        public void closeStream(Http2Stream stream, ChannelFuture future) {
            throw new AssertionError("no stream is open");
        }

        @Override
        public ChannelFuture goAway(
                ChannelHandlerContext context,
                int lastStreamId,
                long errorCode,
                ByteBuf debugData,
                ChannelPromise promise) {
            throw new AssertionError("onError is what ends a connection here");
        }
    }
}
