package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
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
import org.jspecify.annotations.Nullable;

/** Java expressions for constants and defaults. */
final class JavaValues {
    /** Beyond this many characters javac may refuse a literal, so it is put together from several. */
    private static final int LITERAL_CHARACTERS = 10_000;

    private final SourceFile file;
    private final JavaTypes types;
    private final @Nullable ClassName home;

    JavaValues(SourceFile file, JavaTypes types) {
        this(file, types, null);
    }

    /** For a part of the constants of {@code home}, which are known there by their simple names. */
    JavaValues(SourceFile file, JavaTypes types, @Nullable ClassName home) {
        this.file = file;
        this.types = types;
        this.home = home;
    }

    /** The value as an expression of the type; a large one is put together in classes beside the file. */
    String expression(Value value, IdlType type) {
        if (LargeValue.isLarge(value)) {
            return new LargeValue(file).expression(value, type);
        }
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
            return types.enumOf(((Named) type.resolved()).definition(), Integer.toString(number.number()));
        }
        if (value instanceof Value.Elements elements) {
            return elements(elements, type.resolved());
        }
        if (value instanceof Value.Entries entries) {
            return entries(entries, (MapOf) type.resolved());
        }
        return members((Value.Members) value);
    }

    /**
     * How to refer to a constant: by its name where the constant has the type that is wanted, and else by its value, because
     * Java converts less than Thrift.
     */
    private String reference(Constant constant, IdlType type) {
        if (!types.boxed(constant.type()).equals(types.boxed(type))) {
            return expression(constant.value(), type);
        }
        ClassName constants = file.symbols().constantsOf(constant.document());
        String name = file.symbols().nameOf(constant);
        if (constants.equals(home)) {
            // The file is a part of the constants' class, and a part inherits from the parts before it.
            if (!file.name().equals(home)) {
                file.noteUse(constant.annotations());
            }
            return name;
        }
        file.noteUse(constant.annotations());
        return file.staticField(constants, name, other -> new JavaTypes(other).declared(constant.type()));
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
        types.definition(value.owner());
        ClassName type = file.symbols().of(value.owner());
        if (!type.equals(file.name())) {
            file.noteUse(value.annotations());
        }
        String name = file.symbols().namesOf(value.owner()).get(value);
        return file.staticField(type, String.valueOf(name), other -> other.use(type));
    }

    private String binary(byte[] bytes) {
        String binary = file.qualifier(RuntimeNames.BINARY);
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
            // The bytes are no text in UTF-8, so they are written as hexadecimal digits.
        }
        return binary + ".of(" + file.qualifier("java.util.HexFormat") + ".of().parseHex("
                + string(HexFormat.of().formatHex(bytes)) + "))";
    }

    private String elements(Value.Elements elements, IdlType container) {
        boolean list = container instanceof ListOf;
        if (elements.elements().isEmpty()) {
            return file.qualifier(list ? "java.util.List" : "java.util.Set") + ".of()";
        }
        IdlType element = elementOf(container);
        List<String> expressions = new ArrayList<>();
        elements.elements().forEach(one -> expressions.add(expression(one, element)));
        return file.qualifier(RuntimeNames.IMMUTABLE) + ".<" + types.boxed(element) + ">"
                + (list ? "listOf(" : "setOf(") + String.join(", ", expressions) + ")";
    }

    static IdlType elementOf(IdlType container) {
        return container instanceof ListOf list ? list.element() : ((SetOf) container).element();
    }

    /**
     * The entries of a map, with the types written out: to find them, javac takes a time that grows with the square of the
     * number of entries, and faster.
     */
    private String entries(Value.Entries entries, MapOf type) {
        String map = file.qualifier("java.util.Map");
        if (entries.entries().isEmpty()) {
            return map + ".of()";
        }
        String arguments = "<" + types.boxed(type.key()) + ", " + types.boxed(type.value()) + ">";
        List<String> expressions = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : entries.entries()) {
            expressions.add(map + "." + arguments + "entry(" + expression(entry.getKey(), type.key()) + ", "
                    + expression(entry.getValue(), type.value()) + ")");
        }
        return file.qualifier(RuntimeNames.IMMUTABLE) + "." + arguments + "mapOf(" + String.join(", ", expressions)
                + ")";
    }

    private String members(Value.Members members) {
        StructType struct = members.type();
        if (struct.kind() == StructType.Kind.UNION) {
            return arm(members, types.definition(struct));
        }
        List<JavaField> fields = file.symbols().fieldsOf(struct);
        Map<Field, Value> given = new HashMap<>();
        members.members().forEach(member -> given.put(member.getKey(), member.getValue()));
        return StructShape.of(fields, struct).isSmall()
                ? constructed(types.definition(struct), fields, given)
                : built(struct, fields, given);
    }

    private String arm(Value.Members members, String union) {
        StructType type = members.type();
        if (members.members().isEmpty()) {
            return "new " + union + "."
                    + UnionSource.unrecognizedName(file.symbols().of(type)) + "(" + file.qualifier(RuntimeNames.BINARY)
                    + ".EMPTY)";
        }
        Map.Entry<Field, Value> arm = members.members().get(members.members().size() - 1);
        return "new " + union + "." + file.symbols().armsOf(type).get(arm.getKey()) + "("
                + expression(arm.getValue(), arm.getKey().type()) + ")";
    }

    private String built(StructType struct, List<JavaField> fields, Map<Field, Value> given) {
        StringBuilder out = new StringBuilder(builder(struct));
        for (JavaField field : fields) {
            String value = member(field, given);
            if (!value.isEmpty()) {
                out.append('.').append(field.name()).append('(').append(value).append(')');
            }
        }
        return out.append(".build()").toString();
    }

    /** A call that begins a builder of the struct. */
    String builder(StructType struct) {
        types.definition(struct);
        ClassName name = file.symbols().of(struct);
        return file.staticCall(
                name, "builder", "", other -> other.use(name) + "." + SourceFile.nestedName(name, "Builder"));
    }

    /** What a builder is to be given for a field; empty where its default is meant. */
    String member(JavaField field, Map<Field, Value> given) {
        Value value = given.get(field.field());
        if (value != null) {
            return expression(value, field.type());
        }
        // A constant may leave out required fields of its struct, which Kitex then sets to zero or to an empty value.
        return field.isRequired() && field.defaultValue() == null ? nothing(field.type()) : "";
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
            return file.qualifier(RuntimeNames.BINARY) + ".EMPTY";
        }
        if (JavaTypes.isPrimitive(type)) {
            return integer(0, type);
        }
        IdlType resolved = type.resolved();
        if (resolved instanceof ListOf) {
            return file.qualifier("java.util.List") + ".of()";
        }
        if (resolved instanceof SetOf) {
            return file.qualifier("java.util.Set") + ".of()";
        }
        if (resolved instanceof MapOf) {
            return file.qualifier("java.util.Map") + ".of()";
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
        return types.enumOf(enumType, "0");
    }

    // Strings.

    String string(String text) {
        if (text.length() <= LITERAL_CHARACTERS) {
            return literal(text);
        }
        List<String> pieces = new ArrayList<>();
        for (int start = 0; start < text.length(); start += LITERAL_CHARACTERS) {
            pieces.add(literal(text.substring(start, Math.min(text.length(), start + LITERAL_CHARACTERS))));
        }
        return file.qualifier("java.lang.String") + ".join(\"\", " + String.join(", ", pieces) + ")";
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
