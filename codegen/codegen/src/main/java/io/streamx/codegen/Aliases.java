package io.streamx.codegen;

import io.streamx.codegen.java.ClassName;
import io.streamx.codegen.java.Javadoc;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A helper class for static members of classes that a file cannot name. A struct with a field {@code common} cannot write
 * {@code common.Base.CODEC} in an expression, because Java takes the field for it; a class without such a field can.
 */
final class Aliases {
    private final SourceFile user;
    private final SourceFile file;
    private final Map<String, String> methods = new HashMap<>();

    Aliases(SourceFile user) {
        this.user = user;
        file = user.helper("Names");
        new Javadoc(file.head())
                .paragraph("Names for {@link " + file.use(user.name()) + "} what its fields hide there.")
                .write();
        file.body().open("final class " + file.name().simpleName() + " {");
        file.body().line("private " + file.name().simpleName() + "() {}");
    }

    String field(ClassName owner, String field, Function<SourceFile, String> type) {
        return method(owner, field, "", "." + field, type) + "()";
    }

    String call(ClassName owner, String method, String argument, Function<SourceFile, String> type) {
        if (argument.isEmpty()) {
            return method(owner, method, "", "." + method + "()", type) + "()";
        }
        // A parameter that is called like the first part of the package would hide the package.
        String parameter = owner.qualified().startsWith("number.") ? "value" : "number";
        String name = method(owner, method, "int " + parameter, "." + method + "(" + parameter + ")", type);
        return name + "(" + argument + ")";
    }

    /** The method that returns the member, written now if it is new. */
    private String method(
            ClassName owner, String member, String parameter, String access, Function<SourceFile, String> type) {
        String key = owner.qualified() + access;
        String known = methods.get(key);
        if (known == null) {
            known = member.substring(member.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT) + (methods.size() + 1);
            methods.put(key, known);
            file.body()
                    .blank()
                    .open("static " + type.apply(file) + " " + known + "(" + parameter + ") {")
                    .line("return " + file.use(owner) + access + ";")
                    .close("}");
        }
        String helper = user.qualifier(file.name());
        return (helper == null ? file.name().qualified() : helper) + "." + known;
    }

    void finish() {
        file.body().close("}");
        user.add(file);
    }
}
