package io.streamx.codegen.java;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** One Java file in the making: its package, its imports as names come up, its body. */
public class JavaFile {
    private static final Set<String> JAVA_LANG = Set.of(
            "Boolean",
            "Byte",
            "Deprecated",
            "Double",
            "Enum",
            "Exception",
            "IllegalArgumentException",
            "IllegalStateException",
            "Integer",
            "Long",
            "Math",
            "Number",
            "Object",
            "Override",
            "Record",
            "Short",
            "String",
            "SuppressWarnings",
            "Throwable",
            "System",
            "UnsupportedOperationException",
            "Void");

    private final BiPredicate<String, String> taken;
    private final ClassName name;
    private final Map<String, String> imported = new HashMap<>();
    private final Set<String> nested = new HashSet<>();
    private final Set<String> variables = new HashSet<>();
    private final Code head = new Code();
    private final Code body = new Code();
    private boolean usesDeprecated;

    /**
     * A file for the class {@code name}.
     *
     * @param taken whether a package, which comes first, has a class of that simple name, however its letters are
     */
    public JavaFile(ClassName name, BiPredicate<String, String> taken) {
        this.name = name;
        this.taken = taken;
    }

    /** The class it is for. */
    public final ClassName name() {
        return name;
    }

    /** Javadoc and annotations of the class. */
    public final Code head() {
        return head;
    }

    /** The class from its declaration on. */
    public final Code body() {
        return body;
    }

    /**
     * Declares a class within this file, whose name hides others. All of them before the first {@link #use}.
     *
     * @return its name: {@code simpleName}, but for an outer class that is called the same
     */
    public final String declareNested(String simpleName) {
        String unique = nestedName(name, simpleName);
        nested.add(unique);
        return unique;
    }

    /** The name of a class that the generator nests in {@code outer}: a class cannot be called as one around it. */
    public static String nestedName(ClassName outer, String simpleName) {
        return outer.simpleName().equals(simpleName) ? simpleName + '_' : simpleName;
    }

    /**
     * Declares names that fields, parameters and local variables of this file may have. In an expression a variable goes
     * before a type or a package of its name, so {@link #qualifier} takes care of them. Before the first use of that.
     */
    public final void declareVariables(Collection<String> names) {
        variables.addAll(names);
    }

    /**
     * How to write a class in front of a dot or of {@code ::} in an expression; null where variables hide both the class
     * and its package, so that it cannot be named at all.
     */
    public final @Nullable String qualifier(ClassName used) {
        String written = use(used);
        if (!isHidden(written)) {
            return written;
        }
        return isHidden(used.qualified()) ? null : used.qualified();
    }

    /** How to write a class of the runtime or the JDK, in whose packages no variable of generated code stands. */
    public final String qualifier(String qualified) {
        String written = use(qualified);
        return isHidden(written) ? qualified : written;
    }

    private boolean isHidden(String written) {
        int dot = written.indexOf('.');
        return variables.contains(dot < 0 ? written : written.substring(0, dot));
    }

    /** A type as written here, marked as one that may be null. */
    public final String nullable(String written) {
        int arguments = written.indexOf('<');
        int dot = written.lastIndexOf('.', arguments < 0 ? written.length() : arguments);
        // The annotation of a qualified name stands before its last part.
        return written.substring(0, dot + 1) + "@" + use(RuntimeNames.NULLABLE) + " " + written.substring(dot + 1);
    }

    /** How to write a generated class here. */
    public final String use(ClassName used) {
        return use(used.qualified());
    }

    /** How to write a class of that full name here: short, with an import if it needs one, unless that is ambiguous. */
    public final String use(String qualified) {
        int dot = qualified.lastIndexOf('.');
        String packageName = dot < 0 ? "" : qualified.substring(0, dot);
        String simple = qualified.substring(dot + 1);
        if (qualified.equals(name.qualified())) {
            return nested.contains(simple) ? qualified : simple;
        }
        if (nested.contains(simple) || simple.equals(name.simpleName())) {
            return qualified;
        }
        if (packageName.equals(name.packageName())) {
            return simple;
        }
        if (taken.test(name.packageName(), simple)) {
            return qualified;
        }
        if (packageName.equals("java.lang")) {
            return simple;
        }
        if (JAVA_LANG.contains(simple)) {
            return qualified;
        }
        String before = imported.putIfAbsent(simple, qualified);
        return before == null || before.equals(qualified) ? simple : qualified;
    }

    /** Notes that something deprecated of another file is used here. */
    public final void noteDeprecatedUse() {
        usesDeprecated = true;
    }

    /** The annotation that keeps the compiler quiet about what the IDL deprecates; to stand before the class. */
    private String suppression() {
        return usesDeprecated ? "@" + use("java.lang.SuppressWarnings") + "(\"deprecation\")\n" : "";
    }

    /** The whole text, behind {@code notice}. */
    public final String text(String notice) {
        String suppression = suppression();
        StringBuilder text = new StringBuilder(notice);
        if (!name.packageName().isEmpty()) {
            text.append("package ").append(name.packageName()).append(";\n\n");
        }
        Set<String> sorted = new TreeSet<>(imported.values());
        sorted.forEach(one -> text.append("import ").append(one).append(";\n"));
        if (!sorted.isEmpty()) {
            text.append('\n');
        }
        text.append(head).append(suppression).append(body);
        return text.toString();
    }
}
