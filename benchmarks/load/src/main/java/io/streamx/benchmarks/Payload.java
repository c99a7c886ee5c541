package io.streamx.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The bytes of the messages. An ordinary message is {@link #length} bytes. The request of a one-way stream begins with
 * the nanoseconds to send for; its last message is {@link #END_LENGTH} bytes, the number of messages before it.
 */
final class Payload {
    static final int END_LENGTH = 8;
    /** One-way senders look at the clock after about so many bytes. */
    private static final int CLOCK_BYTES = 32 * 1024;

    private static int length = Workload.DEFAULT_BYTES;

    private Payload() {}

    /** Of an ordinary message. */
    static int length() {
        return length;
    }

    /** Before anything else. */
    static void setLength(int bytes) {
        length = bytes;
    }

    /** One-way senders look at the clock once in so many messages. */
    static int clockInterval() {
        return Math.max(1, CLOCK_BYTES / length);
    }

    static byte[] ordinary() {
        byte[] bytes = new byte[length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    static byte[] request(Duration sending) {
        byte[] bytes = ordinary();
        ByteBuffer.wrap(bytes).putLong(sending.toNanos());
        return bytes;
    }

    static byte[] end(long sent) {
        return ByteBuffer.allocate(END_LENGTH).putLong(sent).array();
    }

    /** The number that a request or a last message begins with. */
    static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getLong();
    }

    static void checkLength(int actual) {
        if (actual != length) {
            throw new IllegalStateException("message of " + actual + " bytes (expected: " + length + ")");
        }
    }

    static void checkCount(long sent, long received) {
        if (sent != received) {
            throw new IllegalStateException("received " + received + " messages (expected: " + sent + ")");
        }
    }
}
