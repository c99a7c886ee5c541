package io.streamx.thrift;

import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/** The codecs of the types without parts. */
final class BaseTypes {
    private BaseTypes() {}

    record OfBool() implements ValueCodec<Boolean> {
        @Override
        public byte type() {
            return ThriftType.BOOL;
        }

        @Override
        public void write(Boolean value, ThriftWriter out) {
            out.writeBool(value);
        }

        @Override
        public Boolean read(ThriftReader in) {
            return in.readBool();
        }
    }

    record OfByte() implements ValueCodec<Byte> {
        @Override
        public byte type() {
            return ThriftType.BYTE;
        }

        @Override
        public void write(Byte value, ThriftWriter out) {
            out.writeByte(value);
        }

        @Override
        public Byte read(ThriftReader in) {
            return in.readByte();
        }
    }

    record OfI16() implements ValueCodec<Short> {
        @Override
        public byte type() {
            return ThriftType.I16;
        }

        @Override
        public void write(Short value, ThriftWriter out) {
            out.writeI16(value);
        }

        @Override
        public Short read(ThriftReader in) {
            return in.readI16();
        }
    }

    record OfI32() implements ValueCodec<Integer> {
        @Override
        public byte type() {
            return ThriftType.I32;
        }

        @Override
        public void write(Integer value, ThriftWriter out) {
            out.writeI32(value);
        }

        @Override
        public Integer read(ThriftReader in) {
            return in.readI32();
        }
    }

    record OfI64() implements ValueCodec<Long> {
        @Override
        public byte type() {
            return ThriftType.I64;
        }

        @Override
        public void write(Long value, ThriftWriter out) {
            out.writeI64(value);
        }

        @Override
        public Long read(ThriftReader in) {
            return in.readI64();
        }
    }

    record OfDouble() implements ValueCodec<Double> {
        @Override
        public byte type() {
            return ThriftType.DOUBLE;
        }

        @Override
        public void write(Double value, ThriftWriter out) {
            out.writeDouble(value);
        }

        @Override
        public Double read(ThriftReader in) {
            return in.readDouble();
        }
    }

    record OfString() implements ValueCodec<String> {
        @Override
        public byte type() {
            return ThriftType.STRING;
        }

        @Override
        public void write(String value, ThriftWriter out) {
            out.writeString(value);
        }

        @Override
        public String read(ThriftReader in) {
            return in.readString();
        }
    }

    record OfBinary() implements ValueCodec<Binary> {
        @Override
        public byte type() {
            return ThriftType.STRING;
        }

        @Override
        public void write(Binary value, ThriftWriter out) {
            out.writeBinary(value);
        }

        @Override
        public Binary read(ThriftReader in) {
            return in.readBinary();
        }
    }

    record OfEnum<E>(IntFunction<E> of, ToIntFunction<E> number) implements ValueCodec<E> {
        @Override
        public byte type() {
            return ThriftType.I32;
        }

        @Override
        public void write(E value, ThriftWriter out) {
            out.writeI32(number.applyAsInt(value));
        }

        @Override
        public E read(ThriftReader in) {
            return of.apply(in.readI32());
        }
    }
}
