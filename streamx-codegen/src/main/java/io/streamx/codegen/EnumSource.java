package io.streamx.codegen;

import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Writes an enum as a sealed interface over a Java enum of the values the IDL names and a record for any other number.
 *
 * <p>A Java enum alone cannot hold the number of a value that only the peer's newer IDL knows, so an intermediary would
 * change what passes through it. With two cases under one type it survives, and a switch over both is still checked by
 * the compiler for completeness.
 */
final class EnumSource {
    private EnumSource() {}

    /** The constant of each value. */
    static Map<EnumValue, String> names(EnumType enumType) {
        Set<String> taken = new HashSet<>(Set.of("CODEC"));
        Map<EnumValue, String> names = new LinkedHashMap<>();
        for (EnumValue value : enumType.values()) {
            String name = JavaNames.unique(JavaNames.constant(value.name()), taken::contains);
            taken.add(name);
            names.put(value, name);
        }
        return names;
    }

    static GeneratedFile generate(Symbols symbols, EnumType enumType) {
        SourceFile file = new SourceFile(symbols, enumType.document(), symbols.of(enumType));
        file.declareNested("Known");
        file.declareNested("Unrecognized");
        Code code = file.body();
        Map<EnumValue, String> names = names(enumType);
        String name = file.name().simpleName();

        new Javadoc(file.head())
                .text(enumType.doc(), JavadocText.of(enumType, "enum"))
                .paragraph("Either {@link Known} to this version of the IDL, or {@link Unrecognized}.")
                .deprecation(enumType.annotations())
                .write();
        if (Javadoc.isDeprecated(enumType.annotations())) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public sealed interface " + name + " {");
        names.forEach((value, constant) -> {
            writeDoc(file, value);
            code.line(name + " " + constant + " = Known." + constant + ";").blank();
        });
        code.line("/** Writes and reads it. */")
                .line(file.use(RuntimeNames.VALUE_CODEC) + "<" + name + "> CODEC = "
                        + file.use(RuntimeNames.VALUE_CODEC) + ".ofEnum(" + name + "::of, " + name + "::value);")
                .blank();
        code.line("/** The number on the wire. */").line("int value();").blank();
        writeOf(code, name, names);
        writeKnown(file, name, names);
        writeUnrecognized(file, name, names);
        code.close("}");
        return file.finish();
    }

    private static void writeDoc(SourceFile file, EnumValue value) {
        Code code = file.body();
        new Javadoc(code)
                .text(value.doc(), "The value {@code " + value.name() + "}, " + value.number() + ".")
                .deprecation(value.annotations())
                .write();
        if (Javadoc.isDeprecated(value.annotations())) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
    }

    private static void writeOf(Code code, String name, Map<EnumValue, String> names) {
        code.line("/** The value of that number; {@link Unrecognized} when the IDL names none. */")
                .open("static " + name + " of(int value) {");
        if (names.isEmpty()) {
            code.line("return new Unrecognized(value);");
        } else {
            code.open("return switch (value) {");
            names.forEach((value, constant) -> code.line("case " + value.number() + " -> Known." + constant + ";"));
            code.line("default -> new Unrecognized(value);").close("};");
        }
        code.close("}").blank();
    }

    private static void writeKnown(SourceFile file, String name, Map<EnumValue, String> names) {
        Code code = file.body();
        code.line("/** The values this version of the IDL names. */").open("enum Known implements " + name + " {");
        int left = names.size();
        for (Map.Entry<EnumValue, String> entry : names.entrySet()) {
            EnumValue value = entry.getKey();
            left--;
            writeDoc(file, value);
            code.line(entry.getValue() + "(" + value.number() + ")" + (left == 0 ? ";" : ","));
        }
        if (names.isEmpty()) {
            code.line(";");
        }
        code.blank()
                .line("private final int value;")
                .blank()
                .open("Known(int value) {")
                .line("this.value = value;")
                .close("}")
                .blank()
                .line("@" + file.use("java.lang.Override"))
                .open("public int value() {")
                .line("return value;")
                .close("}")
                .close("}")
                .blank();
    }

    private static void writeUnrecognized(SourceFile file, String name, Map<EnumValue, String> names) {
        Code code = file.body();
        new Javadoc(code)
                .paragraph("A value that only the peer's version of the IDL names.")
                .tag("@param value the number on the wire")
                .write();
        code.open("record Unrecognized(int value) implements " + name + " {");
        if (!names.isEmpty()) {
            code.line("/** Refuses a number that has a name, so that equal values are the same. */")
                    .open("public Unrecognized {")
                    .open("for (Known known : Known.values()) {")
                    .open("if (known.value == value) {")
                    .line("throw new " + file.use("java.lang.IllegalArgumentException")
                            + "(\"value: \" + value + \" (expected: a number other than that of \" + known + \")\");")
                    .close("}")
                    .close("}")
                    .close("}");
        }
        code.close("}");
    }
}
