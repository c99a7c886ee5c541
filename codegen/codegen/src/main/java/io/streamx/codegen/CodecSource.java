package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaNames;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Field;
import io.streamx.idl.IdlType.Primitive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes the codec nested in a struct, an exception or an argument list. */
final class CodecSource {
    private final SourceFile file;
    private final Code code;
    private final JavaTypes types;
    private final JavaValues values;
    private final String idlName;
    private final String javaType;
    private final String codecName;
    private final String builderName;
    private final List<JavaField> fields;
    private final boolean throughBuilder;

    /**
     * The codec of {@code javaType}.
     *
     * @param throughBuilder whether reading fills a builder because a constructor cannot take all the fields
     */
    CodecSource(
            SourceFile file,
            Code code,
            String idlName,
            String javaType,
            List<JavaField> fields,
            boolean throughBuilder) {
        this.file = file;
        this.code = code;
        this.idlName = idlName;
        this.javaType = javaType;
        this.fields = fields;
        this.throughBuilder = throughBuilder;
        codecName = SourceFile.nestedName(file.name(), "Codec");
        builderName = SourceFile.nestedName(file.name(), "Builder");
        types = new JavaTypes(file);
        values = new JavaValues(file, types);
    }

    void write() {
        String override = "@" + file.use("java.lang.Override");
        code.open("private static final class " + codecName + " extends " + file.use(RuntimeNames.STRUCT_CODEC) + "<"
                + javaType + "> {");
        code.open(codecName + "() {")
                .line("super(\"" + idlName + "\");")
                .close("}")
                .blank();

        code.line(override)
                .open("protected void writeFields(" + javaType + " value, " + file.use(RuntimeNames.THRIFT_WRITER)
                        + " out) {");
        writeOrder().forEach(this::writeField);
        code.close("}").blank();

        code.line(override)
                .open("protected " + javaType + " readFields(" + file.use(RuntimeNames.THRIFT_READER) + " in) {");
        if (throughBuilder) {
            readIntoBuilder();
        } else {
            readIntoLocals();
        }
        code.close("}").blank();

        writeFieldNames(file, code, fields.stream().map(JavaField::field).toList());
        code.close("}");
    }

    /** The method that gives the names of fields to error messages. */
    static void writeFieldNames(SourceFile file, Code code, List<Field> fields) {
        code.line("@" + file.use("java.lang.Override"))
                .open("protected " + file.nullable(file.use("java.lang.String")) + " fieldName(int id) {");
        if (fields.isEmpty()) {
            code.line("return null;");
        } else {
            code.open("return switch (id) {");
            fields.forEach(field -> code.line("case " + field.id() + " -> \"" + field.name() + "\";"));
            code.line("default -> null;").close("};");
        }
        code.close("}");
    }

    // Writing.

    /** As Kitex writes: first the fields whose type alone decides their length, each group as declared. */
    private List<JavaField> writeOrder() {
        List<JavaField> order = new ArrayList<>();
        fields.stream().filter(field -> JavaTypes.isFixedLength(field.type())).forEach(order::add);
        fields.stream().filter(field -> !JavaTypes.isFixedLength(field.type())).forEach(order::add);
        return order;
    }

    private void writeField(JavaField field) {
        String accessor = "value." + field.name() + "()";
        String write = types.write(field.id(), accessor, field.type()) + ";";
        switch (field.presence()) {
            case REQUIRED, ALWAYS -> code.expression(write);
            case UNLESS_DEFAULT ->
                code.open("if (" + differsFromDefault(field, accessor) + ") {")
                        .expression(write)
                        .close("}");
            case OPTIONAL -> {
                openNullCheck(field, accessor);
                code.close("}");
            }
            case NULL_AS_EMPTY -> {
                openNullCheck(field, accessor);
                // Where the struct has required fields every reader would refuse an empty one.
                if (field.emptyStructIsReadable()) {
                    code.reopen("} else {").line("out.writeEmptyStructField(" + field.id() + ");");
                }
                code.close("}");
            }
        }
    }

    private void openNullCheck(JavaField field, String accessor) {
        code.line(field.localType(types) + " " + field.local() + " = " + accessor + ";");
        code.open("if (" + field.local() + " != null) {");
        code.expression(types.write(field.id(), field.local(), field.type()) + ";");
    }

    private String differsFromDefault(JavaField field, String accessor) {
        String initial = values.initial(field);
        if (JavaTypes.is(field.type(), Primitive.BOOL)) {
            return initial.equals("true") ? "!" + accessor : accessor;
        }
        return field.isPrimitive() ? accessor + " != " + initial : "!" + accessor + ".equals(" + initial + ")";
    }

    // Reading.

    private void readIntoLocals() {
        Set<String> names = new HashSet<>(Set.of("field", "in"));
        fields.forEach(field -> names.add(field.local()));
        List<String> flags = new ArrayList<>();
        for (JavaField field : fields) {
            code.line(field.localType(types) + " " + field.local() + " = " + localInitial(field) + ";");
            String flag = "";
            if (field.isRequired() && field.isPrimitive()) {
                flag = JavaNames.unique(field.local() + "IsSet", names::contains);
                names.add(flag);
                code.line("boolean " + flag + " = false;");
            }
            flags.add(flag);
        }
        openFieldLoop();
        for (int i = 0; i < fields.size(); i++) {
            JavaField field = fields.get(i);
            String label = "case " + types.fieldLabel(field.id(), field.type());
            String read = field.local() + " = " + types.read(field.type()) + ";";
            if (flags.get(i).isEmpty()) {
                code.arrow(label, read);
            } else {
                code.open(label + " -> {")
                        .line(read)
                        .line(flags.get(i) + " = true;")
                        .close("}");
            }
        }
        closeFieldLoop();
        for (int i = 0; i < fields.size(); i++) {
            finishLocal(fields.get(i), flags.get(i));
        }
        code.list(
                "return new " + javaType + "(",
                fields.stream().map(JavaField::local).toList(),
                ");");
    }

    /** Defaults that would be put together each time are left until the field is known not to come. */
    private String localInitial(JavaField field) {
        if (field.isRequired()) {
            return field.isPrimitive() ? values.nothing(field.type()) : "null";
        }
        return isCostly(field) ? "null" : values.initial(field);
    }

    private static boolean isCostly(JavaField field) {
        return field.defaultValue() != null
                && (JavaTypes.isContainer(field.type())
                        || JavaTypes.isStruct(field.type())
                        || JavaTypes.is(field.type(), Primitive.BINARY));
    }

    private void finishLocal(JavaField field, String flag) {
        if (field.isRequired()) {
            code.open("if (" + (flag.isEmpty() ? field.local() + " == null" : "!" + flag) + ") {")
                    .line("throw in.notSet(\"" + field.field().name() + "\");")
                    .close("}");
        } else if (isCostly(field)) {
            code.open("if (" + field.local() + " == null) {")
                    .assign(field.local(), values.initial(field))
                    .close("}");
        }
    }

    private void readIntoBuilder() {
        code.line(builderName + " builder = new " + builderName + "();");
        for (JavaField field : fields) {
            if (field.isRequired() && field.defaultValue() != null) {
                code.line("builder." + field.name() + " = null;");
            }
        }
        openFieldLoop();
        for (JavaField field : fields) {
            code.arrow(
                    "case " + types.fieldLabel(field.id(), field.type()),
                    "builder." + field.name() + "(" + types.read(field.type()) + ");");
        }
        closeFieldLoop();
        for (JavaField field : fields) {
            if (field.isRequired()) {
                code.open("if (builder." + field.name() + " == null) {")
                        .line("throw in.notSet(\"" + field.field().name() + "\");")
                        .close("}");
            }
        }
        code.line("return builder.build();");
    }

    private void openFieldLoop() {
        String stop = file.use(RuntimeNames.THRIFT_TYPE) + ".STOP";
        code.open("for (int field = in.readField(); field != " + stop + "; field = in.readField()) {");
        code.open("switch (field) {");
    }

    private void closeFieldLoop() {
        code.line("default -> in.skipField();").close("}").close("}");
    }
}
