package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.idl.Requiredness;
import io.streamx.idl.StructType;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the constructors of a struct or exception that stay when fields are added to its IDL: the one with the required
 * fields alone, and the one with all but the optional fields. The constructor with all fields gets another parameter for
 * each new field, so callers cannot rely on it.
 */
final class ConstructorSource {
    private final SourceFile file;
    private final List<JavaField> fields;
    private final boolean throughBuilder;

    /** For a struct; {@code throughBuilder} whether no constructor takes all its fields. */
    ConstructorSource(SourceFile file, StructType struct, boolean throughBuilder) {
        this.file = file;
        this.throughBuilder = throughBuilder;
        fields = file.symbols().fieldsOf(struct);
    }

    void write() {
        List<JavaField> required = fields.stream().filter(JavaField::isRequired).toList();
        List<JavaField> always = fields.stream()
                .filter(field -> field.field().requiredness() != Requiredness.OPTIONAL)
                .toList();
        write(required, "With the required fields alone; the others are at their defaults.");
        if (always.size() != required.size()) {
            write(always, "With all but the optional fields.");
        }
    }

    private void write(List<JavaField> given, String sentence) {
        if (given.size() == fields.size() || !StructShape.fits(given)) {
            return;
        }
        String text = given.isEmpty() ? "With every field at its default." : sentence;
        Code code = file.body();
        new Javadoc(code).paragraph(text).write();
        code.list("public " + file.name().simpleName() + "(", new Components(file, given).declarations(), ") {");
        code.indent();
        if (throughBuilder) {
            StringBuilder builder = new StringBuilder("builder()");
            given.forEach(field -> builder.append('.')
                    .append(field.name())
                    .append('(')
                    .append(field.name())
                    .append(')'));
            code.expression("this(" + builder + ");");
        } else {
            JavaValues values = new JavaValues(file, new JavaTypes(file));
            List<String> arguments = new ArrayList<>();
            for (JavaField field : fields) {
                arguments.add(given.contains(field) ? field.name() : values.initial(field));
            }
            code.list("this(", arguments, ");");
        }
        code.close("}").blank();
    }
}
