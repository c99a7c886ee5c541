package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConstantTest {
    private static final String DEFINITIONS = """

            enum E { A = 1 B = 2 }
            enum Other { A = 1 }
            typedef E Alias
            typedef i32 Number
            typedef list<i32> Numbers
            typedef map<string, Number> Counts
            struct P { 1: i32 x 2: required string name 3: P next }
            union U { 1: i32 a 2: string b }
            exception Oops { 1: string message }
            const i32 ONE = 1
            const Number TWO = 2
            const i64 BIG = 5000000000
            const string TEXT = "text"
            const double HALF = 0.5
            const bool YES = true
            const E VALUE = E.B
            const list<i32> LIST = [1]
            const P POINT = {"x": 1}
            """;

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bool | true | Bool[value=true]",
                "bool | false | Bool[value=false]",
                "bool | 5 | Bool[value=true]",
                "bool | -1 | Bool[value=false]",
                "bool | 0.5 | Bool[value=true]",
                "bool | YES | Reference[constant=YES]",
                "i8 | -128 | Int[value=-128]",
                "byte | 127 | Int[value=127]",
                "i16 | 0x7fff | Int[value=32767]",
                "i32 | 010 | Int[value=8]",
                "i32 | -010 | Int[value=-8]",
                "i32 | +7 | Int[value=7]",
                "i32 | 0o17 | Int[value=15]",
                "i32 | true | Int[value=1]",
                "i32 | false | Int[value=0]",
                "i32 | ONE | Reference[constant=ONE]",
                "i32 | TWO | Reference[constant=TWO]",
                "i32 | VALUE | Int[value=2]",
                "i8 | VALUE | Int[value=2]",
                "i64 | ONE | Int[value=1]",
                "i8 | TWO | Int[value=2]",
                "i64 | BIG | Reference[constant=BIG]",
                "i64 | -9223372036854775808 | Int[value=-9223372036854775808]",
                "Number | 3 | Int[value=3]",
                "double | 1 | Real[value=1.0]",
                "double | 1e10 | Real[value=1.0E10]",
                "double | 2.5e3 | Real[value=2500.0]",
                "double | -1.5E-7 | Real[value=-1.5E-7]",
                "double | .5 | Real[value=0.5]",
                "double | true | Real[value=1.0]",
                "double | HALF | Reference[constant=HALF]",
                "string | \"a\" | Text[value=a]",
                "string | TEXT | Reference[constant=TEXT]",
                "binary | \"a\" | Bytes[97]",
                "list<i32> | [1, ONE] | Elements[elements=[Int[value=1], Reference[constant=ONE]]]",
                "list<i32> | [] | Elements[elements=[]]",
                "list<i32> | {} | Elements[elements=[]]",
                "list<i32> | LIST | Reference[constant=LIST]",
                "Numbers | [2] | Elements[elements=[Int[value=2]]]",
                "set<i32> | [1, 2, 1] | Elements[elements=[Int[value=1], Int[value=2]]]",
                "map<string, i32> | {\"a\": 1} | Entries[entries=[Text[value=a]=Int[value=1]]]",
                "map<string, i32> | [] | Entries[entries=[]]",
                "Counts | {\"a\": 1} | Entries[entries=[Text[value=a]=Int[value=1]]]",
                "list<list<i32>> | [[1], []] | Elements[elements=[Elements[elements=[Int[value=1]]], Elements[elements=[]]]]",
                "P | {\"x\": ONE} | Members[type=P, members=[x=Reference[constant=ONE]]]",
                "P | {} | Members[type=P, members=[]]",
                "P | POINT | Reference[constant=POINT]",
                "P | {\"next\": {\"x\": 2}} | Members[type=P, members=[next=Members[type=P, members=[x=Int[value=2]]]]]",
                "U | {\"b\": \"t\"} | Members[type=U, members=[b=Text[value=t]]]",
                "Oops | {\"message\": TEXT} | Members[type=Oops, members=[message=Reference[constant=TEXT]]]",
                "E | 7 | EnumNumber[number=7]",
                "E | VALUE | Reference[constant=VALUE]",
                "Alias | VALUE | Reference[constant=VALUE]",
                "i32 | E.B | Int[value=2]",
            })
    void valuesAreConvertedToTheirType(String type, String value, String converted) {
        IdlFolder.Loaded loaded = IdlFolder.load(dir, "const " + type + " X = " + value + DEFINITIONS);
        assertThat(loaded.constant("X").value()).hasToString(converted);

        IdlFolder.Loaded inField = IdlFolder.load(dir, "struct S { 1: " + type + " x = " + value + " }" + DEFINITIONS);
        assertThat(inField.struct("S").fields().get(0).defaultValue()).hasToString(converted);
    }

    @ParameterizedTest
    @CsvSource({"E, E.B", "Alias, E.B", "E, 2", "Alias, 2"})
    void enumValuesAreFoundByNameAndByNumber(String type, String value) {
        IdlFolder.Loaded loaded = IdlFolder.load(dir, "const " + type + " X = " + value + DEFINITIONS);
        EnumValue expected = loaded.definition(EnumType.class, "E").value("B");
        assertThat(loaded.constant("X").value()).isEqualTo(new Value.EnumConstant(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "i32 | \"x\" | value \"x\" does not fit i32 (expected: an integer, true, false or the name of an integer)",
                "i32 | 1.5 | value 1.5 does not fit i32 (expected: an integer, true, false or the name of an integer)",
                "i32 | [] | value a list does not fit i32 (expected: an integer, true, false or the name of an integer)",
                "i8 | 128 | value 128 is out of range of i8 (expected: -128 to 127)",
                "i16 | -32769 | value -32769 is out of range of i16 (expected: -32768 to 32767)",
                "i32 | 2147483648 | value 2147483648 is out of range of i32 (expected: -2147483648 to 2147483647)",
                "i32 | BIG | value BIG is out of range of i32 (expected: -2147483648 to 2147483647)",
                "i32 | TEXT | const TEXT is a string, which does not fit i32 (expected: an integer, true, false or the name of an integer)",
                "i32 | HALF | const HALF is a double, which does not fit i32 (expected: an integer, true, false or the name of an integer)",
                "double | ONE | const ONE is a i32, which does not fit double (expected: a number, true or false)",
                "double | \"1\" | value \"1\" does not fit double (expected: a number, true or false)",
                "bool | ONE | const ONE is a i32, which does not fit bool (expected: true, false or a number)",
                "bool | \"true\" | value \"true\" does not fit bool (expected: true, false or a number)",
                "string | 1 | value 1 does not fit string (expected: a literal in quotes)",
                "string | true | value true does not fit string (expected: a literal in quotes)",
                "binary | [1] | value a list does not fit binary (expected: a literal in quotes)",
                "E | Other.A | value Other.A does not fit E (expected: an integer or a value of enum E)",
                "E | ONE | const ONE is a i32, which does not fit E (expected: an integer or a value of enum E)",
                "E | true | value true does not fit E (expected: an integer or a value of enum E)",
                "E | \"A\" | value \"A\" does not fit E (expected: an integer or a value of enum E)",
                "E | 2147483648 | value 2147483648 is out of range of i32 (expected: -2147483648 to 2147483647)",
                "E | A | undefined value 'A' (expected: E.A)",
                "E | E.C | undefined value 'E.C' (expected: one of E's values: A, B)",
                "E | Alias.A | undefined value 'Alias.A' (expected: the enum's own name instead of its typedef: E.A)",
                "i32 | nothing | undefined value 'nothing' (expected: a constant, Enum.VALUE, file.CONSTANT or file.Enum.VALUE)",
                "list<i32> | TEXT | const TEXT is a string, which does not fit list<i32> (expected: [...])",
                "list<i64> | LIST | const LIST is a list<i32>, which does not fit list<i64> (expected: [...])",
                "list<i32> | [1, \"x\"] | value \"x\" does not fit i32 (expected: an integer, true, false or the name of an integer)",
                "map<i32, i32> | {1: 1, 1: 2} | key 1 stands twice in the map (expected: once)",
                "map<i32, i32> | {1: 1, ONE: 2} | key ONE stands twice in the map (expected: once)",
                "P | [] | value a list does not fit P (expected: {\"field\": value, ...})",
                "P | {x: 1} | key x of a struct (expected: the name of a field in quotes)",
                "P | {\"z\": 1} | struct P has no field \"z\" (expected: one of \"x\", \"name\", \"next\")",
                "P | {\"x\": \"y\"} | value \"y\" does not fit i32 (expected: an integer, true, false or the name of an integer)",
                "P | {\"x\": 1, \"x\": 2} | field \"x\" stands twice (expected: once)",
                "U | {\"a\": 1, \"b\": \"c\"} | union U gets 2 fields (expected: exactly 1)",
                "U | {} | union U gets 0 fields (expected: exactly 1)",
                "string | \"\\q\" | unknown escape '\\q' in \"\\q\" (expected: \\n, \\t, \\r, \\\\, \\\", \\x41, \\101, \\u0041 or another escape of Go)",
            })
    void valuesThatDoNotFitAreRefused(String type, String value, String message) {
        assertThat(IdlFolder.load(dir, "const " + type + " X = " + value + DEFINITIONS)
                        .errors())
                .singleElement()
                .asString()
                .endsWith(message)
                .startsWith("a.thrift:1:");
    }

    @ParameterizedTest
    @CsvSource({"list<i32>, 5", "set<i32>, true", "'map<i32,i32>', [1]", "list<i32>, {1: 2}", "list<i32>, 'x'"})
    void anythingElseForAContainerGivesAnEmptyOneWithAWarning(String type, String value) {
        String written = value.equals("x") ? "\"x\"" : value;
        IdlFolder.Loaded loaded = IdlFolder.load(dir, "const " + type + " X = " + written);
        assertThat(loaded.constant("X").value()).isIn(new Value.Elements(List.of()), new Value.Entries(List.of()));
        assertThat(loaded.warnings()).singleElement().asString().contains("gives an empty");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"a\\tb\\n\" | `a\tb\n`",
                "\"\\x41\\101\\u00e9\\U0001F600\" | AAé😀",
                "'say \"hi\"' | say \"hi\"",
                "'say \\\"hi\\\"' | say \"hi\"",
                "\"it's\" | it's",
                "\"it\\'s\" | it's",
                "'it\\'s' | it's",
                "\"\\xc3\\xa4\" | ä",
                "\"a\\\\b\" | a\\b",
                "\"两\" | 两",
            })
    void escapesMeanWhatTheyMeanInGo(String literal, String text) {
        assertThat(IdlFolder.load(dir, "const string X = " + literal)
                        .constant("X")
                        .value())
                .isEqualTo(new Value.Text(text));
    }

    @Test
    void binaryTakesAnyBytesAndStringOnlyText() {
        Value bytes = IdlFolder.load(dir, "const binary X = \"\\xff\\000a\"")
                .constant("X")
                .value();
        assertThat(((Value.Bytes) bytes).toByteArray()).containsExactly(0xff, 0, 'a');
        assertThat(IdlFolder.load(dir, "const string X = \"\\xff\"").errors())
                .containsExactly(
                        "a.thrift:1:18: string \"\\xff\" is no UTF-8 (expected: whole characters; any bytes fit a binary)");
        assertThat(new Value.Bytes("a".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new Value.Bytes("a".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({"\\777", "\\0", "\\x4", "\\u12", "\\ud800", "\\U00110000", "\\xgg"})
    void brokenEscapesAreRefused(String escape) {
        assertThat(IdlFolder.load(dir, "const string X = \"" + escape + "\"").errors())
                .singleElement()
                .asString()
                .startsWith("a.thrift:1:18: unknown escape '\\");
    }

    @Test
    void constantsMayReferForwardsButNotInACircle() {
        assertThat(IdlFolder.load(dir, "const i32 A = B\nconst i32 B = 1")
                        .constant("A")
                        .value())
                .hasToString("Reference[constant=B]");
        assertThat(IdlFolder.load(dir, "const i32 A = B\nconst i32 B = C\nconst i32 C = A")
                        .errors())
                .containsExactly("a.thrift:1:11: const A refers to itself: A -> B -> C -> A");
        assertThat(IdlFolder.load(dir, "const list<i32> A = A").errors())
                .containsExactly("a.thrift:1:17: const A refers to itself: A -> A");
    }

    @Test
    void valuesOfIncludedFilesAreQualified() {
        IdlFolder folder = new IdlFolder(dir)
                .with("b.c.thrift", "const i32 N = 1 enum E { X = 3 }")
                .with("a.thrift", "include 'b.c.thrift'\nconst i32 A = b.c.N\nconst b.c.E B = b.c.E.X\n");
        IdlFolder.Loaded loaded = folder.load("a.thrift");
        assertThat(loaded.constant("A").value()).hasToString("Reference[constant=N]");
        assertThat(loaded.constant("B").value()).isInstanceOf(Value.EnumConstant.class);
    }

    @Test
    void aValueThatReadsTwoWaysIsRefused() {
        IdlFolder folder = new IdlFolder(dir)
                .with("e.thrift", "const i32 X = 1")
                .with("a.thrift", "include 'e.thrift'\nenum e { X = 3 }\nconst i32 A = e.X");
        assertThat(folder.load("a.thrift").errors())
                .containsExactly("a.thrift:3:15: const A: 'e.X' is ambiguous: const X at e.thrift:1:11 or "
                        + "value X of enum e at a.thrift:2:10");
    }

    @Test
    void theDefaultOfAUnionIsOneAtMost() {
        assertThat(IdlFolder.load(dir, "union U { 1: i32 a = 1 2: i32 b }").errors())
                .isEmpty();
        assertThat(IdlFolder.load(dir, "union U { 1: i32 a = 1 2: i32 b = 2 }").errors())
                .containsExactly("a.thrift:1:35: field b in union U has a second default (expected: at most one field "
                        + "with a default)");
    }
}
