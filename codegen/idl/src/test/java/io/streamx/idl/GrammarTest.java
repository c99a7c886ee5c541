package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\t\u000b\r\n",
                "// comment only",
                "# comment only",
                "/* ünïcödé */",
                "struct A{}",
                "struct A {} struct B {}",
                "struct A {} (k = \"v\", k2 = 'v2'; k3 = \"\")",
                "struct A {} ()",
                "cpp_include \"x.h\"",
                "include \"\"",
                "namespace java a.b.c",
                "namespace * a (k = \"v\")",
                "namespace java.swift a",
                "const i32 X = 1",
                "const i32 X = 1,",
                "const i32 X = 1; (k = \"v\")",
                "typedef i32 (js.type = \"Long\") T (k = \"v\")",
                "enum E {}",
                "enum E { A, B; C D = 5 (k = \"v\"), E = -1 }",
                "union U {}",
                "exception X { 1: string message }",
                "service S {}",
                "service S { void f() }",
                "service S { void f(), oneway void g(1: i32 a); i32 h() throws () }",
                "service S { i32 f(1: i32 a, 2: i32 b) (k = \"v\"), }",
                "struct A { 1: required i32 a; 2: optional i32 b, i32 c }",
                "struct A { 1 : map<string, list<set<i32>>> a }",
                "struct A { 1: map cpp_type \"x\" <i32, i32> a 2: set cpp_type \"y\" <i32> b 3: list<i32> cpp_type \"z\" c }",
                "struct A { 1: list<i32 (a = \"b\")> (c = \"d\") x (e = \"f\") }",
                "struct A { 1: i32 a = 1 (k = \"v\"), }",
                "struct A { 1: map<list<i32>, A> a }",
                "struct A { 1: set<A> a }",
                "struct struct {} enum enum {} struct string_ { 1: struct struct 2: enum enum }",
                "struct class { 1: i32 int 2: i32 func 3: i32 required 4: i32 package }",
                "service service { void void() void oneway() }",
                "struct A { 1: B b } struct B { 1: A a }",
                "const string S = \"a\nb\"",
                "const string S = 'it \"is\"'",
                "struct A { 010: i32 a }",
                "struct A { +1: i32 a }",
                "const list<i32> L = [1 2, 3; 4]",
                "const map<i32, i32> M = {1: 2 3: 4, 5: 6;}",
                "struct A { 1: byte a 2: i8 b 3: i16 c 4: i32 d 5: i64 e 6: double f 7: string g 8: binary h 9: bool i }",
            })
    void acceptsWhatKitexAccepts(String text) {
        assertThat(IdlFolder.load(dir, text).errors()).isEmpty();
    }

    static List<Arguments> refused() {
        String definitions = "const, typedef, enum, struct, union, exception or service";
        return List.of(
                refusal("", "1:1: file is empty (expected: a definition or a comment)"),
                refusal("\uFEFFstruct A {}", "1:1: byte order mark (expected: UTF-8 without one)"),
                refusal("struct A {\f}", "1:11: character not allowed outside comments and literals: 'U+000C'"),
                refusal("struct\u00a0A {}", "1:7: character not allowed outside comments and literals: 'U+00A0'"),
                refusal("struct A {}\0", "1:12: character not allowed outside comments and literals: 'U+0000'"),
                refusal("struct Käse {}", "1:9: character not allowed outside comments and literals: 'ä'"),
                refusal("struct A { 1: i32 a$ }", "1:20: character not allowed outside comments and literals: '$'"),
                refusal("/* a", "1:1: comment is not closed (expected: '*/' before the end of the file)"),
                refusal("const string S = \"a", "1:18: literal is not closed: \"a (expected: \"; "),
                refusal("const string S = \"a\\\\\"", "1:18: literal is not closed: \"a\\\\\" (expected: \"; "),
                refusal("struct A {};", "1:12: unexpected ';' behind a definition (expected: none)"),
                refusal("namespace java a;", "1:17: unexpected ';' behind namespace (expected: none)"),
                refusal("include \"\",", "1:11: unexpected ',' behind include (expected: none)"),
                refusal("struct A {} include \"\"", "1:13: include behind a definition"),
                refusal("namespace java \"a\"", "1:16: unexpected \"a\" behind namespace java (expected: a name)"),
                refusal("include <a>", "1:9: unexpected '<' behind include (expected: a file name in quotes)"),
                refusal("senum E {}", "1:1: unexpected 'senum' outside a definition (expected: " + definitions + ")"),
                refusal("struct A {}}", "1:12: unexpected '}' outside a definition (expected: " + definitions + ")"),
                refusal("struct A.B {}", "1:8: name 'A.B' behind struct holds a dot"),
                refusal("struct A { 1: i32 a.b }", "1:19: name 'a.b' in struct A holds a dot"),
                refusal("enum E { A.B }", "1:10: name 'A.B' in enum E holds a dot"),
                refusal("service S { void f.g() }", "1:18: name 'f.g' in service S holds a dot"),
                refusal("struct A { 1: i32 }", "1:19: unexpected '}' in struct A (expected: the name of a field)"),
                refusal("struct A { 1 i32 a }", "1:14: unexpected 'i32' in struct A behind field id 1 (expected: ':')"),
                refusal("struct A { 1: i32 a,, }", "1:21: unexpected ',' in struct A (expected: a field or '}')"),
                refusal("struct A { 1: i32 a", "1:20: unexpected end of file in struct A (expected: '}')"),
                refusal("struct A { 0x10: i32 a }", "1:12: field id 0x10 in struct A (expected: a decimal number from"),
                refusal(
                        "struct A { 32768: i32 a }",
                        "1:12: field id 32768 in struct A (expected: a decimal number from"),
                refusal("struct A { 99999999999: i32 a }", "1:12: field id 99999999999 in struct A (expected: a"),
                refusal("struct A { 32767: i32 a i32 b }", "1:29: field b in struct A has no id left"),
                refusal(
                        "struct A { 1: requiredi32 x }",
                        "1:15: undefined type 'requiredi32' (expected: a blank behind"),
                refusal("struct A { 1: list x }", "1:15: undefined type 'list' (expected: a list needs the type of"),
                refusal("struct A { 1: map<i32> x }", "1:22: unexpected '>' in the map in struct A (expected: ',')"),
                refusal("struct A { 1: vector<i32> x }", "1:15: unexpected '<' behind vector (expected: list<...>,"),
                refusal("struct A { 1: void x }", "1:15: undefined type 'void' (expected: void stands only for"),
                refusal("struct A { 1: uuid x }", "1:15: undefined type 'uuid' (expected: string or binary; Kitex"),
                refusal(
                        "struct A {} (deprecated)",
                        "1:14: annotation deprecated has no value (expected: deprecated = "),
                refusal("struct A {} (a-b = \"c\")", "1:14: annotation a has no value (expected: a = \"...\")"),
                refusal("struct A {} (a = 1)", "1:18: unexpected '1' as value of annotation a (expected: a literal in"),
                refusal("struct A {} (a = \"b\") (c = \"d\")", "1:23: unexpected '(' outside a definition"),
                refusal("typedef void T", "1:9: undefined type 'void'"),
                refusal("enum E { A = B }", "1:14: unexpected 'B' in enum E behind A (expected: an integer)"),
                refusal("enum E { A = 089 }", "1:14: malformed number '089': a leading zero means octal"),
                refusal(
                        "enum E { A = 0xZZ }",
                        "1:14: malformed number '0xZZ' (expected: as 12, 0x1f, 0o17, 1.5 or 1e3)"),
                refusal("const i32 X = 1.", "1:15: malformed number '1.' (expected: as 12, 0x1f, 0o17, 1.5 or 1e3)"),
                refusal("const i32 X = -0x1", "1:15: malformed number '-0x1'"),
                refusal("const i32 X = 0X1", "1:15: malformed number '0X1'"),
                refusal("const i32 X = 12a", "1:15: malformed number '12a'"),
                refusal(
                        "const double X = 1e999",
                        "1:18: number out of range: 1e999 (expected: within a 64-bit double)"),
                refusal(
                        "const i64 X = 9223372036854775808",
                        "1:15: number out of range: 9223372036854775808 (expected: -"),
                refusal("const i32 X", "1:12: unexpected end of file in const X (expected: '=')"),
                refusal("const i32 X = ,", "1:15: unexpected ',' in const X (expected: a value)"),
                refusal("const list<i32> X = [1,,2]", "1:24: unexpected ',' in const X (expected: a value)"),
                refusal("const list<i32> X = [,1]", "1:22: unexpected ',' in const X (expected: a value)"),
                refusal("const string S = \"a\" \"b\"", "1:22: unexpected \"b\" outside a definition"),
                refusal(
                        "const map<i32,i32> X = {1 2}",
                        "1:27: unexpected '2' in const X behind the key 1 (expected: ':')"),
                refusal(
                        "service S extends { }",
                        "1:19: unexpected '{' behind extends (expected: the name of a service)"),
                refusal("service S { f() }", "1:17: unexpected '}' in service S (expected: the name of a function)"),
                refusal(
                        "service S { void f() (a = \"b\") throws () }",
                        "1:32: unexpected 'throws' behind the annotations of f (expected: throws before the annotations)"));
    }

    private static Arguments refusal(String text, String start) {
        return Arguments.of(text, start);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithPlaceOffendingTextAndHint(String text, String start) {
        assertThat(IdlFolder.load(dir, text).errors()).first().asString().startsWith("a.thrift:" + start);
    }

    @Test
    void carriageReturnAloneEndsALineComment() {
        assertThat(IdlFolder.load(dir, "// comment\rstruct A {}\r// end")
                        .struct("A")
                        .position())
                .hasToString(dir + "/a.thrift:2:8");
    }

    @Test
    void columnsCountCharactersAndLinesAnyLineEnd() {
        assertThat(IdlFolder.load(dir, "/* 😀 */ x\r\ny\rz").errors())
                .extracting(error -> error.substring(0, error.indexOf(": ")))
                .containsExactly("a.thrift:1:9");
        assertThat(IdlFolder.load(dir, "struct A {\r\n  1: X x\r\t2: Y y\n\n  3: Z z\n}")
                        .errors())
                .extracting(error -> error.substring(0, error.indexOf(": ")))
                .containsExactly("a.thrift:2:6", "a.thrift:3:5", "a.thrift:5:6");
    }

    @Test
    void commentsMayBeInAnyEncodingButLiteralsAreUtf8() throws IOException {
        Path file = dir.resolve("latin.thrift");
        Files.write(file, "// Gr\u00f6\u00dfe\nstruct A {}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new IdlFolder(dir).load("latin.thrift").errors()).isEmpty();

        Files.write(file, "const string S = \"Gr\u00f6\u00dfe\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(new IdlFolder(dir).load("latin.thrift").errors())
                .containsExactly("latin.thrift:1:18: literal is no UTF-8: \"Gr\ufffd\ufffde\" (expected: UTF-8)");
    }

    @Test
    void missingFieldIdsContinueFromTheOneBefore() {
        StructType struct = IdlFolder.load(dir, "struct A { i32 a 5: i32 b i32 c -1: i32 d i32 e 010: i32 f }")
                .struct("A");
        assertThat(struct.fields()).extracting(field -> (int) field.id()).containsExactly(1, 5, 6, -1, 0, 10);
    }

    @Test
    void missingEnumNumbersContinueFromTheOneBefore() {
        EnumType type = IdlFolder.load(dir, "enum E { A B C = 010 D E = -5 F G = 0x1F H = 0o17 }")
                .definition(EnumType.class, "E");
        assertThat(type.values()).extracting(EnumValue::number).containsExactly(0, 1, 8, 9, -5, -4, 31, 15);
    }

    @Test
    void aRepeatedAnnotationKeyAccumulatesItsValues() {
        Annotations annotations = IdlFolder.load(dir, "struct A {} (k = \"1\", other = 'x', k = \"2\")")
                .struct("A")
                .annotations();
        assertThat(annotations.entries()).extracting(Annotation::key).containsExactly("k", "other");
        assertThat(annotations.find("k").values()).containsExactly("1", "2");
        assertThat(annotations.value("other")).isEqualTo("x");
        assertThat(annotations.value("missing")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"a\\\"b\"`, `a\"b`",
                "`'a\\'b'`, `a'b`",
                "`\"a\\'b\"`, `a\\'b`",
                "`\"\\d+\\\\w\"`, `\\d+\\\\w`",
            })
    void annotationValuesKeepForeignBackslashes(String literal, String value) {
        assertThat(IdlFolder.load(dir, "struct A {} (k = " + literal + ")")
                        .struct("A")
                        .annotations()
                        .value("k"))
                .isEqualTo(value);
    }

    @Test
    void annotationsAreKeptWhereTheyStand() {
        IdlFolder.Loaded loaded = IdlFolder.load(dir, """
                namespace go a (at = "namespace")
                typedef i32 (at = "type") T (at = "typedef")
                enum E { A = 1 (at = "value") } (at = "enum")
                struct S { 1: list<i32 (at = "element")> (at = "list") f = [1] (at = "field") } (at = "struct")
                const i32 C = 1, (at = "const")
                service V { void f(1: i32 a (at = "argument")) (at = "function") } (at = "service")
                """);
        StructType struct = loaded.struct("S");
        IdlType.ListOf list = (IdlType.ListOf) struct.fields().get(0).type();
        Function function = loaded.service("V").functions().get(0);
        Typedef typedef = loaded.definition(Typedef.class, "T");
        EnumType type = loaded.definition(EnumType.class, "E");
        assertThat(List.of(
                        loaded.document().namespaces().get(0).annotations(),
                        typedef.type().annotations(),
                        typedef.annotations(),
                        type.values().get(0).annotations(),
                        type.annotations(),
                        list.element().annotations(),
                        list.annotations(),
                        struct.fields().get(0).annotations(),
                        struct.annotations(),
                        loaded.constant("C").annotations(),
                        function.arguments().get(0).annotations(),
                        function.annotations(),
                        loaded.service("V").annotations()))
                .extracting(annotations -> annotations.value("at"))
                .containsExactly(
                        "namespace",
                        "type",
                        "typedef",
                        "value",
                        "enum",
                        "element",
                        "list",
                        "field",
                        "struct",
                        "const",
                        "argument",
                        "function",
                        "service");
    }

    @Test
    void namespacesAreLookedUpByScopeThenStarThenNotAtAll() {
        Document both =
                IdlFolder.load(dir, "namespace * any\nnamespace java com.x").document();
        assertThat(both.namespace("java")).isEqualTo("com.x");
        assertThat(both.namespace("go")).isEqualTo("any");
        Document none = new IdlFolder(dir)
                .with("My.Api.thrift", " ")
                .load("My.Api.thrift")
                .document();
        assertThat(none.namespace("java")).isNull();
        assertThat(none.name()).isEqualTo("My.Api");
        assertThat(none.defaultNamespace()).isEqualTo("my.api");
    }
}
