package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaNames;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Field;
import io.streamx.idl.StructType;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes a union as a sealed interface with a record for each arm, and one for arms of a newer IDL. */
final class UnionSource {
    /** How many arms one method writes or reads. */
    private static final int PIECE_ARMS = 200;

    private final SourceFile file;
    private final Code code;
    private final StructType union;
    private final Map<Field, String> arms;
    private final JavaTypes types;
    private final String name;
    private final String codecName;
    private final String unrecognizedName;

    private UnionSource(Symbols symbols, StructType union) {
        this.union = union;
        file = new SourceFile(symbols, union.document(), symbols.of(union));
        code = file.body();
        arms = symbols.armsOf(union);
        types = new JavaTypes(file);
        name = file.name().simpleName();
        codecName = file.declareNested("Codec");
        unrecognizedName = unrecognizedName(file.name());
        file.declareNested("Unrecognized");
        arms.values().forEach(file::declareNested);
        file.declareVariables(JavaField.CODEC_VARIABLES);
        file.declareVariables(List.of("arm", "unrecognized"));
    }

    static List<GeneratedFile> generate(Symbols symbols, StructType union) {
        return new UnionSource(symbols, union).file();
    }

    /** The record for arms of a newer IDL. */
    static String unrecognizedName(ClassName union) {
        return SourceFile.nestedName(union, "Unrecognized");
    }

    /** The record of each field. */
    static Map<Field, String> armNames(StructType union, ClassName name) {
        // The names are compared in lower case, because some file systems do so with the names of class files.
        Set<String> taken = new HashSet<>(Set.of("codec", "codec_", "unrecognized", "unrecognized_"));
        taken.add(name.simpleName().toLowerCase(Locale.ROOT));
        Map<Field, String> names = new LinkedHashMap<>();
        for (Field field : union.fields()) {
            String arm =
                    JavaNames.unique(JavaNames.type(field.name()), one -> taken.contains(one.toLowerCase(Locale.ROOT)));
            taken.add(arm.toLowerCase(Locale.ROOT));
            names.put(field, arm);
        }
        return names;
    }

    private List<GeneratedFile> file() {
        new Javadoc(file.head())
                .text(union.doc(), JavadocText.of(union, "union"))
                .paragraph("Exactly one of the records here.")
                .deprecation(Deprecation.reasonIn(union.annotations()))
                .write();
        if (Deprecation.isIn(union.annotations())) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public sealed interface " + name + " {");
        code.line("/** Writes and reads it. */")
                .line(file.use(RuntimeNames.STRUCT_CODEC) + "<" + name + "> CODEC = new " + codecName + "();")
                .blank();
        arms.forEach(this::writeArm);
        writeUnrecognized();
        writeCodec();
        code.close("}");
        return file.finish();
    }

    private void writeArm(Field field, String arm) {
        new Javadoc(code)
                .text(field.doc(), "The arm {@code " + field.name() + "}.")
                .tag("@param value what the arm holds")
                .deprecation(Deprecation.reasonIn(field.annotations()))
                .write();
        if (Deprecation.isIn(field.annotations())) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
        String declaration = "record " + arm + "(" + types.declared(field.type()) + " value) implements " + name;
        if (JavaTypes.isPrimitive(field.type())) {
            code.line(declaration + " {}").blank();
            return;
        }
        code.open(declaration + " {")
                .line("/** Refuses null"
                        + (JavaTypes.isContainer(field.type()) ? ", and makes the collection immutable. */" : ". */"))
                .open("public " + arm + " {");
        if (JavaTypes.isContainer(field.type())) {
            code.line("value = " + file.qualifier(RuntimeNames.IMMUTABLE) + ".copyOf(value, \"value\");");
        } else {
            code.line(file.qualifier("java.util.Objects") + ".requireNonNull(value, \"value\");");
        }
        code.close("}").close("}").blank();
    }

    private void writeUnrecognized() {
        new Javadoc(code)
                .paragraph("An arm that this version of the IDL does not have, kept to be written again as it came; or"
                        + " none, with no bytes.")
                .tag("@param field the field on the wire: header and value")
                .write();
        code.open("record " + unrecognizedName + "(" + file.use(RuntimeNames.BINARY) + " field) implements " + name
                        + " {")
                .line("/** Refuses null. */")
                .open("public " + unrecognizedName + " {")
                .line(file.qualifier("java.util.Objects") + ".requireNonNull(field, \"field\");")
                .close("}")
                .close("}")
                .blank();
    }

    private void writeCodec() {
        String override = "@" + file.use("java.lang.Override");
        code.line("/** Use {@link #CODEC}. */")
                .open("final class " + codecName + " extends " + file.use(RuntimeNames.STRUCT_CODEC) + "<" + name
                        + "> {");
        CodecSource.writeConstructor(
                file, code, "private " + codecName + "() {", union.name(), List.copyOf(arms.keySet()));
        code.line(override)
                .open("protected void writeFields(" + name + " value, " + file.use(RuntimeNames.THRIFT_WRITER)
                        + " out) {");
        if (arms.size() <= PIECE_ARMS) {
            code.open("switch (value) {");
            arms.forEach((field, arm) ->
                    code.arrow("case " + arm + " arm", types.write(field.id(), "arm.value()", field.type()) + ";"));
            code.line("case " + unrecognizedName + " arm -> out.writeRaw(arm.field());");
            code.close("}");
        } else {
            writeInPieces();
        }
        code.close("}").blank();

        String reader = file.use(RuntimeNames.THRIFT_READER);
        code.line(override).open("protected " + name + " readFields(" + reader + " in) {");
        String binary = file.use(RuntimeNames.BINARY);
        code.line(name + " value = null;")
                .line(binary + " unrecognized = " + file.qualifier(RuntimeNames.BINARY) + ".EMPTY;");
        String stop = file.qualifier(RuntimeNames.THRIFT_TYPE) + ".STOP";
        code.open("for (int field = in.readField(); field != " + stop + "; field = in.readField()) {");
        if (arms.size() <= PIECE_ARMS) {
            code.open("switch (field) {");
            arms.forEach((field, arm) -> code.arrow(
                    "case " + types.fieldLabel(field.id(), field.type()),
                    "value = new " + arm + "(" + types.read(field.type()) + ");"));
            code.line("default -> unrecognized = in.copyField();").close("}");
        } else {
            readInPieces();
        }
        code.close("}");
        code.line("return value != null ? value : new " + unrecognizedName + "(unrecognized);")
                .close("}");
        if (arms.size() > PIECE_ARMS) {
            writePieces(file.use(RuntimeNames.THRIFT_WRITER), reader);
        }
        code.close("}");
    }

    private int pieces() {
        return (arms.size() + PIECE_ARMS - 1) / PIECE_ARMS;
    }

    private void writeInPieces() {
        StringBuilder calls = new StringBuilder();
        for (int piece = 0; piece < pieces(); piece++) {
            calls.append(piece == 0 ? "" : " && ")
                    .append("!write")
                    .append(piece)
                    .append("(value, out)");
        }
        code.open("if (" + calls + " && value instanceof " + unrecognizedName + " arm) {")
                .line("out.writeRaw(arm.field());")
                .close("}");
    }

    private void readInPieces() {
        code.line(name + " arm = null;");
        for (int piece = 0; piece < pieces(); piece++) {
            String read = "arm = read" + piece + "(field, in);";
            if (piece == 0) {
                code.line(read);
            } else {
                code.open("if (arm == null) {").line(read).close("}");
            }
        }
        code.open("if (arm == null) {")
                .line("unrecognized = in.copyField();")
                .reopen("} else {")
                .line("value = arm;")
                .close("}");
    }

    /** Writes the methods each of which writes or reads some of the arms. */
    private void writePieces(String writer, String reader) {
        List<Map.Entry<Field, String>> all = List.copyOf(arms.entrySet());
        for (int piece = 0; piece < pieces(); piece++) {
            List<Map.Entry<Field, String>> some =
                    all.subList(piece * PIECE_ARMS, Math.min(all.size(), (piece + 1) * PIECE_ARMS));
            code.blank().open("private static boolean write" + piece + "(" + name + " value, " + writer + " out) {");
            for (Map.Entry<Field, String> one : some) {
                Field field = one.getKey();
                code.open("if (value instanceof " + one.getValue() + " arm) {")
                        .expression(types.write(field.id(), "arm.value()", field.type()) + ";")
                        .line("return true;")
                        .close("}");
            }
            code.line("return false;").close("}").blank();
            code.open("private static " + file.nullable(name) + " read" + piece + "(int field, " + reader + " in) {")
                    .open("return switch (field) {");
            for (Map.Entry<Field, String> one : some) {
                Field field = one.getKey();
                code.arrow(
                        "case " + types.fieldLabel(field.id(), field.type()),
                        "new " + one.getValue() + "(" + types.read(field.type()) + ");");
            }
            code.line("default -> null;").close("};").close("}");
        }
    }
}
