package io.streamx.thrift;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes that never change, equal by content: the Java type of {@code binary}. Ordered as unsigned bytes, so that it
 * serves as a key as well.
 */
public final class Binary implements Comparable<Binary> {
    /** No bytes. */
    public static final Binary EMPTY = new Binary(new byte[0]);

    private static final int SHOWN_BYTES = 16;

    private final byte[] bytes;

    private Binary(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. */
    public static Binary of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Binary(bytes.clone());
    }

    /** A copy of the bytes between position and limit, which stay where they are. */
    public static Binary of(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return owning(copy);
    }

    /** The UTF-8 bytes of {@code text}. */
    public static Binary ofUtf8(String text) {
        return owning(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes ownership: the caller must not touch {@code bytes} again. */
    static Binary owning(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Binary(bytes);
    }

    /** The array itself, for writing it out. */
    byte[] shared() {
        return bytes;
    }

    /** How many bytes. */
    public int length() {
        return bytes.length;
    }

    /** The byte at {@code index}. */
    public byte at(int index) {
        return bytes[index];
    }

    /** A copy that the caller may change. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** The bytes without a copy; a new buffer each time, with position and limit of its own. */
    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** The bytes read as UTF-8, malformed ones replaced. */
    public String toUtf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Binary other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Binary that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The length and the first bytes in hex, such as {@code Binary[3 bytes: 0a0b0c]}. */
    @Override
    public String toString() {
        if (bytes.length == 0) {
            return "Binary[empty]";
        }
        String shown = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES));
        return "Binary[" + bytes.length + (bytes.length == 1 ? " byte: " : " bytes: ") + shown
                + (bytes.length > SHOWN_BYTES ? "...]" : "]");
    }
}
