package io.streamx.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.ApplicationException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.grpc.protocol.GrpcMetainfo;
import io.streamx.grpc.protocol.GrpcPath;
import io.streamx.grpc.protocol.GrpcTimeout;
import io.streamx.grpc.protocol.MetadataHeaders;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.ServerRuntime.Lookup;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds out what a request asks for, and begins its call. On the event loop. */
final class HttpRouter {
    private static final int UNSUPPORTED_TYPE = HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE.code();
    private static final String CONNECT_TIMEOUT = "connect-timeout-ms";
    private static final String CONNECT_VERSION = "connect-protocol-version";
    private static final String GRPC_TIMEOUT = "grpc-timeout";
    /** Connect allows ten digits, which are 115 days. */
    private static final int MAX_TIMEOUT_DIGITS = 10;

    private final ServerRuntime runtime;
    private final GatewayOptions options;
    private final GatewayMethods methods;

    HttpRouter(ServerRuntime runtime, GatewayOptions options, GatewayMethods methods) {
        this.runtime = runtime;
        this.options = options;
        this.methods = methods;
    }

    private int maxMessageBytes() {
        return runtime.limits().maxMessageBytes();
    }

    private int maxRequestBytes() {
        return options.maxRequestBytes(maxMessageBytes());
    }

    /** The response to a request that is not run, in the words of the protocol that the request speaks. */
    HttpReply refusal(@Nullable HttpHead head, CallError error) {
        String type = head == null ? "" : head.contentType();
        if (type.startsWith(GrpcWeb.TYPES)) {
            return GrpcWeb.refusal(type, error);
        }
        // Whoever reads this as a stream is told of the error where a stream ends; HTTP's own errors need their status.
        if (type.startsWith(ConnectStreamFormat.TYPES) && error.httpStatus() != UNSUPPORTED_TYPE) {
            return ConnectStreamFormat.refusal(type, error);
        }
        if (error.httpStatus() == UNSUPPORTED_TYPE) {
            // Whoever sends something else need not understand JSON.
            return new HttpReply(
                    UNSUPPORTED_TYPE, HttpReply.headers("text/plain; charset=utf-8"), HttpReply.utf8(error.message()));
        }
        HttpReply reply = HttpReply.of(error);
        if (error.httpStatus() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            reply.headers().set(HttpHeaderNames.ALLOW, "GET, POST");
        } else if (error.httpStatus() == HttpResponseStatus.UPGRADE_REQUIRED.code()) {
            reply.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketConnection.VERSION);
        }
        return reply;
    }

    /**
     * Begins the call of a request.
     *
     * @throws HttpRefusal when it is not run
     */
    HttpCall open(HttpHead head, HttpResponder responder) throws HttpRefusal {
        GrpcPath path = path(head.path());
        if (!head.method().equals(HttpMethod.POST) && !head.method().equals(HttpMethod.GET)) {
            throw HttpRefusal.wrongMethod(head.method() + " (expected: POST, or GET for what only reads)");
        }
        String type = head.contentType();
        PayloadFormat format = isProtobufOnly(type) ? PayloadFormat.PROTOBUF : PayloadFormat.THRIFT;
        Channel channel = responder.host().channel();
        checkRefusal(path, channel);
        Lookup.Found found = find(path, format, channel);
        return open(new Request(head, responder, found.method().descriptor().mode()), found.method());
    }

    private void checkRefusal(GrpcPath path, Channel channel) throws HttpRefusal {
        String refusal = runtime.refusal();
        if (refusal != null) {
            runtime.notRun(
                    channel,
                    null,
                    null,
                    path.service(),
                    path.method(),
                    () -> new StatusException(StatusCode.UNAVAILABLE, refusal));
            throw HttpRefusal.unavailable(refusal);
        }
    }

    private static boolean isProtobufOnly(String type) {
        return type.startsWith(GrpcWeb.TYPES)
                || type.startsWith(ConnectStreamFormat.TYPES)
                || type.equals(BodyStyle.PROTO);
    }

    private GrpcPath path(String path) throws HttpRefusal {
        String prefix = options.pathPrefix();
        if (path.startsWith(prefix + "/") && path.indexOf('/', prefix.length() + 1) > 0) {
            GrpcPath names = GrpcPath.parse(path.substring(prefix.length()));
            if (!names.service().isEmpty() && !names.method().isEmpty()) {
                return names;
            }
        }
        throw new HttpRefusal(
                HttpResponseStatus.NOT_FOUND,
                StatusCode.NOT_FOUND,
                "the path " + HttpHead.shown(path) + " (expected: " + prefix + "/Service/Method)");
    }

    /** A method that a service lists. Handlers of unknown methods take bytes, and nobody knows what theirs are in JSON. */
    private Lookup.Found find(GrpcPath path, PayloadFormat format, Channel channel) throws HttpRefusal {
        Lookup lookup = runtime.findPath(path.grpcPackage(), path.service(), path.method(), format);
        String message = switch (lookup) {
            case Lookup.Found found -> "method " + HttpHead.shown(path.method());
            case Lookup.UnknownService unknown -> "unknown service " + HttpHead.shown(path.fullService());
            case Lookup.UnknownMethod unknown ->
                "unknown method " + HttpHead.shown(path.method()) + " of service " + HttpHead.shown(path.fullService());
            case Lookup.Ambiguous ambiguous ->
                "unknown service " + HttpHead.shown(path.fullService()) + ": "
                        + String.join(" and ", ambiguous.services())
                        + " are served (expected: the full name of one)";
        };
        if (lookup instanceof Lookup.Found found && found.isListed()) {
            return found;
        }
        runtime.notRun(
                channel,
                null,
                null,
                path.service(),
                path.method(),
                () -> new ApplicationException(ApplicationException.UNKNOWN_METHOD, message));
        throw HttpRefusal.unknown(message);
    }

    /** A request of which the mode of its method is known. */
    private record Request(HttpHead head, HttpResponder responder, StreamingMode mode) {
        String type() {
            return head.contentType();
        }

        boolean isGet() {
            return head.method().equals(HttpMethod.GET);
        }
    }

    private <Req, Res> HttpCall open(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        boolean isUnary = request.mode() == StreamingMode.UNARY;
        String type = request.type();
        if (request.isGet()) {
            return isUnary ? connectGet(request, method) : eventsByGet(request, method);
        }
        if (type.startsWith(GrpcWeb.TYPES)) {
            return isUnary ? grpcWebUnary(request, method) : grpcWebStream(request, method);
        }
        if (type.startsWith(ConnectStreamFormat.TYPES)) {
            if (isUnary) {
                throw wrongType(request, method.descriptor(), "application/json, or application/proto");
            }
            return connectStream(request, method);
        }
        if (isUnary && (type.equals(HttpReply.JSON) || type.equals(BodyStyle.PROTO))) {
            return unary(request, method, type.equals(HttpReply.JSON));
        }
        if (request.mode() == StreamingMode.SERVER && type.equals(HttpReply.JSON)) {
            return events(request, method);
        }
        throw wrongType(
                request,
                method.descriptor(),
                switch (request.mode()) {
                    case UNARY -> "application/json";
                    case SERVER -> "application/json, or application/connect+json";
                    default -> "a WebSocket, or application/connect+json";
                });
    }

    private static HttpRefusal wrongType(Request request, MethodDescriptor<?, ?> method, String expected) {
        return HttpRefusal.wrongType(
                "Content-Type " + HttpHead.shown(request.type()) + " for " + method + " (expected: " + expected + ")");
    }

    private static void requireProtobuf(Request request, MethodDescriptor<?, ?> method) throws HttpRefusal {
        if (method.format() != PayloadFormat.PROTOBUF) {
            throw wrongType(request, method, "application/json, since its messages are Thrift");
        }
    }

    // ---- contexts ----

    private ServerCallContext context(Request request, MethodDescriptor<?, ?> method, @Nullable Duration timeout) {
        Http2Headers headers = HttpEntries.ofRequest(request.head().headers());
        GrpcMetainfo metainfo = GrpcMetainfo.of(headers);
        String from = request.head().header("source-service");
        ServerCallContext context = new ServerCallContext(
                method.service(),
                method.name(),
                method.mode(),
                from == null ? "" : from,
                request.responder().host().channel(),
                metainfo.persistents(),
                metainfo.transients(),
                timeout);
        context.travelsOn(null, null);
        context.metadataIn(() -> MetadataHeaders.ofRequest(headers));
        return context;
    }

    private OpeningEntries opening(ServerCallContext context) {
        return runtime.wantsOpeningEntries() ? new OpeningEntries(Map.of(), context.metadata()) : OpeningEntries.NONE;
    }

    private static @Nullable Duration connectTimeout(HttpHead head) throws HttpRefusal {
        String millis = head.header(CONNECT_TIMEOUT);
        if (millis == null) {
            return null;
        }
        boolean isNumber = !millis.isEmpty()
                && millis.length() <= MAX_TIMEOUT_DIGITS
                && millis.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        if (!isNumber) {
            throw HttpRefusal.badRequest("Connect-Timeout-Ms: " + HttpHead.shown(millis)
                    + " (expected: milliseconds, of at most " + MAX_TIMEOUT_DIGITS + " digits)");
        }
        return Duration.ofMillis(Long.parseLong(millis));
    }

    private static @Nullable Duration grpcTimeout(HttpHead head) throws HttpRefusal {
        String value = head.header(GRPC_TIMEOUT);
        try {
            return value == null ? null : GrpcTimeout.parse(value);
        } catch (IllegalArgumentException e) {
            throw HttpRefusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isGzip(HttpHead head, String header) throws HttpRefusal {
        String encoding = head.header(header);
        if (encoding == null || encoding.isEmpty() || encoding.equals(Gzip.IDENTITY)) {
            return false;
        }
        if (encoding.equals(Gzip.NAME)) {
            return true;
        }
        throw HttpRefusal.unimplemented(
                header + ": " + HttpHead.shown(encoding) + " (expected: one of gzip, identity)");
    }

    // ---- unary ----

    private <Req, Res> HttpCall unary(Request request, BoundMethod<Req, Res> method, boolean isJson)
            throws HttpRefusal {
        if (!isJson) {
            requireProtobuf(request, method.descriptor());
        }
        HttpHead head = request.head();
        checkConnectVersion(head.header(CONNECT_VERSION), "1");
        boolean isGzip = isGzip(head, "content-encoding");
        checkLength(head);
        HttpUnaryCall<Req, Res> call =
                unary(request, method, isJson, isGzip, head.headers().contains(CONNECT_VERSION));
        return call;
    }

    private void checkLength(HttpHead head) throws HttpRefusal {
        if (head.contentLength() > maxRequestBytes()) {
            throw HttpRefusal.bodyTooLarge(head.contentLength(), maxRequestBytes());
        }
    }

    private <Req, Res> HttpUnaryCall<Req, Res> unary(
            Request request, BoundMethod<Req, Res> method, boolean isJson, boolean isGzip, boolean isConnect)
            throws HttpRefusal {
        HttpHead head = request.head();
        Duration timeout = connectTimeout(head);
        JsonMethod<Req, Res> json = isJson ? methods.json(method) : null;
        ServerCallContext context = context(request, method.descriptor(), timeout);
        ReplyCoding coding =
                new ReplyCoding(head.elements(HttpHeaderNames.ACCEPT_ENCODING).anyMatch(Gzip.NAME::equals), isGzip);
        context.compressedBy(coding::choose);
        if (isGzip) {
            context.requestCameCompressed();
        }
        HttpUnaryCall<Req, Res> call = new HttpUnaryCall<>(
                request.responder(),
                runtime,
                method,
                context,
                new BodyStyle<>(method.descriptor(), json, isConnect, isGzip, coding, maxRequestBytes()),
                maxRequestBytes(),
                opening(context));
        call.startDeadline(timeout, runtime.unaryTimeout(), "Connect-Timeout-Ms");
        return call;
    }

    private static void checkConnectVersion(@Nullable String version, String expected) throws HttpRefusal {
        if (version != null && !version.equals(expected)) {
            throw HttpRefusal.badRequest(
                    "the version of Connect: " + HttpHead.shown(version) + " (expected: " + expected + ")");
        }
    }

    /** Unary calls by GET are those of Connect, for methods that say that they only read. */
    private <Req, Res> HttpCall connectGet(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        HttpHead head = request.head();
        if (!ReadOnlyMethods.contains(method.descriptor())) {
            throw HttpRefusal.wrongMethod("GET for " + method.descriptor()
                    + " (expected: POST; GET is for methods with idempotency_level = NO_SIDE_EFFECTS in their file)");
        }
        checkConnectVersion(head.parameter("connect"), "v1");
        String encoding = Objects.requireNonNullElse(head.parameter("encoding"), "json");
        if (!encoding.equals("json") && !encoding.equals("proto")) {
            throw HttpRefusal.wrongType(
                    "encoding " + HttpHead.shown(encoding) + " in the query (expected: json or proto)");
        }
        String compression = Objects.requireNonNullElse(head.parameter("compression"), Gzip.IDENTITY);
        if (!compression.equals(Gzip.IDENTITY) && !compression.equals(Gzip.NAME)) {
            throw HttpRefusal.unimplemented(
                    "compression " + HttpHead.shown(compression) + " in the query (expected: one of gzip, identity)");
        }
        InboundMessage message = QueryMessage.of(head);
        HttpUnaryCall<Req, Res> call =
                unary(request, method, encoding.equals("json"), compression.equals(Gzip.NAME), true);
        call.run(message);
        return call;
    }

    private <Req, Res> HttpCall grpcWebUnary(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        JsonMethod<Req, Res> json = grpcWebJson(request, method);
        HttpHead head = request.head();
        Duration timeout = grpcTimeout(head);
        boolean isGzip = isGzip(head, "grpc-encoding");
        ServerCallContext context = context(request, method.descriptor(), timeout);
        ReplyCoding coding = grpcCoding(head, isGzip);
        context.compressedBy(coding::choose);
        HttpUnaryCall<Req, Res> call = new HttpUnaryCall<>(
                request.responder(),
                runtime,
                method,
                context,
                new GrpcWeb.Style<>(
                        method.descriptor(),
                        json,
                        request.type(),
                        isGzip,
                        coding,
                        maxRequestBytes(),
                        maxMessageBytes()),
                maxRequestBytes() + Envelopes.PREFIX_BYTES,
                opening(context));
        call.startDeadline(timeout, runtime.unaryTimeout(), GRPC_TIMEOUT);
        return call;
    }

    private <Req, Res> @Nullable JsonMethod<Req, Res> grpcWebJson(Request request, BoundMethod<Req, Res> method)
            throws HttpRefusal {
        if (GrpcWeb.isJson(request.type())) {
            return methods.json(method);
        }
        requireProtobuf(request, method.descriptor());
        return null;
    }

    private static ReplyCoding grpcCoding(HttpHead head, boolean isGzip) {
        return new ReplyCoding(head.elements("grpc-accept-encoding").anyMatch(Gzip.NAME::equals), isGzip);
    }

    // ---- streams ----

    private <Req, Res> HttpCall grpcWebStream(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        JsonMethod<Req, Res> json = grpcWebJson(request, method);
        HttpHead head = request.head();
        Duration timeout = grpcTimeout(head);
        boolean isGzip = isGzip(head, "grpc-encoding");
        ReplyCoding coding = grpcCoding(head, isGzip);
        RequestMessages envelopes = new Envelopes(request.mode() == StreamingMode.SERVER, isGzip, maxRequestBytes());
        return stream(
                request,
                method,
                json == null ? method.descriptor() : json.written(true),
                json,
                new GrpcWeb.Format(request.type(), coding, maxRequestBytes(), maxMessageBytes()),
                GrpcWeb.isText(request.type()) ? new Base64Body(envelopes) : envelopes,
                coding,
                timeout,
                GRPC_TIMEOUT);
    }

    private <Req, Res> HttpCall connectStream(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        HttpHead head = request.head();
        String codec = request.type().substring(ConnectStreamFormat.TYPES.length());
        boolean isJson = codec.equals("json");
        if (!isJson && !codec.equals("proto")) {
            throw wrongType(request, method.descriptor(), "application/connect+json, or application/connect+proto");
        }
        if (!isJson) {
            requireProtobuf(request, method.descriptor());
        }
        checkConnectVersion(head.header(CONNECT_VERSION), "1");
        Duration timeout = connectTimeout(head);
        boolean isGzip = isGzip(head, "connect-content-encoding");
        ReplyCoding coding =
                new ReplyCoding(head.elements("connect-accept-encoding").anyMatch(Gzip.NAME::equals), isGzip);
        JsonMethod<Req, Res> json = isJson ? methods.json(method) : null;
        return stream(
                request,
                method,
                json == null ? method.descriptor() : json.written(true),
                json,
                new ConnectStreamFormat(request.type(), coding, maxRequestBytes(), maxMessageBytes()),
                new Envelopes(request.mode() == StreamingMode.SERVER, isGzip, maxRequestBytes()),
                coding,
                timeout,
                "Connect-Timeout-Ms");
    }

    private <Req, Res> HttpStreamCall events(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        HttpHead head = request.head();
        if (isGzip(head, "content-encoding")) {
            throw HttpRefusal.unimplemented("content-encoding: gzip for a stream of events (expected: none)");
        }
        checkLength(head);
        JsonMethod<Req, Res> json = methods.json(method);
        StreamFormat format = head.accepts(EventFormats.EVENT_STREAM)
                ? new EventFormats.Events(head.header("last-event-id"), maxMessageBytes())
                : new EventFormats.Lines(maxMessageBytes());
        return stream(
                request,
                method,
                json.written(false),
                json,
                format,
                new RequestMessages.One(maxRequestBytes()),
                new ReplyCoding(false, false),
                connectTimeout(head),
                "Connect-Timeout-Ms");
    }

    /** The way of a browser's EventSource, which knows GET alone. */
    private <Req, Res> HttpCall eventsByGet(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        Predicate<String> accepts = request.head()::accepts;
        if (request.mode() != StreamingMode.SERVER || !accepts.test(EventFormats.EVENT_STREAM)) {
            throw HttpRefusal.wrongMethod("GET for " + method.descriptor() + " (expected: POST; GET is for streams of"
                    + " the server with Accept: text/event-stream)");
        }
        InboundMessage message = QueryMessage.of(request.head());
        HttpStreamCall call = events(request, method);
        call.request(message);
        return call;
    }

    /**
     * Begins the stream of a WebSocket.
     *
     * @throws HttpRefusal when it is not run
     */
    HttpCall openWebSocket(HttpHead head, WebSocketConnection socket) throws HttpRefusal {
        GrpcPath path = path(head.path());
        Channel channel = socket.host().channel();
        checkRefusal(path, channel);
        Lookup.Found found = find(path, PayloadFormat.THRIFT, channel);
        Request request = new Request(head, socket, found.method().descriptor().mode());
        if (request.mode() == StreamingMode.UNARY) {
            throw HttpRefusal.badRequest(
                    "a WebSocket for the unary method " + found.method().descriptor() + " (expected: a stream)");
        }
        return webSocketStream(request, found.method());
    }

    private <Req, Res> HttpCall webSocketStream(Request request, BoundMethod<Req, Res> method) throws HttpRefusal {
        JsonMethod<Req, Res> json = methods.json(method);
        HttpStreamCall call = stream(
                request,
                method,
                json.wrapped(),
                json,
                new WebSocketFormat(maxMessageBytes()),
                new WebSocketRequests(request.mode() == StreamingMode.SERVER),
                new ReplyCoding(false, false),
                connectTimeout(request.head()),
                "Connect-Timeout-Ms");
        call.headSent();
        return call;
    }

    private <Req, Res> HttpStreamCall stream(
            Request request,
            BoundMethod<Req, Res> method,
            MethodDescriptor<Req, Res> written,
            @Nullable JsonMethod<Req, Res> json,
            StreamFormat format,
            RequestMessages messages,
            ReplyCoding coding,
            @Nullable Duration timeout,
            String timeoutHeader) {
        ServerCallContext context = context(request, method.descriptor(), timeout);
        context.compressedBy(coding::choose);
        HttpStreamCall call =
                new HttpStreamCall(request.responder(), context, format, messages, json, options.heartbeat());
        call.carry(runtime.start(request.responder().host(), call, method, written, context, opening(context)));
        call.startDeadline(timeout, null, timeoutHeader);
        return call;
    }
}
