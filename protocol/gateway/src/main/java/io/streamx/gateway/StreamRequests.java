package io.streamx.gateway;

import io.streamx.StreamingMode;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.ServerCallContext;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Begins streams: of events and lines of JSON, as Connect and gRPC-Web have them, and on WebSockets. On the event loop. */
final class StreamRequests {
    private final CallHeads heads;

    StreamRequests(CallHeads heads) {
        this.heads = heads;
    }

    <Req, Res> HttpCall grpcWebStream(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
        JsonMethod<Req, Res> json = heads.grpcWebJson(request, method);
        HttpHead head = request.head();
        Duration timeout = CallHeads.grpcTimeout(head);
        boolean isGzip = CallHeads.isGzip(head, "grpc-encoding");
        ReplyCoding coding = CallHeads.grpcCoding(head, isGzip);
        RequestMessages envelopes =
                new Envelopes(request.mode() == StreamingMode.SERVER, isGzip, heads.maxRequestBytes());
        return stream(
                request,
                method,
                json == null ? method.descriptor() : json.written(true),
                json,
                new GrpcWeb.Format(request.type(), coding, heads.maxRequestBytes(), heads.maxMessageBytes()),
                GrpcWeb.isText(request.type()) ? new Base64Body(envelopes) : envelopes,
                coding,
                timeout,
                CallHeads.GRPC_TIMEOUT);
    }

    <Req, Res> HttpCall connectStream(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
        HttpHead head = request.head();
        String codec = request.type().substring(ConnectStreamFormat.TYPES.length());
        boolean isJson = codec.equals("json");
        if (!isJson && !codec.equals("proto")) {
            throw CallHeads.wrongType(
                    request, method.descriptor(), "application/connect+json, or application/connect+proto");
        }
        if (!isJson) {
            CallHeads.requireProtobuf(request, method.descriptor());
        }
        CallHeads.checkConnectVersion(head.header(CallHeads.CONNECT_VERSION), "1");
        Duration timeout = CallHeads.connectTimeout(head);
        boolean isGzip = CallHeads.isGzip(head, "connect-content-encoding");
        ReplyCoding coding =
                new ReplyCoding(head.elements("connect-accept-encoding").anyMatch(Gzip.NAME::equals), isGzip);
        JsonMethod<Req, Res> json = isJson ? heads.methods().json(method) : null;
        return stream(
                request,
                method,
                json == null ? method.descriptor() : json.written(true),
                json,
                new ConnectStreamFormat(request.type(), coding, heads.maxRequestBytes(), heads.maxMessageBytes()),
                new Envelopes(request.mode() == StreamingMode.SERVER, isGzip, heads.maxRequestBytes()),
                coding,
                timeout,
                "Connect-Timeout-Ms");
    }

    <Req, Res> HttpStreamCall events(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
        HttpHead head = request.head();
        if (CallHeads.isGzip(head, "content-encoding")) {
            throw HttpRefusal.unimplemented("content-encoding: gzip for a stream of events (expected: none)");
        }
        heads.checkLength(head);
        JsonMethod<Req, Res> json = heads.methods().json(method);
        StreamFormat format = head.accepts(EventFormats.EVENT_STREAM)
                ? new EventFormats.Events(head.header("last-event-id"), heads.maxMessageBytes())
                : new EventFormats.Lines(heads.maxMessageBytes());
        return stream(
                request,
                method,
                json.written(false),
                json,
                format,
                new RequestMessages.One(heads.maxRequestBytes(), head.announcedLength()),
                new ReplyCoding(false, false),
                CallHeads.connectTimeout(head),
                "Connect-Timeout-Ms");
    }

    /** The way of a browser's EventSource, which knows GET alone. */
    <Req, Res> HttpCall eventsByGet(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
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

    <Req, Res> HttpCall webSocketStream(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
        JsonMethod<Req, Res> json = heads.methods().json(method);
        HttpStreamCall call = stream(
                request,
                method,
                json.wrapped(),
                json,
                new WebSocketFormat(heads.maxMessageBytes()),
                new WebSocketRequests(request.mode() == StreamingMode.SERVER),
                new ReplyCoding(false, false),
                CallHeads.connectTimeout(request.head()),
                "Connect-Timeout-Ms");
        call.headSent();
        return call;
    }

    <Req, Res> HttpStreamCall stream(
            RoutedRequest request,
            BoundMethod<Req, Res> method,
            MethodDescriptor<Req, Res> written,
            @Nullable JsonMethod<Req, Res> json,
            StreamFormat format,
            RequestMessages messages,
            ReplyCoding coding,
            @Nullable Duration timeout,
            String timeoutHeader) {
        ServerCallContext context = heads.context(request, method.descriptor(), format.protocol(), timeout);
        context.compressedBy(coding::choose);
        HttpStreamCall call = new HttpStreamCall(
                request.responder(),
                context,
                format,
                messages,
                json,
                heads.options().heartbeat());
        call.carry(heads.runtime()
                .start(request.responder().host(), call, method, written, context, heads.opening(context)));
        call.startDeadline(timeout, null, timeoutHeader);
        return call;
    }
}
