package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the text, the answer is a result: no exception, no endless loop, no stack overflow.
 *
 * <p>A build tries a few hundred random texts and chains as long as overflow a stack. After a change to the parser try
 * others and more: {@code -Dhostile.seed=7 -Dhostile.texts=5000 -Dhostile.length=100000}, where work that grows with
 * the square of the length runs into the time limit.
 */
@Timeout(60)
class HostileTextTest {
    private static final int TEXTS = Integer.getInteger("hostile.texts", 200);
    /** More levels than a stack of 1 MiB has room for. */
    private static final int LENGTH = Integer.getInteger("hostile.length", 12_000);

    private static final long SEED = Long.getLong("hostile.seed", 1);

    private static final String[] PIECES = {
        "struct",
        "union",
        "exception",
        "enum",
        "service",
        "const",
        "typedef",
        "include",
        "namespace",
        "extends",
        "throws",
        "oneway",
        "void",
        "required",
        "optional",
        "map",
        "list",
        "set",
        "cpp_type",
        "i32",
        "string",
        "A",
        "B",
        "E.A",
        "a",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        ",",
        ";",
        ":",
        "=",
        "*",
        "1",
        "-1",
        "0x",
        "010",
        "1.5",
        "1e",
        "\"x\"",
        "'",
        "\"",
        "\\",
        "//",
        "/*",
        "*/",
        "#",
        "\n",
        "\r",
        " ",
        "\t",
        "\u00e9",
        "\ud800",
        "\0",
        "streaming.mode",
        "true"
    };

    @TempDir
    Path dir;

    private IdlResult load(String text) {
        return IdlFolder.load(dir, text).result();
    }

    @Test
    void randomPieces() {
        Random random = new Random(SEED);
        for (int run = 0; run < TEXTS; run++) {
            String text = random.ints(random.nextInt(60), 0, PIECES.length)
                    .mapToObj(piece -> PIECES[piece] + (random.nextInt(4) == 0 ? "" : " "))
                    .collect(Collectors.joining());
            assertPositionsInside(load(text), text);
        }
    }

    @Test
    void mutationsOfARealFile() throws IOException {
        String original;
        try (InputStream in = HostileTextTest.class.getResourceAsStream("/idl/scenario.thrift")) {
            original = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Random random = new Random(SEED);
        for (int run = 0; run < TEXTS; run++) {
            StringBuilder text = new StringBuilder(original);
            for (int mutations = 1 + random.nextInt(4); mutations > 0; mutations--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + 1 + random.nextInt(10));
                switch (random.nextInt(3)) {
                    case 0 -> text.delete(at, end);
                    case 1 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                    default -> text.insert(random.nextInt(text.length()), text.substring(at, end));
                }
            }
            assertPositionsInside(load(text.toString()), text.toString());
        }
    }

    @Test
    void prefixesOfARealFile() throws IOException {
        String original;
        try (InputStream in = HostileTextTest.class.getResourceAsStream("/idl/scenario.thrift")) {
            original = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        // A step that shares no factor with the indentation meets every place of a line.
        int step = Math.max(1, 13 * 200 / TEXTS);
        for (int length = 0; length < original.length(); length += step) {
            String text = original.substring(0, length);
            assertPositionsInside(load(text), text);
        }
    }

    private static void assertPositionsInside(IdlResult result, String text) {
        long lines = text.split("\r\n|\r|\n", -1).length;
        for (Diagnostic diagnostic : result.diagnostics()) {
            assertThat((long) diagnostic.position().line())
                    .as(diagnostic.toString())
                    .isBetween(1L, lines);
            assertThat(diagnostic.message()).hasSizeLessThan(1_000).doesNotContain("\n");
        }
        assertThat(result.documents().isEmpty()).isEqualTo(result.hasErrors());
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 1_000, 200_000})
    void deepNestingOfTypes(int depth) {
        IdlResult result =
                load("struct A { 1: " + "list<".repeat(depth) + "i32" + ">".repeat(depth) + " a\n 2: i32 b = 'x' }");
        assertThat(result.errors())
                .extracting(Diagnostic::message)
                .contains(
                        "field b in struct A: value 'x' does not fit i32 (expected: an integer, true, false or the name "
                                + "of an integer)")
                .hasSize(depth > 100 ? 2 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{1:", "(", "{", "<", "[[{", "struct A {", "service S { void f(", "enum E {\n"})
    void deepNestingOfBrackets(String opening) {
        load("const list<i32> X = " + opening.repeat(LENGTH));
        load(opening.repeat(LENGTH));
        load("struct A { 1: i32 a = " + opening.repeat(LENGTH) + "]}})".repeat(LENGTH));
    }

    @Test
    void deepNestingThroughTypedefs() {
        int count = LENGTH;
        String text = IntStream.range(0, count)
                        .mapToObj(i -> "typedef list<T" + (i + 1) + "> T" + i + "\n")
                        .collect(Collectors.joining())
                + "typedef i32 T" + count + "\nconst T0 X = [] const T0 Y = X";
        assertThat(load(text).errors()).hasSize(1).first().asString().contains("is nested deeper than 100 levels");
    }

    @Test
    void longChainsOfTypedefsConstantsAndBases() {
        int count = LENGTH;
        String typedefs = chain(count, "typedef T%2$d T%1$d\n", "typedef i32 T" + count + " struct S { 1: T0 a }\n");
        String constants = chain(count, "const i32 C%1$d = C%2$d\n", "const i32 C" + count + " = 7\n");
        assertThat(load(typedefs + constants).errors()).isEmpty();

        String services = chain(count, "service S%1$d extends S%2$d {}\n", "service S" + count + " {}\n");
        assertThat(load(services).errors()).first().asString().contains("has more than 100 bases above it");
    }

    private static String chain(int count, String link, String end) {
        return IntStream.range(0, count)
                        .mapToObj(i -> String.format(link, i, i + 1))
                        .collect(Collectors.joining())
                + end;
    }

    @Test
    void longCircles() {
        int count = LENGTH;
        String typedefs = chain(count, "typedef T%2$d T%1$d\n", "typedef T0 T" + count);
        String constants = chain(count, "const i32 C%1$d = C%2$d\n", "const i32 C" + count + " = C0");
        assertThat(load(typedefs + "\n" + constants).errors())
                .hasSize(2)
                .allSatisfy(error -> assertThat(error.message()).endsWith("0").hasSizeLessThan(200));
    }

    @Test
    void hugeTokens() {
        int size = 100 * LENGTH;
        assertThat(load("const string S = \"" + "x".repeat(size) + "\"").errors())
                .isEmpty();
        assertThat(load("const string S = \"" + "\\n".repeat(size) + "\"").errors())
                .isEmpty();
        assertThat(load("const string S = \"" + "x".repeat(size)).errors()).hasSize(1);
        assertThat(load("const i32 X = " + "9".repeat(size)).errors()).hasSize(1);
        assertThat(load("const i32 X = " + "0".repeat(size)).errors()).isEmpty();
        assertThat(load("const double X = 0." + "9".repeat(size)).errors()).isEmpty();
        assertThat(load("struct " + "x".repeat(size) + " {}").errors()).isEmpty();
        assertThat(load("/*" + "*".repeat(size) + "*/ struct A {}").errors()).isEmpty();
        assertThat(load("//" + "/".repeat(size) + "\nstruct A {}").errors()).isEmpty();
        assertThat(load("const i32 X = a" + ".a".repeat(size / 10)).errors()).hasSize(1);
    }

    @Test
    void manyElementsAndManyErrors() {
        int count = LENGTH;
        String fields = IntStream.rangeClosed(1, Short.MAX_VALUE)
                .mapToObj(i -> i + ": i32 f" + i + "\n")
                .collect(Collectors.joining());
        assertThat(load("struct A {" + fields + "}").errors()).isEmpty();
        assertThat(load("struct A {" + "1: i32 a\n".repeat(count) + "}").errors())
                .hasSize(2 * (count - 1));
        assertThat(load("x ".repeat(count)).errors()).hasSize(1);
        assertThat(load("@ ".repeat(count)).errors()).hasSize(count);
        assertThat(load("/* */ ".repeat(count)).errors()).isEmpty();
        String members = IntStream.range(0, count).mapToObj(i -> "V" + i).collect(Collectors.joining(" "));
        String numbers = IntStream.range(0, count).mapToObj(String::valueOf).collect(Collectors.joining(","));
        assertThat(load("enum E { " + members + " } const set<E> ALL = [" + numbers + "]")
                        .errors())
                .isEmpty();
    }

    @Test
    void aLongChainOfIncludes() {
        IdlFolder folder = new IdlFolder(dir);
        int count = 500;
        for (int i = 0; i < count; i++) {
            folder.with("f" + i + ".thrift", "include \"f" + (i + 1) + ".thrift\"");
        }
        folder.with("f" + count + ".thrift", "struct A {}");
        assertThat(folder.load("f0.thrift").result().allDocuments()).hasSize(count + 1);
        assertThat(folder.load(List.of(), "f0.thrift").errors()).isEmpty();
    }
}
