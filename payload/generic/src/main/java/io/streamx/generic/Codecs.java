package io.streamx.generic;

import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import io.streamx.idl.IdlType;
import io.streamx.idl.StructType;
import io.streamx.thrift.ThriftReader;
import io.streamx.thrift.ThriftType;
import io.streamx.thrift.ThriftWriter;
import io.streamx.thrift.ValueCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The codecs of the types of one IDL, made when they are first asked for. They write values that {@link Canonical} has
 * checked. Used by one thread while a service is being loaded; the codecs are safe from any thread afterwards.
 */
final class Codecs {
    private final Map<StructType, ShapeCodec> structs = new HashMap<>();

    /** The codec of a struct, union or exception. */
    ShapeCodec of(StructType type) {
        ShapeCodec known = structs.get(type);
        if (known != null) {
            return known;
        }
        ShapeCodec codec = new ShapeCodec(Shape.of(type));
        // A struct may contain itself, so its codec has to be known before the members of the struct are looked at.
        structs.put(type, codec);
        codec.complete(this);
        return codec;
    }

    /** The codec of a struct that the IDL does not name. */
    ShapeCodec of(Shape shape) {
        ShapeCodec codec = new ShapeCodec(shape);
        codec.complete(this);
        return codec;
    }

    /** The codec of any type. */
    ValueCodec<Object> of(IdlType declared) {
        return switch (declared.resolved()) {
            case IdlType.Base base -> erased(ofPrimitive(base.primitive()));
            case IdlType.ListOf list -> erased(new ListCodec(of(list.element())));
            case IdlType.SetOf set -> erased(new SetCodec(of(set.element())));
            case IdlType.MapOf map -> erased(new MapCodec(of(map.key()), of(map.value())));
            case IdlType.Named named ->
                named.definition() instanceof EnumType type
                        ? new EnumCodec(type)
                        : erased(of((StructType) named.definition()));
        };
    }

    private static ValueCodec<?> ofPrimitive(IdlType.Primitive primitive) {
        return switch (primitive) {
            case BOOL -> ValueCodec.BOOL;
            case I8 -> ValueCodec.BYTE;
            case I16 -> ValueCodec.I16;
            case I32 -> ValueCodec.I32;
            case I64 -> ValueCodec.I64;
            case DOUBLE -> ValueCodec.DOUBLE;
            case STRING -> ValueCodec.STRING;
            case BINARY -> ValueCodec.BINARY;
        };
    }

    /** The codec for values whose class has been checked. */
    @SuppressWarnings("unchecked")
    private static ValueCodec<Object> erased(ValueCodec<?> codec) {
        return (ValueCodec<Object>) codec;
    }

    private record ListCodec(ValueCodec<Object> element) implements ValueCodec<List<Object>> {
        @Override
        public byte type() {
            return ThriftType.LIST;
        }

        @Override
        public void write(List<Object> value, ThriftWriter out) {
            out.writeElements(value, element);
        }

        @Override
        public List<Object> read(ThriftReader in) {
            return in.readList(element);
        }
    }

    private record SetCodec(ValueCodec<Object> element) implements ValueCodec<Set<Object>> {
        @Override
        public byte type() {
            return ThriftType.SET;
        }

        @Override
        public void write(Set<Object> value, ThriftWriter out) {
            out.writeElements(value, element);
        }

        @Override
        public Set<Object> read(ThriftReader in) {
            return in.readSet(element);
        }
    }

    private record MapCodec(ValueCodec<Object> key, ValueCodec<Object> value)
            implements ValueCodec<Map<Object, Object>> {
        @Override
        public byte type() {
            return ThriftType.MAP;
        }

        @Override
        public void write(Map<Object, Object> entries, ThriftWriter out) {
            out.writeMap(entries, key, value);
        }

        @Override
        public Map<Object, Object> read(ThriftReader in) {
            return in.readMap(key, value);
        }
    }

    /** An enum: the name of a value that the IDL knows, and the number of one that it does not know. */
    private record EnumCodec(EnumType values) implements ValueCodec<Object> {
        @Override
        public byte type() {
            return ThriftType.I32;
        }

        @Override
        public void write(Object value, ThriftWriter out) {
            if (value instanceof String name) {
                EnumValue known = values.value(name);
                if (known == null) {
                    throw new IllegalStateException(values.name() + " has no value " + name);
                }
                out.writeI32(known.number());
            } else {
                out.writeI32((Integer) value);
            }
        }

        @Override
        public Object read(ThriftReader in) {
            int number = in.readI32();
            EnumValue known = values.value(number);
            return known == null ? (Object) number : known.name();
        }
    }
}
