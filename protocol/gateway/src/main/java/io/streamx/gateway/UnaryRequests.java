package io.streamx.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.ServerCallContext;
import java.time.Duration;
import java.util.Objects;

/** Begins unary calls: with JSON, as Connect has them, and as gRPC-Web has them. On the event loop. */
final class UnaryRequests {
    private final CallHeads heads;

    UnaryRequests(CallHeads heads) {
        this.heads = heads;
    }

    <Req, Res> HttpCall unary(RoutedRequest request, BoundMethod<Req, Res> method, boolean isJson) throws HttpRefusal {
        if (!isJson) {
            CallHeads.requireProtobuf(request, method.descriptor());
        }
        HttpHead head = request.head();
        CallHeads.checkConnectVersion(head.header(CallHeads.CONNECT_VERSION), "1");
        boolean isGzip = CallHeads.isGzip(head, "content-encoding");
        heads.checkLength(head);
        HttpUnaryCall<Req, Res> call =
                unary(request, method, isJson, isGzip, head.headers().contains(CallHeads.CONNECT_VERSION));
        return call;
    }

    <Req, Res> HttpUnaryCall<Req, Res> unary(
            RoutedRequest request, BoundMethod<Req, Res> method, boolean isJson, boolean isGzip, boolean isConnect)
            throws HttpRefusal {
        HttpHead head = request.head();
        Duration timeout = CallHeads.connectTimeout(head);
        JsonMethod<Req, Res> json = isJson ? heads.methods().json(method) : null;
        ServerCallContext context =
                heads.context(request, method.descriptor(), isConnect ? CallHeads.CONNECT : CallHeads.HTTP, timeout);
        ReplyCoding coding =
                new ReplyCoding(head.elements(HttpHeaderNames.ACCEPT_ENCODING).anyMatch(Gzip.NAME::equals), isGzip);
        context.compressedBy(coding::choose);
        if (isGzip) {
            context.requestCameCompressed();
        }
        HttpUnaryCall<Req, Res> call = new HttpUnaryCall<>(
                request.responder(),
                heads.runtime(),
                method,
                context,
                new BodyStyle<>(method.descriptor(), json, isConnect, isGzip, coding, heads.maxRequestBytes()),
                new RequestBody(heads.maxRequestBytes(), head.announcedLength()),
                heads.opening(context));
        call.startDeadline(timeout, heads.runtime().unaryTimeout(), "Connect-Timeout-Ms");
        return call;
    }

    /** Unary calls by GET are those of Connect, for methods that say that they only read. */
    <Req, Res> HttpCall connectGet(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
        HttpHead head = request.head();
        if (!ReadOnlyMethods.contains(method.descriptor())) {
            throw HttpRefusal.wrongMethod("GET for " + method.descriptor()
                    + " (expected: POST; GET is for methods with idempotency_level = NO_SIDE_EFFECTS in their file)");
        }
        CallHeads.checkConnectVersion(head.parameter("connect"), "v1");
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

    <Req, Res> HttpCall grpcWebUnary(RoutedRequest request, BoundMethod<Req, Res> method) throws HttpRefusal {
        JsonMethod<Req, Res> json = heads.grpcWebJson(request, method);
        HttpHead head = request.head();
        Duration timeout = CallHeads.grpcTimeout(head);
        boolean isGzip = CallHeads.isGzip(head, "grpc-encoding");
        ServerCallContext context = heads.context(request, method.descriptor(), CallHeads.GRPC_WEB, timeout);
        ReplyCoding coding = CallHeads.grpcCoding(head, isGzip);
        context.compressedBy(coding::choose);
        HttpUnaryCall<Req, Res> call = new HttpUnaryCall<>(
                request.responder(),
                heads.runtime(),
                method,
                context,
                new GrpcWeb.Style<>(
                        method.descriptor(),
                        json,
                        request.type(),
                        isGzip,
                        coding,
                        heads.maxRequestBytes(),
                        heads.maxMessageBytes()),
                new RequestBody(heads.maxRequestBytes() + Envelopes.PREFIX_BYTES, head.announcedLength()),
                heads.opening(context));
        call.startDeadline(timeout, heads.runtime().unaryTimeout(), CallHeads.GRPC_TIMEOUT);
        return call;
    }
}
