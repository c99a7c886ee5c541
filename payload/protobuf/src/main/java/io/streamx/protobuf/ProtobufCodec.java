package io.streamx.protobuf;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.streamx.ApplicationException;
import io.streamx.service.MessageCodec;
import io.streamx.service.ResultCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the messages of one generated class of protobuf-java, full or lite; also as the result of a unary
 * call, which in Protobuf is the message alone. Stateless, safe from any number of threads.
 *
 * <p>Messages are nested at most {@value #MAX_DEPTH} deep when read. Extensions of proto2 stay unknown fields, which are
 * kept and written again; whoever needs them parses the message anew with a registry.
 *
 * @param <T> the generated class
 */
public final class ProtobufCodec<T extends MessageLite> implements MessageCodec<T>, ResultCodec<T> {
    /** How deep messages may nest, as everywhere in protobuf-java. */
    public static final int MAX_DEPTH = 100;

    private final T empty;
    private final Parser<T> parser;

    private ProtobufCodec(T empty, Parser<T> parser) {
        this.empty = empty;
        this.parser = parser;
    }

    /** The codec of the class {@code defaultInstance} is of: {@code Foo.getDefaultInstance()}. */
    public static <T extends MessageLite> ProtobufCodec<T> of(T defaultInstance) {
        // What protobuf-java promises of every message, and generics cannot say.
        @SuppressWarnings("unchecked")
        Parser<T> parser = (Parser<T>) defaultInstance.getParserForType();
        return new ProtobufCodec<>(defaultInstance, parser);
    }

    @Override
    public Class<?> messageType() {
        return empty.getClass();
    }

    @Override
    public Class<?> resultType() {
        return empty.getClass();
    }

    /** The message without any field. */
    public T defaultInstance() {
        return empty;
    }

    /** What the message is called in its proto file; of a lite message, which does not know that, the Java class. */
    public String messageName() {
        return empty instanceof Message message
                ? message.getDescriptorForType().getFullName()
                : empty.getClass().getName();
    }

    /**
     * Appends the message to {@code out}, which the caller keeps owning and which stays as it was on an error.
     *
     * @throws IllegalArgumentException when a required field of proto2 is not set, or messages nest so deep that no stack
     *     holds them
     * @throws IndexOutOfBoundsException when it is more than {@code out} may hold
     */
    @Override
    public void encode(T message, ByteBuf out) {
        try {
            checkComplete(message);
            append(message, out);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(
                    messageName() + " cannot be written: it nests too deep (expected: at most " + MAX_DEPTH
                            + " messages, which is what readers take)",
                    e);
        }
    }

    private void checkComplete(T message) {
        if (!message.isInitialized()) {
            throw new IllegalArgumentException(messageName() + " cannot be written: required fields are not set"
                    + (message instanceof Message full
                            ? ": " + String.join(", ", full.findInitializationErrors())
                            : ""));
        }
    }

    private void append(T message, ByteBuf out) {
        int size = message.getSerializedSize();
        if (size < 0) {
            throw new IndexOutOfBoundsException(messageName() + " of more than " + Integer.MAX_VALUE + " bytes");
        }
        out.ensureWritable(size);
        int start = out.writerIndex();
        try {
            CodedOutputStream stream;
            if (out.hasArray()) {
                stream = CodedOutputStream.newInstance(out.array(), out.arrayOffset() + start, size);
            } else if (out.nioBufferCount() == 1) {
                stream = CodedOutputStream.newInstance(out.internalNioBuffer(start, size));
            } else {
                out.writeBytes(message.toByteArray());
                return;
            }
            message.writeTo(stream);
            stream.flush();
            stream.checkNoSpaceLeft();
        } catch (IOException e) {
            // Only a message that changes while it is written, or of 4 GiB and more, whose size has come round.
            throw new IllegalStateException(
                    messageName() + " took other bytes than the " + size + " it had announced", e);
        }
        out.writerIndex(start + size);
    }

    /**
     * Reads all of {@code in} as one message. The caller keeps owning {@code in}; the message keeps no reference to it.
     *
     * @throws ApplicationException of type {@code PROTOCOL_ERROR} when the bytes are no such message
     */
    @Override
    public T decode(ByteBuf in) {
        int size = in.readableBytes();
        try {
            CodedInputStream stream = input(in, size);
            stream.setRecursionLimit(MAX_DEPTH);
            T message = parser.parseFrom(stream, ExtensionRegistryLite.getEmptyRegistry());
            // A group that ends without having begun ends the message for the parser.
            stream.checkLastTagWas(0);
            in.skipBytes(size);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new ApplicationException(
                    ApplicationException.PROTOCOL_ERROR,
                    size + " bytes are no " + messageName() + ": " + e.getMessage(),
                    e);
        }
    }

    private static CodedInputStream input(ByteBuf in, int size) {
        if (in.hasArray()) {
            return CodedInputStream.newInstance(in.array(), in.arrayOffset() + in.readerIndex(), size);
        }
        ByteBuffer[] buffers = in.nioBuffers();
        return buffers.length == 1
                ? CodedInputStream.newInstance(buffers[0])
                : CodedInputStream.newInstance(Arrays.asList(buffers));
    }

    /** Appends a result; none is the empty message, which is what it is on the wire. */
    @Override
    public void encodeResult(@Nullable T result, ByteBuf out) {
        if (result != null) {
            encode(result, out);
        }
    }

    /** Protobuf declares no exceptions: always false. */
    @Override
    public boolean encodeException(Throwable failure, ByteBuf out) {
        return false;
    }
}
