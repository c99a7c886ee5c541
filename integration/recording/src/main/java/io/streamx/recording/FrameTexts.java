package io.streamx.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.ApplicationException;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Says in words what messages are that a recording has as bytes. An implementation is used by one thread at a time, and reads
 * the bytes it is given to their end without keeping them.
 */
public interface FrameTexts {
    /** Shows the bytes of messages, where nothing is known of what they mean. */
    FrameTexts BYTES = new FrameTexts() {
        @Override
        public String request(@Nullable String service, String method, ByteBuf bytes) {
            return shown(bytes);
        }

        @Override
        public String reply(@Nullable String service, String method, ByteBuf bytes) {
            return shown(bytes);
        }
    };

    /**
     * A message that a client has sent.
     *
     * @param service as the wire names it, with its package on gRPC; null where the wire does not name it
     * @param method as the IDL names it
     * @param bytes the message, for unary Thrift the struct of the arguments
     */
    String request(@Nullable String service, String method, ByteBuf bytes);

    /**
     * A message that a server has sent.
     *
     * @param service as the wire names it, with its package on gRPC; null where the wire does not name it
     * @param method as the IDL names it
     * @param bytes the message, for unary Thrift the struct of the result
     */
    String reply(@Nullable String service, String method, ByteBuf bytes);

    /** The first 64 bytes in hexadecimal, and a sum over the others, so that two that differ look different. */
    static String shown(ByteBuf bytes) {
        int length = bytes.readableBytes();
        int most = Math.min(length, 64);
        String text = "(" + length + " bytes: " + ByteBufUtil.hexDump(bytes, bytes.readerIndex(), most);
        if (length > most) {
            CRC32C sum = new CRC32C();
            sum.update(bytes.nioBuffer(bytes.readerIndex() + most, length - most));
            text += "... CRC-32C of the rest %08x".formatted(sum.getValue());
        }
        return text + ")";
    }

    /** What is said of so many bytes that are no message of their method. */
    static String misfit(int length, RuntimeException e) {
        String why = e instanceof ApplicationException ? String.valueOf(e.getMessage()) : e.toString();
        return "(" + length + " bytes that do not fit the IDL: " + why + ")";
    }

    /** A text on one line of a terminal: control characters, which peers may send anywhere, are escaped as in JSON. */
    static String printable(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(each -> {
            if (Character.isISOControl(each)) {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", each));
            } else {
                escaped.append((char) each);
            }
        });
        return escaped.toString();
    }

    /** A time in milliseconds, with three digits behind the point. */
    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }
}
