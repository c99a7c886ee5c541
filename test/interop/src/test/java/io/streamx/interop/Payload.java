package io.streamx.interop;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Messages whose content both ends can compute: the same in every peer, another one at every index. */
final class Payload {
    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".getBytes(StandardCharsets.ISO_8859_1);

    private Payload() {}

    /** The message at an index of a stream of messages of one size. It has no period, so that swapped pieces show. */
    static String pattern(int index, int sizeBytes) {
        byte[] text = new byte[sizeBytes];
        int x = index;
        for (int i = 0; i < sizeBytes; i++) {
            x = x * 1664525 + 1013904223;
            text[i] = ALPHABET[x >>> 26];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** The digest of a stream of patterns. */
    static String patternDigest(int count, int sizeBytes) {
        Digest digest = new Digest();
        for (int i = 0; i < count; i++) {
            digest.add(pattern(i, sizeBytes));
        }
        return digest.toString();
    }

    /** Sums up messages received: how many, how many bytes, CRC-32 over their bytes in order. One thread at a time. */
    static final class Digest {
        private final CRC32 crc = new CRC32();
        private int count;
        private long bytes;

        void add(String text) {
            byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
            crc.update(encoded);
            bytes += encoded.length;
            count++;
        }

        @Override
        public String toString() {
            return String.format("count=%d bytes=%d crc=%08x", count, bytes, crc.getValue());
        }
    }
}
