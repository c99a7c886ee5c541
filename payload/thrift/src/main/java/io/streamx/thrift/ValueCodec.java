package io.streamx.thrift;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * How values of one Thrift type are written and read: what elements of containers and results of methods are described
 * with. Generated structs, unions, exceptions and enums have one each, named {@code CODEC}; the others are here.
 * Stateless, safe from any number of threads.
 *
 * @param <T> the Java type
 */
public interface ValueCodec<T> {
    /** {@code bool}. */
    ValueCodec<Boolean> BOOL = new BaseTypes.OfBool();
    /** {@code byte} and {@code i8}. */
    ValueCodec<Byte> BYTE = new BaseTypes.OfByte();
    /** {@code i16}. */
    ValueCodec<Short> I16 = new BaseTypes.OfI16();
    /** {@code i32}. */
    ValueCodec<Integer> I32 = new BaseTypes.OfI32();
    /** {@code i64}. */
    ValueCodec<Long> I64 = new BaseTypes.OfI64();
    /** {@code double}. */
    ValueCodec<Double> DOUBLE = new BaseTypes.OfDouble();
    /** {@code string}. */
    ValueCodec<String> STRING = new BaseTypes.OfString();
    /** {@code binary}. */
    ValueCodec<Binary> BINARY = new BaseTypes.OfBinary();

    /** An enum, by functions between its Java type and the number on the wire. */
    static <E> ValueCodec<E> ofEnum(IntFunction<E> of, ToIntFunction<E> number) {
        return new BaseTypes.OfEnum<>(of, number);
    }

    /** {@code list<E>}. */
    static <E> ValueCodec<List<E>> listOf(ValueCodec<E> element) {
        return new Containers.OfList<>(element);
    }

    /** {@code set<E>}. */
    static <E> ValueCodec<Set<E>> setOf(ValueCodec<E> element) {
        return new Containers.OfSet<>(element);
    }

    /** {@code map<K, V>}. */
    static <K, V> ValueCodec<Map<K, V>> mapOf(ValueCodec<K> key, ValueCodec<V> value) {
        return new Containers.OfMap<>(key, value);
    }

    /** The type number on the wire, one of {@link ThriftType}. */
    byte type();

    /** Appends a value. */
    void write(T value, ThriftWriter out);

    /**
     * Reads a value.
     *
     * @throws io.streamx.ApplicationException of type {@code PROTOCOL_ERROR} when the bytes are no such value
     */
    T read(ThriftReader in);
}
