package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThriftFormatTest {
    private static String format(String text) {
        ThriftFormat.Result result = ThriftFormat.format("a.thrift", text.getBytes(StandardCharsets.UTF_8));
        assertThat(result.errors()).isEmpty();
        String once = Objects.requireNonNull(result.text());
        ThriftFormat.Result again = ThriftFormat.format("a.thrift", once.getBytes(StandardCharsets.UTF_8));
        assertThat(again.text()).as("formatted twice").isEqualTo(once);
        return once;
    }

    @Test
    void everythingGetsItsPlace() {
        String messy = """
                // What a file begins with stays.

                include   "base.thrift"
                namespace   java    com.acme ( a = "b" )
                namespace * x
                const i32 A=1;
                const  map<string,list< i32 >> M={"a":[1,2;3] "b" : [ ]}
                typedef list < map<i32,string> >Names
                /** A user.
                   * Two lines. */
                struct User{1:required i64 id 2: optional string name="x" (go.tag='json:"n"');
                  # counted
                  3: i32 visits // how often
                  , 4: list<string> tags=["a","b"]}
                struct Empty { }
                enum Level { LOW=1, HIGH
                }
                service Users extends base.Health { User find(1:i64 id)throws(1:base.Refused r,2: Gone g),


                  oneway void note(1:User u);
                  User talk(1:User u)(streaming.mode="bidirectional") }(a="b")
                // The end.""";
        assertThat(format(messy)).isEqualTo("""
                // What a file begins with stays.

                include "base.thrift"
                namespace java com.acme (a="b")
                namespace * x

                const i32 A = 1
                const map<string, list<i32>> M = {"a": [1, 2, 3], "b": []}
                typedef list<map<i32, string>> Names

                /** A user.
                 * Two lines. */
                struct User {
                    1: required i64 id,
                    2: optional string name = "x" (go.tag='json:"n"'),
                    # counted
                    3: i32 visits, // how often
                    4: list<string> tags = ["a", "b"],
                }

                struct Empty {}

                enum Level {
                    LOW = 1,
                    HIGH,
                }

                service Users extends base.Health {
                    User find(1: i64 id) throws (1: base.Refused r, 2: Gone g),

                    oneway void note(1: User u),
                    User talk(1: User u) (streaming.mode="bidirectional"),
                } (a="b")
                // The end.
                """);
    }

    @Test
    void whatDoesNotFitOnALineOrBeganALineGetsOneElementALine() {
        assertThat(format("service S { Reply aFunctionWithManyArguments(1: Request theFirstArgument,"
                        + " 2: Request theSecondArgument, 3: i32 third) }\n"
                        + "const list<i32> L = [\n1, 2]\nconst map<string, list<i32>> M = {'a': [\n1], 'b': [2]}"))
                .isEqualTo("""
                        service S {
                            Reply aFunctionWithManyArguments(
                                1: Request theFirstArgument,
                                2: Request theSecondArgument,
                                3: i32 third,
                            ),
                        }

                        const list<i32> L = [
                            1,
                            2,
                        ]
                        const map<string, list<i32>> M = {
                            'a': [
                                1,
                            ],
                            'b': [2],
                        }
                        """);
    }

    @Test
    void commentsStayWithWhatTheyStandAt() {
        assertThat(format("""
                struct A { // begins
                    // nothing else
                }
                struct B {
                    1: /* a */ i32 x // one
                    // above y

                    /* apart */
                    2: i32 // why
                       y = [ // list
                         1 /* two */, 2
                       ]; /* behind y */ // and more
                    // last
                } // ends
                service S { void f(1: i32 a, // first
                  2: i32 b) }
                """)).isEqualTo("""
                struct A { // begins
                    // nothing else
                }

                struct B {
                    1: /* a */ i32 x, // one
                    // above y

                    /* apart */
                    2: i32 // why
                            y = [ // list
                        1, /* two */
                        2,
                    ], /* behind y */ // and more
                    // last
                } // ends

                service S {
                    void f(
                        1: i32 a, // first
                        2: i32 b,
                    ),
                }
                """);
    }

    @Test
    void whatIsNoIdlIsNamedAndNothingElse() {
        ThriftFormat.Result broken =
                ThriftFormat.format("a.thrift", "struct A {\n 1: i32\n}".getBytes(StandardCharsets.UTF_8));
        assertThat(broken.text()).isNull();
        assertThat(broken.errors())
                .map(Diagnostic::toString)
                .containsExactly("a.thrift:3:1: unexpected '}' in struct A (expected: the name of a field)");
        ThriftFormat.Result latin = ThriftFormat.format("a.thrift", new byte[] {'/', '/', (byte) 0xe4, '\n'});
        assertThat(latin.errors())
                .map(Diagnostic::message)
                .containsExactly("the file is no UTF-8 (expected: UTF-8, also in comments)");
    }

    @Test
    void lineEndsOfWindowsBecomeThoseOfTheStyle() {
        assertThat(format("struct A {\r\n  1: i32 x // a\r\n  /* b\r\n   * c */\r\n}\r\n"))
                .isEqualTo("struct A {\n    1: i32 x, // a\n    /* b\n     * c */\n}\n");
    }

    /** The IDL of all tests of this build. */
    static List<Path> corpus() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("CONTRIBUTING.md"))) {
            root = Objects.requireNonNull(root.getParent());
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".thrift")
                            && !file.toString().contains("/target/")
                            && Files.isRegularFile(file))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    void aFormattedFileMeansWhatItMeantAndIsStable(Path file) throws IOException {
        String text = Files.readString(file);
        String formatted = format(text);
        assertThat(meaning(formatted)).isEqualTo(meaning(text));
    }

    /** What the parser makes of a text, but for places; documentation among it. */
    private static String meaning(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Syntax.FileNode file = Parser.parse(new SourceText("a.thrift", text, true), diagnostics);
        assertThat(diagnostics.errorCount()).isZero();
        return file.toString().replaceAll("a\\.thrift:\\d+:\\d+|SourcePosition\\[[^]]*]", "");
    }

    @Test
    void anyLayoutOfAFileIsFormattedToWhatIsStable() throws IOException {
        try (InputStream in = ThriftFormatTest.class.getResourceAsStream("/idl/scenario.thrift")) {
            SourceText source = SourceText.decode("scenario.thrift", in.readAllBytes());
            Lexer lexer = new Lexer(source, new Diagnostics());
            List<String> words = new ArrayList<>();
            for (Token token = lexer.next(); token.kind() != Token.Kind.END; token = lexer.next()) {
                String quote = token.quote() == 0 ? "" : String.valueOf(token.quote());
                words.add(quote + token.text() + quote);
            }
            String[] spaces = {" ", "\n", "\n\n", " /* c */ ", " // c\n", "\n# c\n", "\n/* a\n * b */\n"};
            Random random = new Random(1);
            for (int round = 0; round < 200; round++) {
                StringBuilder text = new StringBuilder();
                for (String word : words) {
                    text.append(word).append(random.nextInt(4) == 0 ? spaces[random.nextInt(spaces.length)] : " ");
                }
                format(text.toString());
            }
        }
    }
}
