package io.streamx.codegen;

import io.streamx.codegen.java.Code;
import io.streamx.codegen.java.JavaNames;
import io.streamx.codegen.java.Javadoc;
import io.streamx.idl.Constant;
import io.streamx.idl.Document;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes the constants of a document as one class. */
final class ConstantsSource {
    private ConstantsSource() {}

    /** The Java name of a constant. */
    static String nameOf(Constant constant) {
        Set<String> taken = new HashSet<>();
        for (Constant one : constant.document().definitions(Constant.class)) {
            String name = JavaNames.unique(JavaNames.constant(one.name()), taken::contains);
            if (one == constant) {
                return name;
            }
            taken.add(name);
        }
        throw new IllegalStateException(constant + " is not in its document");
    }

    static GeneratedFile generate(Symbols symbols, Document document, List<Constant> constants) {
        SourceFile file = new SourceFile(symbols, document, symbols.constantsOf(document));
        JavaTypes types = new JavaTypes(file);
        JavaValues values = new JavaValues(file, types);
        Code code = file.body();
        String name = file.name().simpleName();
        new Javadoc(file.head())
                .paragraph("The constants of {@code " + document.name() + ".thrift}.")
                .write();
        code.open("public final class " + name + " {");
        for (Constant constant : constants) {
            new Javadoc(code)
                    .text(constant.doc(), "The constant {@code " + constant.name() + "}.")
                    .deprecation(Deprecation.reasonIn(constant.annotations()))
                    .write();
            if (Deprecation.isIn(constant.annotations())) {
                code.line("@" + file.use("java.lang.Deprecated"));
            }
            code.assign(
                    "public static final " + types.declared(constant.type()) + " " + nameOf(constant),
                    values.expression(constant.value(), constant.type()));
            code.blank();
        }
        code.line("private " + name + "() {}").close("}");
        return file.finish();
    }
}
