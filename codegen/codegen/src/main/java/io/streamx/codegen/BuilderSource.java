package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.idl.StructType;
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

    BuilderSource(SourceFile file, StructType struct) {
        this.file = file;
        this.code = file.body();
        javaType = file.name().simpleName();
        fields = file.symbols().fieldsOf(struct);
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
        fields.forEach(field -> code.line("this." + field.name() + " = from." + field.name() + ";"));
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

    /** Writes a setter, with Javadoc only where the IDL says something about the field, since its name says the rest. */
    private void writeSetter(JavaField field) {
        boolean deprecated = Deprecation.isIn(field.annotations());
        if (deprecated || field.field().doc() != null) {
            new Javadoc(code)
                    .text(field.field().doc(), "Sets {@code " + field.field().name() + "}.")
                    .deprecation(Deprecation.reasonIn(field.annotations()))
                    .write();
        }
        if (deprecated) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public " + builderName + " " + field.name() + "(" + field.declaration(types) + " " + field.name()
                + ") {");
        boolean checked = !field.isNullable() && !field.isPrimitive();
        String value = checked
                ? file.qualifier("java.util.Objects") + ".requireNonNull(" + field.name() + ", \"" + field.name()
                        + "\")"
                : field.name();
        code.line("this." + field.name() + " = " + value + ";").line("return this;");
        code.close("}").blank();
    }

    private void writeBuild(boolean throughBuilder) {
        if (fields.stream().anyMatch(JavaField::isRequired)) {
            new Javadoc(code)
                    .paragraph("The value; every required field must be set.")
                    .tag("@throws " + file.use("java.lang.IllegalStateException")
                            + " naming a required field that is not set")
                    .write();
        } else {
            new Javadoc(code).paragraph("The value.").write();
        }
        code.open("public " + javaType + " build() {");
        if (throughBuilder) {
            code.line("return new " + javaType + "(this);");
        } else {
            code.list("return new " + javaType + "(", arguments(fields, ""), ");");
        }
        code.close("}");
    }

    /**
     * Each field as the constructor takes it, from variables with {@code prefix} before their names; required ones
     * through the check that they are set.
     */
    static List<String> arguments(List<JavaField> fields, String prefix) {
        List<String> arguments = new ArrayList<>();
        for (JavaField field : fields) {
            String name = prefix + field.name();
            arguments.add(
                    field.isRequired()
                            ? "CODEC.required(" + name + ", \"" + field.field().name() + "\")"
                            : name);
        }
        return arguments;
    }
}
