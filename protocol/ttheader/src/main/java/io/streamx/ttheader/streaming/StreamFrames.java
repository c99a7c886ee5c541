package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.net.BatchWriter;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderWriter;
import io.streamx.wire.OutboundMessage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the streams of one method. Those that differ in nothing but the stream id are made once and copied.
 *
 * <p>This is immutable and safe from any thread.
 */
final class StreamFrames {
    private static final int SEQ_ID_OFFSET = 8;
    private static final int PROTOCOL_ID = TTHeader.ProtocolId.THRIFT_STRUCT;
    /** The frames of methods that this process serves or calls. The map does not grow with what peers send. */
    private static final ConcurrentHashMap<String, StreamFrames> KNOWN = new ConcurrentHashMap<>();

    private static final TTHeaderWriter TEMPLATES = new TTHeaderWriter(TTHeader.MAX_HEADER_BYTES);

    private final String method;
    private final byte[] header;
    private final byte[] data;
    private final byte[] trailer;

    private StreamFrames(String method) {
        this.method = method;
        header = template(FrameType.HEADER);
        data = template(FrameType.DATA);
        trailer = template(FrameType.TRAILER);
    }

    private byte[] template(FrameType type) {
        return TEMPLATES.template(TTHeader.Flags.STREAMING, 0, PROTOCOL_ID, type, method);
    }

    /** The frames of a method that is described or served in this process. */
    static StreamFrames ofKnown(String method) {
        return KNOWN.computeIfAbsent(method, StreamFrames::new);
    }

    /** The frames of a method that only a peer has named. */
    static StreamFrames ofUnknown(String method) {
        return new StreamFrames(method);
    }

    // ---- Data: on the sender's thread ----

    /** Appends the frame header of a message, whose LENGTH is left open. */
    void begin(OutboundMessage empty, int streamId) {
        empty.writeBytes(data);
        empty.setInt(SEQ_ID_OFFSET, streamId);
    }

    /**
     * Sets the LENGTH of a message whose payload is complete.
     *
     * @throws IllegalArgumentException when the payload is larger than allowed
     */
    void complete(OutboundMessage message, int maxMessageBytes) {
        int payload = message.readableBytes() - data.length;
        if (payload > maxMessageBytes) {
            throw new IllegalArgumentException("message of " + method + ": " + payload + " bytes (expected: at most "
                    + maxMessageBytes + ", the setting maxMessageBytes)");
        }
        TTHeaderWriter.patchLength(message, 0);
    }

    // ---- the others ----

    void writePlainHeader(BatchWriter out, int streamId) {
        writeCopy(out, header, streamId);
    }

    void writePlainTrailer(BatchWriter out, int streamId) {
        writeCopy(out, trailer, streamId);
    }

    private static void writeCopy(BatchWriter out, byte[] template, int streamId) {
        out.writeWith(template, SEQ_ID_OFFSET, streamId);
    }

    /**
     * A frame with entries, and a failure as its payload if there is one.
     *
     * @return a new buffer, which the caller owns
     * @throws IllegalArgumentException when the entries are more than {@code writer} may write
     */
    ByteBuf frame(
            TTHeaderWriter writer,
            FrameType type,
            int streamId,
            Map<Integer, String> moreInts,
            Map<String, String> entries,
            @Nullable ApplicationException failure) {
        Map<Integer, String> intEntries = new LinkedHashMap<>(moreInts);
        intEntries.put(IntKey.FRAME_TYPE, type.text());
        intEntries.put(IntKey.TO_METHOD, method);
        ByteBuf frame = Unpooled.buffer(256);
        int start = writer.writeHeader(frame, TTHeader.Flags.STREAMING, streamId, PROTOCOL_ID, intEntries, entries);
        if (failure != null) {
            new ExceptionMessage(method, streamId, failure).encode(frame);
            TTHeaderWriter.patchLength(frame, start);
        }
        return frame;
    }
}
