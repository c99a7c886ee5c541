package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaNames;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes an enum as a sealed interface over a Java enum of the values the IDL names and a record for any other number.
 *
 * <p>A Java enum alone cannot hold an unknown enum value, which is the number of a value that only the peer's newer IDL
 * knows, so an intermediary would change what passes through it. With two cases under one type the number survives, and
 * a switch over both is still checked by the compiler for completeness.
 */
final class EnumSource {
    /** The most values for which the Java enum and the switch over their numbers fit into a method each. */
    static final int LARGE = 1_500;

    private final SourceFile file;
    private final Code code;
    private final EnumType enumType;
    private final Map<EnumValue, String> names;
    private final String name;
    private final String known;
    private final String unrecognized;

    private EnumSource(Symbols symbols, EnumType enumType) {
        this.enumType = enumType;
        file = new SourceFile(symbols, enumType.document(), symbols.of(enumType));
        code = file.body();
        names = symbols.namesOf(enumType);
        name = file.name().simpleName();
        known = file.declareNested("Known");
        unrecognized = file.declareNested("Unrecognized");
        file.declareVariables(names.values());
        file.declareVariables(List.of("CODEC", "known", "value"));
    }

    static List<GeneratedFile> generate(Symbols symbols, EnumType enumType) {
        return new EnumSource(symbols, enumType).file();
    }

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

    private List<GeneratedFile> file() {
        if (names.size() > LARGE) {
            return new LargeEnumSource(file, enumType, names, known, unrecognized).file();
        }
        new Javadoc(file.head())
                .text(enumType.doc(), JavadocText.of(enumType, "enum"))
                .paragraph("Either {@link " + known + "} to this version of the IDL, or {@link " + unrecognized + "}.")
                .deprecation(Deprecation.reasonIn(enumType.annotations()))
                .write();
        if (Deprecation.isIn(enumType.annotations())) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public sealed interface " + name + " {");
        names.forEach((value, constant) -> {
            writeDoc(file, value);
            code.line(name + " " + constant + " = " + known + "." + constant + ";")
                    .blank();
        });
        writeCodec(file);
        code.line("/** The number on the wire. */").line("int value();").blank();
        writeOf();
        writeKnown();
        writeUnrecognized();
        code.close("}");
        return file.finish();
    }

    /** The codec, a constant of the interface of the enum, which {@code file} is for. */
    static void writeCodec(SourceFile file) {
        String codec = file.use(RuntimeNames.VALUE_CODEC);
        String name = file.name().simpleName();
        boolean hidden = !name.equals(file.qualifier(file.name()));
        // Where a value of the enum is called like the enum, a method cannot be referred to by its class.
        String functions = hidden ? "number -> of(number), value -> value.value()" : name + "::of, " + name + "::value";
        file.body()
                .line("/** Writes and reads it. */")
                .line(codec + "<" + name + "> CODEC = " + file.qualifier(RuntimeNames.VALUE_CODEC) + ".ofEnum("
                        + functions + ");")
                .blank();
    }

    static void writeDoc(SourceFile file, EnumValue value) {
        Code code = file.body();
        new Javadoc(code)
                .text(value.doc(), "The value {@code " + value.name() + "}, " + value.number() + ".")
                .deprecation(Deprecation.reasonIn(value.annotations()))
                .write();
        if (Deprecation.isIn(value.annotations())) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
    }

    private void writeOf() {
        code.line("/** The value of that number; {@link " + unrecognized + "} when the IDL names none. */")
                .open("static " + name + " of(int value) {");
        if (names.isEmpty()) {
            code.line("return new " + unrecognized + "(value);");
        } else {
            code.open("return switch (value) {");
            names.forEach(
                    (value, constant) -> code.line("case " + value.number() + " -> " + known + "." + constant + ";"));
            code.line("default -> new " + unrecognized + "(value);").close("};");
        }
        code.close("}").blank();
    }

    private void writeKnown() {
        code.line("/** The values this version of the IDL names. */")
                .open("enum " + known + " implements " + name + " {");
        int left = names.size();
        for (Map.Entry<EnumValue, String> entry : names.entrySet()) {
            left--;
            writeDoc(file, entry.getKey());
            code.line(entry.getValue() + "(" + entry.getKey().number() + ")" + (left == 0 ? ";" : ","));
        }
        if (names.isEmpty()) {
            code.line(";");
        }
        code.blank()
                .line("private final int value;")
                .blank()
                .open(known + "(int value) {")
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

    private void writeUnrecognized() {
        new Javadoc(code)
                .paragraph("A value that only the peer's version of the IDL names.")
                .tag("@param value the number on the wire")
                .write();
        String record = "record " + unrecognized + "(int value) implements " + name + " {";
        if (names.isEmpty()) {
            code.line(record + "}");
            return;
        }
        code.open(record)
                .line("/** Refuses a number that has a name, so that equal values are the same. */")
                .open("public " + unrecognized + " {")
                .open("for (" + known + " known : " + known + ".values()) {")
                .open("if (known.value == value) {")
                .list(
                        "throw new " + file.use("java.lang.IllegalArgumentException") + "(",
                        List.of("\"value: \" + value + \" (expected: a number other than that of \" + known + \")\""),
                        ");")
                .close("}")
                .close("}")
                .close("}")
                .close("}");
    }
}
