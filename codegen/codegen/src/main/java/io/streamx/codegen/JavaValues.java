package io.streamx.codegen;

import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Constant;
import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import io.streamx.idl.Field;
import io.streamx.idl.IdlType;
import io.streamx.idl.IdlType.ListOf;
import io.streamx.idl.IdlType.MapOf;
import io.streamx.idl.IdlType.Named;
import io.streamx.idl.IdlType.Primitive;
import io.streamx.idl.IdlType.SetOf;
import io.streamx.idl.StructType;
import io.streamx.idl.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Java expressions for constants and defaults. */
final class JavaValues {
    /** Beyond this many characters javac may refuse a literal, so it is put together from several. */
    private static final int LITERAL_CHARACTERS = 10_000;

    private final SourceFile file;
    private final JavaTypes types;

    JavaValues(SourceFile file, JavaTypes types) {
        this.file = file;
        this.types = types;
    }

    /** The value as an expression of the type. */
    String expression(Value value, IdlType type) {
        if (value instanceof Value.Reference reference) {
            return reference(reference.constant(), type);
        }
        if (value instanceof Value.Bool bool) {
            return Boolean.toString(bool.value());
        }
        if (value instanceof Value.Int number) {
            return integer(number.value(), type);
        }
        if (value instanceof Value.Real real) {
            return Double.toString(real.value());
        }
        if (value instanceof Value.Text text) {
            return string(text.value());
        }
        if (value instanceof Value.Bytes bytes) {
            return binary(bytes.toByteArray());
        }
        if (value instanceof Value.EnumConstant constant) {
            return enumConstant(constant.value());
        }
        if (value instanceof Value.EnumNumber number) {
            return types.boxed(type) + ".of(" + number.number() + ")";
        }
        if (value instanceof Value.Elements elements) {
            return elements(elements, type.resolved());
        }
        if (value instanceof Value.Entries entries) {
            return entries(entries, (MapOf) type.resolved());
        }
        return members((Value.Members) value);
    }

    /** By name when the constant's type is the same, else by value: Java converts less than Thrift. */
    private String reference(Constant constant, IdlType type) {
        if (!types.boxed(constant.type()).equals(types.boxed(type))) {
            return expression(constant.value(), type);
        }
        if (!file.symbols().constantsOf(constant.document()).equals(file.name())) {
            file.noteUse(constant.annotations());
            return file.use(file.symbols().constantsOf(constant.document())) + "." + ConstantsSource.nameOf(constant);
        }
        return ConstantsSource.nameOf(constant);
    }

    private String integer(long value, IdlType type) {
        if (JavaTypes.is(type, Primitive.I64)) {
            return value + "L";
        }
        if (JavaTypes.is(type, Primitive.I8)) {
            return "(byte) " + value;
        }
        if (JavaTypes.is(type, Primitive.I16)) {
            return "(short) " + value;
        }
        return Long.toString(value);
    }

    private String enumConstant(EnumValue value) {
        String type = types.definition(value.owner());
        if (!file.symbols().of(value.owner()).equals(file.name())) {
            file.noteUse(value.annotations());
        }
        return type + "." + EnumSource.names(value.owner()).get(value);
    }

    private String binary(byte[] bytes) {
        String binary = file.use(RuntimeNames.BINARY);
        if (bytes.length == 0) {
            return binary + ".EMPTY";
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.codePoints().noneMatch(Character::isISOControl)) {
                return binary + ".ofUtf8(" + string(text) + ")";
            }
        } catch (CharacterCodingException e) {
            // Not text, so written as what it is.
        }
        return binary + ".of(" + file.use("java.util.HexFormat") + ".of().parseHex("
                + string(HexFormat.of().formatHex(bytes)) + "))";
    }

    private String elements(Value.Elements elements, IdlType container) {
        boolean list = container instanceof ListOf;
        if (elements.elements().isEmpty()) {
            return file.use(list ? "java.util.List" : "java.util.Set") + ".of()";
        }
        IdlType element = list ? ((ListOf) container).element() : ((SetOf) container).element();
        List<String> expressions = new ArrayList<>();
        elements.elements().forEach(one -> expressions.add(expression(one, element)));
        return file.use(RuntimeNames.IMMUTABLE) + (list ? ".listOf(" : ".setOf(") + String.join(", ", expressions)
                + ")";
    }

    private String entries(Value.Entries entries, MapOf type) {
        String map = file.use("java.util.Map");
        if (entries.entries().isEmpty()) {
            return map + ".of()";
        }
        List<String> expressions = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : entries.entries()) {
            expressions.add(map + ".entry(" + expression(entry.getKey(), type.key()) + ", "
                    + expression(entry.getValue(), type.value()) + ")");
        }
        return file.use(RuntimeNames.IMMUTABLE) + ".mapOf(" + String.join(", ", expressions) + ")";
    }

    private String members(Value.Members members) {
        StructType struct = members.type();
        String name = types.definition(struct);
        if (struct.kind() == StructType.Kind.UNION) {
            if (members.members().isEmpty()) {
                return "new " + name + "."
                        + UnionSource.unrecognizedName(file.symbols().of(struct)) + "(" + file.use(RuntimeNames.BINARY)
                        + ".EMPTY)";
            }
            Map.Entry<Field, Value> arm =
                    members.members().get(members.members().size() - 1);
            return "new " + name + "." + UnionSource.armNames(struct).get(arm.getKey()) + "("
                    + expression(arm.getValue(), arm.getKey().type()) + ")";
        }
        Map<Field, Value> given = new HashMap<>();
        members.members().forEach(member -> given.put(member.getKey(), member.getValue()));
        List<JavaField> fields = JavaField.ofStruct(struct);
        return StructShape.of(struct).hasBuilder() ? built(name, fields, given) : constructed(name, fields, given);
    }

    private String built(String name, List<JavaField> fields, Map<Field, Value> given) {
        StringBuilder out = new StringBuilder(name).append(".builder()");
        for (JavaField field : fields) {
            Value value = given.get(field.field());
            if (value != null) {
                out.append('.').append(field.name()).append('(');
                out.append(expression(value, field.type())).append(')');
            } else if (field.isRequired() && field.defaultValue() == null) {
                // A constant may leave out required fields; Kitex gives them the value of nothing.
                out.append('.').append(field.name()).append('(');
                out.append(nothing(field.type())).append(')');
            }
        }
        return out.append(".build()").toString();
    }

    private String constructed(String name, List<JavaField> fields, Map<Field, Value> given) {
        List<String> arguments = new ArrayList<>();
        for (JavaField field : fields) {
            Value value = given.get(field.field());
            arguments.add(value == null ? initial(field) : expression(value, field.type()));
        }
        return "new " + name + "(" + String.join(", ", arguments) + ")";
    }

    /** What a field is before anyone sets it: its default, null where it may be null, else nothing. */
    String initial(JavaField field) {
        Value value = field.defaultValue();
        if (value != null) {
            return expression(value, field.type());
        }
        return field.isNullable() ? "null" : nothing(field.type());
    }

    /** The value of a type that stands for nothing: zero, empty, or a struct of such. */
    String nothing(IdlType type) {
        if (JavaTypes.is(type, Primitive.BOOL)) {
            return "false";
        }
        if (JavaTypes.is(type, Primitive.DOUBLE)) {
            return "0.0";
        }
        if (JavaTypes.is(type, Primitive.STRING)) {
            return "\"\"";
        }
        if (JavaTypes.is(type, Primitive.BINARY)) {
            return file.use(RuntimeNames.BINARY) + ".EMPTY";
        }
        if (JavaTypes.isPrimitive(type)) {
            return integer(0, type);
        }
        IdlType resolved = type.resolved();
        if (resolved instanceof ListOf) {
            return file.use("java.util.List") + ".of()";
        }
        if (resolved instanceof SetOf) {
            return file.use("java.util.Set") + ".of()";
        }
        if (resolved instanceof MapOf) {
            return file.use("java.util.Map") + ".of()";
        }
        if (((Named) resolved).definition() instanceof EnumType enumType) {
            return enumZero(enumType);
        }
        return members(new Value.Members(JavaTypes.struct(type), List.of()));
    }

    private String enumZero(EnumType enumType) {
        for (EnumValue value : enumType.values()) {
            if (value.number() == 0) {
                return enumConstant(value);
            }
        }
        return types.definition(enumType) + ".of(0)";
    }

    // Strings.

    private static String string(String text) {
        if (text.length() <= LITERAL_CHARACTERS) {
            return literal(text);
        }
        List<String> pieces = new ArrayList<>();
        for (int start = 0; start < text.length(); start += LITERAL_CHARACTERS) {
            pieces.add(literal(text.substring(start, Math.min(text.length(), start + LITERAL_CHARACTERS))));
        }
        return "String.join(\"\", " + String.join(", ", pieces) + ")";
    }

    private static String literal(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    // Escaped beyond ASCII, so that the user's source encoding does not matter.
                    if (c < 0x20 || c > 0x7e) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
