package io.streamx.ttheader.unary;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.ApplicationException;
import io.streamx.PingPong;
import io.streamx.net.FrameCutter;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.Carrier;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.Limits;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the messages of a unary connection begin and end. Each is recognised by its first bytes, so one
 * connection may carry any mixture of carriers. On one event loop.
 *
 * <p>What {@link FrameCutter#feed} throws, {@link MalformedMessageException} or
 * {@link io.streamx.ttheader.frame.FrameException}, ends the connection.
 */
final class MessageFraming implements FrameCutter.Format {
    /** What was expected, for the log when a peer sends something else. */
    static final String EXPECTED =
            "a strict Thrift message, framed or not, with TTHeader or without, or framed Kitex Protobuf";

    /** The longest name: longer than any in an IDL, and short enough to be gathered of a message that is too long. */
    private static final int MAX_NAME_BYTES = 64 << 10;

    /** Longer names are not kept for the next message. */
    private static final int MAX_KEPT_NAME = 256;

    private static final int LENGTH_BYTES = 4;
    /** Where the name begins, behind version, type and the length of the name. */
    private static final int NAME_AT = 8;

    private static final int SEQ_ID_BYTES = 4;
    /** The size of the smallest message, which has a name of one byte and no struct: an empty message in Protobuf. */
    private static final int MIN_MESSAGE_BYTES = NAME_AT + 1 + SEQ_ID_BYTES;

    /** What a Thrift message begins with, and a message of Kitex Protobuf does not. */
    private static final int THRIFT_VERSION = 0x8001;

    /** What a connection does with messages. */
    interface Receiver {
        void onMessage(ReceivedMessage message);

        /**
         * A message has begun that is larger than the limit and will be skipped.
         *
         * @param head the message without its struct
         * @param messageBytes the length of the message; its least length when it does not tell one
         */
        void onOversized(ReceivedMessage head, long messageBytes);

        /** Whether no further message is wanted now. */
        boolean isPaused();
    }

    private final Receiver receiver;
    private final int maxMessageBytes;
    private final TTHeaderReader frames;
    private final LastHeader lastHeader = new LastHeader();
    /** The header of the last message, for its name; null before one came. */
    private @Nullable MessageHeader lastMessage;

    private final Envelope reused = new Envelope();
    /** This is made at the first message without a length. */
    private @Nullable StructScanner scanner;

    private long maxFrameLength;
    /** The entries of a mesh header, until its message has come. */
    private @Nullable Map<String, String> mesh;

    MessageFraming(Limits limits, Receiver receiver) {
        this.receiver = receiver;
        maxMessageBytes = limits.maxMessageBytes();
        frames = new TTHeaderReader(
                Math.min(limits.maxAcceptedHeaderBytes(), TTHeader.MAX_HEADER_BYTES), Integer.MAX_VALUE);
    }

    // ---- how long a message is ----

    @Override
    public long frameLength(ByteBuf in, int index, int readable) {
        try {
            return lengthOfMessage(in, index, readable);
        } catch (MalformedMessageException e) {
            throw e.withFirstBytes(in, index);
        }
    }

    private long lengthOfMessage(ByteBuf in, int index, int readable) {
        Carrier carrier = Carrier.ofMessage(in, index);
        return switch (carrier) {
            case NEED_MORE -> UNKNOWN;
            case THRIFT_FRAMED, KITEX_PROTOBUF_FRAMED -> {
                maxFrameLength = LENGTH_BYTES + (long) maxMessageBytes;
                yield LENGTH_BYTES + messageLength(in, index);
            }
            case THRIFT_BUFFERED -> {
                maxFrameLength = maxMessageBytes;
                boolean ended = scanner().scan(in, index, readable);
                long length = scanner().minimumLength();
                yield ended || length > maxMessageBytes ? length : UNKNOWN;
            }
            case TTHEADER -> {
                requireNoMeshHeader();
                yield ttheaderLength(in, index);
            }
            case MESH -> {
                requireNoMeshHeader();
                maxFrameLength = MeshHeader.MAX_BYTES;
                yield MeshHeader.length(in, index);
            }
            case HTTP2, TTHEADER_STREAMING, UNKNOWN -> throw unexpected();
        };
    }

    /** Refuses a header behind a mesh header, where only a message may come, framed or not. */
    private void requireNoMeshHeader() {
        if (mesh != null) {
            throw unexpected();
        }
    }

    private static MalformedMessageException unexpected() {
        return new MalformedMessageException("no message begins so");
    }

    /** Whether a mesh header has come and its message has not begun. */
    boolean isBehindMeshHeader() {
        return mesh != null;
    }

    private StructScanner scanner() {
        StructScanner made = scanner;
        if (made == null) {
            made = new StructScanner();
            scanner = made;
        }
        return made;
    }

    private static long messageLength(ByteBuf in, int index) {
        long length = in.getUnsignedInt(index);
        if (length < MIN_MESSAGE_BYTES) {
            throw new MalformedMessageException("frame of " + length + " bytes, which is no message");
        }
        return length;
    }

    private long ttheaderLength(ByteBuf in, int index) {
        int length = frames.frameLength(in, index);
        if (length == TTHeaderReader.NEED_MORE) {
            return UNKNOWN;
        }
        // Only the header shows whether the message has a length of its own, so room for one is allowed for.
        maxFrameLength = payloadAt(in, index) + LENGTH_BYTES + (long) maxMessageBytes;
        return length;
    }

    /**
     * Where the payload of a TTHeader frame begins, counted from the frame's first byte. The fixed part of the frame
     * has to be there.
     */
    private static int payloadAt(ByteBuf in, int index) {
        return TTHeader.FIXED_BYTES + in.getUnsignedShort(index + TTHeader.FIXED_BYTES - 2) * 4;
    }

    @Override
    public long minimumLength(ByteBuf in, int index, int readable) {
        long known = switch (Carrier.ofMessage(in, index)) {
            case THRIFT_BUFFERED -> scanner().minimumLength();
            // A frame does not end within its header, and a frame that is too long does not end within the first bytes
            // of its message.
            case TTHEADER -> readable < TTHeader.FIXED_BYTES ? TTHeader.FIXED_BYTES : payloadAt(in, index);
            default -> 0;
        };
        return Math.max(readable + 1L, known);
    }

    @Override
    public long maxFrameLength() {
        return maxFrameLength;
    }

    @Override
    public boolean isClosed() {
        return receiver.isPaused();
    }

    // ---- messages ----

    @Override
    public void onFrame(ByteBuf in, int index, int length, @Nullable InboundMessage gathered) {
        ReceivedMessage message;
        try {
            message = message(in, index, length, gathered);
        } catch (MalformedMessageException e) {
            throw e.withFirstBytes(in, index);
        }
        if (message != null) {
            receiver.onMessage(message);
        }
    }

    /** The message of a whole frame, unless that is a mesh header, or a message that is too large. */
    private @Nullable ReceivedMessage message(ByteBuf in, int index, int length, @Nullable InboundMessage gathered) {
        if (Carrier.ofMessage(in, index) == Carrier.MESH) {
            mesh = MeshHeader.entries(in, index);
            return null;
        }
        Envelope envelope = envelope(in, index);
        envelope.checkSum(in, index + length);
        long messageBytes = (long) index + length - envelope.messageAt();
        if (messageBytes > maxMessageBytes) {
            receiver.onOversized(head(in, envelope, index + length), messageBytes);
            return null;
        }
        InboundMessage message;
        if (gathered == null) {
            message = InboundMessage.copyOf(in, envelope.messageAt(), (int) messageBytes);
        } else {
            gathered.retain();
            gathered.setIndex(envelope.messageAt(), index + length);
            message = gathered;
        }
        return envelope.received(headerOf(message, envelope.format()), message);
    }

    @Override
    public long oversizedHeadLength(ByteBuf in, int index, int readable) {
        int messageAt = 0;
        Carrier carrier = Carrier.ofMessage(in, index);
        if (carrier == Carrier.TTHEADER) {
            messageAt = payloadAt(in, index);
            if (readable < messageAt + Carrier.BYTES) {
                return UNKNOWN;
            }
            carrier = Carrier.ofPayload(in, index + messageAt);
        }
        if (carrier == Carrier.THRIFT_FRAMED || carrier == Carrier.KITEX_PROTOBUF_FRAMED) {
            messageAt += LENGTH_BYTES;
        }
        if (readable < messageAt + NAME_AT) {
            return UNKNOWN;
        }
        long nameBytes = in.getUnsignedInt(index + messageAt + NAME_AT - 4);
        if (nameBytes > MAX_NAME_BYTES) {
            throw new MalformedMessageException("method name of " + nameBytes + " bytes").withFirstBytes(in, index);
        }
        return messageAt + NAME_AT + nameBytes + SEQ_ID_BYTES;
    }

    @Override
    public void onOversizedFrame(ByteBuf in, int index, int headLength, long frameLength) {
        ReceivedMessage head;
        int messageAt;
        try {
            Envelope envelope = envelope(in, index);
            messageAt = envelope.messageAt();
            head = head(in, envelope, index + headLength);
        } catch (MalformedMessageException e) {
            throw e.withFirstBytes(in, index);
        }
        receiver.onOversized(head, frameLength - (messageAt - index));
    }

    private ReceivedMessage head(ByteBuf in, Envelope envelope, int end) {
        int bytes = Math.min(end - envelope.messageAt(), NAME_AT + MAX_NAME_BYTES + SEQ_ID_BYTES);
        InboundMessage head = InboundMessage.copyOf(in, envelope.messageAt(), bytes);
        return envelope.received(headerOf(head, envelope.format()), head);
    }

    /** The envelope of the frame at {@code index}, which need not be there beyond the first bytes of its message. */
    private Envelope envelope(ByteBuf in, int index) {
        Carrier carrier = Carrier.ofMessage(in, index);
        if (carrier == Carrier.THRIFT_BUFFERED) {
            scanner().reset();
            return reused.bare(PingPong.BUFFERED, PayloadFormat.THRIFT, index, index, takeMesh());
        }
        if (carrier == Carrier.THRIFT_FRAMED || carrier == Carrier.KITEX_PROTOBUF_FRAMED) {
            return reused.bare(PingPong.FRAMED, formatOf(carrier), index, index + LENGTH_BYTES, takeMesh());
        }
        int headerAt = index + TTHeader.FIXED_BYTES;
        int payloadAt = index + payloadAt(in, index);
        Map<Integer, String> ints;
        Map<String, String> strings;
        if (lastHeader.matches(in, headerAt, payloadAt - headerAt)) {
            ints = lastHeader.ints();
            strings = lastHeader.strings();
        } else {
            frames.read(in, index);
            ints = Objects.requireNonNullElse(frames.intEntries(), Map.of());
            strings = Objects.requireNonNullElse(frames.stringEntries(), Map.of());
            lastHeader.remember(in, headerAt, payloadAt - headerAt, ints, strings);
        }
        // The reader forgets the frame, so that the read buffer is not kept reachable.
        frames.clear();
        int payloadBytes = in.getInt(index) + TTHeader.LENGTH_BYTES - (payloadAt - index);
        int flags = in.getUnsignedShort(index + TTHeader.FLAGS_OFFSET);
        int seqId = in.getInt(index + TTHeader.SEQ_ID_OFFSET);
        if (payloadBytes < MIN_MESSAGE_BYTES) {
            throw new MalformedMessageException("TTHeader with a payload of " + payloadBytes + " bytes");
        }
        Carrier payload = Carrier.ofPayload(in, payloadAt);
        return switch (payload) {
            case THRIFT_BUFFERED ->
                reused.ttheader(
                        PingPong.TTHEADER, PayloadFormat.THRIFT, payloadAt, payloadAt, flags, seqId, ints, strings);
            case THRIFT_FRAMED, KITEX_PROTOBUF_FRAMED -> {
                long messageBytes = in.getUnsignedInt(payloadAt);
                if (messageBytes != payloadBytes - LENGTH_BYTES) {
                    throw new MalformedMessageException("framed message of " + messageBytes
                            + " bytes in a TTHeader with a payload of " + payloadBytes + " bytes");
                }
                yield reused.ttheader(
                        PingPong.TTHEADER_FRAMED,
                        formatOf(payload),
                        payloadAt,
                        payloadAt + LENGTH_BYTES,
                        flags,
                        seqId,
                        ints,
                        strings);
            }
            default ->
                throw new MalformedMessageException("TTHeader with a payload that begins with "
                        + ByteBufUtil.hexDump(in, payloadAt, Carrier.BYTES));
        };
    }

    private Map<String, String> takeMesh() {
        Map<String, String> entries = mesh;
        mesh = null;
        return entries == null ? Map.of() : entries;
    }

    private static PayloadFormat formatOf(Carrier carrier) {
        return carrier == Carrier.KITEX_PROTOBUF_FRAMED ? PayloadFormat.PROTOBUF : PayloadFormat.THRIFT;
    }

    private MessageHeader headerOf(InboundMessage message, PayloadFormat format) {
        if (format == PayloadFormat.PROTOBUF) {
            // Only the version is changed, since all else of the envelope is as in Thrift. The bytes belong to this
            // message alone.
            message.setShort(message.readerIndex(), THRIFT_VERSION);
        }
        MessageHeader before = lastMessage;
        try {
            MessageHeader header =
                    before == null ? MessageHeader.decode(message) : MessageHeader.decode(message, before);
            if (header.name().length() <= MAX_KEPT_NAME) {
                lastMessage = header;
            }
            return header;
        } catch (ApplicationException e) {
            throw new MalformedMessageException("message: " + e.getMessage());
        }
    }
}
