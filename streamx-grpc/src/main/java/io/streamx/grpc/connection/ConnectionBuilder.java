package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.streamx.engine.Limits;
import io.streamx.transport.GrpcOptions;

/** Puts the parts of one connection together: Netty's frames with our windows and with limits against abuse. */
final class ConnectionBuilder<H extends GrpcConnection>
        extends AbstractHttp2ConnectionHandlerBuilder<H, ConnectionBuilder<H>> {
    /** Makes the handler of one end. */
    interface Factory<H> {
        H make(Parts parts);
    }

    /** What a handler is made of. */
    record Parts(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            ReceiveWindows windows,
            Limits limits,
            GrpcOptions options) {}

    /** Honest peers send empty DATA with the end of a stream alone. */
    private static final int MAX_CONSECUTIVE_EMPTY_DATA = 10;
    /** Answers to pings and settings that a peer may leave unread. */
    private static final int MAX_QUEUED_CONTROL_FRAMES = 10_000;
    /** Streams we had to reset because of what the peer did on them. */
    private static final int MAX_RESETS_SENT = 200;

    private static final int RESET_WINDOW_SECONDS = 30;

    private final Limits limits;
    private final GrpcOptions options;
    private final ReceiveWindows windows;
    private final Factory<H> factory;

    private ConnectionBuilder(boolean server, Limits limits, GrpcOptions options, Factory<H> factory) {
        this.limits = limits;
        this.options = options;
        this.factory = factory;
        Http2Connection connection = new DefaultHttp2Connection(server);
        windows = new ReceiveWindows(connection, options.connectionWindowBytes(), limits.connectionBufferBytes());
        connection.local().flowController(windows);
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        connection(connection);
        initialSettings(settings(server, limits, options));
        validateHeaders(true);
        validateRequiredPseudoHeaders(server);
        encoderEnforceMaxConcurrentStreams(!server);
        encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES);
        encoderEnforceMaxRstFramesPerWindow(server ? MAX_RESETS_SENT : 0, server ? RESET_WINDOW_SECONDS : 0);
        // Callers may cancel as many streams as they may open; what goes beyond that the server counts itself.
        decoderEnforceMaxRstFramesPerWindow(0, 0);
        decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_CONSECUTIVE_EMPTY_DATA);
        autoAckPingFrame(false);
    }

    /** The handler of one new connection. */
    static <H extends GrpcConnection> H build(boolean server, Limits limits, GrpcOptions options, Factory<H> factory) {
        return new ConnectionBuilder<>(server, limits, options, factory).build();
    }

    private static Http2Settings settings(boolean server, Limits limits, GrpcOptions options) {
        Http2Settings settings = new Http2Settings()
                .initialWindowSize(limits.streamBufferBytes())
                .maxHeaderListSize(options.maxHeaderListBytes());
        if (server) {
            settings.maxConcurrentStreams(limits.maxConcurrentStreams());
        } else {
            settings.pushEnabled(false);
        }
        return settings;
    }

    @Override
    protected H build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initialSettings) {
        return factory.make(new Parts(decoder, encoder, initialSettings, windows, limits, options));
    }
}
