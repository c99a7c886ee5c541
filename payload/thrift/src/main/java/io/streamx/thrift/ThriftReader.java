package io.streamx.thrift;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.streamx.ApplicationException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Thrift binary from a buffer that the caller keeps owning. A reader is for one message and one thread, and what
 * it returns keeps no reference to the buffer.
 *
 * <p>A reader trusts nothing: sizes are checked against the bytes that are really there before anything is allocated,
 * over all containers of a message together, and structs may nest {@value #MAX_DEPTH} deep. Every method throws {@link
 * ApplicationException} of type {@code PROTOCOL_ERROR}, naming the field and its offset in the message, when the bytes
 * are not what it is asked for.
 */
public final class ThriftReader {
    /** How deep structs may nest, and everything that is skipped, which is the limit of Kitex. */
    public static final int MAX_DEPTH = 64;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final ByteBuf source;
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int position;

    private @Nullable StructCodec<?> struct;
    private int field;
    private int depth;
    /** Bytes that no container has claimed for its elements. */
    private long unclaimed;

    /** A reader of the readable bytes of {@code source}, from offset 0; the caller keeps owning it. */
    public ThriftReader(ByteBuf source) {
        this.source = source;
        if (source.hasArray()) {
            bytes = source.array();
            start = source.arrayOffset() + source.readerIndex();
            end = start + source.readableBytes();
        } else {
            bytes = ByteBufUtil.getBytes(source);
            start = 0;
            end = bytes.length;
        }
        position = start;
        unclaimed = (long) end - start;
    }

    /** Moves the reader index of the buffer past what was read. */
    public void finish() {
        source.skipBytes(position - start);
    }

    // Structs and fields.

    /** Reads a struct, keeping track of where the reader is. */
    <T> T readStruct(StructCodec<T> codec) {
        if (++depth > MAX_DEPTH) {
            throw malformed("structs nest deeper than " + MAX_DEPTH);
        }
        StructCodec<?> outerStruct = struct;
        int outerField = field;
        struct = codec;
        field = ThriftType.STOP;
        T value = codec.readFields(this);
        struct = outerStruct;
        field = outerField;
        depth--;
        return value;
    }

    /**
     * Reads the header of the next field.
     *
     * @return {@link ThriftType#STOP} at the end of the struct, else the type and id as in
     *     {@code ThriftType.STRING_FIELD | 1}; a negative id fills the lower 16 bits
     */
    public int readField() {
        if (position >= end) {
            throw truncated(1);
        }
        byte type = bytes[position];
        if (type == ThriftType.STOP) {
            position++;
            return ThriftType.STOP;
        }
        if (end - position < 3) {
            throw truncated(3);
        }
        field = type << 16 | ((short) SHORT.get(bytes, position + 1) & 0xffff);
        position += 3;
        return field;
    }

    /** Skips the value of the field whose header was read last. */
    public void skipField() {
        skip(field >> 16, depth);
    }

    /**
     * Skips the value of the field whose header was read last.
     *
     * @return header and value as they stand on the wire, for {@link ThriftWriter#writeRaw}
     */
    public Binary copyField() {
        int from = position - 3;
        skipField();
        byte[] copy = new byte[position - from];
        System.arraycopy(bytes, from, copy, 0, copy.length);
        return Binary.owning(copy);
    }

    /** The error for a required field that did not come. */
    public ApplicationException notSet(String name) {
        String in = struct == null ? "" : " in " + struct.name();
        return new ApplicationException(
                ApplicationException.PROTOCOL_ERROR,
                "required field " + name + " is not set" + in + ", which ends at offset " + (position - start));
    }

    /** For generated codecs: a field that must have come, so that it is not null. */
    public <V> V required(@Nullable V value, String name) {
        if (value == null) {
            throw notSet(name);
        }
        return value;
    }

    /** For generated codecs: refuses the struct when a required number did not come. */
    public void requireSet(boolean isSet, String name) {
        if (!isSet) {
            throw notSet(name);
        }
    }

    // Values.

    /** Reads a bool; any byte but 0 is true. */
    public boolean readBool() {
        return readByte() != 0;
    }

    /** Reads a byte. */
    public byte readByte() {
        if (position >= end) {
            throw truncated(1);
        }
        return bytes[position++];
    }

    /** Reads an i16. */
    public short readI16() {
        if (end - position < Short.BYTES) {
            throw truncated(Short.BYTES);
        }
        short value = (short) SHORT.get(bytes, position);
        position += Short.BYTES;
        return value;
    }

    /** Reads an i32. */
    public int readI32() {
        if (end - position < Integer.BYTES) {
            throw truncated(Integer.BYTES);
        }
        int value = (int) INT.get(bytes, position);
        position += Integer.BYTES;
        return value;
    }

    /** Reads an i64. */
    public long readI64() {
        if (end - position < Long.BYTES) {
            throw truncated(Long.BYTES);
        }
        long value = (long) LONG.get(bytes, position);
        position += Long.BYTES;
        return value;
    }

    /** Reads a double. */
    public double readDouble() {
        return Double.longBitsToDouble(readI64());
    }

    /** Reads a string; bytes that are not UTF-8 become the replacement character. */
    public String readString() {
        int length = readLength();
        String value = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    /** Reads bytes, copied once. */
    public Binary readBinary() {
        int length = readLength();
        if (length == 0) {
            return Binary.EMPTY;
        }
        byte[] copy = new byte[length];
        System.arraycopy(bytes, position, copy, 0, length);
        position += length;
        return Binary.owning(copy);
    }

    /** Reads a length and makes sure that as many bytes follow. */
    private int readLength() {
        int length = readI32();
        if (length < 0 || length > end - position) {
            position -= Integer.BYTES;
            throw malformed("length " + length + " (expected: 0 to the " + (end - position - Integer.BYTES)
                    + " bytes that are left)");
        }
        return length;
    }

    // Containers.

    /** Reads a list, which is immutable. */
    @SuppressWarnings("unchecked") // the array is ours and holds nothing but E
    public <E> List<E> readList(ValueCodec<E> element) {
        int size = readElementsHeader(element);
        if (size == 0) {
            return List.of();
        }
        Object[] elements = new Object[size];
        for (int i = 0; i < size; i++) {
            elements[i] = element.read(this);
        }
        return new ImmutableList<>((E[]) elements);
    }

    /** Reads a set, in the order received; an element that comes again is dropped. */
    public <E> Set<E> readSet(ValueCodec<E> element) {
        int size = readElementsHeader(element);
        if (size == 0) {
            return Set.of();
        }
        ImmutableSet.Builder<E> elements = new ImmutableSet.Builder<>(size);
        for (int i = 0; i < size; i++) {
            elements.add(element.read(this));
        }
        return elements.build();
    }

    /** Reads a map, in the order received; of the values for one key the last stays. */
    public <K, V> Map<K, V> readMap(ValueCodec<K> key, ValueCodec<V> value) {
        int keyType = readByte();
        int valueType = readByte();
        int size = readI32();
        if (size == 0) {
            return Map.of();
        }
        expectType("keys", keyType, key.type());
        expectType("values", valueType, value.type());
        claim(size, ThriftType.minimumBytes(keyType) + ThriftType.minimumBytes(valueType));
        ImmutableMap.Builder<K, V> entries = new ImmutableMap.Builder<>(size);
        for (int i = 0; i < size; i++) {
            entries.put(key.read(this), value.read(this));
        }
        return entries.build();
    }

    private int readElementsHeader(ValueCodec<?> element) {
        int type = readByte();
        int size = readI32();
        if (size != 0) {
            expectType("elements", type, element.type());
            claim(size, ThriftType.minimumBytes(type));
        }
        return size;
    }

    private void expectType(String what, int actual, int expected) {
        if (actual != expected) {
            throw malformed(
                    what + " are " + ThriftType.name(actual) + " (expected: " + ThriftType.name(expected) + ")");
        }
    }

    /**
     * Checks that {@code size} elements can follow. Each element takes bytes of its own, so the claims of all
     * containers of a message, however nested, fit into the message together. That keeps what containers allocate in
     * proportion to the message.
     */
    private void claim(int size, int bytesEach) {
        long claimed = (long) size * bytesEach;
        if (size < 0 || claimed > end - position || claimed > unclaimed) {
            throw malformed("size " + size + " of at least " + bytesEach
                    + " bytes each (expected: 0 to what fits in the " + (end - position) + " bytes that are left)");
        }
        unclaimed -= claimed;
    }

    // Skipping.

    private void skip(int type, int level) {
        int fixed = ThriftType.fixedBytes(type);
        if (fixed != 0) {
            skipBytes(fixed);
            return;
        }
        if (type == ThriftType.STRING) {
            skipBytes(readLength());
            return;
        }
        if (level >= MAX_DEPTH) {
            throw malformed("values nest deeper than " + MAX_DEPTH);
        }
        switch (type) {
            case ThriftType.STRUCT -> skipStruct(level + 1);
            case ThriftType.SET, ThriftType.LIST -> skipElements(level + 1);
            case ThriftType.MAP -> skipMap(level + 1);
            default -> throw malformed(ThriftType.name(type) + " (expected: a Thrift type)");
        }
    }

    private void skipStruct(int level) {
        for (byte type = readByte(); type != ThriftType.STOP; type = readByte()) {
            skipBytes(Short.BYTES);
            skip(type, level);
        }
    }

    private void skipElements(int level) {
        int type = readByte();
        int size = readI32();
        int fixed = ThriftType.fixedBytes(type);
        claimSkipped(size, type, 0);
        if (fixed != 0) {
            position += size * fixed;
            return;
        }
        for (int i = 0; i < size; i++) {
            skip(type, level);
        }
    }

    private void skipMap(int level) {
        int keyType = readByte();
        int valueType = readByte();
        int size = readI32();
        claimSkipped(size, keyType, valueType);
        for (int i = 0; i < size; i++) {
            skip(keyType, level);
            skip(valueType, level);
        }
    }

    private void claimSkipped(int size, int type, int secondType) {
        if (size != 0) {
            // A number that is no type has no bytes to check against; the first element reports it.
            int bytesEach = ThriftType.minimumBytes(type) + ThriftType.minimumBytes(secondType);
            claim(size, Math.max(1, bytesEach));
        }
    }

    private void skipBytes(int count) {
        if (end - position < count) {
            throw truncated(count);
        }
        position += count;
    }

    // Errors.

    private ApplicationException truncated(int needed) {
        return malformed("the message ends (expected: " + needed + " more " + (needed == 1 ? "byte" : "bytes") + ", "
                + (end - position) + " left)");
    }

    /** An error about the field being read, at the present offset. */
    public ApplicationException malformed(String problem) {
        return new ApplicationException(
                ApplicationException.PROTOCOL_ERROR,
                FieldPlace.of(struct, field) + " at offset " + (position - start) + ": " + problem);
    }
}
