package io.streamx.codegen.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.idl.Diagnostic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every construct of the IDL in several sizes: the generated Java compiles without a warning, and its classes can be
 * initialised. {@code -Dcorpus.size=100000} adds another size, in which what docs/idl.md lists may be refused.
 */
class GeneratedCorpusTest {
    private static final Map<String, IntFunction<String>> CONSTRUCTS = new LinkedHashMap<>();
    /** What the JVM cannot hold in any number. */
    private static final Set<String> LIMITED = Set.of("fields", "exception", "arms", "functions");

    private static final String TYPES = "enum E { A, B }\nstruct S { 1: i32 a, 2: optional list<string> b }\n";

    private static final List<String> FIELDS = List.of(
            "required list<string> f%d",
            "optional E f%d",
            "required i64 f%d",
            "string f%d",
            "optional map<string, E> f%d",
            "double f%d = 1.5",
            "required S f%d",
            "optional bool f%d = true");

    static {
        CONSTRUCTS.put(
                "values",
                size -> "enum E {" + each(size, "VALUE_%d") + "}\nconst E LAST = E.VALUE_" + (size - 1)
                        + "\nstruct S { 1: E e = E.VALUE_1 }");
        CONSTRUCTS.put("fields", size -> TYPES + "struct Big {" + fields(size) + "}");
        CONSTRUCTS.put("exception", size -> TYPES + "exception Big {" + fields(size) + "}");
        CONSTRUCTS.put(
                "arms",
                size -> TYPES + "union Big {"
                        + IntStream.range(0, size)
                                .mapToObj(i -> (i + 1) + ": "
                                        + List.of("i32", "string", "S", "E", "list<S>", "bool")
                                                .get(i % 6) + " arm_" + i)
                                .collect(Collectors.joining(", "))
                        + "}");
        CONSTRUCTS.put(
                "functions",
                size -> TYPES + "exception X { 1: string m }\nservice Big {"
                        + IntStream.range(0, size)
                                .mapToObj(i -> i % 3 == 0
                                        ? "S f" + i + "(1: S s) (streaming.mode=\"bidirectional\")"
                                        : "S f" + i + "(1: i32 a, 2: S s) throws (1: X x)")
                                .collect(Collectors.joining(", "))
                        + "}");
        CONSTRUCTS.put(
                "list",
                size -> "const list<i32> X = [" + each(size, "%1$d00000") + "]\nstruct S { 1: list<string> s = ["
                        + each(size, "\"text%d\"") + "] }");
        CONSTRUCTS.put("set", size -> "const set<string> X = [" + each(size, "\"key%d\"") + "]");
        CONSTRUCTS.put("map", size -> "const map<string, i64> X = {" + each(size, "\"key%1$d\": %1$d00000") + "}");
        CONSTRUCTS.put(
                "maps",
                size -> TYPES + "const map<i32, map<string, list<S>>> X = {"
                        + each(size / 5, "%1$d: {\"a\": [{\"a\": %1$d}, {\"b\": [\"x\"]}], \"b\": []}") + "}");
        CONSTRUCTS.put(
                "constants",
                size -> TYPES
                        + IntStream.range(0, size / 5)
                                .mapToObj(i -> ("const string S%1$d = \"s\"\n"
                                                + "const list<i32> L%1$d = [N%1$d, 1]\nconst i32 N%1$d = %1$d\nconst E E%1$d = E.A\n"
                                                + "const list<list<i32>> M%1$d = [L%1$d]\n")
                                        .formatted(i))
                                .collect(Collectors.joining()));
        CONSTRUCTS.put(
                "chain",
                size -> IntStream.range(0, size)
                                .mapToObj(i -> "const list<i32> C" + i + " = C" + (i + 1) + "\n")
                                .collect(Collectors.joining())
                        + "const list<i32> C" + size + " = [1]");
        CONSTRUCTS.put(
                "literals",
                size -> "const string X = \"" + "ab(\\\"c, )".repeat(size) + "\"\nconst binary Y = \""
                        + "xyz(\\n".repeat(size) + "\"");
        CONSTRUCTS.put(
                "structs",
                size -> IntStream.range(0, Math.min(size, 1_000))
                        .mapToObj(i ->
                                "struct S" + i + " { 1: optional S" + (i + 1) % Math.min(size, 1_000) + " next }\n")
                        .collect(Collectors.joining()));
        CONSTRUCTS.put(
                "members",
                size -> "struct Big {"
                        + IntStream.range(0, Math.min(size, 2_000))
                                .mapToObj(i -> (i + 1) + ": i32 f" + i)
                                .collect(Collectors.joining(", "))
                        + "}\nconst Big X = {" + each(Math.min(size, 2_000), "\"f%1$d\": %1$d") + "}");
        CONSTRUCTS.put(
                "arguments",
                size -> "service A { void f("
                        + IntStream.rangeClosed(1, Math.min(size, 254))
                                .mapToObj(i -> i + ": i32 a" + i)
                                .collect(Collectors.joining(", "))
                        + ") }");
        CONSTRUCTS.put("nesting", size -> nesting(Math.min(size, 100)));
        CONSTRUCTS.put(
                "typedefs",
                size -> IntStream.range(0, size)
                                .mapToObj(i -> "typedef T" + (i + 1) + " T" + i + "\n")
                                .collect(Collectors.joining())
                        + "typedef i32 T" + size + "\nstruct S { 1: T0 a }");
    }

    @TempDir
    Path directory;

    private static String each(int size, String pattern) {
        return IntStream.range(0, size).mapToObj(pattern::formatted).collect(Collectors.joining(", "));
    }

    private static String fields(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> (i + 1) + ": " + FIELDS.get(i % FIELDS.size()).formatted(i))
                .collect(Collectors.joining(", "));
    }

    private static String nesting(int depth) {
        return "const " + "list<".repeat(depth) + "i32" + ">".repeat(depth) + " X = " + "[".repeat(depth) + "1"
                + "]".repeat(depth) + "\nstruct S { 1: " + "map<string, ".repeat(depth) + "i64" + ">".repeat(depth)
                + " deep, 2: optional " + "list<".repeat(depth) + "S" + ">".repeat(depth) + " wide }";
    }

    static List<Arguments> constructs() {
        List<Arguments> constructs = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>(List.of(10, 1_000));
        Integer another = Integer.getInteger("corpus.size");
        if (another != null) {
            sizes.add(another);
        }
        sizes.forEach(size -> CONSTRUCTS.keySet().forEach(name -> constructs.add(Arguments.of(name, size))));
        return constructs;
    }

    @ParameterizedTest
    @MethodSource("constructs")
    void compilesWithoutAWarningOrIsRefusedWithPlaceAndReason(String construct, int size) throws Exception {
        String idl = "namespace java corpus\n" + CONSTRUCTS.get(construct).apply(size);

        List<Diagnostic> errors = Corpus.errors(idl, directory);

        if (size <= 2_000 || !LIMITED.contains(construct)) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors)
                    .isNotEmpty()
                    .allSatisfy(error -> assertThat(error.message()).contains("(expected: "));
        }
    }
}
