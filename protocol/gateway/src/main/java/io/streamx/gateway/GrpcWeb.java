package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.grpc.protocol.HandlerStatus;
import io.streamx.grpc.protocol.HeaderListLimits;
import io.streamx.grpc.protocol.Trailers;
import io.streamx.net.Inflating;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ServerCallContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * gRPC-Web, binary and text: the envelopes of gRPC, and the trailers in an envelope of their own. Source: gRPC's PROTOCOL-WEB.md.
 */
final class GrpcWeb {
    static final String TYPES = "application/grpc-web";

    private static final String TEXT_TYPES = "application/grpc-web-text";
    private static final int TRAILERS = 0x80;

    private GrpcWeb() {}

    /** Whether the bodies of a type are in base64. */
    static boolean isText(String contentType) {
        return contentType.startsWith(TEXT_TYPES);
    }

    /**
     * Whether the messages of a type are JSON, and not Protobuf.
     *
     * @throws HttpRefusal when they are neither
     */
    static boolean isJson(String contentType) throws HttpRefusal {
        String base = isText(contentType) ? TEXT_TYPES : TYPES;
        return switch (contentType.substring(base.length())) {
            case "", "+proto" -> false;
            case "+json" -> true;
            default ->
                throw HttpRefusal.wrongType("Content-Type " + HttpHead.shown(contentType) + " (expected: " + base
                        + "+proto, or " + base + "+json)");
        };
    }

    /** What gRPC's trailers say of an error; null stands for success. */
    static HandlerStatus status(@Nullable CallError error) {
        if (error == null) {
            return HandlerStatus.OK;
        }
        int code = error.business() != null && error.business().status() == null ? StatusCode.INTERNAL : error.code();
        return new HandlerStatus(code, error.message(), error.details(), error.business());
    }

    private static ByteBuf trailers(Metadata entries, @Nullable CallError error) {
        Http2Headers trailers = Trailers.of(entries, status(error), HeaderListLimits.NONE);
        StringBuilder lines = new StringBuilder();
        trailers.forEach(header -> lines.append(header.getKey())
                .append(": ")
                .append(header.getValue())
                .append("\r\n"));
        return Envelopes.of(TRAILERS, Unpooled.copiedBuffer(lines, StandardCharsets.ISO_8859_1));
    }

    private static ByteBuf encoded(ByteBuf piece, boolean isText) {
        if (!isText) {
            return piece;
        }
        byte[] bytes = new byte[piece.readableBytes()];
        piece.readBytes(bytes);
        piece.release();
        return Unpooled.wrappedBuffer(Base64.getEncoder().encode(bytes));
    }

    /** The answer to a call that is not run. */
    static HttpReply refusal(String contentType, CallError error) {
        HttpHeaders headers = HttpReply.headers(contentType);
        return new HttpReply(200, headers, encoded(trailers(Metadata.EMPTY, error), isText(contentType)));
    }

    private static HttpHeaders headers(String contentType, ReplyCoding coding) {
        HttpHeaders headers = HttpReply.headers(contentType).set("grpc-accept-encoding", Gzip.NAME);
        if (coding.isGzip()) {
            headers.set("grpc-encoding", Gzip.NAME);
        }
        return headers;
    }

    /** The replies of a stream. */
    static final class Format extends EnvelopeFormat {
        Format(String contentType, ReplyCoding coding, int maxRequestBytes, int maxMessageBytes) {
            super(contentType, coding, maxRequestBytes, maxMessageBytes);
        }

        @Override
        public String protocol() {
            return CallHeads.GRPC_WEB;
        }

        @Override
        public HttpHeaders headers() {
            return GrpcWeb.headers(contentType(), coding());
        }

        @Override
        public ByteBuf body(ByteBuf pieces) {
            return encoded(pieces, isText(contentType()));
        }

        @Override
        public ByteBuf end(Metadata trailer, @Nullable CallError error) {
            return encoded(trailers(trailer, error), isText(contentType()));
        }
    }

    /** A unary call, whose body holds one envelope. */
    static final class Style<Req, Res> implements UnaryStyle<Req, Res> {
        private final MethodDescriptor<Req, Res> method;
        private final @Nullable JsonMethod<Req, Res> json;
        private final String contentType;
        private final boolean canDecompress;
        private final ReplyCoding coding;
        private final int maxRequestBytes;
        private final int maxMessageBytes;

        Style(
                MethodDescriptor<Req, Res> method,
                @Nullable JsonMethod<Req, Res> json,
                String contentType,
                boolean canDecompress,
                ReplyCoding coding,
                int maxRequestBytes,
                int maxMessageBytes) {
            this.method = method;
            this.json = json;
            this.contentType = contentType;
            this.canDecompress = canDecompress;
            this.coding = coding;
            this.maxRequestBytes = maxRequestBytes;
            this.maxMessageBytes = maxMessageBytes;
        }

        @Override
        public Req decode(ByteBuf body) {
            OneMessage one = new OneMessage();
            Envelopes envelopes = new Envelopes(true, canDecompress, maxRequestBytes);
            Base64Body text = isText(contentType) ? new Base64Body(envelopes) : null;
            RequestMessages messages = text == null ? envelopes : text;
            try {
                messages.add(body, one);
                messages.end(one);
            } catch (HttpRefusal e) {
                throw new BadJsonException(String.valueOf(e.getMessage()), null, e);
            }
            InboundMessage message = one.take();
            try {
                if (!message.isCompressed()) {
                    return read(message);
                }
                try (Inflating.Room room = Inflating.shared().enter(message.readableBytes(), maxRequestBytes)) {
                    return read(Gzip.decompress(message, maxRequestBytes));
                }
            } finally {
                message.release();
            }
        }

        private Req read(ByteBuf message) {
            return json == null ? method.requestCodec().decode(message) : json.read(message, true);
        }

        @Override
        public HttpReply success(@Nullable Res result, Metadata header, Metadata trailer) {
            HttpHeaders headers = GrpcWeb.headers(contentType, coding);
            HttpEntries.addTo(headers, "", header);
            OutboundMessage reply = new OutboundMessage(256);
            try {
                Envelopes.begin(reply);
                if (json == null) {
                    method.resultCodec().encodeResult(result, reply);
                } else {
                    json.writeResult(result, reply);
                }
                Envelopes.complete(reply, coding.isGzip(), maxMessageBytes);
                ByteBuf end = trailers(trailer, null);
                reply.writeBytes(end);
                end.release();
            } catch (RuntimeException | Error e) {
                reply.release();
                throw e;
            }
            return new HttpReply(200, headers, encoded(reply, isText(contentType)));
        }

        @Override
        public CallError error(Throwable failure, boolean fromHandler, ServerCallContext context) {
            return CallError.of(failure, fromHandler, context, json);
        }

        @Override
        public HttpReply failure(CallError error, Metadata header, Metadata trailer) {
            HttpHeaders headers = GrpcWeb.headers(contentType, coding);
            HttpEntries.addTo(headers, "", header);
            return new HttpReply(200, headers, encoded(trailers(trailer, error), isText(contentType)));
        }
    }
}
