package io.streamx.grpc.protocol;

import io.netty.util.AsciiString;
import java.util.Set;

/**
 * The names of gRPC's own headers. Source: docs/protocol/grpc.md "2. Request headers", "5. Responses" and
 * "6. Metadata".
 */
final class HeaderNames {
    static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
    static final AsciiString TE = AsciiString.cached("te");
    static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    static final AsciiString STATUS = AsciiString.cached("grpc-status");
    static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    static final AsciiString DETAILS = AsciiString.cached("grpc-status-details-bin");
    static final AsciiString BIZ_STATUS = AsciiString.cached("biz-status");
    static final AsciiString BIZ_EXTRA = AsciiString.cached("biz-extra");
    /** Names the caller. Kitex sends this header when its HTTP/2 meta handler is installed. */
    static final AsciiString SOURCE = AsciiString.cached("source-service");

    /** The end of names whose values are bytes in base64. */
    static final String BINARY = "-bin";

    private static final Set<String> RESERVED = Set.of(
            "content-type",
            "user-agent",
            "te",
            "grpc-message-type",
            "grpc-encoding",
            "grpc-accept-encoding",
            "grpc-timeout",
            "grpc-status",
            "grpc-message",
            "grpc-status-details-bin",
            "biz-status",
            "biz-extra");

    /** The reserved headers that the handler of a request is shown, which say who calls whom with what. */
    private static final Set<String> ABOUT_REQUEST = Set.of(":authority", "user-agent", "content-type");

    /** Headers by which HTTP speaks to its own ends, for instance in an answer of grpc-go behind net/http. */
    private static final Set<String> OF_HTTP = Set.of("trailer", "content-length");

    /** Headers of HTTP/1 about its connections, which HTTP/2 forbids. */
    private static final Set<String> CONNECTION =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private HeaderNames() {}

    /** Whether a header belongs to the protocol and not to the user. */
    static boolean isReserved(String name) {
        return name.startsWith(":") || RESERVED.contains(name) || OF_HTTP.contains(name);
    }

    /** Whether a reserved header is one that the handler of a request is shown. */
    static boolean isAboutRequest(String name) {
        return ABOUT_REQUEST.contains(name);
    }

    static boolean isForbidden(String name) {
        return CONNECTION.contains(name);
    }
}
