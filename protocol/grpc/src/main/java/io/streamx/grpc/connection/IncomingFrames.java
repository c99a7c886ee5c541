package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;

/**
 * Takes what a peer sends, frame by frame: passes each frame on to its stream or the connection, measures DATA for
 * windows that grow, and counts frames where a flood of them would be abuse.
 */
final class IncomingFrames extends Http2FrameAdapter {
    /** How many PING and SETTINGS, each of which has to be answered, a peer may send within some seconds. */
    private static final int MAX_CONTROL_FRAMES = 500;

    private static final int CONTROL_FRAME_SECONDS = 10;

    private final GrpcConnection connection;
    private final WindowEstimator estimator;
    private final RateLimit controlFrames =
            new RateLimit(MAX_CONTROL_FRAMES, TimeUnit.SECONDS.toNanos(CONTROL_FRAME_SECONDS));

    IncomingFrames(GrpcConnection connection) {
        this.connection = connection;
        estimator = new WindowEstimator(
                connection.windows().connectionTarget(), WindowSizes.largestConnection(connection.options()));
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
        connection.onAnyRead();
        MultiplexedStream stream = connection.open().get(streamId);
        if (stream != null) {
            measure(data.readableBytes() + padding);
            stream.onData(data, endOfStream);
        } else if (endOfStream) {
            Http2Stream without = connection.connection().stream(streamId);
            if (without != null) {
                connection.onEndWithoutCall(without);
            }
        }
        return 0;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endStream)
            throws Http2Exception {
        onHeadersRead(ctx, streamId, headers, padding, endStream);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endStream)
            throws Http2Exception {
        connection.onAnyRead();
        Http2Stream stream = connection.connection().stream(streamId);
        if (stream != null) {
            connection.onHeaders(stream, headers, endStream);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        connection.onAnyRead();
        MultiplexedStream stream = connection.open().get(streamId);
        if (stream != null) {
            connection.onReset(stream, errorCode);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        connection.onAnyRead();
        countControlFrame("SETTINGS");
        connection.peer().onSettings(settings);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        connection.onAnyRead();
        countControlFrame("PING");
        connection.onPing(data);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.onAnyRead();
        if (data == WindowEstimator.PING) {
            measured();
        } else {
            connection.onPingAnswered(data);
        }
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
        connection.onAnyRead();
        connection.onGoAway(lastStreamId, errorCode, debugData);
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int windowSizeIncrement) {
        connection.onAnyRead();
    }

    private void measure(int bytes) {
        if (estimator.onData(bytes, System.nanoTime())) {
            connection.windows().giveBackConnection();
            connection.encoder().writePing(connection.context(), false, WindowEstimator.PING, connection.newPromise());
        }
    }

    private void measured() {
        int window = estimator.onPingAnswered(System.nanoTime());
        if (window > connection.windows().connectionTarget()) {
            connection.windows().growConnection(window);
            connection.streamWindows().growTo(Math.min(window, WindowSizes.largestStream(connection.options())));
        }
    }

    private void countControlFrame(String type) throws Http2Exception {
        if (controlFrames.exceededAt(System.nanoTime())) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM,
                    "%s: more than %d PING and SETTINGS frames within %d s",
                    type,
                    MAX_CONTROL_FRAMES,
                    CONTROL_FRAME_SECONDS);
        }
    }
}
