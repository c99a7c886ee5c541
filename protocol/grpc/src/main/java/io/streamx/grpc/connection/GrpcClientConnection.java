package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.StreamBufferingEncoder;
import io.netty.handler.ssl.SslHandler;
import io.streamx.Compressor;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.grpc.Compressors;
import io.streamx.grpc.GrpcOptions;
import io.streamx.grpc.protocol.BareRequest;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.GrpcPath;
import io.streamx.grpc.protocol.HeaderListSize;
import io.streamx.grpc.protocol.RequestHead;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Defaults;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TimeLimit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of a client. */
final class GrpcClientConnection extends GrpcConnection implements StreamProtocol.Connection {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcClientConnection.class);

    private static final long OPENING_LOOK_MILLIS = 5;

    /** How far this side has got in following the server's wish that no more streams come to this connection. */
    private enum Leaving {
        NOT,
        ASKED,
        DONE
    }

    /** More methods than that are no methods of an interface but names that somebody makes up. */
    private static final int MAX_KEPT_REQUESTS = 1000;

    private final StreamProtocol.Settings settings;
    private final Map<MethodDescriptor<?, ?>, BareRequest> bareRequests = new ConcurrentHashMap<>();
    private int nextStreamId = 1;
    private final HeldPings held = new HeldPings();
    private Leaving leaving = Leaving.NOT;
    /** What the server said when it asked for the end of the connection; null before. */
    private @Nullable String goAway;

    private GrpcClientConnection(ConnectionBuilder.Parts parts, StreamProtocol.Settings settings) {
        super(parts, settings.hosts());
        this.settings = settings;
    }

    static GrpcClientConnection create(StreamProtocol.Settings settings) {
        return ConnectionBuilder.client(
                settings.limits(),
                settings.transportOptions().get(GrpcOptions.class, GrpcOptions.DEFAULT),
                parts -> new GrpcClientConnection(parts, settings));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        super.handlerAdded(ctx);
        frameTimeout().start(Defaults.READ_TIMEOUT, false);
    }

    @Override
    void onLateFrame() {
        if (streams().channel().isActive()) {
            streams()
                    .close("the server has begun a frame that is not whole after " + Defaults.READ_TIMEOUT.toMillis()
                            + " ms");
        }
    }

    // ---- callers' threads ----

    @Override
    public boolean isUsable() {
        return streams().isUsable();
    }

    @Override
    public ClientWire newStream(StreamProtocol.Opening opening) {
        MethodDescriptor<?, ?> method = opening.method();
        Duration timeout = opening.deadlineNanos() == null
                ? null
                : Duration.ofNanos(Math.max(0, opening.deadlineNanos() - time().nanoTime()));
        String compression = opening.compression() != null
                ? opening.compression()
                : options().compression();
        if (compression == null && saysNothingMore(opening)) {
            BareRequest bare = bareRequest(method, opening.to());
            if (bare.bytes() < Math.min(limits().maxSentHeaderBytes(), peer().maxHeaderListBytes())) {
                return new GrpcClientStreamWire(this, method, bare.headers(timeout), null, opening.deadlineNanos());
            }
        }
        Compressors compressors = options().compressors();
        Compressor compressor = compression == null ? null : compressors.choose(compression);
        RequestHead request = request(
                method,
                timeout,
                opening.persistents(),
                opening.transients(),
                opening.entries().texts());
        if (compression != null) {
            request = request.withCompression(compression, compressors.names());
        }
        Http2Headers head = request.toHeaders(scheme(), opening.to());
        long size = HeaderListSize.of(head);
        if (size > limits().maxSentHeaderBytes()) {
            throw GrpcFailures.CLIENT.headerListTooLarge(head, limits().maxSentHeaderBytes());
        }
        if (size >= peer().maxHeaderListBytes()) {
            throw GrpcFailures.CLIENT.headerListTooLargeForPeer(head, peer().maxHeaderListBytes());
        }
        return new GrpcClientStreamWire(this, method, head, compressor, opening.deadlineNanos());
    }

    private RequestHead request(
            MethodDescriptor<?, ?> method,
            @Nullable Duration timeout,
            Map<String, String> persistents,
            Map<String, String> transients,
            Metadata entries) {
        return RequestHead.of(
                new GrpcPath(method.grpcPackage(), method.service(), method.name()),
                method.format(),
                timeout,
                persistents,
                transients,
                entries,
                settings.clientName());
    }

    /** Whether the head of a stream tells nothing but the method and the timeout. */
    private static boolean saysNothingMore(StreamProtocol.Opening opening) {
        return opening.persistents().isEmpty()
                && opening.transients().isEmpty()
                && opening.entries().texts().isEmpty();
    }

    private BareRequest bareRequest(MethodDescriptor<?, ?> method, String to) {
        BareRequest known = bareRequests.get(method);
        if (known != null && known.isTo(to)) {
            return known;
        }
        BareRequest made = BareRequest.of(request(method, null, Map.of(), Map.of(), Metadata.EMPTY), scheme(), to);
        if (bareRequests.size() < MAX_KEPT_REQUESTS) {
            bareRequests.put(method, made);
        }
        return made;
    }

    private String scheme() {
        return streams().channel().pipeline().get(SslHandler.class) != null ? "https" : "http";
    }

    // ---- event loop ----

    /**
     * The id of the next stream, beginning with 1 as with other gRPC clients: Netty alone keeps id 1 for an upgrade
     * from HTTP/1. The id is negative when all are used.
     */
    int takeStreamId() {
        int id = nextStreamId;
        if (id > 0) {
            nextStreamId += 2;
        }
        return id;
    }

    /** The failure of a stream whose HEADERS could not be written: none of them, or not all, have left. */
    RpcException openingFailure(Throwable cause, Http2Headers head) {
        if (cause instanceof StreamBufferingEncoder.Http2GoAwayException goAway) {
            return connectionEnded(GrpcFailures.CLIENT.draining(
                    goAway.errorCode(), new String(goAway.debugData(), StandardCharsets.UTF_8)));
        }
        if (cause instanceof Http2Exception.HeaderListSizeException) {
            // The server's settings came after the head was made, and the head is larger than they allow.
            return GrpcFailures.CLIENT.headerListTooLargeForPeer(head, peer().maxHeaderListBytes());
        }
        return connectionEnded(GrpcFailures.CLIENT.connectionLost(String.valueOf(cause.getMessage()), cause));
    }

    /**
     * The failure of a stream that the server has not taken because the connection ends. A server that accepts connections and ends them without a word takes
     * no calls, so that calls are not to be made there again and again; before it has sent its settings the failure says
     * only that the server has not processed the call.
     */
    RpcException connectionEnded(RpcException failure) {
        return peer().haveCome()
                ? GrpcFailures.CLIENT.connectionEnded(failure)
                : GrpcFailures.CLIENT.notProcessed(failure);
    }

    @Override
    void onHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        if (open().get(stream.id()) instanceof GrpcClientStreamWire wire) {
            wire.onHeaders(headers, end);
        }
    }

    @Override
    void onReset(MultiplexedStream stream, long errorCode) {
        ((GrpcClientStreamWire) stream).onReset(errorCode);
    }

    @Override
    void onStreamViolation(MultiplexedStream stream, Http2Exception violation) {
        ((GrpcClientStreamWire) stream).fail(failureOf(violation));
    }

    private StatusException failureOf(Http2Exception violation) {
        if (violation instanceof Http2Exception.HeaderListSizeException) {
            return GrpcFailures.CLIENT.headerListTooLargeToRead(options().maxHeaderListBytes());
        }
        return StatusException.outcome(
                StatusCode.INTERNAL, String.valueOf(violation.getMessage()), List.of(), violation);
    }

    @Override
    void onGoAway(int lastStreamId, long errorCode, ByteBuf debug) {
        streams().peerLeaves();
        if (leaving == Leaving.NOT) {
            leaving = Leaving.ASKED;
            leaveWhenOpened();
        }
        String text = debug.toString(StandardCharsets.UTF_8);
        told(errorCode, text);
        for (MultiplexedStream stream : open().values().toArray(new MultiplexedStream[0])) {
            if (stream.id() > lastStreamId) {
                ((GrpcClientStreamWire) stream)
                        .onLeftOut(
                                GrpcFailures.CLIENT.draining(errorCode, text), errorCode == Http2Error.NO_ERROR.code());
            }
        }
    }

    /**
     * Keeps what the server said with its GOAWAY for the streams that end because of it, and logs it when the server
     * complains.
     */
    private void told(long errorCode, String text) {
        goAway = GrpcFailures.goAway(errorCode, text);
        if (errorCode != Http2Error.NO_ERROR.code()) {
            boolean pings =
                    errorCode == Http2Error.ENHANCE_YOUR_CALM.code() && text.equals(CalmedKeepalive.TOO_MANY_PINGS);
            if (pings) {
                CalmedKeepalive.of(settings.transportOptions()).tooManyPings();
            }
            LOG.warn(
                    "the server at {} ends a connection with {}{}",
                    streams().channel().remoteAddress(),
                    goAway,
                    pings ? "; new connections ping half as often" : "");
        }
    }

    /**
     * Answers the server's wish that no more streams come to this connection, after the streams that are on their way
     * have been opened.
     */
    private void leaveWhenOpened() {
        if (streams().reserved() > 0) {
            context().executor().schedule(this::leaveWhenOpened, OPENING_LOOK_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        // The steps that are queued before this one write the openings that were counted until now.
        streams().offer(this::leave);
    }

    private void leave() {
        leaving = Leaving.DONE;
        flush();
        for (long data : held.release()) {
            answerPing(data);
        }
        if (streams().activeStreams() == 0) {
            closeAfterLinger();
        } else {
            streams().onEmpty(this::closeAfterLinger);
            flush(context());
        }
    }

    @Override
    void onPing(long data) {
        if (leaving != Leaving.ASKED || !held.hold(data)) {
            answerPing(data);
        }
    }

    @Override
    boolean readsOnWhenPeerIsGone() {
        return true;
    }

    @Override
    @Nullable
    Keepalive newKeepalive(long nowNanos) {
        Duration time = options().clientKeepAliveTime();
        return time == null
                ? null
                : new Keepalive(
                        CalmedKeepalive.of(settings.transportOptions()).nanos(TimeLimit.nanos(time)),
                        TimeLimit.nanos(options().keepAliveTimeout()),
                        options().keepAliveWithoutCalls(),
                        nowNanos);
    }

    @Override
    void onSilence(Duration timeout) {
        streams()
                .close("keepalive: the server did not answer a ping within " + timeout.toMillis()
                        + " ms, the setting keepAliveTimeout");
    }

    @Override
    void beforeClose() {
        goAway(context(), 0, 0, Unpooled.EMPTY_BUFFER, newPromise());
    }

    @Override
    RpcException lostFailure(String detail, @Nullable Throwable cause) {
        String own = streams().closedBecause();
        if (own != null) {
            return GrpcFailures.CLIENT.transportClosing(own);
        }
        if (goAway != null) {
            return GrpcFailures.CLIENT.connectionLost(
                    "the server ended the connection with " + goAway + (detail.isEmpty() ? "" : "; " + detail), cause);
        }
        return detail.isEmpty()
                ? GrpcFailures.connectionClosed(streams().channel().remoteAddress())
                : GrpcFailures.CLIENT.connectionLost(detail, cause);
    }

    @Override
    void onConnectionViolation(Throwable violation) {
        LOG.debug("connection to {} ends: {}", streams().channel().remoteAddress(), violation.getMessage());
    }
}
