package io.streamx.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompatibilityTest {
    private static final String SERVICE = "struct M { 1: string a } exception E { 1: string b } service S { ";

    @TempDir
    Path dir;

    private IdlResult load(String version, String idl) throws IOException {
        Path folder = Files.createDirectories(dir.resolve(version));
        Path file = Files.writeString(folder.resolve("a.thrift"), idl);
        IdlResult result = ThriftIdl.load(List.of(file), List.of(), folder);
        assertThat(result.errors()).isEmpty();
        return result;
    }

    private List<Incompatibility> check(String older, String newer) throws IOException {
        return Compatibility.check(load("old", older), load("new", newer), GeneratorOptions.DEFAULTS);
    }

    private static String label(Incompatibility one) {
        boolean wire = one.breaks().contains(Incompatibility.Break.WIRE);
        boolean source = one.breaks().contains(Incompatibility.Break.SOURCE);
        return (wire ? "w" : "") + (source ? "s" : "") + " " + one.kind().label() + " " + one.element();
    }

    /** Older, newer, and what is found: w breaks the wire, s the source. */
    static Stream<Arguments> changes() {
        return Stream.of(
                // What records that grow may do.
                of("struct A { 1: required i32 x }", "struct A { 1: required i32 x, 2: optional i32 y }"),
                of("struct A { 1: required i32 x }", "struct A { 2: string y, 1: required i32 x }"),
                of("struct A {}", "struct A { 1: list<string> y }"),
                of("struct A { 1: i32 x }", "struct A { 1: i32 x, 2: i32 y }", "s constructor-changed A"),
                of(
                        "struct A { 1: required i32 x }",
                        "struct A { 1: required i32 x, 2: required i32 y }",
                        "w required-field-added A.y",
                        "s constructor-changed A"),
                of("struct A { 1: i32 x, 2: i32 y }", "struct A { 2: i32 y, 1: i32 x }", "s constructor-changed A"),
                of(
                        "struct A { 1: optional i32 x, 2: optional i32 y }",
                        "struct A { 2: optional i32 y, 1: optional i32 x }"),
                // Fields that are gone, or renamed, or numbered anew.
                of("struct A { 1: optional i32 x }", "struct A {}", "s field-removed A.x"),
                of("struct A { 1: required i32 x }", "struct A {}", "ws field-removed A.x"),
                of("struct A { 1: i32 x_y }", "struct A { 1: i32 xY }"),
                of("struct A { 1: i32 x }", "struct A { 1: i32 y }", "s field-renamed A.y"),
                of("struct A { 1: i32 x }", "struct A { 2: i32 x }", "w field-id-changed A.x"),
                of(
                        "struct A { 1: optional i32 x, 2: optional i32 y }",
                        "struct A { 1: optional i32 y }",
                        "w field-id-changed A.y",
                        "s field-removed A.x"),
                // Types.
                of("struct A { 1: i32 x }", "struct A { 1: i64 x }", "ws type-changed A.x"),
                of("typedef i32 T struct A { 1: T x }", "typedef i64 T struct A { 1: T x }", "ws type-changed A.x"),
                of("typedef i32 T struct A { 1: T x }", "struct A { 1: i32 x }"),
                of("struct A { 1: string x }", "struct A { 1: binary x }", "s type-changed A.x"),
                of("struct A { 1: binary x }", "struct A { 1: string x }", "ws type-changed A.x"),
                of("enum E { A } struct A { 1: i32 x }", "enum E { A } struct A { 1: E x }", "s type-changed A.x"),
                of("struct A { 1: list<i32> x }", "struct A { 1: list<i64> x }", "ws type-changed A.x"),
                of("struct A { 1: list<i32> x }", "struct A { 1: set<i32> x }", "ws type-changed A.x"),
                of(
                        "struct A { 1: map<string, list<i32>> x }",
                        "struct A { 1: map<string, list<i16>> x }",
                        "ws type-changed A.x"),
                of(
                        "struct B { 1: i32 v } struct A { 1: B x }",
                        "struct C { 1: i32 v } struct A { 1: C x }",
                        "s definition-removed B",
                        "s type-changed A.x"),
                of(
                        "struct B { 1: i32 v } struct A { 1: list<B> x }",
                        "struct C { 1: i64 v } struct A { 1: list<C> x }",
                        "s definition-removed B",
                        "ws type-changed A.x"),
                of(
                        "struct B { 1: i32 v } struct A { 1: B x, 2: B y }",
                        "struct C { 1: i64 v } struct A { 1: C x, 2: C y }",
                        "s definition-removed B",
                        "ws type-changed A.x",
                        "ws type-changed A.y"),
                of(
                        "struct N { 1: optional N next } struct A { 1: N x }",
                        "struct M { 1: optional M next } struct A { 1: M x }",
                        "s definition-removed N",
                        "s type-changed A.x"),
                // Words and defaults.
                of(
                        "struct A { 1: optional i32 x }",
                        "struct A { 1: required i32 x }",
                        "ws requiredness-changed A.x",
                        "s constructor-changed A"),
                of("struct A { 1: required i32 x }", "struct A { 1: i32 x }", "w requiredness-changed A.x"),
                of(
                        "struct A { 1: i32 x }",
                        "struct A { 1: optional i32 x }",
                        "s requiredness-changed A.x",
                        "s constructor-changed A"),
                of("struct A { 1: i32 x = 1 }", "struct A { 1: i32 x = 2 }"),
                of("struct A { 1: optional i32 x = 1 }", "struct A { 1: optional i32 x = 2 }", "w default-changed A.x"),
                of(
                        "struct A { 1: optional map<string, i32> x = {'a': 1, 'b': 2} }",
                        "struct A { 1: optional map<string, i32> x = {'b': 2, 'a': 1} }"),
                of(
                        "struct A { 1: optional i32 x }",
                        "struct A { 1: optional i32 x = 2 }",
                        "s requiredness-changed A.x",
                        "w default-changed A.x"),
                of(
                        "const i32 C = 1 enum E { X = 1 } struct A { 1: optional E x = E.X, 2: optional i32 y = C }",
                        "const i32 C = 1 enum E { Y = 1 } struct A { 1: optional E x = E.Y, 2: optional i32 y = 1 }",
                        "s enum-value-renamed E.X"),
                // Unions, exceptions, enums.
                of("union U { 1: i32 x }", "union U { 1: i32 x, 2: i32 y }"),
                of("union U { 1: i32 x, 2: i32 y }", "union U { 1: i32 x }", "ws field-removed U.y"),
                of("union U { 1: i32 x }", "union U { 1: i64 x }", "ws type-changed U.x"),
                of("struct A { 1: i32 x }", "union A { 1: i32 x }", "ws kind-changed A"),
                of("struct A { 1: i32 x }", "exception A { 1: i32 x }", "s kind-changed A"),
                of("enum E { A = 1 }", "enum E { A = 1, B = 2 }"),
                of("enum E { A = 1, B = 2 }", "enum E { A = 1 }", "s enum-value-removed E.B"),
                of("enum E { A = 1 }", "enum E { A = 2 }", "w enum-number-changed E.A"),
                of("enum E { A = 1 }", "enum E { B = 1 }", "s enum-value-renamed E.A"),
                of(
                        "enum E { A = 1, B = 2 }",
                        "enum E { B = 1 }",
                        "s enum-value-removed E.A",
                        "w enum-number-changed E.B"),
                // Services.
                of(SERVICE + "M a(1: M m) M b(1: M m) }", SERVICE + "M b(1: M m) M a(1: M m) M c(1: M m) }"),
                of(SERVICE + "M a(1: M m) }", SERVICE + "M a(1: M m) M c(1: M m) }", "s function-added S"),
                of(SERVICE + "}", SERVICE + "M a(1: M m) }", "s function-added S"),
                of(SERVICE + "M a(1: M m) }", SERVICE + "}", "ws function-removed S.a"),
                of(
                        SERVICE + "M a(1: M m) }",
                        SERVICE + "M a(1: M m) (streaming.mode=\"server\") }",
                        "ws mode-changed S.a"),
                of(SERVICE + "M a(1: M m) }", SERVICE + "M a(1: M m) (streaming.mode=\"unary\") }"),
                of(SERVICE + "void a(1: M m) }", SERVICE + "oneway void a(1: M m) }", "w oneway-changed S.a"),
                of(SERVICE + "void a(1: M m) }", SERVICE + "M a(1: M m) }", "ws result-changed S.a"),
                of(SERVICE + "i32 a(1: M m) }", SERVICE + "i64 a(1: M m) }", "ws result-changed S.a"),
                of(SERVICE + "M a(1: M m) }", SERVICE + "M a(1: M n) }"),
                of(SERVICE + "M a(1: M m) }", SERVICE + "M a(1: M m, 2: M n) }", "s arguments-changed S.a(n)"),
                of(
                        SERVICE + "M a(1: M m) }",
                        SERVICE + "M a(1: M m, 2: required M n) }",
                        "ws arguments-changed S.a(n)"),
                of(SERVICE + "M a(1: M m, 2: M n) }", SERVICE + "M a(1: M m) }", "ws arguments-changed S.a(n)"),
                of(
                        SERVICE + "M a(1: i32 m, 2: i32 n) }",
                        SERVICE + "M a(2: i32 n, 1: i32 m) }",
                        "s arguments-changed S.a"),
                of(SERVICE + "M a(1: i32 m) }", SERVICE + "M a(2: i32 m) }", "w field-id-changed S.a(m)"),
                of(SERVICE + "M a(1: i32 m) }", SERVICE + "M a(1: i64 m) }", "ws type-changed S.a(m)"),
                of(
                        SERVICE + "M a(1: M m) (streaming.mode=\"client\") }",
                        SERVICE + "M a(7: M n) (streaming.mode=\"client\") }"),
                of(
                        SERVICE + "M a(1: M m) (streaming.mode=\"client\") }",
                        SERVICE + "M a(1: E m) (streaming.mode=\"client\") }",
                        "s arguments-changed S.a(m)"),
                of(SERVICE + "M a(1: M m) }", SERVICE + "M a(1: M m) throws (1: E e) }", "w throws-changed S.a"),
                of(SERVICE + "M a(1: M m) throws (1: E e) }", SERVICE + "M a(1: M m) }", "w throws-changed S.a"),
                of(
                        SERVICE + "M a(1: M m) throws (1: E e) }",
                        SERVICE + "M a(1: M m) throws (2: E e) }",
                        "w field-id-changed S.a throws e"),
                of(
                        "service B { void a() void b() } service S extends B { void c() }",
                        "service B { void a() void b() } service S { void a() void b() void c() }",
                        "s base-changed S"),
                of("service S {}", "struct T {}", "ws definition-removed S"),
                // Files and constants.
                of(
                        "namespace java p.q struct A { 1: i32 x } const i32 C = 1",
                        "namespace java p.r struct A { 1: i32 x } const i32 C = 1",
                        "s package-changed a"),
                of("const i32 C = 1", "const i32 C = 2"),
                of("const i32 C = 1", "const i64 C = 1", "s type-changed C"),
                of("const i32 C = 1 const i32 D = 1", "const i32 D = 1", "s constant-removed C"),
                of("struct Url {}", "struct URL {} struct Url {}", "s class-renamed Url"));
    }

    private static Arguments of(String older, String newer, String... found) {
        return Arguments.of(older, newer, List.of(found));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangeBreaksWhatItBreaksAndNothingElse(String older, String newer, List<String> expected) throws IOException {
        assertThat(check(older, newer)).map(CompatibilityTest::label).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(check(older, older)).isEmpty();
        assertThat(check(newer, newer)).isEmpty();
    }

    @Test
    void aFindingSaysPlaceKindAndReason() throws IOException {
        String older = "struct User {\n    1: required i64 id,\n    2: i32 visits,\n}\n";
        String newer = "struct User {\n    1: required i64 id,\n    2: i64 visits,\n}\n";
        assertThat(check(older, newer))
                .map(one -> one.toString().replace(dir + "/", ""))
                .containsExactly(
                        "new/a.thrift:3:12: breaks wire and source: type-changed User.visits: the type was i32, is"
                                + " i64: a reader skips a value of another type, as if it had not come; the Java type was int, is"
                                + " long");
    }

    @Test
    void includedFilesAreComparedWithTheirOwnOlderVersions() throws IOException {
        for (String version : List.of("old", "new")) {
            Files.createDirectories(dir.resolve(version));
            Files.writeString(
                    dir.resolve(version).resolve("base.thrift"),
                    version.equals("old") ? "struct B { 1: i32 x }" : "struct B { 1: i16 x }");
        }
        String idl = "include \"base.thrift\" struct A { 1: base.B b }";
        assertThat(check(idl, idl)).map(CompatibilityTest::label).containsExactly("ws type-changed B.x");
    }

    @Test
    void aStructThatMovesToAnotherFileOfItsPackageBreaksNothing() throws IOException {
        Path old = Files.createDirectories(dir.resolve("old"));
        Path now = Files.createDirectories(dir.resolve("new"));
        Files.writeString(old.resolve("a.thrift"), "namespace java p struct A {} struct B {}");
        Files.writeString(now.resolve("a.thrift"), "namespace java p struct A {}");
        Files.writeString(now.resolve("b.thrift"), "namespace java p struct B {}");
        IdlResult older = ThriftIdl.load(List.of(old.resolve("a.thrift")), List.of(), old);
        IdlResult newer = ThriftIdl.load(List.of(now.resolve("a.thrift"), now.resolve("b.thrift")), List.of(), now);
        assertThat(Compatibility.check(older, newer, GeneratorOptions.DEFAULTS)).isEmpty();
    }

    @Test
    void singleFilesBelongTogetherWhateverTheirNames() throws IOException {
        Path before = Files.writeString(dir.resolve("v1.thrift"), "struct A { 1: i32 x } const i32 C = 1");
        Path after = Files.writeString(dir.resolve("v2.thrift"), "struct A { 1: i16 x } const i32 C = 1");
        assertThat(Compatibility.check(
                        ThriftIdl.load(List.of(before), List.of()),
                        ThriftIdl.load(List.of(after), List.of()),
                        GeneratorOptions.DEFAULTS))
                .map(CompatibilityTest::label)
                .containsExactly("ws type-changed A.x");
    }

    @Test
    void anIdlWithErrorsIsRefused() throws IOException {
        IdlResult good = load("old", "struct A {}");
        Path bad = Files.writeString(dir.resolve("bad.thrift"), "struct A {");
        assertThatThrownBy(() ->
                        Compatibility.check(good, ThriftIdl.load(List.of(bad), List.of()), GeneratorOptions.DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("newer: ")
                .hasMessageContaining("bad.thrift:1:11");
    }
}
