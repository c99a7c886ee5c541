package io.streamx.grpc.protocol;

/** Percent encoding of {@code grpc-message}. Source: spec grpc section 5. */
public final class StatusMessage {
    private StatusMessage() {}

    /** The header's value: printable ASCII but {@code %} as it is, every other byte of its UTF-8 as {@code %XX}. */
    public static CharSequence encode(String message) {
        return Unfinished.body(message);
    }

    /** What a value says. A {@code %} that two hexadecimal digits do not follow stands for itself. Never throws. */
    public static String decode(CharSequence value) {
        return Unfinished.body(value.toString());
    }
}
