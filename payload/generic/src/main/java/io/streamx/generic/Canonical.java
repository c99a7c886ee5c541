package io.streamx.generic;

import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import io.streamx.idl.IdlType;
import io.streamx.idl.Requiredness;
import io.streamx.idl.StructType;
import io.streamx.thrift.Binary;
import io.streamx.thrift.ThriftReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks values that users give against the types of the IDL, and turns them into the one class that each type is written
 * from. Every mistake is an {@link IllegalArgumentException} that says where the value stands, what it is and what was
 * expected; nothing is cut, rounded or left out in silence.
 *
 * <p>Two sources differ in what they can express: JSON has texts for bytes and for the names of map entries, where Java
 * values have classes of their own.
 */
final class Canonical {
    private final Codecs codecs;
    private final boolean json;

    /** A checker of values that came from JSON, if {@code json}, and else of values that a program made. */
    Canonical(Codecs codecs, boolean json) {
        this.codecs = codecs;
        this.json = json;
    }

    /** The value for {@code given}, checked against the type {@code declared}. */
    Object value(Object given, IdlType declared, Place place) {
        return switch (declared.resolved()) {
            case IdlType.Base base -> primitive(given, base.primitive(), place);
            case IdlType.ListOf list -> list(given, list, place);
            case IdlType.SetOf set -> set(given, set, place);
            case IdlType.MapOf map -> map(given, map, place);
            case IdlType.Named named ->
                named.definition() instanceof EnumType type
                        ? enumValue(given, type, place)
                        : struct(given, codecs.of((StructType) named.definition()), place);
        };
    }

    /** The fields of a struct, in the order of the IDL and with the defaults that the IDL gives. */
    Map<String, Object> struct(Object given, ShapeCodec codec, Place place) {
        if (!(given instanceof Map<?, ?> fields)) {
            throw place.wrong(given, "an object with the fields of " + codec.name());
        }
        if (place.depth() > ThriftReader.MAX_DEPTH) {
            throw new IllegalArgumentException(
                    place + ": structs nest deeper than " + ThriftReader.MAX_DEPTH + " (expected: no deeper)");
        }
        checkNames(fields.keySet(), codec.shape(), place);
        Map<String, Object> checked = new LinkedHashMap<>();
        List<Shape.Member> members = codec.shape().members();
        for (int i = 0; i < members.size(); i++) {
            Object value = member(fields, codec, i, place);
            if (value != null) {
                checked.put(members.get(i).name(), value);
            }
        }
        if (codec.shape().isUnion() && checked.size() != 1) {
            throw new IllegalArgumentException(place + ": " + checked.size() + " members of union " + codec.name() + " "
                    + checked.keySet() + " (expected: exactly one)");
        }
        addUnknown(fields, checked, place);
        return checked;
    }

    private @Nullable Object member(Map<?, ?> fields, ShapeCodec codec, int index, Place place) {
        Shape.Member member = codec.shape().members().get(index);
        Object given = fields.get(member.name());
        if (given != null) {
            return value(given, member.type(), place.member(member.name()));
        }
        // An optional field that is absent is not sent, so that its reader fills in the default.
        if (member.requiredness() != Requiredness.OPTIONAL) {
            Object standing = codec.defaultOf(index);
            if (standing != null) {
                return standing;
            }
        }
        if (member.requiredness() == Requiredness.REQUIRED) {
            throw new IllegalArgumentException(
                    place.member(member.name()) + ": absent (expected: a value, the field is required)");
        }
        return null;
    }

    private static void checkNames(Set<?> names, Shape shape, Place place) {
        for (Object name : names) {
            if (!(name instanceof String text)) {
                throw place.wrong(name, "the name of a field");
            }
            if (shape.indexOf(text) < 0 && !ShapeCodec.isUnknownName(text)) {
                String known = shape.members().stream().map(Shape.Member::name).collect(Collectors.joining(", "));
                throw new IllegalArgumentException(place.member(text) + ": " + shape.name() + " has no such field"
                        + " (expected: " + (known.isEmpty() ? "no field at all" : "one of " + known) + ")");
            }
        }
    }

    private void addUnknown(Map<?, ?> fields, Map<String, Object> checked, Place place) {
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            String name = (String) field.getKey();
            if (ShapeCodec.isUnknownName(name) && field.getValue() != null) {
                Binary kept = binary(field.getValue(), place.member(name));
                if (!isFieldNamed(name, kept)) {
                    throw place.member(name).wrong(kept, "the bytes of that field as they were received");
                }
                checked.put(name, kept);
            }
        }
    }

    private static boolean isFieldNamed(String name, Binary kept) {
        try {
            return ShapeCodec.isField(kept, Short.parseShort(name.substring(1)));
        } catch (NumberFormatException noId) {
            return false;
        }
    }

    private Object primitive(Object given, IdlType.Primitive type, Place place) {
        return switch (type) {
            case BOOL -> bool(given, place);
            case I8 -> (byte) integer(given, Byte.MIN_VALUE, Byte.MAX_VALUE, "i8", place);
            case I16 -> (short) integer(given, Short.MIN_VALUE, Short.MAX_VALUE, "i16", place);
            case I32 -> (int) integer(given, Integer.MIN_VALUE, Integer.MAX_VALUE, "i32", place);
            case I64 -> integer(given, Long.MIN_VALUE, Long.MAX_VALUE, "i64", place);
            case DOUBLE -> real(given, place);
            case STRING -> {
                if (given instanceof String text) {
                    yield text;
                }
                throw place.wrong(given, "a string");
            }
            case BINARY -> binary(given, place);
        };
    }

    private Object bool(Object given, Place place) {
        if (given instanceof Boolean) {
            return given;
        }
        if (place.isKey() && json && (given.equals("true") || given.equals("false"))) {
            return given.equals("true");
        }
        throw place.wrong(given, "true or false");
    }

    private long integer(Object given, long least, long most, String type, Place place) {
        BigDecimal number = number(given);
        if (number == null
                || number.stripTrailingZeros().scale() > 0
                || number.compareTo(BigDecimal.valueOf(least)) < 0
                || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw place.wrong(given, type + ", a whole number of " + least + " to " + most);
        }
        return number.longValueExact();
    }

    /** The exact value of a number, or of a text that JSON has for one; null if it is none. */
    private @Nullable BigDecimal number(Object given) {
        if (given instanceof Byte || given instanceof Short || given instanceof Integer || given instanceof Long) {
            return BigDecimal.valueOf(((Number) given).longValue());
        }
        if (given instanceof BigInteger whole) {
            return new BigDecimal(whole);
        }
        if (given instanceof BigDecimal exact) {
            // A scale of a billion would make an exact comparison take all memory.
            return Math.abs((long) exact.precision() - exact.scale()) > 400 ? null : exact;
        }
        if (given instanceof Double || given instanceof Float) {
            double real = ((Number) given).doubleValue();
            return Double.isFinite(real) ? new BigDecimal(real) : null;
        }
        if (json && given instanceof String text && text.length() <= 20 && text.matches("-?[0-9]+")) {
            return new BigDecimal(text);
        }
        return null;
    }

    private double real(Object given, Place place) {
        if (given instanceof Number number) {
            double real = number.doubleValue();
            boolean wasFinite = !(given instanceof Double || given instanceof Float);
            if (wasFinite && !Double.isFinite(real)) {
                throw place.wrong(given, "a double; its largest is " + Double.MAX_VALUE);
            }
            return real;
        }
        if (json && given instanceof String text) {
            Double real = real(text, place.isKey());
            if (real != null) {
                return real;
            }
        }
        throw place.wrong(given, json ? "a number, \"NaN\", \"Infinity\" or \"-Infinity\"" : "a number");
    }

    /**
     * The double that a text of JSON stands for. JSON has no numbers for NaN and the infinities, and keys of objects are texts
     * always.
     */
    private static @Nullable Double real(String text, boolean isKey) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default ->
                isKey && text.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?") ? Double.valueOf(text) : null;
        };
    }

    private Binary binary(Object given, Place place) {
        if (given instanceof Binary binary) {
            return binary;
        }
        if (given instanceof byte[] bytes) {
            return Binary.of(bytes);
        }
        if (given instanceof ByteBuffer bytes) {
            return Binary.of(bytes);
        }
        if (json && given instanceof String text) {
            try {
                return Binary.of(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException noBase64) {
                throw place.wrong(given, "bytes in base64");
            }
        }
        throw place.wrong(given, json ? "a string, bytes in base64" : "Binary, byte[] or ByteBuffer");
    }

    private Object enumValue(Object given, EnumType type, Place place) {
        if (given instanceof String name && type.value(name) != null) {
            return name;
        }
        BigDecimal number = number(given);
        if (number == null) {
            String known = type.values().stream().map(EnumValue::name).collect(Collectors.joining(", "));
            throw place.wrong(given, "a value of " + type.name() + ", one of " + known + ", or a number");
        }
        int exact = (int) integer(given, Integer.MIN_VALUE, Integer.MAX_VALUE, "the number of a value", place);
        EnumValue known = type.value(exact);
        return known == null ? (Object) exact : known.name();
    }

    private List<Object> list(Object given, IdlType.ListOf type, Place place) {
        List<Object> checked = new ArrayList<>();
        elements(given, type.element(), checked, place);
        return checked;
    }

    private Set<Object> set(Object given, IdlType.SetOf type, Place place) {
        Set<Object> checked = new LinkedHashSet<>();
        elements(given, type.element(), checked, place);
        return checked;
    }

    private void elements(Object given, IdlType element, Collection<Object> checked, Place place) {
        if (!(given instanceof Collection<?> elements)) {
            throw place.wrong(given, "a list of " + element);
        }
        int index = 0;
        for (Object each : elements) {
            Place here = place.element(index++);
            checked.add(value(present(each, element, here), element, here));
        }
    }

    private Map<Object, Object> map(Object given, IdlType.MapOf type, Place place) {
        Map<Object, Object> checked = new LinkedHashMap<>();
        if (given instanceof Map<?, ?> entries) {
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                put(checked, entry.getKey(), entry.getValue(), type, place);
            }
            return checked;
        }
        if (json && given instanceof Collection<?> pairs) {
            int index = 0;
            for (Object pair : pairs) {
                if (!(pair instanceof List<?> both) || both.size() != 2) {
                    throw place.element(index).wrong(pair, "[key, value]");
                }
                put(checked, both.get(0), both.get(1), type, place);
                index++;
            }
            return checked;
        }
        throw place.wrong(given, type.toString());
    }

    private void put(
            Map<Object, Object> checked,
            @Nullable Object key,
            @Nullable Object entry,
            IdlType.MapOf type,
            Place place) {
        Place keyPlace = place.key(key);
        Object checkedKey = value(present(key, type.key(), keyPlace), type.key(), keyPlace);
        Place valuePlace = place.member(String.valueOf(key));
        if (checked.put(checkedKey, value(present(entry, type.value(), valuePlace), type.value(), valuePlace))
                != null) {
            throw new IllegalArgumentException(keyPlace + ": comes twice (expected: each key once)");
        }
    }

    private static Object present(@Nullable Object given, IdlType type, Place place) {
        if (given == null) {
            throw new IllegalArgumentException(place + ": null (expected: " + type + ")");
        }
        return given;
    }
}
