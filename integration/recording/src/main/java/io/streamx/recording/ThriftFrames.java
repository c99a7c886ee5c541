package io.streamx.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.ApplicationException;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.frame.FrameException;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.ttheader.unary.MalformedMessageException;
import io.streamx.ttheader.unary.StructScanner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what is no HTTP/2: TTHeader Streaming, and unary calls on TTHeader, TTHeaderFramed, Framed and buffered, with Thrift or
 * Kitex Protobuf. Each message is recognised anew, as a server does it.
 */
final class ThriftFrames implements ConnectionFrames.ProtocolFrames {
    private static final int HEAD_BYTES = 8;
    /**
     * The longest frame that is believed: four times the largest that either end takes by default. A number beyond it is no
     * length.
     */
    private static final int MAX_FRAME_BYTES = 64 << 20;

    private static final int UPPER_HALF = 0xffff_0000;
    private static final int THRIFT = 0x8001_0000;
    private static final int KITEX_PROTOBUF = 0x9001_0000;
    private static final int TO_METHOD = 9;
    private static final int FRAME_TYPE = 27;
    private static final String SERVICE = "isn";
    private static final String BUSINESS_STATUS = "biz-status";

    /** The names of the int keys that Kitex sends: docs/protocol/ttheader.md "4. Integer keys". */
    private static final Map<Integer, String> INT_KEYS = Map.ofEntries(
            Map.entry(1, "TransportType"),
            Map.entry(2, "LogID"),
            Map.entry(3, "FromService"),
            Map.entry(6, "ToService"),
            Map.entry(12, "RPCTimeout"),
            Map.entry(17, "ConnectTimeout"),
            Map.entry(20, "FromMethod"),
            Map.entry(22, "MsgType"));

    private final int connection;
    private final FrameTexts texts;
    private final Consumer<RecordedFrame> sink;
    private final TTHeaderReader reader = new TTHeaderReader(TTHeader.MAX_HEADER_BYTES, MAX_FRAME_BYTES);

    private final ByteBuf fromClient = Unpooled.buffer();
    private final ByteBuf fromServer = Unpooled.buffer();
    /** Finds the ends of messages without a length. */
    private final StructScanner clientScanner = new StructScanner();

    private final StructScanner serverScanner = new StructScanner();
    private final Map<Integer, String> services = new HashMap<>();
    private boolean clientLost;
    private boolean serverLost;
    private boolean clientSearches;
    private boolean serverSearches;

    ThriftFrames(int connection, FrameTexts texts, Consumer<RecordedFrame> sink) {
        this.connection = connection;
        this.texts = texts;
        this.sink = sink;
    }

    @Override
    public void feed(boolean isClient, byte[] bytes, long nanos) {
        if (isClient ? clientLost : serverLost) {
            return;
        }
        if (isClient ? clientSearches : serverSearches) {
            if (!mayBegin(bytes)) {
                return;
            }
            setSearches(isClient, false);
        }
        ByteBuf in = isClient ? fromClient : fromServer;
        in.writeBytes(bytes);
        try {
            while (in.readableBytes() >= HEAD_BYTES) {
                ByteBuf frame = next(in, isClient ? clientScanner : serverScanner);
                if (frame == null) {
                    break;
                }
                emit(isClient, frame, nanos);
            }
            // Moves what is left to the beginning of the buffer. It is done once for all frames that came together,
            // because it copies.
            in.discardReadBytes();
        } catch (FrameException | ApplicationException | MalformedMessageException e) {
            lose(isClient, nanos, String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException e) {
            lose(
                    isClient,
                    nanos,
                    "a frame whose payload ends within its head (expected: a message of Thrift or Protobuf)");
        }
    }

    /** Whether bytes that were sent together look like the beginning of a frame. */
    static boolean mayBegin(byte[] bytes) {
        if (bytes.length < HEAD_BYTES) {
            return false;
        }
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        int second = in.getInt(Integer.BYTES) & UPPER_HALF;
        return in.getInt(0) > 0
                && in.getInt(0) <= MAX_FRAME_BYTES
                && (second == TTHeader.MAGIC << 16 || second == THRIFT || second == KITEX_PROTOBUF);
    }

    /** Notes that bytes are missing. From here on each packet is looked at, until one begins as a frame does. */
    @Override
    public String missing(boolean isClient) {
        (isClient ? fromClient : fromServer).clear();
        (isClient ? clientScanner : serverScanner).reset();
        setSearches(isClient, true);
        return "";
    }

    private void setSearches(boolean isClient, boolean searches) {
        if (isClient) {
            clientSearches = searches;
        } else {
            serverSearches = searches;
        }
    }

    private void lose(boolean isClient, long nanos, String why) {
        clientLost |= isClient;
        serverLost |= !isClient;
        // Nothing is read of this direction any more, so that its memory is free.
        (isClient ? fromClient : fromServer).clear().capacity(0);
        sink.accept(RecordedFrame.note(connection, nanos, isClient, "unreadable", why));
    }

    @Override
    public void end(long nanos) {
        for (boolean isClient : new boolean[] {true, false}) {
            int left = (isClient ? fromClient : fromServer).readableBytes();
            if (left > 0 && !(isClient ? clientLost : serverLost)) {
                lose(isClient, nanos, left + " bytes of a frame that did not come whole");
            }
        }
    }

    /** The next whole frame, or null. */
    private @Nullable ByteBuf next(ByteBuf in, StructScanner scanner) {
        int start = in.readerIndex();
        int first = in.getInt(start);
        int second = in.getInt(start + Integer.BYTES);
        int length;
        if ((first & UPPER_HALF) == THRIFT) {
            length = bareLength(in, scanner);
        } else if ((second & UPPER_HALF) == TTHeader.MAGIC << 16) {
            length = reader.frameLength(in, start);
        } else if ((second & UPPER_HALF) == THRIFT || (second & UPPER_HALF) == KITEX_PROTOBUF) {
            length = first + Integer.BYTES;
            if (first < Integer.BYTES || first > MAX_FRAME_BYTES) {
                throw new ApplicationException(
                        ApplicationException.PROTOCOL_ERROR,
                        "frame of " + first + " bytes (expected: 4 to " + MAX_FRAME_BYTES + ")");
            }
        } else {
            throw new ApplicationException(
                    ApplicationException.PROTOCOL_ERROR,
                    "bytes 0x%08x%08x (expected: a frame of TTHeader, Framed or buffered)".formatted(first, second));
        }
        return length < 0 || length > in.readableBytes() ? null : in.readSlice(length);
    }

    /** The length of a Thrift message that nothing tells but its own end; negative while that has not come. */
    private static int bareLength(ByteBuf in, StructScanner scanner) {
        boolean ended = scanner.scan(in, in.readerIndex(), in.readableBytes());
        long length = scanner.minimumLength();
        if (length > MAX_FRAME_BYTES) {
            throw new ApplicationException(
                    ApplicationException.PROTOCOL_ERROR,
                    "a message of at least " + length + " bytes (expected: at most " + MAX_FRAME_BYTES + ")");
        }
        if (!ended) {
            return -1;
        }
        scanner.reset();
        return (int) length;
    }

    private void emit(boolean isClient, ByteBuf frame, long nanos) {
        byte[] bytes = ByteBufUtil.getBytes(frame);
        int start = frame.readerIndex();
        if ((frame.getInt(start + Integer.BYTES) & UPPER_HALF) != TTHeader.MAGIC << 16) {
            boolean bare = (frame.getInt(start) & UPPER_HALF) == THRIFT;
            int message = bare ? 0 : Integer.BYTES;
            FrameBytes content = FrameBytes.thrift(bytes, idOfMessage(bytes, message));
            unary(isClient, bare ? "buffered" : "framed", frame.skipBytes(message), Map.of(), nanos, content);
            return;
        }
        reader.read(frame, start);
        Map<String, String> entries = entries();
        int offset = reader.payloadOffset() - start;
        ByteBuf payload = frame.slice(reader.payloadOffset(), reader.payloadLength());
        if ((reader.flags() & TTHeader.Flags.STREAMING) != 0) {
            streaming(isClient, payload, entries, nanos, bytes, offset);
            return;
        }
        boolean framed =
                payload.readableBytes() >= HEAD_BYTES && (payload.getInt(payload.readerIndex()) & UPPER_HALF) != THRIFT;
        int message = framed ? Integer.BYTES : 0;
        FrameBytes content = FrameBytes.thrift(bytes, TTHeader.SEQ_ID_OFFSET, idOfMessage(bytes, offset + message));
        unary(isClient, framed ? "ttheader-framed" : "ttheader", payload.skipBytes(message), entries, nanos, content);
    }

    /**
     * Where the sequence id of a message stands, in Thrift and Kitex Protobuf behind the length and bytes of its name; negative
     * where the message ends before it.
     */
    private static int idOfMessage(byte[] bytes, int message) {
        int lengthAt = message + Integer.BYTES;
        if (bytes.length < lengthAt + Integer.BYTES) {
            return -1;
        }
        long idAt = (long) lengthAt + Integer.BYTES + ByteBuffer.wrap(bytes).getInt(lengthAt);
        return idAt < lengthAt || idAt + Integer.BYTES > bytes.length ? -1 : (int) idAt;
    }

    private Map<String, String> entries() {
        Map<String, String> entries = new TreeMap<>();
        Map<Integer, String> ints = reader.intEntries();
        if (ints != null) {
            ints.forEach((key, value) -> {
                if (key != TO_METHOD && key != FRAME_TYPE) {
                    entries.put(INT_KEYS.getOrDefault(key, String.valueOf(key)), value);
                }
            });
        }
        Map<String, String> strings = reader.stringEntries();
        if (strings != null) {
            entries.putAll(strings);
        }
        return entries;
    }

    private void streaming(
            boolean isClient, ByteBuf payload, Map<String, String> entries, long nanos, byte[] bytes, int offset) {
        int stream = reader.seqId();
        String method = reader.method();
        String named = method == null ? "" : method;
        String service = entries.get(SERVICE);
        if (service != null && isClient) {
            services.put(stream, service);
        }
        String owner = services.get(stream);
        var type = reader.streamingFrameType();
        String message = null;
        boolean isFailure = type == FrameType.TRAILER || type == FrameType.RST;
        FrameBytes content = isFailure && payload.isReadable()
                ? FrameBytes.thrift(bytes, TTHeader.SEQ_ID_OFFSET, idOfMessage(bytes, offset))
                : FrameBytes.thrift(bytes, TTHeader.SEQ_ID_OFFSET);
        if (payload.isReadable()) {
            message = switch (type) {
                case DATA -> isClient ? texts.request(owner, named, payload) : texts.reply(owner, named, payload);
                case TRAILER, RST -> failure(payload);
                case META, HEADER -> "(" + payload.readableBytes() + " bytes)";
            };
        }
        sink.accept(new RecordedFrame(
                connection,
                nanos,
                isClient,
                "stream " + stream,
                title(type.name()),
                (owner == null ? "" : owner + "/") + named,
                entries,
                message,
                "",
                type != FrameType.META,
                content));
    }

    private static String title(String name) {
        return name.charAt(0) + name.substring(1).toLowerCase(java.util.Locale.ROOT);
    }

    private static String failure(ByteBuf payload) {
        try {
            ApplicationException failure = ExceptionMessage.decode(payload).failure();
            return "exception " + failure.type() + ": " + failure.getMessage();
        } catch (ApplicationException e) {
            return "(an exception that cannot be read: " + e.getMessage() + ")";
        }
    }

    private void unary(
            boolean isClient,
            String carrier,
            ByteBuf message,
            Map<String, String> entries,
            long nanos,
            FrameBytes content) {
        boolean isProtobuf = (message.getInt(message.readerIndex()) & UPPER_HALF) == KITEX_PROTOBUF;
        MessageHeader header = isProtobuf ? protobufHeader(message) : MessageHeader.decode(message);
        String service = entries.get(SERVICE);
        String text = switch (header.type()) {
            case CALL, ONEWAY -> texts.request(service, header.name(), message);
            // A business error comes with an empty result.
            case REPLY ->
                entries.containsKey(BUSINESS_STATUS) && message.readableBytes() <= 1
                        ? null
                        : texts.reply(service, header.name(), message);
            case EXCEPTION -> isProtobuf ? "(" + message.readableBytes() + " bytes)" : struct(message);
        };
        sink.accept(new RecordedFrame(
                connection,
                nanos,
                isClient,
                "call " + header.seqId(),
                title(header.type().name()),
                (service == null ? "" : service + "/") + header.name(),
                entries,
                text,
                carrier + (isProtobuf ? ", Kitex Protobuf" : ""),
                true,
                content));
    }

    private static String struct(ByteBuf message) {
        try {
            ApplicationException failure = ExceptionMessage.CODEC.decode(message);
            return "exception " + failure.type() + ": " + failure.getMessage();
        } catch (ApplicationException e) {
            return "(an exception that cannot be read: " + e.getMessage() + ")";
        }
    }

    private static MessageHeader protobufHeader(ByteBuf message) {
        int number = message.readInt() & 0xffff;
        int length = message.readInt();
        if (length < 0 || length > message.readableBytes() - Integer.BYTES) {
            throw new ApplicationException(
                    ApplicationException.PROTOCOL_ERROR,
                    "Kitex Protobuf with a name of " + length + " bytes (expected: as many as its frame has)");
        }
        MessageHeader.Type type = switch (number) {
            case 1 -> MessageHeader.Type.CALL;
            case 2 -> MessageHeader.Type.REPLY;
            case 3 -> MessageHeader.Type.EXCEPTION;
            case 4 -> MessageHeader.Type.ONEWAY;
            default ->
                throw new ApplicationException(
                        ApplicationException.INVALID_MESSAGE_TYPE,
                        "Kitex Protobuf of type " + number + " (expected: 1 to 4)");
        };
        String name = message.readCharSequence(length, StandardCharsets.UTF_8).toString();
        return new MessageHeader(type, name, message.readInt());
    }
}
