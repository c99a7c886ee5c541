package io.streamx.grpc.connection;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.grpc.Compressors;
import io.streamx.grpc.GrpcOptions;
import io.streamx.grpc.http.HttpRequests;
import io.streamx.grpc.protocol.Dialect;
import io.streamx.grpc.protocol.HandlerStatus;
import io.streamx.grpc.protocol.HeaderListSize;
import io.streamx.grpc.protocol.KnownPaths;
import io.streamx.grpc.protocol.MalformedRequestException;
import io.streamx.grpc.protocol.MetadataHeaders;
import io.streamx.grpc.protocol.RequestHead;
import io.streamx.grpc.protocol.Trailers;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.ServerRuntime.Lookup;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the calls of a server's connection begin: reads the HEADERS of a request, finds the method, and starts its call or says
 * why it is not run. On the event loop.
 */
final class CallOpening {
    private final GrpcServerConnection connection;
    private final ServerRuntime runtime;
    private final HttpRefusals httpRefusals;
    /** Takes the requests that are no calls of gRPC; null where nobody does. */
    private final HttpRequests.@Nullable Connection httpRequests;

    /** Marks streams whose first HEADERS have been looked at. */
    private final Http2Connection.PropertyKey begun;

    private final KnownPaths paths = new KnownPaths();
    private final RecentStreams recentlyBegun = new RecentStreams();

    private boolean servedHttp;

    CallOpening(
            GrpcServerConnection connection, ServerRuntime runtime, HttpRequests.@Nullable Connection httpRequests) {
        this.connection = connection;
        this.runtime = runtime;
        this.httpRequests = httpRequests;
        httpRefusals = new HttpRefusals(connection);
        begun = connection.connection().newKey();
    }

    /** Whether a request has begun lately on the stream {@code streamId}. */
    boolean hasBegun(int streamId) {
        return recentlyBegun.contains(streamId);
    }

    /** Whether a request that was no call of gRPC has been taken. */
    boolean hasServedHttp() {
        return servedHttp;
    }

    /** The client has ended a stream that carries no call. */
    void onEndWithoutCall(Http2Stream stream) {
        httpRefusals.onEnd(stream);
    }

    /** HEADERS have come, which open a call, or are the trailers of a request. */
    void onHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        if (connection.open().get(stream.id()) instanceof ServedStream running) {
            running.onTrailers();
            return;
        }
        if (stream.setProperty(begun, Boolean.TRUE) != null) {
            // The call of the stream has ended, or there was none.
            httpRefusals.onEnd(stream);
            return;
        }
        recentlyBegun.add(stream.id());
        if (httpRequests != null && PlainHttpStream.isHead(headers)) {
            servedHttp = true;
            long bytes = HeaderListSize.of(headers);
            if (connection.held().isFullOfHeads(bytes)) {
                httpRefusals.refuse(
                        stream,
                        end,
                        HttpResponseStatus.SERVICE_UNAVAILABLE.codeAsText(),
                        connection.held().refusal(bytes));
                return;
            }
            PlainHttpStream plain = new PlainHttpStream(connection, stream, headers);
            connection.open().put(stream.id(), plain);
            plain.open(httpRequests, headers, end);
            return;
        }
        RequestHead head;
        try {
            head = RequestHead.parse(headers, paths);
        } catch (MalformedRequestException malformed) {
            Http2Headers answer = malformed.response();
            if (answer == null) {
                connection.reset(stream, malformed.resetCode());
            } else if (answer.status() != null
                    && !HttpResponseStatus.OK.codeAsText().contentEquals(answer.status())) {
                httpRefusals.refuse(stream, end, answer.status(), String.valueOf(malformed.getMessage()));
            } else {
                refuse(stream, answer);
            }
            return;
        }
        long headBytes = HeaderListSize.of(headers);
        if (connection.held().isFullOfHeads(headBytes)) {
            refuse(
                    stream,
                    head,
                    HandlerStatus.of(
                            StatusCode.RESOURCE_EXHAUSTED, connection.held().refusal(headBytes)));
            return;
        }
        start(stream, head, headers, headBytes);
        if (end && connection.open().get(stream.id()) instanceof ServerCall started) {
            // The request has no messages. A Kitex server does not answer such a request, but clients other than Kitex
            // send it for a stream without messages.
            started.onDataEnd(false);
        }
    }

    private void start(Http2Stream stream, RequestHead head, Http2Headers headers, long headBytes) {
        String refusal = runtime.refusal();
        if (refusal != null) {
            refuse(stream, head, HandlerStatus.of(StatusCode.RESOURCE_EXHAUSTED, refusal));
            return;
        }
        switch (runtime.findPath(head.grpcPackage(), head.service(), head.method(), head.format())) {
            case Lookup.Found found -> start(stream, head, headers, headBytes, found, found.method());
            case Lookup.UnknownService unknown ->
                refuseUnknown(stream, head, HandlerStatus.unknownService(head.path(), dialect(head.format())));
            case Lookup.UnknownMethod unknown ->
                refuseUnknown(stream, head, HandlerStatus.unknownMethod(head.path(), dialect(head.format())));
            case Lookup.Ambiguous ambiguous ->
                refuseUnknown(
                        stream, head, HandlerStatus.ambiguousService(head.path(), ambiguous, dialect(head.format())));
        }
    }

    private <Req, Res> void start(
            Http2Stream stream,
            RequestHead head,
            Http2Headers headers,
            long headBytes,
            Lookup.Found found,
            BoundMethod<Req, Res> method) {
        PayloadFormat format = method.descriptor().format();
        if (found.isListed() && format != head.format()) {
            refuse(stream, head, HandlerStatus.wrongFormat(head, format));
            return;
        }
        Compressors compressors = connection.options().compressors();
        if (!isReadable(head.encoding(), compressors)) {
            notRun(head, StatusCode.UNIMPLEMENTED, "request compressed with unknown " + head.encoding());
            refuse(stream, Trailers.unknownEncoding(head, compressors.names(), dialect(format)));
            return;
        }
        StreamingMode mode = method.descriptor().mode();
        ServerCallContext context = new ServerCallContext(
                method.descriptor().service(),
                method.descriptor().name(),
                mode,
                head.source(),
                connection.streams().channel(),
                head.persistents(),
                head.transients(),
                head.timeout());
        context.travelsOn(Transport.GRPC, null);
        if (!found.isListed()) {
            context.namedByCaller();
        }
        Dialect dialect = dialect(format);
        context.metadataIn(() -> MetadataHeaders.ofRequest(headers));
        OpeningEntries entries =
                runtime.wantsOpeningEntries() ? new OpeningEntries(Map.of(), context.metadata()) : OpeningEntries.NONE;
        ServerCall call;
        if (mode == StreamingMode.UNARY) {
            call = new ServerUnaryCall<>(connection, runtime, method, stream, head, dialect, context, entries);
            connection.open().put(stream.id(), call);
        } else {
            GrpcServerStreamWire wire = new GrpcServerStreamWire(connection, stream, head, dialect, context, mode);
            call = wire;
            connection.open().put(stream.id(), wire);
            wire.carry(runtime.start(connection.streams(), wire, method, context, entries));
        }
        call.holdHead(headBytes);
        call.startDeadline();
    }

    /**
     * Whether messages with {@code encoding} can be read. A list with "identity" in it stands for no compression, as
     * with Kitex.
     */
    private static boolean isReadable(String encoding, Compressors compressors) {
        return encoding.equals(Compressors.IDENTITY)
                || compressors.find(encoding) != null
                || Arrays.stream(encoding.split(",", -1)).map(String::strip).anyMatch(Compressors.IDENTITY::equals);
    }

    private Dialect dialect(PayloadFormat format) {
        GrpcOptions.ErrorStyle style = connection.options().errorStyle();
        if (style == null) {
            return Dialect.of(format);
        }
        return switch (style) {
            case KITEX -> Dialect.KITEX;
            case STANDARD -> Dialect.STANDARD;
        };
    }

    /**
     * Refuses a call of an unknown service or method. Listeners are told the code of gRPC, whatever Kitex' dialect
     * makes of it for the caller.
     */
    private void refuseUnknown(Http2Stream stream, RequestHead head, HandlerStatus status) {
        notRun(head, StatusCode.UNIMPLEMENTED, status.message());
        refuse(stream, Trailers.only(head.contentType(), Metadata.EMPTY, status, connection.limitsOf(head.format())));
    }

    private void refuse(Http2Stream stream, RequestHead head, HandlerStatus status) {
        notRun(head, status.code(), status.message());
        refuse(stream, Trailers.only(head.contentType(), Metadata.EMPTY, status, connection.limitsOf(head.format())));
    }

    private void notRun(RequestHead head, int code, String message) {
        runtime.notRun(
                connection.streams().channel(),
                Transport.GRPC,
                null,
                head.service(),
                head.method(),
                () -> new StatusException(code, message));
    }

    /** Ends a stream with {@code answer} alone. */
    void refuse(Http2Stream stream, Http2Headers answer) {
        connection.writeLast(stream, answer);
    }
}
