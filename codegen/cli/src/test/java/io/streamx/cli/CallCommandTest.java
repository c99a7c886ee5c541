package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.CertificateAuthority;
import io.streamx.tls.ServerTls;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CallCommandTest {
    private static final String CHANGED = "{\"text\":\"a!\",\"count\":9007199254740993}\n";

    @TempDir
    private Path dir;

    private WordsService words;
    private final Console console = new Console();

    @BeforeEach
    void serve() throws Exception {
        words = new WordsService(dir);
    }

    @AfterEach
    void close() {
        words.close();
    }

    /** The arguments of a call, each option with its value as one text. */
    private String[] call(String method, String... options) {
        List<String> args = new ArrayList<>(List.of(
                "call",
                words.address(),
                "Words/" + method,
                "--idl",
                words.idl().toString(),
                "--connect-timeout",
                "20s"));
        args.addAll(List.of(options));
        return args.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--transport=ttheader",
                "--transport=grpc",
                "--carrier=ttheader-framed",
                "--carrier=ttheader",
                "--carrier=framed",
                "--carrier=buffered"
            })
    void aUnaryCallOnEachCarrier(String way) {
        assertThat(console.run(call("change", way, "-d", "{\"text\":\"a\"}"))).isZero();
        assertThat(console.out()).isEqualTo(CHANGED);
        assertThat(console.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader", "grpc"})
    void streamsOfAllThreeKinds(String transport) {
        String way = "--transport=" + transport;
        assertThat(console.run(call("download", way, "-d", "{\"text\":\"c\"}"))).isZero();
        assertThat(console.out())
                .isEqualTo(
                        "{\"text\":\"c\",\"count\":0}\n{\"text\":\"c\",\"count\":1}\n{\"text\":\"c\",\"count\":2}\n");

        Console upload = new Console().piped("{\"text\":\"a\"}\n{\"text\":\"b\"}");
        assertThat(upload.run(call("upload", way))).isZero();
        assertThat(upload.out()).isEqualTo("{\"text\":\"a b\"}\n");

        Console chat = new Console().piped("{\"text\":\n\"a\"} {\"text\":\"a\"}");
        assertThat(chat.run(call("chat", way))).isZero();
        assertThat(chat.out()).isEqualTo(CHANGED + CHANGED);
    }

    @Test
    void eachReplyIsPrintedAsItComesWhileTheInputGoesOn() throws Exception {
        CompletableFuture<Integer> exit = console.typing().start(call("chat"));
        console.type("{\"text\":\"a\"}");
        assertThat(console.line()).contains("a!");
        console.type("\n{\"text\":\"b\"}");
        assertThat(console.line()).contains("b!");
        console.endInput();
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void aHandlerThatAnswersEarlyEndsTheCallWhileTheInputIsOpen() throws Exception {
        CompletableFuture<Integer> exit = console.typing().start(call("upload"));
        console.type("{\"text\":\"a\"}{\"text\":\"enough\"}");
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(console.out()).isEqualTo("{\"text\":\"a enough\"}\n");
        console.endInput();
    }

    @Test
    void requestsWithSeveralArgumentsWithNoneAndWithoutReply() throws Exception {
        assertThat(console.run(call("sum", "-d", "{\"a\": 1, \"b\": \"2\"}", "--longs-as-strings")))
                .isZero();
        assertThat(console.run(call("nothing"))).isZero();
        assertThat(console.run(call("note", "-d", "\"text\""))).isZero();
        assertThat(console.out()).isEqualTo("\"3\"\n");
        assertThat(words.noted.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void requestsFromAFileAndFromAPipe() throws Exception {
        Path file = Files.writeString(dir.resolve("request.json"), "{\"text\": \"\u00fc\"}");
        assertThat(console.run(call("change", "-d", "@" + file))).isZero();
        assertThat(console.out()).contains("\"\u00fc!\"");
        assertThat(console.piped("{\"text\": \"\u20ac\"}").run(call("change", "-d", "@")))
                .isZero();
        assertThat(console.out()).contains("\"\u20ac!\"");
    }

    @Test
    void metainfoGoesToTheHandler() {
        assertThat(console.run(call(
                        "change",
                        "-d",
                        "{\"text\":\"metainfo\"}",
                        "--persistent",
                        "CHAIN=a",
                        "--transient",
                        "HOP=b=c")))
                .isZero();
        assertThat(console.out()).isEqualTo("{\"text\":\"a b=c\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader", "grpc"})
    void headersAndTrailersAreShownOnRequest(String transport) {
        assertThat(console.run(call("download", "--transport", transport, "-d", "{\"text\":\"a\"}", "-v")))
                .isZero();
        assertThat(console.err()).contains("header: from=header\n").contains("trailer: from=trailer\n");

        Console machine = new Console();
        assertThat(machine.run(call(
                        "download",
                        "--transport",
                        transport,
                        "-d",
                        "{\"text\":\"a\"}",
                        "-v",
                        "--json",
                        "-H",
                        "asked: for it")))
                .isZero();
        assertThat(machine.err())
                .containsPattern("\\{\"header\":\\{.*\"from\":\"for it\"")
                .containsPattern("\\{\"trailer\":\\{.*\"from\":\"trailer\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=ttheader", "--transport=grpc", "--carrier=ttheader"})
    void aBusinessErrorHasItsCodeTextAndExtra(String way) {
        assertThat(console.run(call("change", way, "-d", "{\"text\":\"business\"}")))
                .isEqualTo(3);
        assertThat(console.err())
                .isEqualTo("streamx: business error 1001: no such word\n  extra: a=b\n  extra: word=business\n");
        assertThat(console.out()).isEmpty();

        Console machine = new Console();
        assertThat(machine.run(call("download", way, "-d", "{\"text\":\"business\"}", "--json")))
                .isEqualTo(3);
        assertThat(machine.err())
                .isEqualTo(
                        "{\"error\":{\"kind\":\"business-error\",\"exitCode\":3,\"code\":1001,\"text\":\"no such word\","
                                + "\"extra\":{\"a\":\"b\",\"word\":\"business\"}}}\n");
        assertThat(machine.out()).hasLineCount(3);
    }

    @Test
    void aDeclaredExceptionHasItsFields() {
        assertThat(console.run(call("change", "-d", "{\"text\":\"declared\"}"))).isEqualTo(4);
        assertThat(console.err()).isEqualTo("streamx: exception Refused: {\"code\":7}\n");

        Console machine = new Console();
        assertThat(machine.run(call("change", "-d", "{\"text\":\"declared\"}", "--json")))
                .isEqualTo(4);
        assertThat(machine.err()).contains("\"type\":\"Refused\",\"fields\":{\"code\":7}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=ttheader", "--transport=grpc", "--carrier=framed"})
    void aHandlerThatFailsIsAnRpcError(String way) {
        assertThat(console.run(call("change", way, "-d", "{\"text\":\"fail\"}")))
                .isEqualTo(5);
        assertThat(console.err()).startsWith("streamx: RPC error ").contains("broken");
        assertThat(console.run(call("download", way, "-d", "{\"text\":\"fail\"}")))
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=ttheader", "--transport=grpc", "--carrier=framed"})
    void aTimeLimitThatRunsOutIsATimeout(String way) {
        assertThat(console.run(call("change", way, "-d", "{\"text\":\"wait\"}", "--timeout", "300ms")))
                .isEqualTo(6);
        assertThat(console.err()).startsWith("streamx: timeout");
        assertThat(console.run(call("download", way, "-d", "{\"text\":\"wait\"}", "--recv-timeout", "0.3s")))
                .isEqualTo(6);
        assertThat(console.out()).as("what came before").hasLineCount(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=ttheader", "--transport=grpc", "--carrier=framed"})
    void aServerThatIsNotThereIsNoConnection(String way) throws Exception {
        int port;
        try (ServerSocket nobody = new ServerSocket(0)) {
            port = nobody.getLocalPort();
        }
        for (String method : List.of("change", "download")) {
            String[] args = call(method, way, "-d", "{\"text\":\"a\"}");
            args[1] = "127.0.0.1:" + port;
            assertThat(console.run(args)).isEqualTo(7);
        }
        assertThat(console.err()).startsWith("streamx: no connection").contains("127.0.0.1:" + port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=ttheader", "--transport=grpc", "--carrier=framed", "--carrier=ttheader"})
    void aServerThatGoesAwayIsNoConnection(String way) throws Exception {
        for (String method : List.of("change", "download")) {
            try (WordsService leaving = new WordsService(Files.createDirectories(dir.resolve(method)))) {
                String[] args = call(method, way, "-d", "{\"text\":\"wait\"}");
                args[1] = leaving.address();
                CompletableFuture<Integer> exit = console.start(args);
                assertThat(leaving.entered.await(30, TimeUnit.SECONDS)).isTrue();
                leaving.dropConnections();
                assertThat(exit.get(30, TimeUnit.SECONDS)).as(console.err()).isEqualTo(7);
            }
        }
    }

    @Test
    void badInputIsNamedAndExitsWith2() {
        assertBad("request.txt: Word has no such field", call("change", "-d", "{\"txt\":\"a\"}"));
        assertBad("-d at line 1, column ", call("change", "-d", "{\"text\":"));
        assertBad("request: empty", call("change", "-d", " "));
        assertBad("a second message", call("change", "-d", "{\"text\":\"a\"} 5"));
        assertBad("one of change, sum", call("chnge"));
        assertBad("no file", call("change", "-d", "@" + dir.resolve("missing")));
        assertBad("carries no metainfo", call("change", "--carrier", "framed", "--transient", "A=b"));
        assertBad("--carrier", call("change", "--transport", "grpc", "--carrier", "framed"));
        assertBad("expected: a duration", call("change", "--timeout", "5"));
        assertBad("expected: ttheader or grpc", call("change", "--transport", "http"));
        assertBad("--header", call("change", "-H", "a: b"));
        String[] noPort = call("change");
        noPort[1] = "localhost";
        assertBad("expected: host:port", noPort);
        String[] noMethod = call("change");
        noMethod[2] = "change";
        assertBad("expected: Service/Method", noMethod);
    }

    private static void assertBad(String what, String... args) {
        Console console = new Console();
        assertThat(console.run(args)).as(what).isEqualTo(2);
        assertThat(console.err()).contains(what);
        assertThat(console.out()).isEmpty();
    }

    @Test
    void aWrongMessageAmongManyEndsTheStreamAndIsNamedByItsPlace() throws Exception {
        CompletableFuture<Integer> exit = console.typing().start(call("chat", "--json"));
        console.type("{\"text\":\"a\"}\n");
        assertThat(console.line()).contains("a!");
        console.type("  {\"count\":1}\n");
        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(console.err())
                .contains("\"kind\":\"bad-input\"")
                .contains("standard input, message 2 at line 2, column 3: request.text: absent");
        console.endInput();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader", "grpc"})
    void ctrlCCancelsTheStreamAndSaysHowItEnded(String transport) throws Exception {
        CompletableFuture<Integer> exit =
                console.start(call("download", "--transport", transport, "-d", "{\"text\":\"wait\"}"));
        for (int i = 0; i < 3; i++) {
            console.line();
        }
        console.interrupt();
        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(130);
        assertThat(console.err())
                .startsWith("streamx: cancelled by Ctrl-C: after 1 messages sent and 3 received: ")
                .contains("interrupted by the user");
        assertThat(words.cancelled.await(30, TimeUnit.SECONDS))
                .as("the handler hears of it")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=grpc", "--carrier=framed"})
    void ctrlCEndsAUnaryCall(String way) throws Exception {
        CompletableFuture<Integer> exit = console.start(call("change", way, "-d", "{\"text\":\"wait\"}"));
        assertThat(words.entered.await(30, TimeUnit.SECONDS)).isTrue();
        console.interrupt();
        assertThat(exit.get(30, TimeUnit.SECONDS)).isEqualTo(130);
    }

    @Test
    void whenTheReaderOfTheOutputHasGoneTheStreamIsCancelled() throws Exception {
        assertThat(console.outputClosed().run(call("download", "-d", "{\"text\":\"wait\"}")))
                .isEqualTo(141);
        assertThat(words.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=ttheader", "--transport=grpc"})
    void tlsWithAClientCertificate(String way) throws Exception {
        CertificateAuthority authority = new CertificateAuthority(dir, "root");
        CertificateAuthority.Issued server = authority.server("127.0.0.1");
        CertificateAuthority.Issued client = authority.client("caller");
        ServerTls tls = ServerTls.builder()
                .identity(server.chain(), server.key())
                .requireClientCertificates(authority.root())
                .build();
        try (WordsService secured = new WordsService(Files.createDirectory(dir.resolve("tls")), b -> b.tls(tls))) {
            String[] args = call(
                    "change",
                    way,
                    "-d",
                    "{\"text\":\"a\"}",
                    "--cacert",
                    authority.root().toString(),
                    "--cert",
                    client.chain().toString(),
                    "--key",
                    client.key().toString());
            args[1] = secured.address();
            assertThat(console.run(args)).as(console.err()).isZero();
            assertThat(console.out()).isEqualTo(CHANGED);

            Console careless = new Console();
            String[] insecure = call(
                    "change",
                    way,
                    "-d",
                    "{\"text\":\"a\"}",
                    "--insecure",
                    "--cert",
                    client.chain().toString(),
                    "--key",
                    client.key().toString());
            insecure[1] = secured.address();
            assertThat(careless.run(insecure)).isZero();

            Console stranger = new Console();
            String[] untrusting = call("change", way, "-d", "{\"text\":\"a\"}", "--tls");
            untrusting[1] = secured.address();
            assertThat(stranger.run(untrusting)).isEqualTo(7);
            assertThat(stranger.err()).startsWith("streamx: no connection");
        }
    }
}
