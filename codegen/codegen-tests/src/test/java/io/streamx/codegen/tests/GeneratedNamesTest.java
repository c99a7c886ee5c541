package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every identifier that generated Java holds, as the name of everything an IDL can name: the Java compiles. */
class GeneratedNamesTest {
    private static final Path GENERATED = Path.of("../codegen/src/test/golden");
    /** Generated from IDL with all kinds of definitions. */
    private static final List<String> FOLDERS = List.of(
            "golden/structs",
            "golden/exceptions",
            "golden/services",
            "golden/enums",
            "golden/constants",
            "golden/hidden",
            "golden/order",
            "golden/recursive",
            "com/example/echo");

    private static final Pattern COMMENT_OR_LITERAL =
            Pattern.compile("/\\*.*?\\*/|//[^\n]*|\"(?:\\\\.|[^\"\\\\])*\"", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** What Thrift does not take as a name, or takes for a value. */
    private static final Set<String> THRIFT_WORDS = Set.of(
            "binary",
            "bool",
            "byte",
            "const",
            "double",
            "enum",
            "exception",
            "extends",
            "false",
            "i16",
            "i32",
            "i64",
            "i8",
            "include",
            "list",
            "map",
            "namespace",
            "oneway",
            "optional",
            "required",
            "service",
            "set",
            "string",
            "struct",
            "throws",
            "true",
            "typedef",
            "union",
            "void");
    /** Names that Java, records, enums, exceptions and the file system are particular about. */
    private static final Set<String> OTHERS = Set.of(
            "CODEC",
            "__",
            "_1",
            "EnumDesc",
            "Enum",
            "Record",
            "addSuppressed",
            "com",
            "compareTo",
            "exports",
            "finalize",
            "getClass",
            "handler",
            "hashCode",
            "initCause",
            "io",
            "java",
            "javax",
            "module",
            "name",
            "net",
            "number",
            "ordinal",
            "org",
            "permits",
            "record",
            "sealed",
            "serialVersionUID",
            "setStackTrace",
            "valueOf",
            "values",
            "var",
            "when",
            "yield");

    private static List<String> names;

    @TempDir
    Path directory;

    @BeforeAll
    static void collectNames() throws IOException {
        Set<String> found = new TreeSet<>(OTHERS);
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.list(GENERATED.resolve(folder))) {
                for (Path file : files.toList()) {
                    Matcher names = NAME.matcher(
                            COMMENT_OR_LITERAL.matcher(Files.readString(file)).replaceAll(" "));
                    while (names.find()) {
                        found.add(names.group());
                    }
                }
            }
        }
        found.removeAll(THRIFT_WORDS);
        names = List.copyOf(found);
        assertThat(names).hasSizeGreaterThan(300).contains("from", "that", "Builder", "readFields", "writeI32Field");
    }

    private void assertCompiles(StringBuilder idl) throws Exception {
        assertThat(Corpus.errors("namespace java names.corpus\n" + idl, directory))
                .isEmpty();
    }

    /** A name that is not the one at {@code index}. */
    private static String other(int index, int distance) {
        return names.get((index + distance) % names.size());
    }

    @Test
    void fieldsOfStructsAndExceptions() throws Exception {
        List<String> types = List.of(
                "i32 %s",
                "optional string %s",
                "required i64 %s",
                "list<string> %s",
                "optional Colour_x %s",
                "required binary %s",
                "string %s = \"d\"",
                "required bool %s");
        StringBuilder idl = new StringBuilder("enum Colour_x { A }\n");
        for (String kind : List.of("struct", "exception")) {
            int definition = 0;
            // Few enough to be a record, and so many that no constructor takes them.
            for (int from = 0, size = 120; from < names.size(); from += size, size = 300) {
                idl.append(kind)
                        .append(' ')
                        .append(kind)
                        .append("_x")
                        .append(definition++)
                        .append(" {");
                for (int i = from; i < Math.min(names.size(), from + size); i++) {
                    idl.append(i - from + 1).append(": ");
                    idl.append(types.get(i % types.size()).formatted(names.get(i)))
                            .append(", ");
                }
                idl.append("}\n");
            }
        }
        assertCompiles(idl);
    }

    @Test
    void armsAndValues() throws Exception {
        StringBuilder idl = new StringBuilder("struct Pair_x { 1: i32 a }\nunion Either_x {");
        List<String> types = List.of("i32", "string", "Pair_x", "list<string>", "Colour_x");
        for (int i = 0; i < names.size(); i++) {
            idl.append(i + 1)
                    .append(": ")
                    .append(types.get(i % 5))
                    .append(' ')
                    .append(names.get(i))
                    .append(", ");
        }
        idl.append("}\nenum Colour_x {");
        names.forEach(name -> idl.append(name).append(", "));
        assertCompiles(idl.append("}\n"));
    }

    @Test
    void functionsArgumentsAndExceptionsThrown() throws Exception {
        StringBuilder idl = new StringBuilder("struct Pair_x { 1: i32 a }\nexception Failed_x { 1: string m }\n");
        idl.append("service Calls_x {");
        List<String> results = List.of("i32", "string", "void", "Pair_x", "list<Pair_x>");
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!name.startsWith("_")) {
                idl.append(results.get(i % 5))
                        .append(' ')
                        .append(name)
                        .append("(1: i32 ")
                        .append(name);
                idl.append(", 2: Pair_x ")
                        .append(other(i, 7))
                        .append(", 3: required binary ")
                        .append(other(i, 19));
                idl.append(i % 3 == 0 ? ") throws (1: Failed_x " + name + ")" : ")")
                        .append(", ");
            }
        }
        idl.append("}\nservice Streams_x {");
        List<String> modes = List.of("bidirectional", "server", "client");
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!name.startsWith("_")) {
                idl.append("Pair_x ")
                        .append(name)
                        .append("(1: Pair_x ")
                        .append(name)
                        .append(") (streaming.mode=\"");
                idl.append(modes.get(i % 3)).append("\"), ");
            }
        }
        assertCompiles(idl.append("}\n"));
    }

    @Test
    void constants() throws Exception {
        StringBuilder idl = new StringBuilder("enum Level_x { LOW, HIGH }\n");
        idl.append("struct Pair_x { 1: i32 a, 2: optional list<Level_x> b = [Level_x.LOW] }\n");
        List<String> constants = List.of(
                "const i32 %1$s = 7\n",
                "const list<string> %1$s = [\"%1$s\"]\n",
                "const Pair_x %1$s = {\"a\": 5}\n",
                "const Level_x %1$s = Level_x.LOW\n",
                "const map<string, Level_x> %1$s = {\"a\": Level_x.HIGH}\n",
                "const binary %1$s = \"x\"\n");
        for (int i = 0; i < names.size(); i++) {
            idl.append(constants.get(i % constants.size()).formatted(names.get(i)));
        }
        assertCompiles(idl);
    }

    @Test
    void types() throws Exception {
        List<String> definitions = List.of(
                "struct %1$s { 1: %2$s %2$s_, 2: optional %1$s %1$s, 3: list<%2$s> first_x, 4: required map<string, %1$s> second_x }\n",
                "union %1$s { 1: %2$s %2$s_, 2: %1$s %1$s, 3: list<%2$s> first_x }\n",
                "enum %1$s { %1$s, %2$s_ }\n",
                "exception %1$s { 1: %2$s %2$s_, 2: optional list<%1$s> %1$s }\n",
                "struct %1$s { 1: required list<%2$s> %2$s_, 2: optional i32 %1$s, 3: string third_x = \"x\" }\n");
        StringBuilder idl = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            idl.append(definitions.get(i % definitions.size()).formatted(names.get(i), other(6 * i, 3)));
        }
        idl.append("service Users_x {");
        for (String name : names) {
            if (!name.startsWith("_")) {
                idl.append("%1$s %1$s(1: %1$s %1$s), ".formatted(name));
            }
        }
        assertCompiles(idl.append("}\n"));
    }

    /** A package of one word, whose types have the names of types beside the user, and fields called like the package. */
    @Test
    void packages() throws Exception {
        StringBuilder idl = new StringBuilder();
        StringBuilder body = new StringBuilder("struct Base { 1: i32 own }\nenum Level { OWN }\n");
        int included = 0;
        for (String name :
                List.of("from", "value", "field", "in", "out", "that", "builder", "all", "number", "arm", "args")) {
            String file = "file" + included++;
            Files.writeString(
                    directory.resolve(file + ".thrift"),
                    "namespace java " + name
                            + "\nstruct Base { 1: i32 n }\nenum Level { LOW }\nexception Failed { 1: i32 n }\n"
                            + "const Base ZERO = {\"n\": 0}\nconst list<Level> ALL = [Level.LOW]\n");
            idl.append("include \"").append(file).append(".thrift\"\n");
            body.append("""
                    struct S%1$s { 1: %1$s.Base %2$s, 2: %1$s.Level level = %1$s.Level.LOW, 3: %1$s.Base zero = %1$s.ZERO,
                        4: list<%1$s.Level> every = %1$s.ALL, 5: optional %1$s.Base given = {"n": 4}, 6: Base base, 7: Level x }
                    exception E%1$s { 1: %1$s.Base %2$s, 2: %1$s.Level level, 3: list<%1$s.Base> others = [%1$s.ZERO] }
                    union U%1$s { 1: %1$s.Base %2$s, 2: %1$s.Level level, 3: Base base }
                    const %1$s.Base C%1$s = %1$s.ZERO
                    const list<%1$s.Level> D%1$s = %1$s.ALL
                    service V%1$s { %1$s.Base f(1: %1$s.Base %2$s, 2: %1$s.Level level = %1$s.Level.LOW, 3: Base base)
                        throws (1: %1$s.Failed failed) }
                    """.formatted(file, name));
        }
        assertThat(Corpus.errors(
                        idl.insert(0, "namespace java names.corpus\n")
                                .append(body)
                                .toString(),
                        directory))
                .isEmpty();
    }
}
