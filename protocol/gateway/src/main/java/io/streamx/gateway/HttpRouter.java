package io.streamx.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.streamx.ApplicationException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.grpc.protocol.GrpcPath;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.ServerRuntime.Lookup;
import org.jspecify.annotations.Nullable;

/** Finds out what a request asks for, and begins its call. On the event loop. */
final class HttpRouter {
    private static final int UNSUPPORTED_TYPE = HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE.code();

    private final ServerRuntime runtime;
    private final GatewayOptions options;
    private final UnaryRequests unary;
    private final StreamRequests streams;
    private final TryItPage page;

    HttpRouter(ServerRuntime runtime, GatewayOptions options, GatewayMethods methods) {
        this.runtime = runtime;
        this.options = options;
        CallHeads heads = new CallHeads(runtime, options, methods);
        unary = new UnaryRequests(heads);
        streams = new StreamRequests(heads);
        page = new TryItPage(options, methods, runtime.services());
    }

    /** The response to a request that is not run, in the words of the protocol that the request speaks. */
    HttpReply refusal(@Nullable HttpHead head, CallError error) {
        String type = head == null ? "" : head.contentType();
        if (type.startsWith(GrpcWeb.TYPES)) {
            return GrpcWeb.refusal(type, error);
        }
        // A client of Connect's streams looks for an error at the end of the stream, in a response of status 200.
        // Only the refusal of the content type is told by the status of HTTP.
        if (type.startsWith(ConnectStreamFormat.TYPES) && error.httpStatus() != UNSUPPORTED_TYPE) {
            return ConnectStreamFormat.refusal(type, error);
        }
        if (error.httpStatus() == UNSUPPORTED_TYPE) {
            // A client that sends a content type unknown here need not understand JSON.
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
        return open(
                new RoutedRequest(head, responder, found.method().descriptor().mode()), found.method());
    }

    /**
     * The answer to a request for the try-it page; null for every other request.
     *
     * @throws HttpRefusal when the page is not for whoever asks
     */
    @Nullable
    HttpReply page(HttpHead head, Channel channel) throws HttpRefusal {
        return page.answer(head, channel);
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

    private <Req, Res> HttpCall open(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
        boolean isUnary = request.mode() == StreamingMode.UNARY;
        String type = request.type();
        if (request.isGet()) {
            return isUnary ? unary.connectGet(request, method) : streams.eventsByGet(request, method);
        }
        if (type.startsWith(GrpcWeb.TYPES)) {
            return isUnary ? unary.grpcWebUnary(request, method) : streams.grpcWebStream(request, method);
        }
        if (type.startsWith(ConnectStreamFormat.TYPES)) {
            if (isUnary) {
                throw CallHeads.wrongType(request, method.descriptor(), "application/json, or application/proto");
            }
            return streams.connectStream(request, method);
        }
        if (isUnary && (type.equals(HttpReply.JSON) || type.equals(BodyStyle.PROTO))) {
            return unary.unary(request, method, type.equals(HttpReply.JSON));
        }
        if (request.mode() == StreamingMode.SERVER && type.equals(HttpReply.JSON)) {
            return streams.events(request, method);
        }
        throw CallHeads.wrongType(
                request,
                method.descriptor(),
                switch (request.mode()) {
                    case UNARY -> "application/json";
                    case SERVER -> "application/json, or application/connect+json";
                    default -> "a WebSocket, or application/connect+json";
                });
    }

    /**
     * Begins the stream of a WebSocket.
     *
     * @throws HttpRefusal when it is not run
     */
    HttpCall openWebSocket(HttpHead head, HttpResponder socket) throws HttpRefusal {
        GrpcPath path = path(head.path());
        Channel channel = socket.host().channel();
        checkRefusal(path, channel);
        Lookup.Found found = find(path, PayloadFormat.THRIFT, channel);
        RoutedRequest request =
                new RoutedRequest(head, socket, found.method().descriptor().mode());
        if (request.mode() == StreamingMode.UNARY) {
            throw HttpRefusal.badRequest(
                    "a WebSocket for the unary method " + found.method().descriptor() + " (expected: a stream)");
        }
        return streams.webSocketStream(request, found.method());
    }
}
