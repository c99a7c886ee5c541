package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.streamx.Metadata;
import io.streamx.net.Inflating;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.ServerCallContext;
import org.jspecify.annotations.Nullable;

/**
 * A unary call whose messages are the bodies: plain JSON, and the unary calls of Connect. Source: connectrpc.com/docs/protocol
 * "Unary RPCs".
 */
final class BodyStyle<Req, Res> implements UnaryStyle<Req, Res> {
    static final String PROTO = "application/proto";
    /** What stands before the names of trailers, which a response with a length has no other place for. */
    static final String TRAILER = "trailer-";

    private static final int WORTH_COMPRESSING = 1024;
    private static final int FIRST_BYTES = 256;
    private static final int ACCEPTED = 202;

    private final MethodDescriptor<Req, Res> method;
    private final @Nullable JsonMethod<Req, Res> json;
    private final boolean isLenient;
    private final boolean isRequestGzip;
    private final ReplyCoding coding;
    private final int maxRequestBytes;

    /**
     * A style for one call.
     *
     * @param json how messages look in JSON; null where the bodies are Protobuf
     * @param isLenient whether JSON may have members that the message does not have
     */
    BodyStyle(
            MethodDescriptor<Req, Res> method,
            @Nullable JsonMethod<Req, Res> json,
            boolean isLenient,
            boolean isRequestGzip,
            ReplyCoding coding,
            int maxRequestBytes) {
        this.method = method;
        this.json = json;
        this.isLenient = isLenient;
        this.isRequestGzip = isRequestGzip;
        this.coding = coding;
        this.maxRequestBytes = maxRequestBytes;
    }

    @Override
    public Req decode(ByteBuf body) {
        // An empty body is no gzip, and is what some clients send for an empty message all the same.
        if (!isRequestGzip || !body.isReadable()) {
            return read(body);
        }
        try (Inflating.Room room = Inflating.shared().enter(body.readableBytes(), maxRequestBytes)) {
            InboundMessage inflated = Gzip.decompress(body, maxRequestBytes);
            try {
                return read(inflated);
            } finally {
                inflated.release();
            }
        }
    }

    private Req read(ByteBuf body) {
        return json == null ? method.requestCodec().decode(body) : json.read(body, isLenient);
    }

    @Override
    public HttpReply success(@Nullable Res result, Metadata header, Metadata trailer) {
        HttpHeaders headers = HttpReply.headers(json == null ? PROTO : HttpReply.JSON);
        HttpEntries.addTo(headers, "", header);
        HttpEntries.addTo(headers, TRAILER, trailer);
        ByteBuf body = Unpooled.buffer(FIRST_BYTES);
        try {
            if (json == null) {
                method.resultCodec().encodeResult(result, body);
            } else {
                json.writeResult(result, body);
            }
        } catch (Throwable e) {
            body.release();
            throw e;
        }
        if (coding.isGzip(body.readableBytes(), WORTH_COMPRESSING)) {
            body = Gzip.compress(body);
            headers.set(HttpHeaderNames.CONTENT_ENCODING, Gzip.NAME);
        }
        return new HttpReply(method.isOneway() ? ACCEPTED : 200, headers, body);
    }

    @Override
    public CallError error(Throwable failure, boolean fromHandler, ServerCallContext context) {
        return CallError.of(failure, fromHandler, context, json);
    }

    @Override
    public HttpReply failure(CallError error, Metadata header, Metadata trailer) {
        HttpReply reply = HttpReply.of(error);
        HttpEntries.addTo(reply.headers(), "", header);
        HttpEntries.addTo(reply.headers(), TRAILER, trailer);
        return reply;
    }
}
