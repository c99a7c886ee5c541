package io.streamx;

import java.util.Locale;

/**
 * What a unary call travels on when the transport is not gRPC. Calls of Protobuf services are Kitex Protobuf then, and
 * are framed behind a TTHeader whichever carrier is chosen, as Kitex frames them. Source: docs/protocol/unary.md "1.
 * Carriers" and "8. Kitex Protobuf".
 */
public enum PingPong {
    /**
     * The length and then the strict Thrift message, which is the default of Kitex since 0.13. This carrier has no room
     * for metainfo and business errors.
     */
    FRAMED,
    /** The strict Thrift message alone. This carrier has no room for metainfo and business errors. */
    BUFFERED,
    /** A TTHeader in front of the message. */
    TTHEADER,
    /**
     * A TTHeader in front of length and message. This is the default, because all that a call promises travels on it.
     */
    TTHEADER_FRAMED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The name in lower case, which is made once because each observed call is labelled with it. */
    String word() {
        return word;
    }
}
