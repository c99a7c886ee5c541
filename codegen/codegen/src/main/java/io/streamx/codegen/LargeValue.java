package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.codegen.java.RuntimeNames;
import io.streamx.idl.Field;
import io.streamx.idl.IdlType;
import io.streamx.idl.IdlType.ListOf;
import io.streamx.idl.IdlType.MapOf;
import io.streamx.idl.StructType;
import io.streamx.idl.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a value too large for one Java method, of which the JVM allows 64 KB: a helper class collects what other helper
 * classes add, each a piece. Classes and not methods, because a class may hold only 65,535 names, texts and numbers.
 */
final class LargeValue {
    /** How many values, counting those inside others, stand in one expression. */
    private static final int EXPRESSION_VALUES = 300;

    /** How many values one method adds to a collection. */
    private static final int PIECE_VALUES = 1_000;

    private final SourceFile user;

    /** For a value that is used in {@code user}. */
    LargeValue(SourceFile user) {
        this.user = user;
    }

    /** Whether a value is to be written by this class. */
    static boolean isLarge(Value value) {
        return size(value, EXPRESSION_VALUES + 1) > EXPRESSION_VALUES;
    }

    /** How many values a value consists of; counting stops at {@code limit}. */
    static int size(Value value, int limit) {
        int size = 1;
        if (value instanceof Value.Elements elements) {
            for (Value element : elements.elements()) {
                size += size < limit ? size(element, limit - size) : 0;
            }
        } else if (value instanceof Value.Entries entries) {
            for (Map.Entry<Value, Value> entry : entries.entries()) {
                size += size < limit ? size(entry.getKey(), limit - size) : 0;
                size += size < limit ? size(entry.getValue(), limit - size) : 0;
            }
        } else if (value instanceof Value.Members members) {
            for (Map.Entry<Field, Value> member : members.members()) {
                size += size < limit ? size(member.getValue(), limit - size) : 0;
            }
        }
        return size;
    }

    /** A call that returns the value. */
    String expression(Value value, IdlType type) {
        SourceFile file = user.helper("Value");
        file.declareVariables(List.of("all"));
        new Javadoc(file.head())
                .paragraph("A value of {@link " + file.use(user.name()) + "} that is too large for one method.")
                .write();
        Code code = file.body();
        String name = file.name().simpleName();
        JavaTypes types = new JavaTypes(file);
        code.open("final class " + name + " {")
                .line("private " + name + "() {}")
                .blank()
                .open("static " + types.declared(type) + " value() {");
        if (value instanceof Value.Elements elements) {
            writeElements(file, elements, type.resolved());
        } else if (value instanceof Value.Entries entries) {
            writeEntries(file, entries, (MapOf) type.resolved());
        } else {
            writeMembers(file, (Value.Members) value);
        }
        code.close("}").close("}");
        user.add(file);
        String helper = user.qualifier(file.name());
        return (helper == null ? file.name().qualified() : helper) + ".value()";
    }

    /** A statement of a piece and how many values it adds. */
    private record Statement(int values, java.util.function.Function<JavaValues, String> text) {}

    private void writeElements(SourceFile file, Value.Elements elements, IdlType container) {
        boolean list = container instanceof ListOf;
        IdlType element = JavaValues.elementOf(container);
        String boxed = new JavaTypes(file).boxed(element);
        String type = list ? "java.util.List" : "java.util.Set";
        file.body()
                .line(file.use(type) + "<" + boxed + "> all = new "
                        + file.use(list ? "java.util.ArrayList" : "java.util.LinkedHashSet") + "<>("
                        + elements.elements().size() + ");");
        List<Statement> statements = new ArrayList<>();
        for (Value one : elements.elements()) {
            statements.add(new Statement(weight(one), values -> "all.add(" + values.expression(one, element) + ");"));
        }
        writePieces(file, statements, other -> other.use(type) + "<" + new JavaTypes(other).boxed(element) + ">");
        file.body().line("return " + file.qualifier(RuntimeNames.IMMUTABLE) + ".copyOf(all, \"value\");");
    }

    private void writeEntries(SourceFile file, Value.Entries entries, MapOf type) {
        JavaTypes types = new JavaTypes(file);
        file.body()
                .line(types.boxed(type) + " all = new " + file.use("java.util.LinkedHashMap") + "<>("
                        + entries.entries().size() + ");");
        List<Statement> statements = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : entries.entries()) {
            statements.add(new Statement(
                    weight(entry.getKey()) + weight(entry.getValue()),
                    values -> "all.put(" + values.expression(entry.getKey(), type.key()) + ", "
                            + values.expression(entry.getValue(), type.value()) + ");"));
        }
        writePieces(file, statements, other -> new JavaTypes(other).boxed(type));
        file.body().line("return " + file.qualifier(RuntimeNames.IMMUTABLE) + ".copyOf(all, \"value\");");
    }

    private void writeMembers(SourceFile file, Value.Members members) {
        StructType struct = members.type();
        JavaTypes types = new JavaTypes(file);
        JavaValues values = new JavaValues(file, types);
        if (struct.kind() == StructType.Kind.UNION) {
            Map.Entry<Field, Value> arm = members.members().get(0);
            file.body()
                    .line("return new " + types.definition(struct) + "."
                            + file.symbols().armsOf(struct).get(arm.getKey()) + "("
                            + values.expression(arm.getValue(), arm.getKey().type()) + ");");
            return;
        }
        Map<Field, Value> given = new HashMap<>();
        members.members().forEach(member -> given.put(member.getKey(), member.getValue()));
        String builder = SourceFile.nestedName(file.symbols().of(struct), "Builder");
        file.body().line(types.definition(struct) + "." + builder + " all = " + values.builder(struct) + ";");
        List<Statement> statements = new ArrayList<>();
        for (JavaField field : file.symbols().fieldsOf(struct)) {
            Value value = given.get(field.field());
            if (value != null || (field.isRequired() && field.defaultValue() == null)) {
                statements.add(new Statement(
                        value == null ? 1 : weight(value),
                        other -> "all." + field.name() + "(" + other.member(field, given) + ");"));
            }
        }
        writePieces(file, statements, other -> new JavaTypes(other).definition(struct) + "." + builder);
        file.body().line("return all.build();");
    }

    /** A large value is a call of its own helper. */
    private static int weight(Value value) {
        return isLarge(value) ? 1 : size(value, EXPRESSION_VALUES);
    }

    private static void writePieces(
            SourceFile file, List<Statement> statements, java.util.function.Function<SourceFile, String> parameter) {
        int next = 0;
        while (next < statements.size()) {
            SourceFile piece = file.helper("Piece");
            piece.declareVariables(List.of("all"));
            new Javadoc(piece.head())
                    .paragraph("A piece of {@link " + piece.use(file.name()) + "}.")
                    .write();
            String name = piece.name().simpleName();
            Code code = piece.body();
            code.open("final class " + name + " {")
                    .line("private " + name + "() {}")
                    .blank()
                    .open("static void addTo(" + parameter.apply(piece) + " all) {");
            JavaValues values = new JavaValues(piece, new JavaTypes(piece));
            int size = 0;
            while (next < statements.size()
                    && (size == 0 || size + statements.get(next).values() <= PIECE_VALUES)) {
                code.line(statements.get(next).text().apply(values));
                size += statements.get(next).values();
                next++;
            }
            code.close("}").close("}");
            file.add(piece);
            file.body().line(name + ".addTo(all);");
        }
    }
}
