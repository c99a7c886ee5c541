package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import java.util.ArrayList;
import java.util.List;

/** Writes the fields of a struct or argument list as parameters, with the checks they get. */
final class Components {
    private final SourceFile file;
    private final List<JavaField> fields;
    private final JavaTypes types;

    Components(SourceFile file, List<JavaField> fields) {
        this.file = file;
        this.fields = fields;
        types = new JavaTypes(file);
    }

    /** Each field as a parameter or record component. */
    List<String> declarations() {
        List<String> declarations = new ArrayList<>();
        for (JavaField field : fields) {
            declarations.add(field.declaration(types) + " " + field.name());
        }
        return declarations;
    }

    /**
     * Each field as a parameter of a handler. A checker of nulls is told nothing of those that may be null, in a method
     * marked so: whether callers leave them out is known to the handler's author alone.
     */
    List<String> handlerDeclarations() {
        List<String> declarations = new ArrayList<>();
        for (JavaField field : fields) {
            declarations.add(types.declared(field.type()) + " " + field.name());
        }
        return declarations;
    }

    /** The constructor of a record that checks and copies, if there is anything to check. */
    void writeCompactConstructor(String record) {
        List<String> checks = new ArrayList<>();
        boolean collections = false;
        for (JavaField field : fields) {
            String checked = checked(field, field.name());
            if (JavaTypes.isContainer(field.type())) {
                collections = true;
                checks.add(field.name() + " = " + checked + ";");
            } else if (!checked.equals(field.name())) {
                checks.add(checked + ";");
            }
        }
        if (checks.isEmpty()) {
            return;
        }
        Code code = file.body();
        code.line("/** Refuses null where the IDL does not allow it"
                        + (collections ? ", and makes collections immutable." : ".") + " */")
                .open("public " + record + " {");
        checks.forEach(code::line);
        code.close("}").blank();
    }

    /** Accessors of deprecated components, because the compiler takes no notice of annotations on the component itself. */
    void writeDeprecatedAccessors() {
        Code code = file.body();
        for (JavaField field : fields) {
            if (Deprecation.isIn(field.annotations())) {
                writeAccessor(field, "@" + file.use("java.lang.Override"));
                code.blank();
            }
        }
    }

    /** The accessor of a field, with {@code annotation} unless that is empty. */
    void writeAccessor(JavaField field, String annotation) {
        Code code = file.body();
        new Javadoc(code)
                .text(
                        field.field().doc(),
                        "The value of {@code " + field.field().name() + "}.")
                .deprecation(Deprecation.reasonIn(field.annotations()))
                .write();
        if (!annotation.isEmpty()) {
            code.line(annotation);
        }
        if (Deprecation.isIn(field.annotations())) {
            code.line("@" + file.use("java.lang.Deprecated"));
        }
        code.open("public " + field.declaration(types) + " " + field.name() + "() {")
                .line("return " + field.name() + ";")
                .close("}");
    }

    /** The value to keep for a field: not null where it must not be, and a collection that nobody can change. */
    String checked(JavaField field, String value) {
        String quoted = ", \"" + field.name() + "\")";
        if (JavaTypes.isContainer(field.type())) {
            String copy = file.qualifier(RuntimeNames.IMMUTABLE) + ".copyOf(" + value + quoted;
            return field.isNullable() ? value + " == null ? null : " + copy : copy;
        }
        return field.isNullable() || field.isPrimitive()
                ? value
                : file.qualifier("java.util.Objects") + ".requireNonNull(" + value + quoted;
    }
}
