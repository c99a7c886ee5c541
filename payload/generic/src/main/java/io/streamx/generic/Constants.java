package io.streamx.generic;

import io.streamx.idl.Field;
import io.streamx.idl.IdlType;
import io.streamx.idl.Value;
import io.streamx.thrift.Binary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Values that the IDL itself gives, defaults of fields among them, in the form that messages have. */
final class Constants {
    private Constants() {}

    /** The value of {@code constant}, which is declared with {@code declared}. */
    static Object value(Value constant, IdlType declared) {
        IdlType type = declared.resolved();
        return switch (constant) {
            case Value.Bool bool -> bool.value();
            case Value.Int integer -> integer(integer.value(), type);
            case Value.Real real -> real.value();
            case Value.Text text -> text.value();
            case Value.Bytes bytes -> Binary.of(bytes.toByteArray());
            case Value.EnumConstant known -> known.value().name();
            case Value.EnumNumber unknown -> unknown.number();
            case Value.Reference reference ->
                value(reference.constant().value(), reference.constant().type());
            case Value.Elements elements -> elements(elements, type);
            case Value.Entries entries -> entries(entries, (IdlType.MapOf) type);
            case Value.Members members -> members(members);
        };
    }

    private static Object integer(long value, IdlType type) {
        return type instanceof IdlType.Base base
                ? switch (base.primitive()) {
                    case I8 -> (byte) value;
                    case I16 -> (short) value;
                    case I64 -> value;
                    case DOUBLE -> (double) value;
                    default -> (int) value;
                }
                : (Object) (int) value;
    }

    private static Object elements(Value.Elements elements, IdlType type) {
        if (type instanceof IdlType.SetOf set) {
            LinkedHashSet<Object> values = new LinkedHashSet<>();
            elements.elements().forEach(element -> values.add(value(element, set.element())));
            return Collections.unmodifiableSet(values);
        }
        List<Object> values = new ArrayList<>();
        IdlType element = ((IdlType.ListOf) type).element();
        elements.elements().forEach(each -> values.add(value(each, element)));
        return Collections.unmodifiableList(values);
    }

    private static Object entries(Value.Entries entries, IdlType.MapOf type) {
        Map<Object, Object> values = new LinkedHashMap<>();
        for (Map.Entry<Value, Value> entry : entries.entries()) {
            values.put(value(entry.getKey(), type.key()), value(entry.getValue(), type.value()));
        }
        return Collections.unmodifiableMap(values);
    }

    private static Object members(Value.Members members) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<Field, Value> member : members.members()) {
            values.put(
                    member.getKey().name(),
                    value(member.getValue(), member.getKey().type()));
        }
        return Collections.unmodifiableMap(values);
    }
}
