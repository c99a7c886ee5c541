package io.streamx.codegen;

import io.streamx.idl.Field;
import io.streamx.idl.IdlType;
import io.streamx.idl.Requiredness;
import io.streamx.idl.Value;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Defaults as texts that are equal when the values are: of two versions of an IDL no two objects are. */
final class ValueText {
    private ValueText() {}

    /** What a reader takes for a field that does not come. */
    static String whenAbsent(Field field) {
        Value value = field.defaultValue();
        if (value != null) {
            return of(value);
        }
        if (field.requiredness() == Requiredness.OPTIONAL || JavaTypes.isStruct(field.type())) {
            return "nothing";
        }
        IdlType type = field.type().resolved();
        if (type instanceof IdlType.Base base) {
            return switch (base.primitive()) {
                case BOOL -> "false";
                case I8, I16, I32, I64 -> "0";
                case DOUBLE -> "0.0";
                case STRING -> "\"\"";
                case BINARY -> "[]";
            };
        }
        return type instanceof IdlType.Named ? "0" : type instanceof IdlType.MapOf ? "{}" : "[]";
    }

    /** The value, with constants looked up and enums by number. */
    static String of(Value value) {
        if (value instanceof Value.Bool bool) {
            return String.valueOf(bool.value());
        }
        if (value instanceof Value.Int number) {
            return String.valueOf(number.value());
        }
        if (value instanceof Value.Real number) {
            return String.valueOf(number.value());
        }
        if (value instanceof Value.Text text) {
            return '"' + text.value() + '"';
        }
        if (value instanceof Value.Bytes bytes) {
            return Arrays.toString(bytes.toByteArray());
        }
        if (value instanceof Value.EnumConstant constant) {
            return String.valueOf(constant.value().number());
        }
        if (value instanceof Value.EnumNumber number) {
            return String.valueOf(number.number());
        }
        if (value instanceof Value.Reference reference) {
            return of(reference.constant().value());
        }
        if (value instanceof Value.Elements elements) {
            return elements.elements().stream().map(ValueText::of).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Value.Entries entries) {
            return entries.entries().stream()
                    .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue()))
                    .sorted()
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return ((Value.Members) value)
                .members().stream()
                        .map(entry -> entry.getKey().id() + ": " + of(entry.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ", "{", "}"));
    }
}
