package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.Javadoc;
import io.streamx.idl.Constant;
import io.streamx.idl.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the constants of a document as one class; when there are too many for one, as a class that inherits from others
 * with a part of them each. Every constant stands behind those its value is made of, because Java computes them in the
 * order written and gives null to whoever looks at one too early.
 */
final class ConstantsSource {
    /** How many constants one class holds: the JVM allows 65,535 names, texts and numbers in one. */
    private static final int PART_CONSTANTS = 2_000;

    /** How many values, counting those inside others, the constants of one class hold: one method computes them. */
    private static final int PART_VALUES = 2_000;

    private final Symbols symbols;
    private final Document document;
    private final Set<String> names;

    private ConstantsSource(Symbols symbols, Document document) {
        this.symbols = symbols;
        this.document = document;
        names = document.constantsInOrder().stream().map(symbols::nameOf).collect(Collectors.toSet());
    }

    static List<GeneratedFile> generate(Symbols symbols, Document document) {
        return new ConstantsSource(symbols, document).files();
    }

    private List<GeneratedFile> files() {
        List<List<Constant>> parts = parts();
        SourceFile file = new SourceFile(symbols, document, symbols.constantsOf(document));
        String base = "";
        for (List<Constant> part : parts.subList(0, parts.size() - 1)) {
            SourceFile other = file.helper("Part");
            new Javadoc(other.head())
                    .paragraph("Constants of {@link " + other.use(file.name()) + "}.")
                    .write();
            String name = other.name().simpleName();
            other.body().open("abstract class " + name + base + " {");
            write(other, part);
            other.body().line(name + "() {}").close("}");
            file.add(other);
            base = " extends " + name;
        }
        String name = file.name().simpleName();
        new Javadoc(file.head())
                .paragraph("The constants of {@code " + document.name() + ".thrift}.")
                .write();
        file.body().open("public final class " + name + base + " {");
        write(file, parts.get(parts.size() - 1));
        file.body().line("private " + name + "() {}").close("}");
        return file.finish();
    }

    private List<List<Constant>> parts() {
        List<List<Constant>> parts = new ArrayList<>();
        List<Constant> part = new ArrayList<>();
        int values = 0;
        for (Constant constant : document.constantsInOrder()) {
            int size = LargeValue.isLarge(constant.value()) ? 1 : LargeValue.size(constant.value(), PART_VALUES);
            if (part.size() == PART_CONSTANTS || (values > 0 && values + size > PART_VALUES)) {
                parts.add(part);
                part = new ArrayList<>();
                values = 0;
            }
            part.add(constant);
            values += size;
        }
        parts.add(part);
        return parts;
    }

    private void write(SourceFile file, List<Constant> constants) {
        file.declareVariables(names);
        JavaTypes types = new JavaTypes(file);
        JavaValues values = new JavaValues(file, types, symbols.constantsOf(document));
        Code code = file.body();
        for (Constant constant : constants) {
            new Javadoc(code)
                    .text(constant.doc(), "The constant {@code " + constant.name() + "}.")
                    .deprecation(Deprecation.reasonIn(constant.annotations()))
                    .write();
            if (Deprecation.isIn(constant.annotations())) {
                code.line("@" + file.use("java.lang.Deprecated"));
            }
            code.assign(
                    "public static final " + types.declared(constant.type()) + " " + symbols.nameOf(constant),
                    values.expression(constant.value(), constant.type()));
            code.blank();
        }
    }
}
