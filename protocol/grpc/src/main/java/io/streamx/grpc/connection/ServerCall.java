package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.ApplicationException;
import io.streamx.Compressor;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.grpc.Compressors;
import io.streamx.grpc.protocol.Dialect;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.HandlerStatus;
import io.streamx.grpc.protocol.HeaderListLimits;
import io.streamx.grpc.protocol.HeaderListSize;
import io.streamx.grpc.protocol.MetadataHeaders;
import io.streamx.grpc.protocol.RequestHead;
import io.streamx.grpc.protocol.ResetCodes;
import io.streamx.grpc.protocol.ResponseHead;
import io.streamx.grpc.protocol.Trailers;
import io.streamx.service.PayloadFormat;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 stream of a server: the answer of a stream or a unary call as headers and trailers. Source:
 * docs/protocol/grpc.md "5. Responses".
 */
abstract class ServerCall extends GrpcStreamWire implements ServedStream {
    /** How long after its deadline a caller is told. A caller whose deadline has passed usually knows it by itself. */
    private static final long DEADLINE_GRACE_MILLIS = 1000;

    private final GrpcServerConnection connection;
    private final Http2Stream stream;
    private final RequestHead head;
    private final Dialect dialect;
    private final ServerCallContext context;
    private final @Nullable Compressor decompressor;
    private final ReplyCompression compression;
    private @Nullable Metadata unsentHeader;
    private boolean headerSent;
    private @Nullable Future<?> deadline;
    private int headBytes;

    ServerCall(
            GrpcServerConnection connection,
            Http2Stream stream,
            RequestHead head,
            Dialect dialect,
            ServerCallContext context) {
        super(connection);
        this.connection = connection;
        this.stream = stream;
        this.head = head;
        this.dialect = dialect;
        this.context = context;
        Compressors compressors = connection.options().compressors();
        decompressor = compressors.find(head.encoding());
        compression = new ReplyCompression(compressors, head);
        context.compressedBy(compression::choose);
    }

    /** Counts the head of the request, which the handler may ask for as long as the call runs. */
    final void holdHead(long bytes) {
        headBytes = (int) bytes;
        connection.held().heads(headBytes);
    }

    /** The caller sends no more messages; a failure is what the handler gets instead of the end. */
    abstract void onEndOfRequests(@Nullable RpcException failure);

    @Override
    final int id() {
        return stream.id();
    }

    final GrpcServerConnection server() {
        return connection;
    }

    /** Completes an encoded reply. On the handler's thread. */
    final void completeReply(OutboundMessage message) {
        complete(message, compression.settle(), context.method());
    }

    final ServerCallContext callContext() {
        return context;
    }

    final String fullMethod() {
        return context.service() + "." + context.method();
    }

    /** The limit that the server itself sets for the handler; null for none. */
    @Nullable
    Duration serverLimit() {
        return null;
    }

    /**
     * Begins to watch the time that the caller allows, or the server's own limit. When it passes the handler is
     * interrupted.
     */
    final void startDeadline() {
        Duration callers = head.timeout();
        Duration own = serverLimit();
        boolean callersFirst = callers != null && (own == null || callers.compareTo(own) <= 0);
        Duration timeout = callersFirst ? callers : own;
        if (timeout == null) {
            return;
        }
        TimeLimit limit = new TimeLimit(timeout, callersFirst ? "the caller, with grpc-timeout" : "the server");
        long graceMillis = callersFirst ? DEADLINE_GRACE_MILLIS : 0;
        long beganNanos = connection.time().nanoTime();
        deadline = schedule(
                () -> deadlinePassed(limit, Duration.ofNanos(connection.time().nanoTime() - beganNanos), graceMillis),
                limit.nanos());
    }

    private Future<?> schedule(Runnable step, long nanos) {
        return connection.time().schedule(connection.context().channel().eventLoop(), step, nanos);
    }

    /**
     * The deadline of the caller has passed, which the caller knows too. An answer that is faster than the caller's own
     * clock could be taken for the outcome of the call. So the caller gets an answer only if it does not end the stream
     * by itself.
     */
    private void deadlinePassed(TimeLimit limit, Duration passed, long graceMillis) {
        RpcException failure = GrpcFailures.SERVER.streamTimeout(limit, passed);
        boolean opened = headerSent;
        interrupt(failure);
        Future<?> unused = schedule(() -> answerDeadline(failure, opened), TimeUnit.MILLISECONDS.toNanos(graceMillis));
    }

    private void answerDeadline(RpcException failure, boolean opened) {
        if (!stream.state().localSideOpen()) {
            return;
        }
        HandlerStatus status = HandlerStatus.of(failure, false, fullMethod(), dialect);
        HeaderListLimits limits = connection.limitsOf(head.format());
        writeLast(
                opened
                        ? Trailers.of(Metadata.EMPTY, status, limits)
                        : Trailers.only(head.contentType(), Metadata.EMPTY, status, limits));
        connection.flush();
    }

    // ---- what came ----

    /** The trailers of a request say nothing but that the request ends. */
    @Override
    public final void onTrailers() {
        onDataEnd(isWithinMessage());
    }

    @Override
    public final void onReset(long errorCode) {
        interrupt(ResetCodes.atServer(errorCode, head.source()));
    }

    @Override
    final void onDataEnd(boolean missing) {
        onEndOfRequests(missing ? GrpcFailures.SERVER.messageCutShort(missing()) : null);
        dropIncomplete();
    }

    @Override
    final void giveUpIncomplete(RpcException failure) {
        dropIncomplete();
        onEndOfRequests(failure);
    }

    @Override
    final void onUnreadableMessage() {
        onEndOfRequests(GrpcFailures.SERVER.compressedWithoutEncoding());
    }

    @Override
    final @Nullable Compressor decompressor() {
        return decompressor;
    }

    @Override
    final GrpcFailures grpcFailures() {
        return GrpcFailures.SERVER;
    }

    @Override
    public final void onOversizedMessage(long bytes) {
        onEndOfRequests(
                GrpcFailures.SERVER.messageTooLarge(bytes, connection.limits().maxMessageBytes()));
    }

    // ---- the answer ----

    /**
     * Checks entries before they are sent. On the handler's thread.
     *
     * @throws IllegalArgumentException when no header can carry an entry, or the entries are larger than the caller
     *     takes, naming them
     */
    public final void checkEntries(Metadata entries) {
        MetadataHeaders.check(entries, head.format());
        long limit = connection.peer().maxHeaderListBytes();
        if (limit != Long.MAX_VALUE) {
            Http2Headers headers = ResponseHead.headers(head.contentType(), compression.longestEncoding(), entries);
            if (HeaderListSize.of(headers) >= limit) {
                throw GrpcFailures.SERVER.entriesTooLargeForPeer(headers, limit);
            }
        }
    }

    /** Writes the header, which goes out with what follows, or at the next flush. */
    final void header(Metadata entries) {
        unsentHeader = entries;
        touch();
    }

    @Override
    final void writePending() {
        untouched();
        sendHeader();
        writeData(false);
    }

    @Override
    final void sendHeader() {
        Metadata entries = unsentHeader;
        if (entries != null) {
            unsentHeader = null;
            headerSent = true;
            connection
                    .encoder()
                    .writeHeaders(
                            connection.context(),
                            id(),
                            ResponseHead.headers(head.contentType(), compression.encoding(), entries),
                            0,
                            false,
                            connection.newPromise());
        }
    }

    /** Ends the call. Header and trailers are one piece where the header says nothing and no message was sent. */
    final void trailer(Metadata entries, HandlerStatus status) {
        HeaderListLimits limits = connection.limitsOf(head.format());
        LongConsumer whenTooLarge = bytes -> connection.trailersDoNotFit(fullMethod(), bytes);
        Metadata header = unsentHeader;
        Http2Headers trailers;
        if (header != null && header.isEmpty() && !hasData() && !headerSent) {
            unsentHeader = null;
            trailers = Trailers.only(head.contentType(), entries, status, limits, whenTooLarge);
        } else {
            sendHeader();
            writeData(false);
            // What the windows let go now goes now: Netty would queue trailers behind data that has not been written.
            connection.turns().writeWhatMayGo();
            trailers = Trailers.of(entries, status, limits, whenTooLarge);
        }
        writeLast(trailers);
    }

    private void writeLast(Http2Headers trailers) {
        connection.writeLast(stream, trailers);
    }

    final HandlerStatus status(@Nullable Throwable failure, boolean fromHandler) {
        return failure instanceof ApplicationException unreadable
                        && head.format() == PayloadFormat.PROTOBUF
                        && context.isDecodingFailure(unreadable)
                ? HandlerStatus.undecodableProtobuf(unreadable, fromHandler, dialect)
                : HandlerStatus.of(failure, fromHandler, fullMethod(), dialect);
    }

    /** The call is over for its handler, so nothing that comes is handed on any more. */
    final void over() {
        connection.held().heads(-headBytes);
        headBytes = 0;
        connection.ended(this);
        dropIncomplete();
        discardPending();
        unsentHeader = null;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
