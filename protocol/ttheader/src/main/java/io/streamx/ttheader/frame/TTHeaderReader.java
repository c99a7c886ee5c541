package io.streamx.ttheader.frame;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one TTHeader frame after another out of a connection's bytes, without copying or allocating until entries are
 * asked for.
 *
 * <pre>{@code
 * int length = reader.frameLength(received, received.readerIndex());
 * if (length == TTHeaderReader.NEED_MORE || length > received.readableBytes()) {
 *     return;                                     // wait for more bytes
 * }
 * reader.read(received, received.readerIndex());
 * ByteBuf payload = received.retainedSlice(reader.payloadOffset(), reader.payloadLength());
 * }</pre>
 *
 * <p>{@link #read} checks the whole header, so that nothing can fail afterwards. What the reader tells is valid until
 * the next {@code read} and as long as the buffer is. The caller keeps the buffer; the reader neither moves its indices
 * nor retains it. After a {@link FrameException} the connection is to be closed. One thread at a time may use a reader.
 */
public final class TTHeaderReader {
    /** What {@link #frameLength} returns when there are too few bytes to tell. */
    public static final int NEED_MORE = -1;

    /** {@link #frameType()} of a frame without that key: no streaming frame. */
    public static final int NO_FRAME_TYPE = 0;

    /** {@link #frameType()} of a value that is none of the known ones. */
    public static final int UNKNOWN_FRAME_TYPE = -1;

    private static final int MIN_LENGTH = TTHeader.FIXED_BYTES - TTHeader.LENGTH_BYTES + 4;

    private final int maxHeaderBytes;
    private final int maxFrameBytes;

    private @Nullable ByteBuf buffer;
    private int start;
    private int flags;
    private int seqId;
    private int protocolId;
    private int sectionsStart;
    private int headerEnd;
    private int payloadLength;
    private int frameType;
    private int frameTypeAt;
    private int methodAt;
    private int methodLength;

    /** The buffer of the frame whose length was asked for last, until that frame is read. */
    private @Nullable ByteBuf judged;

    private int judgedOffset;
    private int judgedHeaderBytes;

    private final LastDataHeader last = new LastDataHeader();
    private final EntryReader entryReader = new EntryReader();
    private @Nullable Entries entries;

    /** A reader with the default limits. */
    public TTHeaderReader() {
        this(TTHeader.MAX_HEADER_BYTES, TTHeader.DEFAULT_MAX_FRAME_BYTES);
    }

    /**
     * A reader with limits of its own.
     *
     * @param maxHeaderBytes the largest variable header accepted, in bytes, padding included; 4 to
     *     {@link TTHeader#MAX_HEADER_BYTES}
     * @param maxFrameBytes the largest frame accepted, in bytes, all included. A caller that wants to answer for an
     *     oversized message and skip it gives {@link Integer#MAX_VALUE} and looks at {@link #payloadLength()} when the
     *     header is there
     */
    public TTHeaderReader(int maxHeaderBytes, int maxFrameBytes) {
        if (maxHeaderBytes < 4 || maxHeaderBytes > TTHeader.MAX_HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "maxHeaderBytes: " + maxHeaderBytes + " (expected: 4 to " + TTHeader.MAX_HEADER_BYTES + ")");
        }
        if (maxFrameBytes < TTHeader.FIXED_BYTES + 4) {
            throw new IllegalArgumentException(
                    "maxFrameBytes: " + maxFrameBytes + " (expected: at least " + (TTHeader.FIXED_BYTES + 4) + ")");
        }
        this.maxHeaderBytes = maxHeaderBytes;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * The length of the frame that starts at {@code offset}, in bytes, LENGTH included; {@link #NEED_MORE} while the
     * fixed part is incomplete. What is there of the fixed part is judged at once, so that a peer that speaks something
     * else is found out by its first six bytes.
     *
     * @param buffer read up to its writer index
     * @throws FrameException when the magic is wrong, the header has no or too many bytes, or the frame is beyond the
     *     limit
     */
    public int frameLength(ByteBuf buffer, int offset) {
        int received = buffer.writerIndex() - offset;
        if (received >= TTHeader.MAGIC_OFFSET + 2) {
            int magic = buffer.getUnsignedShort(offset + TTHeader.MAGIC_OFFSET);
            if (magic != TTHeader.MAGIC) {
                throw FrameException.at(
                        buffer, offset, offset + TTHeader.MAGIC_OFFSET, "magic 0x%04x".formatted(magic), "0x1000");
            }
        }
        if (received < TTHeader.LENGTH_BYTES) {
            return NEED_MORE;
        }
        // The length is compared as unsigned and shifted by MIN_LENGTH, so that one comparison finds both ends of the
        // range.
        int length = buffer.getInt(offset);
        if (Integer.compareUnsigned(length - MIN_LENGTH, maxFrameBytes - TTHeader.LENGTH_BYTES - MIN_LENGTH) > 0) {
            throw FrameException.at(
                    buffer,
                    offset,
                    offset,
                    "LENGTH " + Integer.toUnsignedString(length),
                    MIN_LENGTH + " to " + (maxFrameBytes - TTHeader.LENGTH_BYTES));
        }
        if (received < TTHeader.FIXED_BYTES) {
            return NEED_MORE;
        }
        int headerBytes = buffer.getUnsignedShort(offset + TTHeader.HEADER_SIZE_OFFSET) * 4;
        int most = Math.min(maxHeaderBytes, length + TTHeader.LENGTH_BYTES - TTHeader.FIXED_BYTES);
        if (headerBytes == 0 || headerBytes > most) {
            throw FrameException.at(
                    buffer,
                    offset,
                    offset + TTHeader.HEADER_SIZE_OFFSET,
                    "HEADER SIZE of " + headerBytes + " bytes",
                    "4 to " + most + (most < maxHeaderBytes ? ", as LENGTH " + length + " leaves" : ""));
        }
        judged = buffer;
        judgedOffset = offset;
        judgedHeaderBytes = headerBytes;
        return length + TTHeader.LENGTH_BYTES;
    }

    /**
     * Reads and checks the whole header of the frame that starts at {@code offset}. Its payload need not be there yet.
     *
     * @param buffer read up to its writer index; the caller keeps it
     * @throws FrameException as {@link #frameLength}, and when the header is not complete, has an unknown protocol or
     *     info id, or an entry that runs past its end
     */
    @SuppressWarnings("ReferenceEquality") // the very buffer, not one of equal bytes
    public void read(ByteBuf buffer, int offset) {
        forgetFrame();
        int length;
        int headerBytes;
        if (judged == buffer && judgedOffset == offset) {
            // The caller has just asked for the length of this very frame.
            length = buffer.getInt(offset) + TTHeader.LENGTH_BYTES;
            headerBytes = judgedHeaderBytes;
        } else {
            length = frameLength(buffer, offset);
            headerBytes = length == NEED_MORE ? 0 : judgedHeaderBytes;
        }
        judged = null;
        int received = buffer.writerIndex() - offset;
        if (received < TTHeader.FIXED_BYTES + headerBytes) {
            throw FrameException.at(
                    buffer,
                    offset,
                    buffer.writerIndex(),
                    "end of data",
                    length == NEED_MORE
                            ? TTHeader.FIXED_BYTES + " bytes of fixed part"
                            : "a header of " + headerBytes + " bytes from offset " + TTHeader.FIXED_BYTES);
        }
        start = offset;
        flags = buffer.getUnsignedShort(offset + TTHeader.FLAGS_OFFSET);
        seqId = buffer.getInt(offset + TTHeader.SEQ_ID_OFFSET);
        headerEnd = offset + TTHeader.FIXED_BYTES + headerBytes;
        payloadLength = length - TTHeader.FIXED_BYTES - headerBytes;
        if (!isLikeTheLast(buffer, headerBytes)) {
            readVariableHeader(buffer);
            rememberIfData(buffer, headerBytes);
        }
        this.buffer = buffer;
    }

    /** Whether the variable header is that of the last Data frame, so that what it says is known. */
    private boolean isLikeTheLast(ByteBuf buffer, int headerBytes) {
        int from = start + TTHeader.FIXED_BYTES;
        if (!last.matches(buffer, from, headerBytes)) {
            return false;
        }
        protocolId = last.protocolId();
        sectionsStart = from + last.sectionsStart();
        frameType = FrameType.DATA.number();
        frameTypeAt = from + last.frameTypeAt();
        methodAt = last.methodAt() < 0 ? -1 : from + last.methodAt();
        methodLength = last.methodLength();
        return true;
    }

    private void rememberIfData(ByteBuf buffer, int headerBytes) {
        if (frameType == FrameType.DATA.number()) {
            int from = start + TTHeader.FIXED_BYTES;
            last.remember(
                    buffer,
                    from,
                    headerBytes,
                    protocolId,
                    sectionsStart - from,
                    frameTypeAt - from,
                    methodAt < 0 ? -1 : methodAt - from,
                    methodLength);
        }
    }

    private void readVariableHeader(ByteBuf buffer) {
        int at = start + TTHeader.FIXED_BYTES;
        protocolId = buffer.getUnsignedByte(at);
        if (!TTHeader.ProtocolId.isAccepted(protocolId)) {
            throw fault(buffer, at, "protocol id 0x%02x".formatted(protocolId), "one of 0x00, 0x03, 0x04, 0x10, 0x11");
        }
        int transforms = buffer.getUnsignedByte(at + 1);
        at += 2;
        require(buffer, at, transforms, "transform ids");
        at += transforms;
        sectionsStart = at;
        while (at < headerEnd) {
            int infoId = buffer.getUnsignedByte(at++);
            at = switch (infoId) {
                case TTHeader.INFO_PADDING -> at;
                case TTHeader.INFO_INT_ENTRIES -> readIntSection(buffer, at);
                case TTHeader.INFO_STRING_ENTRIES -> readStringSection(buffer, at);
                case TTHeader.INFO_ACL_TOKEN -> readText(buffer, at, "ACL token");
                default ->
                    throw fault(
                            buffer,
                            at - 1,
                            "info id 0x%02x".formatted(infoId),
                            "one of 0x00 padding, 0x01 string entries, 0x10 int entries, 0x11 ACL token");
            };
        }
    }

    private int readIntSection(ByteBuf buffer, int sectionAt) {
        require(buffer, sectionAt, 2, "count of int entries");
        int count = buffer.getUnsignedShort(sectionAt);
        int at = sectionAt + 2;
        for (int i = 0; i < count; i++) {
            require(buffer, at, 4, "int entry");
            int keyAndLength = buffer.getInt(at);
            int length = keyAndLength & 0xffff;
            at += 4;
            require(buffer, at, length, "value of an int entry");
            int key = keyAndLength >>> 16;
            if (key == IntKey.FRAME_TYPE) {
                frameType = length == 1 ? FrameType.numberOf(buffer.getByte(at)) : UNKNOWN_FRAME_TYPE;
                frameTypeAt = at;
            } else if (key == IntKey.TO_METHOD) {
                methodAt = at;
                methodLength = length;
            }
            at += length;
        }
        return at;
    }

    private int readStringSection(ByteBuf buffer, int sectionAt) {
        require(buffer, sectionAt, 2, "count of string entries");
        int count = buffer.getUnsignedShort(sectionAt);
        int at = sectionAt + 2;
        for (int i = 0; i < count; i++) {
            at = readText(buffer, at, "key of a string entry");
            at = readText(buffer, at, "value of a string entry");
        }
        return at;
    }

    private int readText(ByteBuf buffer, int at, String what) {
        require(buffer, at, 2, what);
        int length = buffer.getUnsignedShort(at);
        require(buffer, at + 2, length, what);
        return at + 2 + length;
    }

    private void require(ByteBuf buffer, int at, int bytes, String what) {
        if (bytes > headerEnd - at) {
            throw fault(
                    buffer, at, what + " of " + bytes + " bytes", "at most the " + (headerEnd - at) + " bytes left");
        }
    }

    private FrameException fault(ByteBuf buffer, int at, String found, String expected) {
        return FrameException.at(buffer, start, at, found, expected);
    }

    /** The bits of {@link TTHeader.Flags}. */
    public int flags() {
        return flags;
    }

    /** The sequence id of a unary message, or the stream id; may be negative. */
    public int seqId() {
        return seqId;
    }

    /** One of {@link TTHeader.ProtocolId}. */
    public int protocolId() {
        return protocolId;
    }

    /** Where the payload starts, as an index into the buffer. */
    public int payloadOffset() {
        return headerEnd;
    }

    /** The size of the payload that the frame announces, which may be 0. The payload need not have arrived. */
    public int payloadLength() {
        return payloadLength;
    }

    /** The number of a {@link FrameType}, {@link #NO_FRAME_TYPE} or {@link #UNKNOWN_FRAME_TYPE}. */
    public int frameType() {
        return frameType;
    }

    /**
     * The type of a streaming frame.
     *
     * @throws FrameException when the frame lacks the streaming flag or a known frame type
     */
    public FrameType streamingFrameType() {
        ByteBuf frame = requireFrame();
        if ((flags & TTHeader.Flags.STREAMING) == 0) {
            throw fault(
                    frame,
                    start + TTHeader.FLAGS_OFFSET,
                    "FLAGS 0x%04x".formatted(flags),
                    "0x0002, a frame of TTHeader Streaming");
        }
        FrameType type = FrameType.of(frameType);
        if (type == null) {
            throw frameType == NO_FRAME_TYPE
                    ? fault(frame, sectionsStart, "no frame type", "int entry 27 with \"1\" to \"5\"")
                    : fault(
                            frame,
                            frameTypeAt,
                            "frame type \"" + LogText.of(Entries.text(frame, frameTypeAt)) + "\"",
                            "\"1\" to \"5\"");
        }
        return type;
    }

    /** The method the frame names, made anew on every call; null when it names none. */
    public @Nullable String method() {
        return methodAt < 0 ? null : requireFrame().toString(methodAt, methodLength, StandardCharsets.UTF_8);
    }

    /** The int entries in the order received, unmodifiable; null when the frame has no int section. */
    public @Nullable Map<Integer, String> intEntries() {
        return entries().ints();
    }

    /**
     * The string entries in the order received, unmodifiable, an ACL token among them as {@link StringKey#ACL_TOKEN};
     * null when the frame has neither a string section nor a token. A section without entries gives an empty map.
     */
    public @Nullable Map<String, String> stringEntries() {
        return entries().strings();
    }

    private Entries entries() {
        Entries read = entries;
        if (read == null) {
            read = entryReader.read(requireFrame(), sectionsStart, headerEnd);
            entries = read;
        }
        return read;
    }

    private ByteBuf requireFrame() {
        ByteBuf frame = buffer;
        if (frame == null) {
            throw new IllegalStateException("no frame has been read (expected: read first)");
        }
        return frame;
    }

    /** Forgets the frame, and with it the reference to its buffer; an idle connection need not keep it reachable. */
    public void clear() {
        judged = null;
        forgetFrame();
    }

    private void forgetFrame() {
        buffer = null;
        entries = null;
        frameType = NO_FRAME_TYPE;
        methodAt = -1;
    }
}
