package io.streamx.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Puts the messages together that one end of gRPC sends in DATA frames, and unpacks those that gzip has packed. For one thread. */
final class GrpcMessages {
    static final int PREFIX_BYTES = 5;
    /** A longer message is not put together: its length may be that of something else. */
    static final int MAX_MESSAGE_BYTES = 64 << 20;

    private static final int MAX_INFLATED_BYTES = 64 << 20;

    private final Sink sink;
    private final TooLong tooLong;
    private final Map<Integer, ByteBuf> messages = new HashMap<>();
    private final Map<Integer, String> encodings = new HashMap<>();
    /** The streams of which no message can be read any more. */
    private final Set<Integer> unreadable = new HashSet<>();

    GrpcMessages(Sink sink, TooLong tooLong) {
        this.sink = sink;
        this.tooLong = tooLong;
    }

    /** What takes messages. */
    @FunctionalInterface
    interface Sink {
        /**
         * A message is whole.
         *
         * @param sent with its prefix of five bytes
         * @param plain what it says; null where it cannot be unpacked
         * @param isEnd whether the frame has nothing behind it and ends the stream
         */
        void message(int stream, byte[] sent, @Nullable ByteBuf plain, boolean isEnd);
    }

    /** What is told of messages that are too long to be ones. */
    @FunctionalInterface
    interface TooLong {
        void message(int stream, long length);
    }

    /** Learns how the messages of a stream are packed, where they are. */
    void encoded(int stream, String encoding) {
        encodings.put(stream, encoding);
    }

    /** Reads what messages are whole now; says whether any was. The caller keeps {@code data}. */
    boolean read(int stream, ByteBuf data, boolean isEnd) {
        if (unreadable.contains(stream)) {
            return false;
        }
        ByteBuf message = messages.computeIfAbsent(stream, id -> Unpooled.buffer());
        message.writeBytes(data);
        boolean any = false;
        while (message.readableBytes() >= PREFIX_BYTES) {
            long length = message.getUnsignedInt(message.readerIndex() + 1);
            if (length > MAX_MESSAGE_BYTES) {
                Objects.requireNonNull(messages.remove(stream)).release();
                unreadable.add(stream);
                tooLong.message(stream, length);
                return any;
            }
            if (message.readableBytes() - PREFIX_BYTES < length) {
                break;
            }
            byte[] sent = new byte[PREFIX_BYTES + (int) length];
            message.readBytes(sent);
            any = true;
            sink.message(stream, sent, plain(stream, sent), isEnd && !message.isReadable());
        }
        message.discardReadBytes();
        return any;
    }

    private @Nullable ByteBuf plain(int stream, byte[] sent) {
        if (sent[0] == 0) {
            return Unpooled.wrappedBuffer(sent).skipBytes(PREFIX_BYTES);
        }
        return encodings.getOrDefault(stream, "").equals("gzip") ? inflated(sent) : null;
    }

    private static @Nullable ByteBuf inflated(byte[] sent) {
        ByteArrayInputStream packed = new ByteArrayInputStream(sent, PREFIX_BYTES, sent.length - PREFIX_BYTES);
        try (GZIPInputStream in = new GZIPInputStream(packed)) {
            byte[] plain = in.readNBytes(MAX_INFLATED_BYTES + 1);
            return plain.length > MAX_INFLATED_BYTES ? null : Unpooled.wrappedBuffer(plain);
        } catch (IOException e) {
            return null;
        }
    }

    /** Forgets a stream that is over. */
    void forget(int stream) {
        ByteBuf message = messages.remove(stream);
        if (message != null) {
            message.release();
        }
        encodings.remove(stream);
        unreadable.remove(stream);
    }

    /** Adds the streams of which something is known. */
    void addKnown(Set<Integer> streams) {
        streams.addAll(messages.keySet());
        streams.addAll(encodings.keySet());
        streams.addAll(unreadable);
    }

    /** Releases what is left of messages that did not come whole. */
    void release() {
        messages.values().forEach(ByteBuf::release);
        messages.clear();
    }
}
