package io.streamx.grpc.protocol;

import io.streamx.service.PayloadFormat;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC content type.
 *
 * @param subtype what follows {@code application/grpc} and a {@code +} or {@code ;}; empty for none
 */
public record ContentType(String subtype) {
    private static final String GRPC = "application/grpc";
    private static final String THRIFT_SUBTYPE = "thrift";
    private static final ContentType PLAIN = new ContentType("");
    private static final ContentType THRIFT = new ContentType(THRIFT_SUBTYPE);

    /** What clients send for a payload format. */
    public static ContentType of(PayloadFormat format) {
        return format == PayloadFormat.THRIFT ? THRIFT : PLAIN;
    }

    /**
     * Reads a content type; null when it is missing or not gRPC's. Case counts, as with Kitex.
     *
     * <p>Source: docs/protocol/grpc.md "2. Request headers".
     */
    public static @Nullable ContentType parse(@Nullable CharSequence value) {
        if (value == null) {
            return null;
        }
        String text = value.toString();
        if (!text.startsWith(GRPC)) {
            return null;
        }
        if (text.length() == GRPC.length()) {
            return PLAIN;
        }
        char separator = text.charAt(GRPC.length());
        if (separator != '+' && separator != ';') {
            return null;
        }
        return text.length() == GRPC.length() + 1 + THRIFT_SUBTYPE.length() && text.endsWith(THRIFT_SUBTYPE)
                ? THRIFT
                : new ContentType(text.substring(GRPC.length() + 1));
    }

    /** What a message of this type is written in: Thrift for {@code thrift}, Protobuf for everything else. */
    public PayloadFormat format() {
        return subtype.equals(THRIFT_SUBTYPE) ? PayloadFormat.THRIFT : PayloadFormat.PROTOBUF;
    }

    /** The value of the header, in which the separator is always a {@code +}. */
    public String value() {
        return subtype.isEmpty() ? GRPC : GRPC + '+' + subtype;
    }
}
