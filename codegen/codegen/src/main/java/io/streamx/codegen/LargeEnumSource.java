package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.idl.EnumType;
import io.streamx.idl.EnumValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes an enum with more values than a Java enum can have, whose constants are all made in one method. Here the values
 * the IDL names are objects of an ordinary class, and the constants stand in interfaces that the enum's own extends.
 */
final class LargeEnumSource {
    /** How many constants one interface holds. */
    private static final int PIECE_VALUES = 1_000;

    private final SourceFile file;
    private final Code code;
    private final EnumType enumType;
    private final Map<EnumValue, String> names;
    private final String name;
    private final String known;
    private final String unrecognized;
    private final List<String> pieces = new ArrayList<>();

    LargeEnumSource(
            SourceFile file, EnumType enumType, Map<EnumValue, String> names, String known, String unrecognized) {
        this.file = file;
        this.code = file.body();
        this.enumType = enumType;
        this.names = names;
        this.known = known;
        this.unrecognized = unrecognized;
        name = file.name().simpleName();
    }

    List<GeneratedFile> file() {
        writePieces();
        new Javadoc(file.head())
                .text(enumType.doc(), JavadocText.of(enumType, "enum"))
                .paragraph("Either {@link " + known + "} to this version of the IDL, or {@link " + unrecognized
                        + "}. It has more values than a Java enum can have.")
                .deprecation(Deprecation.reasonIn(enumType.annotations()))
                .write();
        if (Deprecation.isIn(enumType.annotations())) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
        code.list("public sealed interface " + name + " extends ", pieces, " {");
        code.indent();
        EnumSource.writeCodec(file);
        code.line("/** The number on the wire. */").line("int value();").blank();
        code.line("/** The value of that number; {@link " + unrecognized + "} when the IDL names none. */")
                .open("static " + name + " of(int value) {")
                .line(known + " named = " + known + ".Numbers.VALUES.get(value);")
                .line("return named == null ? new " + unrecognized + "(value) : named;")
                .close("}")
                .blank();
        writeKnown();
        writeUnrecognized();
        code.close("}");
        return file.finish();
    }

    private void writePieces() {
        List<Map.Entry<EnumValue, String>> all = List.copyOf(names.entrySet());
        for (int start = 0; start < all.size(); start += PIECE_VALUES) {
            SourceFile piece = file.helper("Values");
            String type = piece.use(file.name());
            new Javadoc(piece.head())
                    .paragraph("Values of {@link " + type + "}.")
                    .write();
            Code body = piece.body();
            body.open("interface " + piece.name().simpleName() + " {");
            List<Map.Entry<EnumValue, String>> some = all.subList(start, Math.min(all.size(), start + PIECE_VALUES));
            for (Map.Entry<EnumValue, String> one : some) {
                EnumSource.writeDoc(piece, one.getKey());
                body.line(type + " " + one.getValue() + " = new " + type + "." + known + "(\"" + one.getValue() + "\", "
                                + one.getKey().number() + ");")
                        .blank();
                piece.noteUse(one.getKey().annotations());
            }
            String map =
                    piece.use("java.util.Map") + "<" + piece.use("java.lang.Integer") + ", " + type + "." + known + ">";
            body.open("static void addTo(" + map + " values) {");
            some.forEach(one -> body.line("add(" + one.getValue() + ", values);"));
            body.close("}").blank();
            body.open("private static void add(" + type + " value, " + map + " values) {")
                    .line("values.put(value.value(), (" + type + "." + known + ") value);")
                    .close("}")
                    .close("}");
            file.add(piece);
            pieces.add(piece.name().simpleName());
        }
    }

    private void writeKnown() {
        String string = file.use("java.lang.String");
        String map = file.use("java.util.Map");
        String values = map + "<" + file.use("java.lang.Integer") + ", " + known + ">";
        code.line("/** The values this version of the IDL names; each is one object. */")
                .open("final class " + known + " implements " + name + " {")
                .line("private final " + string + " name;")
                .line("private final int value;")
                .blank()
                .open(known + "(" + string + " name, int value) {")
                .line("this.name = name;")
                .line("this.value = value;")
                .close("}")
                .blank();
        code.line("// A class of its own, because making the values must not look at the map of all.")
                .open("private static final class Numbers {")
                .line("private static final " + values + " VALUES = new " + file.use("java.util.HashMap") + "<>();")
                .blank()
                .open("static {");
        pieces.forEach(piece -> code.line(piece + ".addTo(VALUES);"));
        code.close("}").close("}").blank();
        code.line("/** The name of its constant. */")
                .open("public " + string + " name() {")
                .line("return name;")
                .close("}")
                .blank()
                .line("@" + file.use("java.lang.Override"))
                .open("public int value() {")
                .line("return value;")
                .close("}")
                .blank()
                .line("@" + file.use("java.lang.Override"))
                .open("public " + string + " toString() {")
                .line("return name;")
                .close("}")
                .close("}")
                .blank();
    }

    private void writeUnrecognized() {
        new Javadoc(code)
                .paragraph("A value that only the peer's version of the IDL names.")
                .tag("@param value the number on the wire")
                .write();
        code.open("record " + unrecognized + "(int value) implements " + name + " {")
                .line("/** Refuses a number that has a name, so that equal values are the same. */")
                .open("public " + unrecognized + " {")
                .open("if (" + known + ".Numbers.VALUES.containsKey(value)) {")
                .list(
                        "throw new " + file.use("java.lang.IllegalArgumentException") + "(",
                        List.of("\"value: \" + value + \" (expected: a number other than that of \" + " + known
                                + ".Numbers.VALUES.get(value) + \")\""),
                        ");")
                .close("}")
                .close("}")
                .close("}");
    }
}
