package io.streamx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * One detail of a gRPC status: a Protobuf message of any type, in its encoded form. Immutable.
 *
 * <p>The artifact {@code streamx-protobuf} makes details of messages and messages of details.
 */
public final class StatusDetail {
    private final String typeUrl;
    private final byte[] value;

    /**
     * A detail.
     *
     * @param typeUrl the message's type, usually {@code type.googleapis.com/} and its full name
     * @param value the encoded message; copied
     */
    public StatusDetail(String typeUrl, byte[] value) {
        this.typeUrl = Objects.requireNonNull(typeUrl, "typeUrl");
        this.value = value.clone();
    }

    /** The message's type. */
    public String typeUrl() {
        return typeUrl;
    }

    /** The name of the message's type: what follows the last slash of the URL. */
    public String typeName() {
        return typeUrl.substring(typeUrl.lastIndexOf('/') + 1);
    }

    /** The encoded message, read-only. */
    public ByteBuffer value() {
        return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    /** Bytes of the encoded message. */
    public int size() {
        return value.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StatusDetail that && typeUrl.equals(that.typeUrl) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * typeUrl.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return typeUrl + " (" + value.length + " bytes)";
    }
}
