package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.StreamBufferingEncoder;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.streamx.grpc.GrpcOptions;
import io.streamx.wire.Limits;

/**
 * Puts the parts of one connection together: Netty's frames, the windows of this module, and limits against abuse,
 * among them that of the header list.
 */
final class ConnectionBuilder<H extends GrpcConnection>
        extends AbstractHttp2ConnectionHandlerBuilder<H, ConnectionBuilder<H>> {
    /** Makes the handler of one end. */
    interface Factory<H> {
        H make(Parts parts);
    }

    /** The parts that a handler is made of. */
    record Parts(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings,
            GatheringFrameWriter frames,
            BegunFrameReader reader,
            ReceiveWindows windows,
            Limits limits,
            GrpcOptions options) {}

    /** How many empty DATA frames may come in a row. Honest peers send an empty one only with the end of a stream. */
    private static final int MAX_CONSECUTIVE_EMPTY_DATA = 10;

    private static final boolean VALIDATE_HEADERS = true;

    private final Limits limits;
    private final GrpcOptions options;
    private final ReceiveWindows windows;
    private final Factory<H> factory;
    private final GatheringFrameWriter frames = new GatheringFrameWriter();
    private final BegunFrameReader reader;

    private ConnectionBuilder(
            boolean server, Limits limits, GrpcOptions options, Http2Settings settings, Factory<H> factory) {
        this.limits = limits;
        this.options = options;
        this.factory = factory;
        Http2Connection connection = connection(server, limits);
        windows = new ReceiveWindows(connection, WindowSizes.connection(options), limits.connectionBufferBytes());
        connection.local().flowController(windows);
        initialSettings(settings);
        // Netty's limit is off, because callers may cancel as many streams as they may open. The server itself counts
        // cancels beyond that.
        decoderEnforceMaxRstFramesPerWindow(0, 0);
        decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_CONSECUTIVE_EMPTY_DATA);
        Http2ConnectionEncoder limited =
                new ControlFrameLimits(new DefaultHttp2ConnectionEncoder(connection, frames), server);
        Http2ConnectionEncoder encoder = server ? limited : new StreamBufferingEncoder(limited);
        reader = new BegunFrameReader(new HeaderBlocks(options.maxHeaderListBytes()));
        codec(decoder(connection, encoder, server, reader), encoder);
    }

    private static Http2Connection connection(boolean server, Limits limits) {
        Http2Connection connection = new DefaultHttp2Connection(server);
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        if (server) {
            // The limit holds at once, and not only when the client has acknowledged the settings.
            connection.remote().maxActiveStreams(limits.maxConcurrentStreams());
        }
        return connection;
    }

    private static Http2ConnectionDecoder decoder(
            Http2Connection connection, Http2ConnectionEncoder encoder, boolean server, BegunFrameReader reader) {
        boolean acknowledgeSettings = true;
        boolean acknowledgePings = false;
        return new DefaultHttp2ConnectionDecoder(
                connection,
                encoder,
                reader,
                Http2PromisedRequestVerifier.ALWAYS_VERIFY,
                acknowledgeSettings,
                acknowledgePings,
                VALIDATE_HEADERS,
                server);
    }

    /** The handler of a new connection at its client. */
    static <H extends GrpcConnection> H client(Limits limits, GrpcOptions options, Factory<H> factory) {
        Http2Settings settings = settings(limits, options).pushEnabled(false);
        return new ConnectionBuilder<>(false, limits, options, settings, factory).build();
    }

    /**
     * The handler of a new connection at its server; {@code takesConnectProtocol} says whether streams may speak other protocols
     * that their requests name.
     */
    static <H extends GrpcConnection> H server(
            Limits limits, GrpcOptions options, boolean takesConnectProtocol, Factory<H> factory) {
        Http2Settings settings = settings(limits, options).maxConcurrentStreams(limits.maxConcurrentStreams());
        if (takesConnectProtocol) {
            settings.connectProtocolEnabled(true);
        }
        return new ConnectionBuilder<>(true, limits, options, settings, factory).build();
    }

    private static Http2Settings settings(Limits limits, GrpcOptions options) {
        return new Http2Settings()
                .initialWindowSize(WindowSizes.stream(limits))
                .maxHeaderListSize(options.maxHeaderListBytes());
    }

    @Override
    protected H build(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initialSettings) {
        return factory.make(new Parts(decoder, encoder, initialSettings, frames, reader, windows, limits, options));
    }
}
