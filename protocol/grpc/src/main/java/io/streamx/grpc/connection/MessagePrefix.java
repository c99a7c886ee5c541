package io.streamx.grpc.connection;

import io.streamx.wire.OutboundMessage;

/** The five bytes in front of each message: a flag and the length. Source: docs/protocol/grpc.md "4. Messages". */
final class MessagePrefix {
    static final int BYTES = 5;
    static final int COMPRESSED = 1;
    private static final int LENGTH_OFFSET = 1;

    private MessagePrefix() {}

    /** Appends a prefix whose length is left open. */
    static void begin(OutboundMessage empty) {
        empty.writeZero(BYTES);
    }

    /**
     * Sets the length of a message whose payload is complete.
     *
     * @throws IllegalArgumentException when the payload is larger than allowed
     */
    static void complete(OutboundMessage message, int maxMessageBytes, String method) {
        int payload = message.readableBytes() - BYTES;
        if (payload > maxMessageBytes) {
            throw new IllegalArgumentException("message of " + method + ": " + payload + " bytes (expected: at most "
                    + maxMessageBytes + ", the setting maxMessageBytes)");
        }
        message.setInt(LENGTH_OFFSET, payload);
    }

    /** Sets flag and length of a message whose payload has been compressed. */
    static void completeCompressed(OutboundMessage message) {
        message.setByte(0, COMPRESSED);
        message.setInt(LENGTH_OFFSET, message.readableBytes() - BYTES);
    }
}
