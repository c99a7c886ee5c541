package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DefinitionRulesTest {
    @TempDir
    Path dir;

    static List<Arguments> refused() {
        return List.of(
                refusal(
                        "struct A {}\nenum A {}",
                        "2:6: name A is defined twice (first as a struct at line 1; all definitions of a file share one "
                                + "name space)"),
                refusal(
                        "const i32 A = 1\nservice A {}",
                        "2:9: name A is defined twice (first as a const at line 1; all definitions of a file share one "
                                + "name space)"),
                refusal("enum E { A\nA }", "2:1: value A in enum E is defined twice (first at line 1)"),
                refusal(
                        "enum E { A = 1, B = 1 }",
                        "1:21: number 1 of B in enum E is taken by A (expected: another number)"),
                refusal(
                        "enum E { A = 1, B = 0, C }",
                        "1:24: number 1 of C in enum E is taken by A (expected: another number)"),
                refusal(
                        "enum E { A = 2147483648 }",
                        "1:14: number 2147483648 of A in enum E is out of range (expected: -2147483648 to 2147483647)"),
                refusal(
                        "enum E { A = 2147483647 B }",
                        "1:25: number 2147483648 of B in enum E is out of range (expected: -2147483648 to 2147483647)"),
                refusal(
                        "struct A { 1: i32 a 1: i32 b }",
                        "1:21: id 1 of field b in struct A is taken by field a in struct A (expected: another id)"),
                refusal(
                        "struct A { 2: i32 a 1: i32 b i32 c }",
                        "1:34: id 2 of field c in struct A is taken by field a in struct A (expected: an id written in "
                                + "front of it)"),
                refusal(
                        "exception A { 1: i32 a\n 2: i32 a }",
                        "2:9: field a in exception A is defined twice (first at line 1)"),
                refusal(
                        "struct A { 1: B b }",
                        "1:15: undefined type 'B' (expected: a base type or one defined in this file)"),
                refusal(
                        "struct A { 1: x.B b }",
                        "1:15: undefined type 'x.B' (expected: include \"x.thrift\"; only files this one includes itself are seen)"),
                refusal(
                        "struct A { 1: a.A a }",
                        "1:15: undefined type 'a.A' (expected: include \"a.thrift\"; only files this one includes itself are seen)"),
                refusal(
                        "const i32 C = 1 struct A { 1: C c }",
                        "1:31: C is a const, not a type (expected: a struct, union, exception, enum or typedef)"),
                refusal(
                        "service S { S f() }",
                        "1:13: S is a service, not a type (expected: a struct, union, exception, enum or typedef)"),
                refusal("typedef A B typedef B A", "1:11: typedef B refers to itself: B -> A -> B"),
                refusal("typedef list<T> T", "1:17: typedef T refers to itself: T -> T"),
                refusal(
                        "service S { void f()\n void f() }",
                        "2:7: function f in service S is defined twice (first at line 1)"),
                refusal(
                        "service S { oneway i32 f() }",
                        "1:20: function f in service S is oneway and has a result (expected: void)"),
                refusal(
                        "exception X {} service S { oneway void f() throws (1: X x) }",
                        "1:57: function f in service S is oneway and throws (expected: nothing; no reply is sent)"),
                refusal(
                        "service S extends T {}",
                        "1:19: service S extends the undefined service 'T' (expected: a service of this file or "
                                + "prefix.Service of an included one)"),
                refusal(
                        "struct T {} service S extends T {}",
                        "1:31: service S extends T, which is a struct (expected: a service)"),
                refusal("service S extends S {}", "1:19: service S extends itself: S -> S"),
                refusal(
                        "service A extends B {} service B extends C {} service C extends A {}",
                        "1:65: service C extends itself: A -> B -> C -> A"),
                refusal(
                        "service A { void f() }\nservice B extends A {}\nservice C extends B { i32 f() }",
                        "3:27: service C defines f, which it inherits from A at a.thrift:1:18 (expected: another name)"),
                refusal(
                        "service S { void f(1: i32 a, 1: i32 b) }",
                        "1:30: id 1 of argument b in S.f is taken by argument a in S.f (expected: another id)"),
                refusal(
                        "service S { void f(1: i32 a, 2: i32 a) }",
                        "1:37: argument a in S.f is defined twice (first at line 1)"),
                refusal(
                        "service S { void f(1: i32 a = N) }",
                        "1:31: argument a in S.f: undefined value 'N' (expected: a constant, Enum.VALUE, file.CONSTANT "
                                + "or file.Enum.VALUE)"),
                refusal(
                        "service S { void f(1: i32 a = 'x') }",
                        "1:31: argument a in S.f: value 'x' does not fit i32 (expected: an integer, true, false or the "
                                + "name of an integer)"),
                refusal(
                        "exception X {} service S { void f() throws (1: X x = N) }",
                        "1:54: exception x in S.f: undefined value 'N' (expected: a constant, Enum.VALUE, file.CONSTANT "
                                + "or file.Enum.VALUE)"),
                refusal(
                        "exception X {} service S { void f() throws (1: X x = 5) }",
                        "1:54: exception x in S.f: value 5 does not fit X (expected: {\"field\": value, ...})"),
                refusal(
                        "exception X {} exception Y {} service S { void f() throws (1: X x, 1: Y y) }",
                        "1:68: id 1 of exception y in S.f is taken by exception x in S.f (expected: another id)"),
                refusal(
                        "exception X {} exception Y {} service S { void f() throws (1: X x, 2: Y x) }",
                        "1:73: exception x in S.f is defined twice (first at line 1)"),
                refusal(
                        "struct X {} service S { void f() throws (1: X x) }",
                        "1:45: exception x in S.f is of type X, a struct (expected: an exception)"),
                refusal(
                        "service S { void f() throws (1: i32 x) }",
                        "1:33: exception x in S.f is of type i32, no exception (expected: an exception)"),
                refusal(
                        "exception X {} service S { void f() throws (1: X x, 2: X y) }",
                        "1:56: exception y in S.f is of type X as is x (expected: each exception once)"),
                refusal(
                        "exception X {} service S { void f() throws (0: X x) }",
                        "1:45: exception x in S.f has the id 0 of the result (expected: another id)"),
                refusal(
                        "exception X {} service S { void f() throws (1: X success) }",
                        "1:50: exception success in S.f has the name of the result (expected: another name)"));
    }

    private static Arguments refusal(String text, String error) {
        return Arguments.of(text, error);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatCannotBeMeant(String text, String error) {
        assertThat(IdlFolder.load(dir, text).errors()).containsExactly("a.thrift:" + error);
    }

    static List<Arguments> warned() {
        return List.of(
                refusal(
                        "struct R { string m }",
                        "1:19: warning: field m in struct R has no id and gets 1 by its place: peers no longer understand "
                                + "each other when fields move (expected: an id in front, as '1:')"),
                refusal(
                        "struct A { 0: i32 a }",
                        "1:12: warning: field a in struct A has the id 0 (expected: 1 or more)"),
                refusal(
                        "service S { void f(-1: i32 a) }",
                        "1:20: warning: argument a in S.f has the id -1 (expected: 1 or more)"),
                refusal(
                        "union U { 1: required i32 a }",
                        "1:27: warning: field a in union U: 'required' is taken as 'optional', as in Kitex (expected: no "
                                + "word here)"),
                refusal(
                        "exception X {} service S { void f() throws (1: required X x) }",
                        "1:59: warning: exception x in S.f: 'required' is taken as 'optional', as in Kitex (expected: no "
                                + "word here)"),
                refusal(
                        "service S { void f(1: optional i32 a) }",
                        "1:36: warning: argument a in S.f: 'optional' is ignored (expected: no word here)"),
                refusal(
                        "struct P {} service S { P f(1: P p = {}) (streaming.mode='client') }",
                        "1:38: warning: argument p in S.f: the default has no effect (expected: none here)"),
                refusal(
                        "exception X {} service S { void f() throws (1: X x = {}) }",
                        "1:54: warning: exception x in S.f: the default has no effect (expected: none here)"),
                refusal(
                        "service S { void _f() }",
                        "1:18: warning: function _f in service S is left out, as in Kitex (expected: a name without '_' "
                                + "in front)"));
    }

    @ParameterizedTest
    @MethodSource("warned")
    void warnsOfWhatIsTakenDifferently(String text, String warning) {
        IdlFolder.Loaded loaded = IdlFolder.load(dir, text);
        assertThat(loaded.errors()).isEmpty();
        assertThat(loaded.warnings()).containsExactly("a.thrift:" + warning);
    }

    @Test
    void requirednessIsNormalisedForUnionsArgumentsAndExceptions() {
        IdlFolder.Loaded loaded = IdlFolder.load(dir, """
                exception X {}
                union U { 1: i32 a 2: required i32 b }
                struct S { 1: i32 a 2: required i32 b 3: optional i32 c }
                service V { void f(1: i32 a, 2: optional i32 b, 3: required i32 c) throws (1: X x) }
                """);
        Function function = loaded.service("V").functions().get(0);
        assertThat(loaded.struct("U").fields()).extracting(Field::requiredness).containsOnly(Requiredness.OPTIONAL);
        assertThat(loaded.struct("S").fields())
                .extracting(Field::requiredness)
                .containsExactly(Requiredness.DEFAULT, Requiredness.REQUIRED, Requiredness.OPTIONAL);
        assertThat(function.arguments())
                .extracting(Field::requiredness)
                .containsExactly(Requiredness.DEFAULT, Requiredness.DEFAULT, Requiredness.REQUIRED);
        assertThat(function.exceptions()).extracting(Field::requiredness).containsOnly(Requiredness.OPTIONAL);
    }

    @Test
    void defaultsOfUnaryArgumentsAreKept() {
        Function function = IdlFolder.load(dir, """
                const i32 N = 7
                service V { void f(1: i32 a = 5, 2: i32 b = N, 3: list<string> c = ["x"], 4: i32 d) }
                """).service("V").functions().get(0);
        assertThat(function.arguments())
                .extracting(argument -> String.valueOf(argument.defaultValue()))
                .containsExactly("Int[value=5]", "Reference[constant=N]", "Elements[elements=[Text[value=x]]]", "null");
    }

    @Test
    void typedefsResolveThroughEachOtherAndKeepWhatWasWritten() {
        StructType struct = IdlFolder.load(dir, "struct S { 1: A a 2: list<A> b } typedef B A typedef i64 B")
                .struct("S");
        assertThat(struct.fields().get(0).type()).hasToString("A");
        assertThat(struct.fields().get(0).type().resolved())
                .isEqualTo(new IdlType.Base(IdlType.Primitive.I64, Annotations.NONE));
        assertThat(struct.fields().get(1).type()).hasToString("list<A>");
    }

    @Test
    void structsAndUnionsMayContainThemselves() {
        StructType node = IdlFolder.load(
                        dir, "struct Node { 1: Node next 2: list<Node> children 3: U u } union U { 1: Node n }")
                .struct("Node");
        assertThat(((IdlType.Named) node.fields().get(0).type()).definition()).isSameAs(node);
    }

    @Test
    void inheritedFunctionsComeFirstTheFurthestBaseBeforeAll() {
        IdlFolder folder = new IdlFolder(dir)
                .with("base.thrift", "struct M {} service Root { void one() } service Base extends Root { void two() }")
                .with("a.thrift", """
                        include "base.thrift"
                        service Child extends base.Base { void three() void _hidden() }
                        """);
        Service child = folder.load("a.thrift").service("Child");
        assertThat(child.functions()).extracting(Function::name).containsExactly("three");
        assertThat(child.allFunctions()).extracting(Function::name).containsExactly("one", "two", "three");
        assertThat(child.base().document().name()).isEqualTo("base");
    }

    @Test
    void everyMistakeOfARunIsReportedOnceInOrder() {
        IdlFolder folder = new IdlFolder(dir)
                .with("b.thrift", "struct B { 1: Missing m\n 2: i32 }")
                .with("a.thrift", """
                        include "b.thrift"
                        include "nope.thrift"
                        struct A {
                          1: i32 a = "x",
                          1: strng b
                          2 i32 c,
                          3: list<i32 d
                          4: required i64 e = 99999999999999999999
                          5: nope.T f (deprecated)
                          6: b.C g
                        }
                        struct B {
                          1: i32 a
                        struct C { 1: Undefined x, 2: A a }
                        service S extends T {
                          A f(1: A a, 2: A b) (streaming.mode="client"),
                          void g(1: A a
                          A h(1: A a) throws (1: A a)
                        }
                        const i8 Z = 300
                        """);
        List<String> errors = folder.load("a.thrift").errors();
        assertThat(errors.stream().map(error -> error.substring(0, error.indexOf(": "))))
                .containsExactly(
                        "a.thrift:2:9",
                        "a.thrift:4:14",
                        "a.thrift:5:3",
                        "a.thrift:5:6",
                        "a.thrift:6:5",
                        "a.thrift:7:15",
                        "a.thrift:8:23",
                        "a.thrift:9:16",
                        "a.thrift:10:6",
                        "a.thrift:14:1",
                        "a.thrift:14:15",
                        "a.thrift:15:19",
                        "a.thrift:16:5",
                        "a.thrift:18:7",
                        "a.thrift:19:1",
                        "a.thrift:20:14",
                        "b.thrift:1:15",
                        "b.thrift:2:9");
    }

    @Test
    void aDefinitionLostToASyntaxErrorDoesNotMakeItsNameUndefined() {
        assertThat(IdlFolder.load(dir, "strct A { 1: i32 a }\nstruct B { 1: A a }")
                        .errors())
                .containsExactly(
                        "a.thrift:1:1: unexpected 'strct' outside a definition (expected: const, typedef, enum, "
                                + "struct, union, exception or service)");
    }

    @Test
    void longTextsAreShortenedInMessages() {
        String name = "x".repeat(100_000);
        String error =
                IdlFolder.load(dir, "struct A { 1: " + name + " a }").errors().get(0);
        assertThat(error).contains("undefined type '" + "x".repeat(40) + "...'").hasSizeLessThan(300);
        assertThat(Arrays.asList(Diagnostics.shown("a\nb\u0000"), Diagnostics.shown("\ud83d\ude00".repeat(41))))
                .containsExactly("a\\nb\\u0000", "\ud83d\ude00".repeat(40) + "...");
    }
}
