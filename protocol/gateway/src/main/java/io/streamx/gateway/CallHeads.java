package io.streamx.gateway;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.grpc.protocol.GrpcMetainfo;
import io.streamx.grpc.protocol.GrpcTimeout;
import io.streamx.grpc.protocol.MetadataHeaders;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the calls of all styles read of the head of their request, and their contexts. On the event loop. */
final class CallHeads {
    /** What listeners are told of calls of this style, and of those that ask for a method that no service has. */
    static final String HTTP = "http";

    static final String CONNECT = "connect";
    static final String GRPC_WEB = "grpc_web";

    static final String CONNECT_TIMEOUT = "connect-timeout-ms";
    static final String CONNECT_VERSION = "connect-protocol-version";
    static final String GRPC_TIMEOUT = "grpc-timeout";
    /** Connect allows ten digits, which are 115 days. */
    private static final int MAX_TIMEOUT_DIGITS = 10;

    private final ServerRuntime runtime;
    private final GatewayOptions options;
    private final GatewayMethods methods;

    CallHeads(ServerRuntime runtime, GatewayOptions options, GatewayMethods methods) {
        this.runtime = runtime;
        this.options = options;
        this.methods = methods;
    }

    ServerRuntime runtime() {
        return runtime;
    }

    GatewayOptions options() {
        return options;
    }

    GatewayMethods methods() {
        return methods;
    }

    int maxMessageBytes() {
        return runtime.limits().maxMessageBytes();
    }

    int maxRequestBytes() {
        return options.maxRequestBytes(maxMessageBytes());
    }

    static HttpRefusal wrongType(RoutedRequest request, MethodDescriptor<?, ?> method, String expected) {
        return HttpRefusal.wrongType(
                "Content-Type " + HttpHead.shown(request.type()) + " for " + method + " (expected: " + expected + ")");
    }

    static void requireProtobuf(RoutedRequest request, MethodDescriptor<?, ?> method) throws HttpRefusal {
        if (method.format() != PayloadFormat.PROTOBUF) {
            throw wrongType(request, method, "application/json, since its messages are Thrift");
        }
    }

    /** The context of a call, whose {@link io.streamx.CallInfo#protocol} is {@code protocol}. */
    ServerCallContext context(
            RoutedRequest request, MethodDescriptor<?, ?> method, String protocol, @Nullable Duration timeout) {
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
        context.cameThrough(protocol);
        context.metadataIn(() -> MetadataHeaders.ofRequest(headers));
        return context;
    }

    OpeningEntries opening(ServerCallContext context) {
        return runtime.wantsOpeningEntries() ? new OpeningEntries(Map.of(), context.metadata()) : OpeningEntries.NONE;
    }

    static @Nullable Duration connectTimeout(HttpHead head) throws HttpRefusal {
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

    static @Nullable Duration grpcTimeout(HttpHead head) throws HttpRefusal {
        String value = head.header(GRPC_TIMEOUT);
        try {
            return value == null ? null : GrpcTimeout.parse(value);
        } catch (IllegalArgumentException e) {
            throw HttpRefusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    static boolean isGzip(HttpHead head, String header) throws HttpRefusal {
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

    void checkLength(HttpHead head) throws HttpRefusal {
        if (head.contentLength() > maxRequestBytes()) {
            throw HttpRefusal.bodyTooLarge(head.contentLength(), maxRequestBytes());
        }
    }

    static void checkConnectVersion(@Nullable String version, String expected) throws HttpRefusal {
        if (version != null && !version.equals(expected)) {
            throw HttpRefusal.badRequest(
                    "the version of Connect: " + HttpHead.shown(version) + " (expected: " + expected + ")");
        }
    }

    <Req, Res> @Nullable JsonMethod<Req, Res> grpcWebJson(RoutedRequest request, BoundMethod<Req, Res> method)
            throws HttpRefusal {
        if (GrpcWeb.isJson(request.type())) {
            return methods.json(method);
        }
        requireProtobuf(request, method.descriptor());
        return null;
    }

    static ReplyCoding grpcCoding(HttpHead head, boolean isGzip) {
        return new ReplyCoding(head.elements("grpc-accept-encoding").anyMatch(Gzip.NAME::equals), isGzip);
    }
}
