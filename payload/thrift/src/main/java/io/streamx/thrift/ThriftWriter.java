package io.streamx.thrift;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends Thrift binary to a buffer that the caller owns. A writer is for one message and one thread. Nothing can be
 * read from the buffer until {@link #finish}.
 */
public final class ThriftWriter extends GrowingTarget {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private static final int FIELD_HEADER_BYTES = 3;
    /** Longer strings are left to the JDK's encoder. */
    private static final int SHORT_CHARS = 8;

    private static final char MAX_ASCII = 0x7F;

    /** How many structs are open, one within the other. */
    private int depth;

    /** A writer that appends at the writer index of {@code target}, which the caller keeps owning. */
    public ThriftWriter(ByteBuf target) {
        super(target);
    }

    /** Makes what was written readable in the buffer. */
    public void finish() {
        publish();
    }

    /** Appends {@code content} whole, or leaves the buffer as it was when that fails. */
    static void append(ByteBuf target, Consumer<ThriftWriter> content) {
        ThriftWriter writer = new ThriftWriter(target);
        boolean whole = false;
        try {
            content.accept(writer);
            writer.finish();
            whole = true;
        } finally {
            if (!whole) {
                writer.takeBack();
            }
        }
    }

    // Fields: a header of type and id, then the value.

    /** Writes the header of a field; the value must follow. */
    public void writeFieldHeader(byte type, int id) {
        require(FIELD_HEADER_BYTES);
        header(type, id);
    }

    private void header(byte type, int id) {
        bytes[position] = type;
        SHORT.set(bytes, position + 1, (short) id);
        position += FIELD_HEADER_BYTES;
    }

    /** Begins a struct. */
    void beginStruct(StructCodec<?> codec) {
        if (++depth > ThriftReader.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    "structs nest deeper than " + ThriftReader.MAX_DEPTH + ", the innermost a " + codec.name()
                            + " (expected: at most " + ThriftReader.MAX_DEPTH + ", which a reader takes)");
        }
    }

    /** Ends what {@link #beginStruct} began. */
    void endStruct() {
        depth--;
        writeStop();
    }

    /** Ends a struct. */
    public void writeStop() {
        writeByte(ThriftType.STOP);
    }

    /** Writes a field. */
    public void writeBoolField(int id, boolean value) {
        require(FIELD_HEADER_BYTES + 1);
        header(ThriftType.BOOL, id);
        bytes[position++] = (byte) (value ? 1 : 0);
    }

    /** Writes a field. */
    public void writeByteField(int id, byte value) {
        require(FIELD_HEADER_BYTES + 1);
        header(ThriftType.BYTE, id);
        bytes[position++] = value;
    }

    /** Writes a field. */
    public void writeI16Field(int id, short value) {
        require(FIELD_HEADER_BYTES + Short.BYTES);
        header(ThriftType.I16, id);
        SHORT.set(bytes, position, value);
        position += Short.BYTES;
    }

    /** Writes a field. */
    public void writeI32Field(int id, int value) {
        require(FIELD_HEADER_BYTES + Integer.BYTES);
        header(ThriftType.I32, id);
        INT.set(bytes, position, value);
        position += Integer.BYTES;
    }

    /** Writes a field. */
    public void writeI64Field(int id, long value) {
        require(FIELD_HEADER_BYTES + Long.BYTES);
        header(ThriftType.I64, id);
        LONG.set(bytes, position, value);
        position += Long.BYTES;
    }

    /** Writes a field. */
    public void writeDoubleField(int id, double value) {
        require(FIELD_HEADER_BYTES + Double.BYTES);
        header(ThriftType.DOUBLE, id);
        LONG.set(bytes, position, Double.doubleToRawLongBits(value));
        position += Double.BYTES;
    }

    /** Writes a field. */
    public void writeStringField(int id, String value) {
        writeFieldHeader(ThriftType.STRING, id);
        writeString(value);
    }

    /** Writes a field. */
    public void writeBinaryField(int id, Binary value) {
        writeFieldHeader(ThriftType.STRING, id);
        writeBinary(value);
    }

    /** Writes a field of whatever type {@code codec} writes. */
    public <T> void writeField(int id, T value, ValueCodec<T> codec) {
        writeFieldHeader(codec.type(), id);
        codec.write(value, this);
    }

    /** Writes a field. */
    public <T> void writeStructField(int id, T value, StructCodec<T> codec) {
        writeFieldHeader(ThriftType.STRUCT, id);
        codec.write(value, this);
    }

    /** Writes a struct field, for null one without any fields of its own, as Kitex does for a struct that is not set. */
    public <T> void writeStructOrEmptyField(int id, @Nullable T value, StructCodec<T> codec) {
        writeFieldHeader(ThriftType.STRUCT, id);
        if (value == null) {
            writeStop();
        } else {
            codec.write(value, this);
        }
    }

    /** Writes a field. */
    public <E> void writeListField(int id, Collection<E> values, ValueCodec<E> element) {
        writeFieldHeader(ThriftType.LIST, id);
        writeElements(values, element);
    }

    /** Writes a field. */
    public <E> void writeSetField(int id, Collection<E> values, ValueCodec<E> element) {
        writeFieldHeader(ThriftType.SET, id);
        writeElements(values, element);
    }

    /** Writes a field. */
    public <K, V> void writeMapField(int id, Map<K, V> entries, ValueCodec<K> key, ValueCodec<V> value) {
        writeFieldHeader(ThriftType.MAP, id);
        writeMap(entries, key, value);
    }

    // Fields that may be absent.

    /** Writes a field unless the value is null. */
    public void writeOptionalBoolField(int id, @Nullable Boolean value) {
        if (value != null) {
            writeBoolField(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public void writeOptionalByteField(int id, @Nullable Byte value) {
        if (value != null) {
            writeByteField(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public void writeOptionalI16Field(int id, @Nullable Short value) {
        if (value != null) {
            writeI16Field(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public void writeOptionalI32Field(int id, @Nullable Integer value) {
        if (value != null) {
            writeI32Field(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public void writeOptionalI64Field(int id, @Nullable Long value) {
        if (value != null) {
            writeI64Field(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public void writeOptionalDoubleField(int id, @Nullable Double value) {
        if (value != null) {
            writeDoubleField(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public void writeOptionalStringField(int id, @Nullable String value) {
        if (value != null) {
            writeStringField(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public void writeOptionalBinaryField(int id, @Nullable Binary value) {
        if (value != null) {
            writeBinaryField(id, value);
        }
    }

    /** Writes a field unless the value is null. */
    public <T> void writeOptionalStructField(int id, @Nullable T value, StructCodec<T> codec) {
        if (value != null) {
            writeStructField(id, value, codec);
        }
    }

    /** Writes a field unless the value is null. */
    public <E> void writeOptionalListField(int id, @Nullable Collection<E> value, ValueCodec<E> element) {
        if (value != null) {
            writeListField(id, value, element);
        }
    }

    /** Writes a field unless the value is null. */
    public <E> void writeOptionalSetField(int id, @Nullable Collection<E> value, ValueCodec<E> element) {
        if (value != null) {
            writeSetField(id, value, element);
        }
    }

    /** Writes a field unless the value is null. */
    public <K, V> void writeOptionalMapField(
            int id, @Nullable Map<K, V> value, ValueCodec<K> key, ValueCodec<V> element) {
        if (value != null) {
            writeMapField(id, value, key, element);
        }
    }

    // Values.

    /** Writes a bool. */
    public void writeBool(boolean value) {
        writeByte((byte) (value ? 1 : 0));
    }

    /** Writes a byte. */
    public void writeByte(byte value) {
        require(1);
        bytes[position++] = value;
    }

    /** Writes an i16. */
    public void writeI16(short value) {
        require(Short.BYTES);
        SHORT.set(bytes, position, value);
        position += Short.BYTES;
    }

    /** Writes an i32. */
    public void writeI32(int value) {
        require(Integer.BYTES);
        INT.set(bytes, position, value);
        position += Integer.BYTES;
    }

    /** Writes an i64. */
    public void writeI64(long value) {
        require(Long.BYTES);
        LONG.set(bytes, position, value);
        position += Long.BYTES;
    }

    /** Writes a double. */
    public void writeDouble(double value) {
        writeI64(Double.doubleToRawLongBits(value));
    }

    /** Writes a string as UTF-8; a surrogate without its other half becomes a question mark. */
    public void writeString(String value) {
        // The JDK's vectorised encoder with its copy takes half the time of a loop over charAt, from ten characters on.
        if (value.length() > SHORT_CHARS || !writeShortAscii(value)) {
            writeBytes(value.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Writes a string if it is ASCII: character by character, which is fastest where there are a few, and makes no array. */
    private boolean writeShortAscii(String value) {
        int length = value.length();
        if (length > 0 && value.charAt(0) > MAX_ASCII) {
            // Texts of other scripts mostly begin with a character of theirs.
            return false;
        }
        require(Integer.BYTES + length);
        byte[] to = bytes;
        int at = position + Integer.BYTES;
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            to[at + i] = (byte) c;
            all |= c;
        }
        if (all > MAX_ASCII) {
            return false;
        }
        INT.set(to, position, length);
        position = at + length;
        return true;
    }

    /** Writes bytes with their length. */
    public void writeBinary(Binary value) {
        writeBytes(value.shared());
    }

    private void writeBytes(byte[] value) {
        require(Math.addExact(Integer.BYTES, value.length));
        INT.set(bytes, position, value.length);
        System.arraycopy(value, 0, bytes, position + Integer.BYTES, value.length);
        position += Integer.BYTES + value.length;
    }

    /** Writes bytes that are Thrift binary already, without their length. */
    public void writeRaw(Binary value) {
        require(value.length());
        System.arraycopy(value.shared(), 0, bytes, position, value.length());
        position += value.length();
    }

    /** Writes the elements of a list or set, after their type and number. */
    public <E> void writeElements(Collection<E> values, ValueCodec<E> element) {
        require(1 + Integer.BYTES);
        bytes[position] = element.type();
        INT.set(bytes, position + 1, values.size());
        position += 1 + Integer.BYTES;
        for (E value : values) {
            element.write(value, this);
        }
    }

    /** Writes the entries of a map, after their types and number. */
    public <K, V> void writeMap(Map<K, V> entries, ValueCodec<K> key, ValueCodec<V> value) {
        require(2 + Integer.BYTES);
        bytes[position] = key.type();
        bytes[position + 1] = value.type();
        INT.set(bytes, position + 2, entries.size());
        position += 2 + Integer.BYTES;
        for (Map.Entry<K, V> entry : entries.entrySet()) {
            key.write(entry.getKey(), this);
            value.write(entry.getValue(), this);
        }
    }
}
