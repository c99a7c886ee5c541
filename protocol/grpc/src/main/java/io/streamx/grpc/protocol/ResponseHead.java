package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.service.PayloadFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a response say.
 *
 * <p>Source: docs/protocol/grpc.md "5. Responses".
 *
 * @param contentType what the messages are
 * @param encoding what compressed messages are compressed with; {@code identity} for no compression
 * @param metadata what the handler gave
 */
public record ResponseHead(ContentType contentType, String encoding, Metadata metadata) {
    /** So many headers has a head of a status and a content type. */
    private static final int BARE_HEADERS = 2;

    private static final AsciiString OK = AsciiString.cached("200");

    /**
     * The head that most responses have. It may be shared, since nobody changes headers that were given to the encoder.
     */
    private static final Http2Headers BARE_PROTOBUF = bare(ContentType.of(PayloadFormat.PROTOBUF));

    private static final Http2Headers BARE_THRIFT = bare(ContentType.of(PayloadFormat.THRIFT));

    private static Http2Headers bare(ContentType contentType) {
        return ReadOnlyHttp2Headers.serverHeaders(
                false, OK, HeaderNames.CONTENT_TYPE, AsciiString.of(contentType.value()));
    }

    /** Whether these are headers of an interim answer (1xx), which another head follows. */
    public static boolean isInformational(Http2Headers headers) {
        CharSequence status = headers.status();
        return status != null && status.length() == 3 && status.charAt(0) == '1';
    }

    /**
     * Reads the head of a response, which may be its trailers as well.
     *
     * @throws StatusException when this is no answer of a gRPC server; its code comes from the HTTP status
     */
    public static ResponseHead parse(Http2Headers headers) {
        CharSequence type = headers.get(HeaderNames.CONTENT_TYPE);
        ContentType contentType = ContentType.parse(type);
        if (contentType == null) {
            throw notGrpc(headers.status(), type);
        }
        CharSequence encoding = headers.get(HeaderNames.ENCODING);
        if (encoding == null && headers.size() == BARE_HEADERS && headers.status() != null) {
            return new ResponseHead(contentType, RequestHead.IDENTITY, Metadata.EMPTY);
        }
        return new ResponseHead(
                contentType,
                encoding == null ? RequestHead.IDENTITY : HeaderText.text(encoding),
                MetadataHeaders.of(headers));
    }

    private static StatusException notGrpc(@Nullable CharSequence status, @Nullable CharSequence type) {
        int code = status == null
                ? StatusCode.INTERNAL
                : switch (status.toString()) {
                    case "400" -> StatusCode.INTERNAL;
                    case "401" -> StatusCode.UNAUTHENTICATED;
                    case "403" -> StatusCode.PERMISSION_DENIED;
                    case "404" -> StatusCode.UNIMPLEMENTED;
                    case "429", "502", "503", "504" -> StatusCode.UNAVAILABLE;
                    default -> StatusCode.UNKNOWN;
                };
        return StatusException.outcome(
                code,
                "answer of no gRPC server: HTTP status "
                        + (status == null ? "missing" : "'" + HeaderText.shown(status) + "'") + ", content-type "
                        + (type == null ? "missing" : "'" + HeaderText.shown(type) + "'")
                        + " (expected: application/grpc)",
                List.of(),
                null);
    }

    /**
     * The head to send, not to be changed.
     *
     * @param contentType that of the request
     * @param entries what the handler gave
     * @param encoding {@code identity} for no compression
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static Http2Headers headers(ContentType contentType, String encoding, Metadata entries) {
        if (entries.isEmpty() && encoding.equals(RequestHead.IDENTITY)) {
            if (contentType.equals(ContentType.of(PayloadFormat.PROTOBUF))) {
                return BARE_PROTOBUF;
            }
            if (contentType.equals(ContentType.of(PayloadFormat.THRIFT))) {
                return BARE_THRIFT;
            }
        }
        Http2Headers headers = head(contentType);
        if (!encoding.equals(RequestHead.IDENTITY)) {
            headers.add(HeaderNames.ENCODING, encoding);
        }
        MetadataHeaders.addTo(headers, entries, contentType.format());
        return headers;
    }

    static Http2Headers head(ContentType contentType) {
        return new DefaultHttp2Headers(false)
                .status(OK)
                .add(HeaderNames.CONTENT_TYPE, HeaderText.value(contentType.value()));
    }
}
