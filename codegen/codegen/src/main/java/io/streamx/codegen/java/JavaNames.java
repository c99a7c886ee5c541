package io.streamx.codegen.java;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** Java names from IDL names. */
public final class JavaNames {
    private static final Set<String> KEYWORDS = Set.of(
            "abstract",
            "assert",
            "boolean",
            "break",
            "byte",
            "case",
            "catch",
            "char",
            "class",
            "const",
            "continue",
            "default",
            "do",
            "double",
            "else",
            "enum",
            "extends",
            "false",
            "final",
            "finally",
            "float",
            "for",
            "goto",
            "if",
            "implements",
            "import",
            "instanceof",
            "int",
            "interface",
            "long",
            "native",
            "new",
            "null",
            "package",
            "private",
            "protected",
            "public",
            "return",
            "short",
            "static",
            "strictfp",
            "super",
            "switch",
            "synchronized",
            "this",
            "throw",
            "throws",
            "transient",
            "true",
            "try",
            "void",
            "volatile",
            "while",
            "_");

    /** Words that cannot name a class, beside the keywords. */
    private static final Set<String> TYPE_WORDS = Set.of("permits", "record", "sealed", "var", "when", "yield");

    /** A word that cannot start a statement. */
    private static final String YIELD = "yield";

    /** Methods of {@code Object}, of the base of clients and of the interface of a service: no method of an IDL is so called. */
    public static final Set<String> SERVICE_MEMBERS = Set.of(
            "bind",
            "channel",
            "clone",
            "equals",
            "finalize",
            "getClass",
            "hashCode",
            "notify",
            "notifyAll",
            "options",
            "toString",
            "wait",
            "withBackward",
            "withCompression",
            "withHeader",
            "withOptions",
            "withPersistent",
            "withRecvTimeout",
            "withTimeout",
            "withTrailer",
            "withTransient");

    private JavaNames() {}

    /** {@code lower_service} and {@code lowerService} become {@code LowerService}; capitals stay. */
    public static String type(String name) {
        StringBuilder out = new StringBuilder();
        for (String part : parts(name)) {
            out.append(Character.toUpperCase(part.charAt(0))).append(part, 1, part.length());
        }
        String type = identifier(out, name);
        return TYPE_WORDS.contains(type) ? type + '_' : type;
    }

    /** {@code split_words}, {@code SplitWords} become {@code splitWords}; {@code URLPath} becomes {@code urlPath}. */
    public static String member(String name) {
        StringBuilder out = new StringBuilder();
        for (String part : parts(name)) {
            if (out.isEmpty()) {
                out.append(lowerStart(part));
            } else {
                out.append(Character.toUpperCase(part.charAt(0))).append(part, 1, part.length());
            }
        }
        return identifier(out, name);
    }

    /** {@code pingPong}, {@code PingPong} and {@code ping_pong} become {@code PING_PONG}. */
    public static String constant(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean startsWord = i > 0
                    && Character.isUpperCase(c)
                    && (Character.isLowerCase(name.charAt(i - 1))
                            || Character.isDigit(name.charAt(i - 1))
                            || (Character.isUpperCase(name.charAt(i - 1))
                                    && i + 1 < name.length()
                                    && Character.isLowerCase(name.charAt(i + 1))));
            if (startsWord) {
                out.append('_');
            }
            out.append(c);
        }
        String upper = out.toString().toUpperCase(Locale.ROOT);
        return KEYWORDS.contains(upper) ? upper + '_' : upper;
    }

    /** A package whose every part is a name in Java. */
    public static String packageName(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("[./\\\\]", -1)) {
            StringBuilder out = new StringBuilder();
            part.codePoints().forEach(c -> out.appendCodePoint(Character.isJavaIdentifierPart(c) ? c : '_'));
            if (!out.isEmpty()) {
                parts.add(identifier(out, part));
            }
        }
        return parts.isEmpty() ? "generated" : String.join(".", parts);
    }

    /** The name if nothing else has it, else with an underscore, else with the first number that makes it new. */
    public static String unique(String name, Predicate<String> taken) {
        if (!taken.test(name)) {
            return name;
        }
        if (!taken.test(name + '_')) {
            return name + '_';
        }
        int number = 2;
        while (taken.test(name + number)) {
            number++;
        }
        return name + number;
    }

    private static List<String> parts(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("_")) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** Lower case for the leading capitals, but for the last of several, which starts the next word. */
    private static String lowerStart(String part) {
        int capitals = 0;
        while (capitals < part.length() && Character.isUpperCase(part.charAt(capitals))) {
            capitals++;
        }
        boolean lastStartsWord =
                capitals > 1 && capitals < part.length() && Character.isLowerCase(part.charAt(capitals));
        int lowered = lastStartsWord ? capitals - 1 : capitals;
        return part.substring(0, lowered).toLowerCase(Locale.ROOT) + part.substring(lowered);
    }

    private static String identifier(StringBuilder out, String original) {
        if (out.isEmpty()) {
            // The name consists of nothing but underscores.
            out.append(original).append("field");
        }
        if (!Character.isJavaIdentifierStart(out.charAt(0))) {
            out.insert(0, '_');
        }
        String name = out.toString();
        return KEYWORDS.contains(name) || name.equals(YIELD) ? name + '_' : name;
    }
}
