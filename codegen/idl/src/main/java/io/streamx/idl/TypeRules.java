package io.streamx.idl;

import io.streamx.idl.IdlType.Primitive;
import java.util.stream.Collectors;

/** What is known of types and values by themselves. */
final class TypeRules {
    private static final int LISTED_FIELDS = 8;

    private TypeRules() {}

    static boolean isInteger(Primitive primitive) {
        return switch (primitive) {
            case I8, I16, I32, I64 -> true;
            case BOOL, DOUBLE, STRING, BINARY -> false;
        };
    }

    static long maximum(Primitive primitive) {
        return switch (primitive) {
            case I8 -> Byte.MAX_VALUE;
            case I16 -> Short.MAX_VALUE;
            case I32 -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    /** Whether two types are one behind all typedefs and whatever their annotations. */
    static boolean same(IdlType left, IdlType right) {
        IdlType a = left.resolved();
        IdlType b = right.resolved();
        if (a instanceof IdlType.Base base) {
            return b instanceof IdlType.Base other && base.primitive() == other.primitive();
        }
        if (a instanceof IdlType.ListOf list) {
            return b instanceof IdlType.ListOf other && same(list.element(), other.element());
        }
        if (a instanceof IdlType.SetOf set) {
            return b instanceof IdlType.SetOf other && same(set.element(), other.element());
        }
        if (a instanceof IdlType.MapOf map) {
            return b instanceof IdlType.MapOf other && same(map.key(), other.key()) && same(map.value(), other.value());
        }
        return b instanceof IdlType.Named other && ((IdlType.Named) a).definition() == other.definition();
    }

    /** The value behind all names of constants. */
    static Value end(Value value) {
        Value end = value;
        while (end instanceof Value.Reference reference) {
            end = reference.constant().value();
        }
        return end;
    }

    static Value end(Constant constant) {
        return end(constant.value());
    }

    /** What fits a type, for messages. */
    static String expected(IdlType type) {
        IdlType resolved = type.resolved();
        if (resolved instanceof IdlType.Base base) {
            return switch (base.primitive()) {
                case BOOL -> "true, false or a number";
                case I8, I16, I32, I64 -> "an integer, true, false or the name of an integer";
                case DOUBLE -> "a number, true or false";
                case STRING, BINARY -> "a literal in quotes";
            };
        }
        if (resolved instanceof IdlType.ListOf || resolved instanceof IdlType.SetOf) {
            return "[...]";
        }
        if (resolved instanceof IdlType.MapOf) {
            return "{key: value, ...}";
        }
        TypeDefinition definition = ((IdlType.Named) resolved).definition();
        return definition instanceof EnumType
                ? "an integer or a value of enum " + definition.name()
                : "{\"field\": value, ...}";
    }

    static String listed(StructType type) {
        String names = type.fields().stream()
                .limit(LISTED_FIELDS)
                .map(field -> "\"" + field.name() + "\"")
                .collect(Collectors.joining(", "));
        return type.fields().size() > LISTED_FIELDS ? names + ", ..." : names;
    }
}
