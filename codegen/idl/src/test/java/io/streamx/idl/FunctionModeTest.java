package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunctionModeTest {
    private static final String TYPES =
            " struct M {} union U { 1: i32 a } exception X {} enum E { A } typedef M T typedef i32 I";

    @TempDir
    Path dir;

    private IdlFolder.Loaded load(String function) {
        return IdlFolder.load(dir, "service S { " + function + " }" + TYPES);
    }

    @ParameterizedTest
    @CsvSource({"bidirectional, BIDIRECTIONAL", "client, CLIENT", "server, SERVER", "unary, UNARY"})
    void theAnnotationNamesTheMode(String value, FunctionMode mode) {
        IdlFolder.Loaded loaded = load("M f(1: M m) (streaming.mode = \"" + value + "\")");
        assertThat(loaded.service("S").functions()).extracting(Function::mode).containsExactly(mode);
    }

    @Test
    void withoutAnnotationAFunctionIsUnary() {
        assertThat(load("M f(1: i32 a, 2: i32 b) (other = \"server\")")
                        .service("S")
                        .functions())
                .extracting(Function::mode)
                .containsExactly(FunctionMode.UNARY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"T f(1: T m)", "U f(1: X m)", "X f(1: U m)"})
    void anyStructLikeMessageStreams(String function) {
        assertThat(load(function + " (streaming.mode=\"bidirectional\")").errors())
                .isEmpty();
    }

    static List<Arguments> refused() {
        return List.of(
                Arguments.of(
                        "M f(1: M m) (streaming.mode = \"Client\")",
                        "1:26: service S: f has the streaming.mode \"Client\" (expected: \"bidirectional\", \"client\", "
                                + "\"server\" or \"unary\")"),
                Arguments.of(
                        "M f(1: M m) (streaming.mode = \"\")",
                        "1:26: service S: f has the streaming.mode \"\" (expected: \"bidirectional\", \"client\", "
                                + "\"server\" or \"unary\")"),
                Arguments.of(
                        "M f(1: M m) (streaming.mode = \"client\", streaming.mode = \"server\")",
                        "1:26: service S: f has 2 values for streaming.mode (expected: at most 1)"),
                Arguments.of(
                        "M f() (streaming.mode = \"server\")",
                        "1:15: service S: streaming function f has 0 arguments (expected: exactly 1)"),
                Arguments.of(
                        "M f(1: M a, 2: M b) (streaming.mode = \"client\")",
                        "1:15: service S: streaming function f has 2 arguments (expected: exactly 1)"),
                Arguments.of(
                        "M f(1: M a, 2: M b) (streaming.mode = \"unary\")",
                        "1:15: service S: streaming function f has 2 arguments (expected: exactly 1)"),
                Arguments.of(
                        "void f(1: M a) (streaming.mode = \"client\")",
                        "1:18: service S: streaming function f returns void (expected: the struct, union or exception "
                                + "it streams)"),
                Arguments.of(
                        "oneway void f(1: M a) (streaming.mode = \"server\")",
                        "1:25: service S: streaming function f is oneway (expected: a result)"),
                Arguments.of(
                        "I f(1: M a) (streaming.mode = \"server\")",
                        "1:13: service S: streaming function f returns I (expected: a struct, union or exception)"),
                Arguments.of(
                        "list<M> f(1: M a) (streaming.mode = \"bidirectional\")",
                        "1:13: service S: streaming function f returns list<M> (expected: a struct, union or exception)"),
                Arguments.of(
                        "M f(1: string a) (streaming.mode = \"server\")",
                        "1:27: service S: streaming function f takes string (expected: a struct, union or exception)"),
                Arguments.of(
                        "M f(1: E a) (streaming.mode = \"client\")",
                        "1:22: service S: streaming function f takes E (expected: a struct, union or exception)"),
                Arguments.of(
                        "M _f(1: M a) (streaming.mode = \"x\")",
                        "1:27: service S: _f has the streaming.mode \"x\" (expected: \"bidirectional\", \"client\", "
                                + "\"server\" or \"unary\")"),
                Arguments.of(
                        "M _f() (streaming.mode = \"client\")",
                        "1:15: service S: streaming function _f has 0 arguments (expected: exactly 1)"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatCannotStream(String function, String error) {
        assertThat(load(function).errors()).containsExactly("a.thrift:" + error);
    }

    @Test
    void throwsOnAStreamHasNoEffectAndIsWarnedOf() {
        IdlFolder.Loaded loaded = load("M f(1: M m) throws (1: X x) (streaming.mode=\"server\")");
        assertThat(loaded.errors()).isEmpty();
        assertThat(loaded.warnings())
                .containsExactly(
                        "a.thrift:1:38: warning: service S: streaming function f: throws has no effect on a "
                                + "stream, as in Kitex (expected: none; a thrown exception reaches the peer as an ordinary error)");
    }

    @Test
    void unaryIsTheOrdinaryCallAndIsWarnedOf() {
        assertThat(load("M f(1: i32 m) (streaming.mode=\"unary\")").warnings())
                .containsExactly(
                        "a.thrift:1:28: warning: service S: f: streaming.mode=\"unary\" is an ordinary call, as "
                                + "in kitex -streamx (expected: no annotation)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "service A {} (streaming.mode = \"x\")",
                "struct A { 1: i32 (streaming.mode = \"x\") a (streaming.mode = \"x\") } (streaming.mode = \"x\")",
                "service A { void f(1: i32 a (streaming.mode = \"x\")) }",
                "exception X {} service A { void f() throws (1: X x (streaming.mode = \"x\")) }",
            })
    void theAnnotationMeansNothingElsewhere(String text) {
        assertThat(IdlFolder.load(dir, text).errors()).isEmpty();
    }

    @Test
    void allServicesOfAllFilesAreChecked() {
        IdlFolder folder = new IdlFolder(dir)
                .with("inc.thrift", "struct M {} service Inner { M f(1: M m) (streaming.mode=\"x\") }")
                .with(
                        "a.thrift",
                        "include 'inc.thrift' service A { inc.M f(1: inc.M m) (streaming.mode=\"y\") }\n"
                                + "service B { inc.M f() (streaming.mode=\"server\") }");
        assertThat(folder.load("a.thrift").errors())
                .extracting(error -> error.substring(0, error.indexOf(':', error.indexOf(": ") + 2)))
                .containsExactly(
                        "a.thrift:1:55: service A", "a.thrift:2:19: service B", "inc.thrift:1:42: service Inner");
    }
}
