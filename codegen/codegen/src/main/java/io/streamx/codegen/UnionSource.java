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
import java.util.Map;
import java.util.Set;

/** Writes a union as a sealed interface with a record for each arm, and one for arms of a newer IDL. */
final class UnionSource {
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
        arms = armNames(union);
        types = new JavaTypes(file);
        name = file.name().simpleName();
        codecName = file.declareNested("Codec");
        unrecognizedName = unrecognizedName(file.name());
        file.declareNested("Unrecognized");
        arms.values().forEach(file::declareNested);
    }

    static GeneratedFile generate(Symbols symbols, StructType union) {
        return new UnionSource(symbols, union).file();
    }

    /** The record for arms of a newer IDL. */
    static String unrecognizedName(ClassName union) {
        return SourceFile.nestedName(union, "Unrecognized");
    }

    /** The record of each field. */
    static Map<Field, String> armNames(StructType union) {
        Set<String> taken = new HashSet<>(Set.of("Codec", "Codec_", "Unrecognized", "Unrecognized_"));
        taken.add(JavaNames.type(union.name()));
        Map<Field, String> names = new LinkedHashMap<>();
        for (Field field : union.fields()) {
            String name = JavaNames.unique(JavaNames.type(field.name()), taken::contains);
            taken.add(name);
            names.put(field, name);
        }
        return names;
    }

    private GeneratedFile file() {
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
            code.line("value = " + file.use(RuntimeNames.IMMUTABLE) + ".copyOf(value, \"value\");");
        } else {
            code.line(file.use("java.util.Objects") + ".requireNonNull(value, \"value\");");
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
                .line(file.use("java.util.Objects") + ".requireNonNull(field, \"field\");")
                .close("}")
                .close("}")
                .blank();
    }

    private void writeCodec() {
        String override = "@" + file.use("java.lang.Override");
        code.line("/** Use {@link #CODEC}. */")
                .open("final class " + codecName + " extends " + file.use(RuntimeNames.STRUCT_CODEC) + "<" + name
                        + "> {");
        code.open("private " + codecName + "() {")
                .line("super(\"" + union.name() + "\");")
                .close("}")
                .blank();

        code.line(override)
                .open("protected void writeFields(" + name + " value, " + file.use(RuntimeNames.THRIFT_WRITER)
                        + " out) {");
        code.open("switch (value) {");
        arms.forEach((field, arm) ->
                code.arrow("case " + arm + " arm", types.write(field.id(), "arm.value()", field.type()) + ";"));
        code.line("case " + unrecognizedName + " arm -> out.writeRaw(arm.field());");
        code.close("}").close("}").blank();

        code.line(override)
                .open("protected " + name + " readFields(" + file.use(RuntimeNames.THRIFT_READER) + " in) {");
        String binary = file.use(RuntimeNames.BINARY);
        code.line(name + " value = null;").line(binary + " unrecognized = " + binary + ".EMPTY;");
        String stop = file.use(RuntimeNames.THRIFT_TYPE) + ".STOP";
        code.open("for (int field = in.readField(); field != " + stop + "; field = in.readField()) {")
                .open("switch (field) {");
        arms.forEach((field, arm) -> code.arrow(
                "case " + types.fieldLabel(field.id(), field.type()),
                "value = new " + arm + "(" + types.read(field.type()) + ");"));
        code.line("default -> unrecognized = in.copyField();").close("}").close("}");
        code.line("return value != null ? value : new " + unrecognizedName + "(unrecognized);")
                .close("}")
                .blank();

        CodecSource.writeFieldNames(file, code, List.copyOf(arms.keySet()));
        code.close("}");
    }
}
