package io.streamx.grpc.connection;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.grpc.GrpcDefaults;
import io.streamx.grpc.GrpcOptions;
import io.streamx.grpc.http.HttpRequests;
import io.streamx.grpc.protocol.ContentType;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.HandlerStatus;
import io.streamx.grpc.protocol.HeaderListLimits;
import io.streamx.grpc.protocol.ResetCodes;
import io.streamx.grpc.protocol.Trailers;
import io.streamx.net.IdleCheck;
import io.streamx.service.PayloadFormat;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.SizeGuess;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of a server. */
final class GrpcServerConnection extends GrpcConnection implements ServerRuntime.Drainable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServerConnection.class);

    /** How many streams a client may cancel within {@link #CANCEL_SECONDS}, on top of as many as may run at once. */
    private static final int MAX_CANCELS = 1000;

    private static final int CANCEL_SECONDS = 30;

    private final ServerRuntime runtime;
    private final GracefulClose gracefully = new GracefulClose(this);
    private final RateLimit cancels;
    private final PingStrikes pings;
    private final CallOpening opening;
    private final SizeGuess unaryReplies = new SizeGuess();
    private final UntakenAnswers untaken;
    private long lastUsedNanos;
    private boolean trailersCut;

    private GrpcServerConnection(
            ConnectionBuilder.Parts parts, ServerRuntime runtime, @Nullable HttpRequests httpRequests) {
        super(parts, runtime.hosts());
        this.runtime = runtime;
        untaken = new UntakenAnswers(this, runtime);
        opening = new CallOpening(this, runtime, httpRequests == null ? null : httpRequests.connection(runtime));
        cancels =
                new RateLimit(limits().maxConcurrentStreams() + MAX_CANCELS, TimeUnit.SECONDS.toNanos(CANCEL_SECONDS));
        long permitted = TimeLimit.nanos(options().permitKeepAliveTime());
        pings = new PingStrikes(
                permitted,
                options().permitKeepAliveWithoutCalls()
                        ? permitted
                        : TimeLimit.nanos(GrpcDefaults.PERMIT_KEEP_ALIVE_TIME_WITHOUT_CALLS));
    }

    /** The handler of a new connection; {@code httpRequests} takes what is no call of gRPC, null for nobody. */
    static GrpcServerConnection create(ServerRuntime runtime, @Nullable HttpRequests httpRequests) {
        return ConnectionBuilder.server(
                runtime.limits(),
                runtime.transportOptions().get(GrpcOptions.class, GrpcOptions.DEFAULT),
                httpRequests != null && httpRequests.takesConnectProtocol(),
                parts -> new GrpcServerConnection(parts, runtime, httpRequests));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        super.handlerAdded(ctx);
        // The first bytes of the preface have come already: the detector of the protocol has read them.
        frameTimeout().start(runtime.readTimeout(), true);
        runtime.register(ctx.channel(), this);
    }

    @Override
    void onLateFrame() {
        cutOff();
    }

    private void cutOff() {
        if (!streams().channel().isActive()) {
            return;
        }
        String what = frameTimeout().hasFrameCome() ? "a frame" : "an HTTP/2 preface";
        runtime.refused(
                streams().channel(),
                what + " that has begun and is not whole after "
                        + runtime.readTimeout().toMillis() + " ms",
                "HTTP/2");
        streams().close(what + " did not come whole");
    }

    @Override
    void onOpen() {
        super.onOpen();
        lastUsedNanos = time().nanoTime();
        IdleCheck.start(streams().channel(), TimeLimit.nanos(runtime.idleTimeout()), this::idleNanos, () -> {
            closeGracefully("idleTimeout");
            return true;
        });
        Duration age = options().maxConnectionAge();
        if (age != null) {
            limit(this::tooOld, TimeLimit.nanos(age));
        }
    }

    private long idleNanos() {
        return open().isEmpty() ? time().nanoTime() - lastUsedNanos : IdleCheck.IN_USE;
    }

    private void tooOld() {
        closeGracefully("ageTimeout");
        Duration grace = options().maxConnectionAgeGrace();
        if (grace != null) {
            scheduleWhileOpen(
                    () -> streams().close("the connection has reached its maximum age"), TimeLimit.nanos(grace));
        }
    }

    private void closeGracefully(String why) {
        if (streams().channel().isActive()) {
            gracefully.begin(why);
        }
    }

    @Override
    @Nullable
    Keepalive newKeepalive(long nowNanos) {
        return new Keepalive(
                TimeLimit.nanos(options().serverKeepAliveTime()),
                TimeLimit.nanos(options().keepAliveTimeout()),
                true,
                nowNanos);
    }

    @Override
    void onSilence(Duration timeout) {
        streams()
                .lost(lostFailure(
                        "the client did not answer a ping within " + timeout.toMillis()
                                + " ms, the setting keepAliveTimeout",
                        null));
        context().close();
    }

    @Override
    void onPing(long data) throws Http2Exception {
        // Browsers ping before they use a connection that was idle. Too many pings at once are too many for them as
        // well.
        if (data != WindowEstimator.PING
                && !opening.hasServedHttp()
                && pings.onPing(time().nanoTime(), !open().isEmpty())) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too_many_pings");
        }
        answerPing(data);
    }

    @Override
    void onPingAnswered(long data) {
        gracefully.onPingAnswered(data);
    }

    @Override
    void onMessagesWritten() {
        pings.clear();
    }

    @Override
    boolean readsOnWhenPeerIsGone() {
        return false;
    }

    // ---- opening ----

    @Override
    void onHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        opening.onHeaders(stream, headers, end);
    }

    /** How large the replies of unary calls are; any thread. */
    SizeGuess unaryReplies() {
        return unaryReplies;
    }

    /** How large lists of trailers may be so that this client takes them. */
    HeaderListLimits limitsOf(PayloadFormat format) {
        return HeaderListLimits.of(peer().maxHeaderListBytes(), format);
    }

    /** Writes the HEADERS that end a stream. */
    void writeLast(Http2Stream stream, Http2Headers last) {
        ChannelFuture written = encoder().writeHeaders(context(), stream.id(), last, 0, true, newPromise());
        if (written.isSuccess()) {
            ended(stream, true);
        } else {
            written.addListener(done -> ended(stream, done.isSuccess()));
        }
    }

    /**
     * What ends a stream has left, if {@code written}: the client is told that it need not send what nobody will read.
     */
    void ended(Http2Stream stream, boolean written) {
        if (written && stream.state().remoteSideOpen()) {
            reset(stream, Http2Error.NO_ERROR.code());
            context().flush();
        }
    }

    /**
     * Warns, once for a connection, that trailers were cut. The caller says how much fits, which may be too little for
     * each of its calls.
     */
    void trailersDoNotFit(String method, long bytes) {
        if (!trailersCut) {
            trailersCut = true;
            long announced = peer().maxHeaderListBytes();
            LOG.warn(
                    "trailers of {}: {} bytes are more than the caller at {} is sure to take, which announced {}, and"
                            + " were cut to what fits",
                    method,
                    bytes,
                    streams().channel().remoteAddress(),
                    announced == Long.MAX_VALUE ? "nothing" : announced);
        }
    }

    @Override
    void onEndWithoutCall(Http2Stream stream) {
        opening.onEndWithoutCall(stream);
    }

    // ---- frames of open streams ----

    @Override
    void onReset(MultiplexedStream stream, long errorCode) throws Http2Exception {
        ((ServedStream) stream).onReset(errorCode);
        if (cancels.exceededAt(System.nanoTime())) {
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM,
                    "more than %d streams cancelled within %d s",
                    limits().maxConcurrentStreams() + MAX_CANCELS,
                    CANCEL_SECONDS);
        }
    }

    /**
     * HEADERS for a stream that is closed, or was passed over, break the connection, whereas DATA may have been under
     * way. Netty raises one error for both, and names the frame only in its message.
     */
    @Override
    @Nullable
    Http2Exception fatal(int streamId, Http2Exception violation) {
        if (violation.error() != Http2Error.STREAM_CLOSED
                || !String.valueOf(violation.getMessage()).startsWith("Received HEADERS")) {
            return null;
        }
        return opening.hasBegun(streamId)
                ? Http2Exception.connectionError(Http2Error.STREAM_CLOSED, "HEADERS for the closed stream %d", streamId)
                : Http2Exception.connectionError(
                        Http2Error.PROTOCOL_ERROR,
                        "HEADERS for stream %d (expected: a larger id than any before)",
                        streamId);
    }

    @Override
    void onStreamViolation(MultiplexedStream stream, Http2Exception violation) {
        ((ServedStream) stream)
                .interrupt(StatusException.outcome(
                        StatusCode.INTERNAL, String.valueOf(violation.getMessage()), List.of(), violation));
    }

    /** The call is over for its handler. */
    void ended(MultiplexedStream call) {
        untaken.watch(call);
        if (open().remove(call.id()) != null) {
            lastUsedNanos = time().nanoTime();
            gracefully.callEnded();
        }
    }

    /** Answers a header list that is too large with a status, which says more than the reset by which Kitex answers. */
    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
        StatusException failure =
                GrpcFailures.SERVER.headerListTooLargeToRead(options().maxHeaderListBytes());
        opening.refuse(
                stream,
                Trailers.only(
                        ContentType.of(PayloadFormat.PROTOBUF),
                        Metadata.EMPTY,
                        HandlerStatus.of(failure.code(), failure.statusMessage()),
                        limitsOf(PayloadFormat.PROTOBUF)));
    }

    // ---- the end ----

    @Override
    void onClosed() {
        RpcException reason = lostFailure("", null);
        for (MultiplexedStream stream : open().values().toArray(new MultiplexedStream[0])) {
            ((ServedStream) stream).interrupt(reason);
        }
    }

    @Override
    RpcException lostFailure(String detail, @Nullable Throwable cause) {
        return GrpcFailures.SERVER.connectionLost(detail, cause);
    }

    @Override
    void onConnectionViolation(Throwable violation) {
        runtime.refused(streams().channel(), String.valueOf(violation.getMessage()), "HTTP/2 as in RFC 9113");
    }

    @Override
    public int activeCalls() {
        return open().size();
    }

    @Override
    public void drain() {
        closeGracefully("graceful shutdown");
    }

    /** Tells the calls that still run when the server waits no longer why they end. */
    @Override
    void beforeClose() {
        if (runtime.isClosing()) {
            RpcException failure = GrpcFailures.SERVER.gracefulShutdown();
            for (MultiplexedStream running : open().values().toArray(new MultiplexedStream[0])) {
                Http2Stream stream = running.stream();
                ((ServedStream) running).interrupt(failure);
                if (stream != null) {
                    reset(stream, ResetCodes.GRACEFUL_SHUTDOWN);
                }
            }
        }
        gracefully.closing();
    }
}
