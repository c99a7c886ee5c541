package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of one request in one pass. Source: docs/protocol/grpc.md "2. Request headers", "3. Path" and
 * "6. Metadata".
 */
final class RequestHeadReader {
    private static final String METHOD_NOT_ALLOWED = "405";
    private static final String UNSUPPORTED_MEDIA_TYPE = "415";

    private final KnownPaths paths;
    private final GrpcMetainfo.Reading metainfo = new GrpcMetainfo.Reading();
    private @Nullable CharSequence method;
    private @Nullable CharSequence scheme;
    private @Nullable CharSequence path;
    private @Nullable CharSequence authority;
    private @Nullable CharSequence contentType;
    private @Nullable CharSequence timeout;
    private @Nullable CharSequence encoding;
    private List<String> acceptEncodings = List.of();
    private String source = "";

    RequestHeadReader(KnownPaths paths) {
        this.paths = paths;
    }

    RequestHead read(Http2Headers headers) throws MalformedRequestException {
        for (Map.Entry<CharSequence, CharSequence> header : headers) {
            take(header.getKey().toString(), header.getValue());
        }
        CharSequence called = require(":method", method);
        require(":scheme", scheme);
        ContentType type = contentType(require(":path", path));
        checkMethod(called, type);
        Duration allowed = timeout(type);
        GrpcPath names = path(type);
        GrpcMetainfo carried = metainfo.metainfo();
        return new RequestHead(
                names.service(),
                names.method(),
                names.grpcPackage(),
                type,
                allowed,
                carried.persistents(),
                carried.transients(),
                Metadata.EMPTY,
                encoding == null ? RequestHead.IDENTITY : HeaderText.text(encoding),
                acceptEncodings,
                source);
    }

    private void take(String name, CharSequence value) throws MalformedRequestException {
        switch (name) {
            case ":method" -> method = once(name, method, value);
            case ":scheme" -> scheme = once(name, scheme, value);
            case ":path" -> path = once(name, path, value);
            case ":authority" -> authority = once(name, authority, value);
            case "content-type" -> contentType = contentType == null ? value : contentType;
            case "grpc-timeout" -> timeout = timeout == null ? value : timeout;
            case "grpc-encoding" -> encoding = encoding == null ? value : encoding;
            case "grpc-accept-encoding" -> acceptEncodings = plus(acceptEncodings, value);
            default -> {
                if (!HeaderNames.isReserved(name)) {
                    metainfo.take(name, value);
                    if (name.contentEquals(HeaderNames.SOURCE) && source.isEmpty()) {
                        source = HeaderText.text(value);
                    }
                }
            }
        }
    }

    private static CharSequence once(String name, @Nullable CharSequence before, CharSequence value)
            throws MalformedRequestException {
        if (before != null) {
            throw malformed("two of " + name + ": '" + HeaderText.shown(before) + "' and '" + HeaderText.shown(value)
                    + "' (expected: one)");
        }
        return value;
    }

    private static CharSequence require(String name, @Nullable CharSequence value) throws MalformedRequestException {
        if (value == null || value.isEmpty()) {
            throw malformed("no " + name + " (expected: one that is not empty)");
        }
        return value;
    }

    /** The error for a request that HTTP/2 itself calls malformed (RFC 9113 section 8.1.1). */
    private static MalformedRequestException malformed(String message) {
        return MalformedRequestException.reset(Http2Error.PROTOCOL_ERROR.code(), message);
    }

    private ContentType contentType(CharSequence requestPath) throws MalformedRequestException {
        ContentType type = ContentType.parse(contentType);
        if (type == null) {
            String message = "content-type of " + HeaderText.shown(requestPath) + ": "
                    + (contentType == null ? "none" : "'" + HeaderText.shown(contentType) + "'")
                    + " (expected: application/grpc, alone or with + or ; behind it)";
            // For gRPC's clients the status counts, for all others the number of HTTP.
            Http2Headers response = Trailers.only(
                    new ContentType(""),
                    Metadata.EMPTY,
                    HandlerStatus.of(StatusCode.INTERNAL, message),
                    HeaderListLimits.NONE);
            throw MalformedRequestException.answered(response.status(UNSUPPORTED_MEDIA_TYPE), message);
        }
        return type;
    }

    /** Checks that the method is POST, with which calls are made. Source: gRPC over HTTP/2, Requests. */
    private static void checkMethod(CharSequence method, ContentType type) throws MalformedRequestException {
        if (!RequestHead.POST.contentEquals(method)) {
            String message = ":method '" + HeaderText.shown(method) + "' (expected: POST)";
            Http2Headers response = Trailers.only(
                    type, Metadata.EMPTY, HandlerStatus.of(StatusCode.INTERNAL, message), HeaderListLimits.NONE);
            throw MalformedRequestException.answered(response.status(METHOD_NOT_ALLOWED), message);
        }
    }

    private @Nullable Duration timeout(ContentType type) throws MalformedRequestException {
        if (timeout == null) {
            return null;
        }
        try {
            return GrpcTimeout.parse(timeout);
        } catch (IllegalArgumentException e) {
            throw answered(type, String.valueOf(e.getMessage()));
        }
    }

    private GrpcPath path(ContentType type) throws MalformedRequestException {
        try {
            return paths.parse(require(":path", path));
        } catch (IllegalArgumentException e) {
            throw answered(type, String.valueOf(e.getMessage()));
        }
    }

    private static MalformedRequestException answered(ContentType type, String message) {
        return MalformedRequestException.answered(
                Trailers.only(
                        type, Metadata.EMPTY, HandlerStatus.of(StatusCode.INTERNAL, message), HeaderListLimits.NONE),
                message);
    }

    private static List<String> plus(List<String> names, CharSequence value) {
        List<String> more = new ArrayList<>(names);
        String text = HeaderText.text(value);
        for (int from = 0; from <= text.length(); ) {
            int comma = text.indexOf(',', from);
            int to = comma < 0 ? text.length() : comma;
            String name = text.substring(from, to).strip();
            if (!name.isEmpty()) {
                more.add(name);
            }
            from = to + 1;
        }
        return more;
    }
}
