package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;

/**
 * The variable header of the last Data frame, and what it says. The Data frames of one method have the very bytes of it,
 * whatever their stream, so that all that reading such a header would find is known. Positions are counted from the start
 * of the variable header.
 */
final class LastDataHeader {
    /**
     * How many words of a header are remembered: enough for the Data frames of a method with a name of ordinary length.
     */
    private static final int WORDS = 32;

    private final int[] words = new int[WORDS];

    private int bytes;
    private int protocolId;
    private int sectionsStart;
    private int frameTypeAt;
    private int methodAt;
    private int methodLength;

    /** Whether the {@code headerBytes} bytes at {@code from} are those of the header that is remembered. */
    boolean matches(ByteBuf buffer, int from, int headerBytes) {
        if (headerBytes != bytes) {
            return false;
        }
        for (int i = 0; i < headerBytes; i += 4) {
            if (buffer.getInt(from + i) != words[i >> 2]) {
                return false;
            }
        }
        return true;
    }

    /** Remembers a header and what it says, unless it is too long. {@code method} is negative where it names none. */
    void remember(
            ByteBuf buffer,
            int from,
            int headerBytes,
            int protocol,
            int sections,
            int frameType,
            int method,
            int length) {
        if (headerBytes > words.length * 4) {
            return;
        }
        for (int i = 0; i < headerBytes; i += 4) {
            words[i >> 2] = buffer.getInt(from + i);
        }
        bytes = headerBytes;
        protocolId = protocol;
        sectionsStart = sections;
        frameTypeAt = frameType;
        methodAt = method;
        methodLength = length;
    }

    /** The protocol id that the header names. */
    int protocolId() {
        return protocolId;
    }

    /** Where its sections begin. */
    int sectionsStart() {
        return sectionsStart;
    }

    /** Where the value of its frame type is. */
    int frameTypeAt() {
        return frameTypeAt;
    }

    /** Where the name of its method is; negative where it names none. */
    int methodAt() {
        return methodAt;
    }

    /** How many bytes the name of its method has. */
    int methodLength() {
        return methodLength;
    }
}
