package io.streamx.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the forms that came before PKCS#8, wrapped as PKCS#8, which is all that the JDK reads: PKCS#1 ({@code RSA PRIVATE
 * KEY}) and SEC1 ({@code EC PRIVATE KEY}). Go and older OpenSSL write these. The key's own bytes stay as they are.
 *
 * <p>Source: RFC 5958 section 2 (PKCS#8), RFC 8017 appendix A.1.2 (PKCS#1), RFC 5915 section 3 (SEC1).
 */
final class PrivateKeyForms {
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    /** The tag of the element that names the curve in a SEC1 key. */
    private static final int CURVE = 0xA0;

    private static final int LONG_LENGTH = 0x80;
    private static final int MAX_LENGTH_BYTES = 4;
    private static final int BYTE_BITS = 8;
    private static final int BYTE_MASK = 0xFF;

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** rsaEncryption, 1.2.840.113549.1.1.1, and NULL as its parameters. */
    private static final byte[] RSA = {
        0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** ecPublicKey, 1.2.840.10045.2.1. */
    private static final byte[] EC = {0x06, 0x07, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 0x02, 0x01};

    private PrivateKeyForms() {}

    /** A PKCS#1 key as PKCS#8. */
    static byte[] ofPkcs1(byte[] key) {
        return pkcs8(RSA, key);
    }

    /**
     * A SEC1 key as PKCS#8.
     *
     * @param curve the object identifier of the curve, encoded, for a key that does not name it; null for none
     * @throws IllegalArgumentException when the key is none, or names no curve and neither does {@code curve}
     */
    static byte[] ofSec1(byte[] key, byte @Nullable [] curve) {
        byte[] named = curveOf(key);
        byte[] used = named != null ? named : curve;
        if (used == null) {
            throw new IllegalArgumentException("it names no curve");
        }
        return pkcs8(join(EC, used), key);
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, join(VERSION_0, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
    }

    /** What stands in the element of the curve; null when there is none. */
    private static byte @Nullable [] curveOf(byte[] key) {
        Cursor outer = new Cursor(key, 0, key.length);
        outer.enter();
        if (outer.tag != SEQUENCE) {
            throw new IllegalArgumentException("it does not begin with a DER sequence");
        }
        Cursor inner = new Cursor(key, outer.begin, outer.end);
        while (inner.hasMore()) {
            inner.enter();
            if (inner.tag == CURVE) {
                return Arrays.copyOfRange(key, inner.begin, inner.end);
            }
            inner.skip();
        }
        return null;
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 2 + MAX_LENGTH_BYTES);
        out.write(tag);
        int length = content.length;
        if (length < LONG_LENGTH) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + BYTE_BITS - 1) / BYTE_BITS;
            out.write(LONG_LENGTH | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> (i * BYTE_BITS));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Goes over DER elements that follow one another, without looking into them. */
    private static final class Cursor {
        private final byte[] bytes;
        private final int limit;
        private int position;
        /** Of the element entered last: its tag, and from where to where its content goes. */
        private int tag;

        private int begin;
        private int end;

        Cursor(byte[] bytes, int from, int limit) {
            this.bytes = bytes;
            this.position = from;
            this.limit = limit;
        }

        boolean hasMore() {
            return position < limit;
        }

        void enter() {
            tag = next();
            int length = next();
            if (length >= LONG_LENGTH) {
                int lengthBytes = length - LONG_LENGTH;
                if (lengthBytes == 0 || lengthBytes > MAX_LENGTH_BYTES) {
                    throw cutOff();
                }
                length = 0;
                for (int i = 0; i < lengthBytes; i++) {
                    length = (length << BYTE_BITS) | next();
                }
            }
            if (length < 0 || length > limit - position) {
                throw cutOff();
            }
            begin = position;
            end = position + length;
        }

        void skip() {
            position = end;
        }

        private int next() {
            if (position == limit) {
                throw cutOff();
            }
            return bytes[position++] & BYTE_MASK;
        }

        private static IllegalArgumentException cutOff() {
            return new IllegalArgumentException("it is cut off");
        }
    }
}
