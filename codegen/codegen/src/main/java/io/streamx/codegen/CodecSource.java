package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Field;
import io.streamx.idl.IdlType.Primitive;
import java.util.ArrayList;
import java.util.List;

/** Writes the codec nested in a struct, an exception or an argument list. */
final class CodecSource {
    /** How many fields of a struct that no constructor takes are written or read by one method. */
    private static final int PIECE_FIELDS = 200;

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
        code.open("private static final class " + codecName + " extends " + file.use(RuntimeNames.STRUCT_CODEC) + "<"
                + javaType + "> {");
        writeConstructor(
                file,
                code,
                codecName + "() {",
                idlName,
                fields.stream().map(JavaField::field).toList());
        writeWriting();
        code.line("@" + file.use("java.lang.Override"))
                .open("protected " + javaType + " readFields(" + file.use(RuntimeNames.THRIFT_READER) + " in) {");
        if (throughBuilder) {
            readIntoBuilder();
        } else {
            readIntoLocals();
        }
        code.close("}");
        if (throughBuilder) {
            writeReadingPieces();
        }
        code.close("}");
    }

    /** The constructor of a codec, which knows the ids and names of the fields for messages. */
    static void writeConstructor(SourceFile file, Code code, String head, String idlName, List<Field> fields) {
        StringBuilder names = new StringBuilder();
        for (Field field : fields) {
            names.append(names.isEmpty() ? "" : ",")
                    .append(field.id())
                    .append(' ')
                    .append(field.name());
        }
        JavaValues values = new JavaValues(file, new JavaTypes(file));
        code.open(head);
        code.list("super(", List.of(values.string(idlName), values.string(names.toString())), ");");
        code.close("}").blank();
    }

    // Writing.

    private void writeWriting() {
        String parameters = "(" + javaType + " value, " + file.use(RuntimeNames.THRIFT_WRITER) + " out) {";
        List<JavaField> order = writeOrder();
        code.line("@" + file.use("java.lang.Override")).open("protected void writeFields" + parameters);
        if (!throughBuilder) {
            order.forEach(this::writeField);
            code.close("}").blank();
            return;
        }
        for (int piece = 0; piece * PIECE_FIELDS < order.size(); piece++) {
            code.line("write" + piece + "(value, out);");
        }
        code.close("}").blank();
        for (int piece = 0; piece * PIECE_FIELDS < order.size(); piece++) {
            code.open("private static void write" + piece + parameters);
            piece(order, piece).forEach(this::writeField);
            code.close("}").blank();
        }
    }

    private static List<JavaField> piece(List<JavaField> fields, int piece) {
        return fields.subList(piece * PIECE_FIELDS, Math.min(fields.size(), (piece + 1) * PIECE_FIELDS));
    }

    /**
     * The order in which fields are written, which is that of Kitex: first the fields whose type alone decides their length,
     * then the others, and each group in the order of the IDL.
     */
    private List<JavaField> writeOrder() {
        List<JavaField> order = new ArrayList<>();
        fields.stream().filter(field -> JavaTypes.isFixedLength(field.type())).forEach(order::add);
        fields.stream().filter(field -> !JavaTypes.isFixedLength(field.type())).forEach(order::add);
        return order;
    }

    private void writeField(JavaField field) {
        String accessor = "value." + field.name() + "()";
        switch (field.presence()) {
            case REQUIRED, ALWAYS -> code.expression(types.write(field.id(), accessor, field.type()) + ";");
            case UNLESS_DEFAULT ->
                code.open("if (" + differsFromDefault(field, accessor) + ") {")
                        .expression(types.write(field.id(), accessor, field.type()) + ";")
                        .close("}");
            case OPTIONAL -> writeOptional(field, accessor);
            case NULL_AS_EMPTY -> {
                // An absent struct is written as an empty one. Where the struct has required fields, every reader would
                // refuse
                // that.
                if (field.emptyStructIsReadable()) {
                    code.expression(types.writeStructOrEmpty(field.id(), accessor, field.type()) + ";");
                } else {
                    writeOptional(field, accessor);
                }
            }
        }
    }

    private void writeOptional(JavaField field, String accessor) {
        if (!JavaTypes.isEnum(field.type())) {
            code.expression(types.writeOptional(field.id(), accessor, field.type()) + ";");
            return;
        }
        code.line(field.localType(types) + " " + field.local() + " = " + accessor + ";");
        code.open("if (" + field.local() + " != null) {")
                .expression(types.write(field.id(), field.local(), field.type()) + ";")
                .close("}");
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
        for (JavaField field : fields) {
            code.line(field.localType(types) + " " + field.local() + " = " + localInitial(field) + ";");
            if (isFlagged(field)) {
                code.line("boolean " + field.flag() + " = false;");
            }
        }
        openFieldLoop();
        code.open("switch (field) {");
        for (JavaField field : fields) {
            String label = "case " + types.fieldLabel(field.id(), field.type());
            String read = field.local() + " = " + types.read(field.type()) + ";";
            if (isFlagged(field)) {
                code.open(label + " -> {")
                        .line(read)
                        .line(field.flag() + " = true;")
                        .close("}");
            } else {
                code.arrow(label, read);
            }
        }
        code.line("default -> in.skipField();").close("}").close("}");
        fields.stream()
                .filter(CodecSource::isFlagged)
                .forEach(field -> code.line(
                        "in.requireSet(" + field.flag() + ", \"" + field.field().name() + "\");"));
        fields.stream()
                .filter(field -> !field.isRequired() && isCostly(field))
                .forEach(field -> code.open("if (" + field.local() + " == null) {")
                        .assign(field.local(), values.initial(field))
                        .close("}"));
        code.list(
                "return new " + javaType + "(",
                fields.stream().map(CodecSource::argument).toList(),
                ");");
    }

    /** Whether a variable has to say that the field came, because its value cannot. */
    private static boolean isFlagged(JavaField field) {
        return field.isRequired() && field.isPrimitive();
    }

    private static String argument(JavaField field) {
        return field.isRequired() && !field.isPrimitive()
                ? "in.required(" + field.local() + ", \"" + field.field().name() + "\")"
                : field.local();
    }

    /**
     * The value that a variable begins with. A default that costs something to make is made only when the field did not
     * come.
     */
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

    private void readIntoBuilder() {
        code.line(builderName + " builder = new " + builderName + "();");
        for (JavaField field : fields) {
            if (field.isRequired() && field.defaultValue() != null) {
                code.line("builder." + field.name() + " = null;");
            }
        }
        openFieldLoop();
        StringBuilder calls = new StringBuilder();
        for (int piece = 0; piece * PIECE_FIELDS < fields.size(); piece++) {
            calls.append(calls.isEmpty() ? "" : " && ")
                    .append("!read")
                    .append(piece)
                    .append("(field, in, builder)");
        }
        code.open("if (" + calls + ") {").line("in.skipField();").close("}").close("}");
        fields.stream()
                .filter(JavaField::isRequired)
                .forEach(field -> code.line("in.required(builder." + field.name() + ", \""
                        + field.field().name() + "\");"));
        code.line("return builder.build();");
    }

    /** The JVM does not compile methods of more than 8,000 bytes, so that many fields are read by several methods. */
    private void writeReadingPieces() {
        for (int piece = 0; piece * PIECE_FIELDS < fields.size(); piece++) {
            code.blank()
                    .open("private static boolean read" + piece + "(int field, " + file.use(RuntimeNames.THRIFT_READER)
                            + " in, " + builderName + " builder) {")
                    .open("switch (field) {");
            for (JavaField field : piece(fields, piece)) {
                code.arrow(
                        "case " + types.fieldLabel(field.id(), field.type()),
                        "builder." + field.name() + " = " + types.read(field.type()) + ";");
            }
            code.open("default -> {")
                    .line("return false;")
                    .close("}")
                    .close("}")
                    .line("return true;")
                    .close("}");
        }
    }

    private void openFieldLoop() {
        String stop = file.qualifier(RuntimeNames.THRIFT_TYPE) + ".STOP";
        code.open("for (int field = in.readField(); field != " + stop + "; field = in.readField()) {");
    }
}
