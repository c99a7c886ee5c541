package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaNames;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.IdlType.Primitive;
import io.streamx.idl.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a struct as a record, or as a class when it has more fields than a constructor can take; an exception too. */
final class StructSource {
    private final SourceFile file;
    private final Code code;
    private final StructType struct;
    private final StructShape shape;
    private final List<JavaField> fields;
    private final JavaTypes types;
    private final Components components;
    private final String name;
    private final String codecName;
    private final boolean exception;
    private final boolean throughBuilder;

    private StructSource(Symbols symbols, StructType struct) {
        this.struct = struct;
        file = new SourceFile(symbols, struct.document(), symbols.of(struct));
        code = file.body();
        fields = file.symbols().fieldsOf(struct);
        shape = StructShape.of(fields, struct);
        types = new JavaTypes(file);
        components = new Components(file, fields);
        name = file.name().simpleName();
        exception = struct.kind() == StructType.Kind.EXCEPTION;
        throughBuilder = !StructShape.fits(fields);
        codecName = file.declareNested("Codec");
        file.declareNested("Builder");
        file.declareVariables(JavaField.variables(fields));
    }

    static List<GeneratedFile> generate(Symbols symbols, StructType struct) {
        return new StructSource(symbols, struct).file();
    }

    private List<GeneratedFile> file() {
        writeHead();
        if (shape.isRecord()) {
            code.list("public record " + name + "(", components.declarations(), ") {");
            code.indent();
        } else {
            String base = exception ? " extends " + file.use(RuntimeNames.DECLARED_EXCEPTION) : "";
            code.open("public final class " + name + base + " {");
            if (exception) {
                code.line("private static final long serialVersionUID = 1L;").blank();
            }
        }
        code.line("/** Writes and reads it. */")
                .line("public static final " + file.use(RuntimeNames.STRUCT_CODEC) + "<" + name + "> CODEC = new "
                        + codecName + "();")
                .blank();
        if (shape.isRecord()) {
            components.writeCompactConstructor(name);
            new ConstructorSource(file, struct, throughBuilder).write();
            components.writeDeprecatedAccessors();
        } else {
            writeClassMembers();
            new ConstructorSource(file, struct, throughBuilder).write();
        }
        BuilderSource builder = new BuilderSource(file, struct);
        builder.writeStarts();
        if (!shape.isRecord()) {
            writeAccessors();
            writeObjectMethods();
        }
        builder.writeClass(throughBuilder);
        new CodecSource(file, code, struct.name(), name, fields, throughBuilder).write();
        code.close("}");
        return file.finish();
    }

    private void writeHead() {
        Javadoc doc = new Javadoc(file.head())
                .text(struct.doc(), JavadocText.of(struct, struct.kind().keyword()));
        if (exception) {
            doc.paragraph("Equal to another by content.");
        }
        if (shape.isRecord()) {
            fields.forEach(
                    field -> doc.param(field.name(), field.field().doc(), Deprecation.reasonIn(field.annotations())));
        }
        doc.deprecation(Deprecation.reasonIn(struct.annotations())).write();
        if (Deprecation.isIn(struct.annotations())) {
            file.head().line("@" + file.use("java.lang.Deprecated"));
        }
    }

    // The class form.

    private void writeClassMembers() {
        for (JavaField field : fields) {
            // An exception can be serialized, so a field whose values cannot be is left out of that.
            boolean serializable = JavaTypes.isPrimitive(field.type()) || JavaTypes.is(field.type(), Primitive.STRING);
            code.line("private final " + (exception && !serializable ? "transient " : "") + field.declaration(types)
                    + " " + field.name() + ";");
        }
        if (!fields.isEmpty()) {
            code.blank();
        }
        if (throughBuilder) {
            code.open("private " + name + "(" + SourceFile.nestedName(file.name(), "Builder") + " from) {");
            if (exception) {
                code.line("super(\"" + struct.name() + "\");");
            }
            List<String> arguments = BuilderSource.arguments(fields, "from.");
            for (int i = 0; i < fields.size(); i++) {
                JavaField field = fields.get(i);
                String value = field.isRequired() && !JavaTypes.isContainer(field.type())
                        ? arguments.get(i)
                        : components.checked(field, arguments.get(i));
                code.assign("this." + field.name(), value);
            }
            code.close("}").blank();
            return;
        }
        Javadoc doc = new Javadoc(code).paragraph("With all its fields.");
        fields.forEach(
                field -> doc.param(field.name(), field.field().doc(), Deprecation.reasonIn(field.annotations())));
        doc.write();
        code.list("public " + name + "(", components.declarations(), ") {");
        code.indent();
        code.concatenation("super(", summary(), ");");
        for (JavaField field : fields) {
            code.assign("this." + field.name(), components.checked(field, field.name()));
        }
        code.close("}").blank();
    }

    /** The pieces of text by which {@code toString} shows the fields, as that of a record does. */
    private List<String> summary() {
        List<String> pieces = new ArrayList<>();
        for (JavaField field : fields) {
            String before = pieces.isEmpty() ? struct.name() + "[" : ", ";
            pieces.add("\"" + before + field.name() + "=\"");
            pieces.add(field.name());
        }
        pieces.add(pieces.isEmpty() ? "\"" + struct.name() + "[]\"" : "\"]\"");
        return pieces;
    }

    private void writeAccessors() {
        for (JavaField field : fields) {
            components.writeAccessor(field, "");
            code.blank();
        }
    }

    private void writeObjectMethods() {
        if (throughBuilder) {
            writeWideObjectMethods();
            return;
        }
        openEquals();
        code.line("return other instanceof " + name + (fields.isEmpty() ? ";" : " that"));
        for (int i = 0; i < fields.size(); i++) {
            code.line("        && " + equality(fields.get(i)) + (i + 1 < fields.size() ? "" : ";"));
        }
        code.close("}").blank();

        openHashCode();
        code.list(
                "return " + file.qualifier("java.util.Objects") + ".hash(",
                fields.stream().map(JavaField::name).toList(),
                ");");
        code.close("}").blank();
    }

    private void openEquals() {
        code.line("@" + file.use("java.lang.Override"))
                .open("public boolean equals(" + file.nullable(file.use("java.lang.Object")) + " other) {");
    }

    private void openHashCode() {
        code.line("@" + file.use("java.lang.Override")).open("public int hashCode() {");
    }

    /**
     * Writes {@code equals} and {@code hashCode} with one statement for each field, because javac recurses into long
     * expressions until its stack ends.
     */
    private void writeWideObjectMethods() {
        String arrays = file.qualifier("java.util.Arrays");
        Set<String> names = fields.stream().map(JavaField::name).collect(Collectors.toSet());
        String all = JavaNames.unique("values", names::contains) + "()";
        openEquals();
        code.line("return other instanceof " + name + " that && " + arrays + ".equals(" + all + ", that." + all + ");")
                .close("}")
                .blank();
        openHashCode();
        code.line("return " + arrays + ".hashCode(" + all + ");").close("}").blank();

        if (!exception) {
            String joiner = file.use("java.util.StringJoiner");
            code.line("@" + file.use("java.lang.Override"))
                    .open("public " + file.use("java.lang.String") + " toString() {")
                    .line(joiner + " text = new " + joiner + "(\", \", \"" + struct.name() + "[\", \"]\");");
            fields.forEach(field -> code.line("text.add(\"" + field.name() + "=\" + this." + field.name() + ");"));
            code.line("return text.toString();").close("}").blank();
        }

        code.open("private " + file.nullable(file.use("java.lang.Object")) + "[] " + all + " {");
        code.line("return new " + file.nullable(file.use("java.lang.Object")) + "[] {");
        fields.forEach(field -> code.line("    " + field.name() + ","));
        code.line("};").close("}").blank();
    }

    private String equality(JavaField field) {
        String own = "this." + field.name();
        String other = "that." + field.name();
        if (field.isPrimitive()) {
            return JavaTypes.is(field.type(), Primitive.DOUBLE)
                    ? file.qualifier("java.lang.Double") + ".compare(" + own + ", " + other + ") == 0"
                    : own + " == " + other;
        }
        return file.qualifier("java.util.Objects") + ".equals(" + own + ", " + other + ")";
    }
}
