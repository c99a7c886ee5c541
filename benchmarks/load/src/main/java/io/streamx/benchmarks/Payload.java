package io.streamx.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The bytes of the messages. An ordinary message is {@link #LENGTH} bytes. The request of a one-way stream begins with
 * the nanoseconds to send for; its last message is {@link #END_LENGTH} bytes, the number of messages before it.
 */
final class Payload {
    static final int LENGTH = 100;
    static final int END_LENGTH = 8;
    /** One-way senders look at the clock once in so many messages. */
    static final int CLOCK_INTERVAL = 256;

    private Payload() {}

    static byte[] ordinary() {
        byte[] bytes = new byte[LENGTH];
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

    static void checkLength(int length) {
        if (length != LENGTH) {
            throw new IllegalStateException("message of " + length + " bytes (expected: " + LENGTH + ")");
        }
    }

    static void checkCount(long sent, long received) {
        if (sent != received) {
            throw new IllegalStateException("received " + received + " messages (expected: " + sent + ")");
        }
    }
}
