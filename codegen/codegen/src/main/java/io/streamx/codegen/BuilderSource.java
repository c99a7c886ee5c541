package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import java.util.ArrayList;
import java.util.List;

/** Writes the builder nested in a struct or exception. */
final class BuilderSource {
    private final SourceFile file;
    private final Code code;
    private final JavaTypes types;
    private final JavaValues values;
    private final String javaType;
    private final String builderName;
    private final List<JavaField> fields;

    BuilderSource(SourceFile file, String javaType, List<JavaField> fields) {
        this.file = file;
        this.code = file.body();
        this.javaType = javaType;
        this.fields = fields;
        builderName = SourceFile.nestedName(file.name(), "Builder");
        types = new JavaTypes(file);
        values = new JavaValues(file, types);
    }

    /** The methods of the built class that start a builder. */
    void writeStarts() {
        code.line("/** Begins with every field at its default. */")
                .open("public static " + builderName + " builder() {")
                .line("return new " + builderName + "();")
                .close("}")
                .blank();
        code.line("/** Begins with the fields of this one. */")
                .open("public " + builderName + " toBuilder() {")
                .line("return new " + builderName + "(this);")
                .close("}")
                .blank();
    }

    /** The nested class; {@code throughBuilder} whether the built class takes the builder instead of each field. */
    void writeClass(boolean throughBuilder) {
        new Javadoc(code)
                .paragraph("Collects the fields of {@link " + javaType + "}. For one thread.")
                .write();
        code.open("public static final class " + builderName + " {");
        for (JavaField field : fields) {
            code.declare("private " + declaration(field) + " " + field.name(), start(field));
        }
        if (!fields.isEmpty()) {
            code.blank();
        }
        code.line("private " + builderName + "() {}").blank();
        code.open("private " + builderName + "(" + javaType + " from) {");
        fields.forEach(field -> code.line(field.name() + " = from." + field.name() + ";"));
        code.close("}").blank();
        fields.forEach(this::writeSetter);
        writeBuild(throughBuilder);
        code.close("}").blank();
    }

    private String declaration(JavaField field) {
        return field.isRequired() ? types.nullable(field.type()) : field.declaration(types);
    }

    /** The value a builder begins with, empty where it is that of a Java field anyway. */
    private String start(JavaField field) {
        if (field.isNullable() || (field.isRequired() && field.defaultValue() == null)) {
            return "";
        }
        if (field.defaultValue() == null && JavaTypes.isPrimitive(field.type())) {
            return "";
        }
        return values.initial(field);
    }

    private void writeSetter(JavaField field) {
        Javadoc doc = new Javadoc(code)
                .text(field.field().doc(), "Sets {@code " + field.field().name() + "}.");
        doc.deprecation(Deprecation.reasonIn(field.annotations())).write();
        if (Deprecation.isIn(field.annotations())) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public " + builderName + " " + field.name() + "(" + field.declaration(types) + " " + field.name()
                + ") {");
        boolean checked = !field.isNullable() && !field.isPrimitive();
        String value = checked
                ? file.use("java.util.Objects") + ".requireNonNull(" + field.name() + ", \"" + field.name() + "\")"
                : field.name();
        code.line("this." + field.name() + " = " + value + ";").line("return this;");
        code.close("}").blank();
    }

    private void writeBuild(boolean throughBuilder) {
        boolean required = fields.stream().anyMatch(JavaField::isRequired);
        Javadoc doc = new Javadoc(code)
                .paragraph("The " + (required ? "value; every required field must be set." : "value."));
        if (required) {
            doc.tag("@throws " + file.use("java.lang.IllegalStateException")
                    + " naming a required field that is not set");
        }
        doc.write();
        code.open("public " + javaType + " build() {");
        if (throughBuilder) {
            code.line("return new " + javaType + "(this);");
        } else {
            code.list("return new " + javaType + "(", arguments(fields, "", ""), ");");
        }
        code.close("}");
        if (required) {
            writeRequired();
        }
    }

    /**
     * Each field as the constructor takes it, from variables with {@code prefix} before their names; required ones
     * through the builder's check, whose name {@code qualifier} stands before.
     */
    static List<String> arguments(List<JavaField> fields, String prefix, String qualifier) {
        List<String> arguments = new ArrayList<>();
        for (JavaField field : fields) {
            String name = prefix + field.name();
            arguments.add(
                    field.isRequired()
                            ? qualifier + "required(" + name + ", \""
                                    + field.field().name() + "\")"
                            : name);
        }
        return arguments;
    }

    private void writeRequired() {
        code.blank()
                .open("private static <T> T required(" + file.nullable("T") + " value, " + file.use("java.lang.String")
                        + " name) {")
                .open("if (value == null) {")
                .line("throw new " + file.use("java.lang.IllegalStateException")
                        + "(\"required field \" + name + \" of " + javaType + " is not set\");")
                .close("}")
                .line("return value;")
                .close("}");
    }
}
