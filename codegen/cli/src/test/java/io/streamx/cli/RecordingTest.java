package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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

/** {@code streamx record}, {@code explain} and {@code replay}, with real clients and servers. */
@Timeout(180)
class RecordingTest {
    @TempDir
    private Path dir;

    private WordsService words;
    private String recording;

    @BeforeEach
    void serve() throws IOException {
        words = new WordsService(dir);
        recording = dir.resolve("calls.ndjson").toString();
    }

    @AfterEach
    void close() {
        words.close();
    }

    /** Records one connection of one {@code streamx call}, and gives the call's exit code. */
    private int record(String input, String... call) throws Exception {
        Console recorder = new Console();
        CompletableFuture<Integer> exit =
                recorder.start("record", words.address(), "-o", recording, "--connections", "1");
        String line = recorder.line();
        assertThat(line).startsWith("recording 127.0.0.1:").endsWith(" -> " + words.address() + " to " + recording);
        List<String> args = new ArrayList<>(List.of("call", line.split("[ ]")[1]));
        args.addAll(Arrays.asList(call));
        args.addAll(List.of("--idl", words.idl().toString(), "--connect-timeout", "20s"));
        int code = new Console().piped(input).run(args.toArray(String[]::new));
        assertThat(exit.get(60, TimeUnit.SECONDS)).as(recorder.err()).isZero();
        assertThat(recorder.err()).startsWith("streamx: recorded 1 connections, ");
        return code;
    }

    private String explain(String... options) {
        Console console = new Console();
        List<String> args = new ArrayList<>(List.of("explain", recording));
        args.addAll(List.of(options));
        assertThat(console.run(args.toArray(String[]::new))).as(console.err()).isZero();
        return withoutNumbers(console.out());
    }

    /** Streams and calls are numbered through the whole process of their client, which is that of all these tests. */
    private static String withoutNumbers(String text) {
        return text.replaceAll("(stream|call) \\d+", "$1 N");
    }

    private Console replay(String address, int exitCode, String... options) {
        Console console = new Console();
        List<String> args = new ArrayList<>(List.of("replay", recording, address));
        args.addAll(List.of(options));
        assertThat(console.run(args.toArray(String[]::new)))
                .as(console.out() + console.err())
                .isEqualTo(exitCode);
        return console;
    }

    @Test
    void aTTHeaderStreamIsExplainedFrameByFrame() throws Exception {
        assertThat(record("{\"text\":\"a\"}{\"text\":\"b\"}", "Words/chat", "--persistent", "k=v"))
                .isZero();
        String text = explain("--idl", words.idl().toString());
        assertThat(text)
                .containsSubsequence(
                        "#1 -> connected",
                        "#1 -> stream N  Header Words/chat RPC_PERSIST_k=v isn=Words",
                        "#1 -> stream N  Data Words/chat {\"text\":\"a\"}",
                        "#1 <- stream N  Data Words/chat {\"text\":\"a!\",\"count\":9007199254740993}",
                        "#1 -> closed",
                        "#1 stream N Words/chat: ",
                        " for the server, ")
                .contains("#1 -> stream N  Trailer Words/chat")
                .containsPattern("#1 <- stream N  Header Words/chat.*\\(\\d+\\.\\d{3} ms for the server\\)");
        // Without the IDL its bytes are shown.
        assertThat(explain()).contains("#1 -> stream N  Data Words/chat (9 bytes: 0b000100000001" + "6100)");
        assertThat(explain("--json", "--idl", words.idl().toString()))
                .contains("\"connection\":1,\"from\":\"client\",\"call\":\"stream N\",\"kind\":\"Data\","
                        + "\"method\":\"Words/chat\",\"message\":\"{\\\"text\\\":\\\"a\\\"}\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader-framed", "ttheader", "framed", "buffered"})
    void unaryCallsAreExplainedOnEveryCarrier(String carrier) throws Exception {
        assertThat(record("", "Words/change", "-d", "{\"text\":\"declared\"}", "--carrier", carrier))
                .isEqualTo(4);
        assertThat(explain("--idl", words.idl().toString(), "--calls"))
                .containsPattern(
                        "#1 -> call N  Call (Words/)?change .*\\{\"text\":\"declared\"\\}  \\[" + carrier + "\\]")
                .containsPattern("#1 <- call N  Reply change .*throws Refused \\{\"code\":7\\}  \\[" + carrier
                        + "\\]  \\(.* ms for" + " the server\\)")
                .doesNotContain("connected");
        assertThat(withoutNumbers(replay(words.address(), 0).out()))
                .isEqualTo("same    #1 call N " + "change, 1 answers\n");
    }

    @Test
    void gRpcIsExplainedWithItsHeadersMessagesAndTrailers() throws Exception {
        assertThat(record("", "Words/download", "-d", "{\"text\":\"fail\"}", "--transport", "grpc"))
                .isEqualTo(5);
        assertThat(explain("--idl", words.idl().toString()))
                .contains("#1 -> SETTINGS ")
                .containsSubsequence(
                        "#1 -> stream N  Headers probe.Words/download :authority=",
                        "#1 -> stream N  Message probe.Words/download {\"text\":\"fail\"}",
                        "#1 <- stream N  Message probe.Words/download {\"text\":\"fail\",\"count\":0}",
                        "#1 <- stream N  Trailers probe.Words/download from=trailer grpc-message=broken [biz error]"
                                + " grpc-status=13  [end of stream]");
        assertThat(withoutNumbers(replay(words.address(), 0).out()))
                .isEqualTo("same    #1 stream N probe.Words/download, 5 answers\n");
    }

    @Test
    void aServerThatAnswersOtherwiseIsFoundOut() throws Exception {
        assertThat(record("{\"text\":\"a\"}{\"text\":\"business\"}", "Words/chat"))
                .isEqualTo(3);
        assertThat(withoutNumbers(replay(words.address(), 0).out())).startsWith("same    #1 stream N Words/chat, ");

        String other = Files.readString(words.idl()).replace("1: required string text", "7: required string text");
        try (WordsService changed = WordsService.of(Files.createDirectory(dir.resolve("other")), other)) {
            Console console = replay(changed.address(), 1, "--idl", words.idl().toString());
            assertThat(withoutNumbers(console.out()))
                    .startsWith("differs #1 stream N Words/chat, answer ")
                    .contains("\n  recorded: Data {\"text\":\"a!\",\"count\":9007199254740993}\n  replayed: ");
        }
    }

    @Test
    void answersThatDoNotComeAreMissingAfterTheTimeGiven() throws Exception {
        assertThat(record("{\"text\":\"a\"}", "Words/chat")).isZero();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Console console = replay("127.0.0.1:" + silent.getLocalPort(), 1, "--patience", "200ms");
            assertThat(console.out()).contains("answer 1:\n  recorded: Header\n  replayed: nothing\n");
        }
        String gone;
        try (ServerSocket once = new ServerSocket(0)) {
            gone = "127.0.0.1:" + once.getLocalPort();
        }
        assertThat(replay(gone, 7).err()).startsWith("streamx: no connection: " + gone);
    }

    @Test
    void whatIsNoRecordingIsRefused() throws Exception {
        Path file = dir.resolve("no.ndjson");
        recording = file.toString();
        for (String text : List.of(
                "",
                "hello",
                "{\"streamx-recording\":2}",
                "{\"streamx-recording\":1}\n{\"nanos\":1,\"connection\":1,\"event\":\"sleep\"}",
                "{\"streamx-recording\":1}\n{\"nanos\":1,\"connection\":1,\"event\":\"client\",\"bytes\":\"?\"}")) {
            Files.writeString(file, text);
            Console console = new Console();
            assertThat(console.run("explain", recording)).as(text).isEqualTo(2);
            assertThat(console.err()).startsWith("streamx: bad input: " + file).contains("(expected: ");
        }
        assertThat(new Console().run("explain", dir.resolve("gone").toString())).isEqualTo(2);
        Console folder = new Console();
        assertThat(folder.run("explain", dir.toString())).isEqualTo(2);
        assertThat(folder.err()).startsWith("streamx: bad input: " + dir + ": cannot be read: ");
    }

    @Test
    void aLastLineThatWasCutShortIsLeftOut() throws Exception {
        String whole = "{\"streamx-recording\":1}\n{\"nanos\":1,\"connection\":1,\"event\":\"open\"}\n";
        String last = "{\"nanos\":2,\"connection\":1,\"event\":\"client\",\"bytes\":\"R0VU\"}";
        for (int length = 1; length < last.length(); length++) {
            Files.writeString(Path.of(recording), whole + last.substring(0, length));
            assertThat(explain()).as(last.substring(0, length)).isEqualTo("       0.000 ms  #1 -> connected\n");
        }
        // Within the file it is a mistake.
        Files.writeString(Path.of(recording), whole + last.substring(0, 20) + "\n" + last);
        Console console = new Console();
        assertThat(console.run("explain", recording)).isEqualTo(2);
        assertThat(console.err()).contains(recording + ":3: ");
    }

    @Test
    void aPortThatIsTakenLosesNoEarlierRecording() throws Exception {
        Files.writeString(Path.of(recording), "earlier");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            Console console = new Console();
            assertThat(console.run("record", words.address(), "-o", recording, "--listen", listen))
                    .isEqualTo(1);
            assertThat(console.err()).startsWith("streamx: failed: --listen: " + listen);
        }
        assertThat(Path.of(recording)).hasContent("earlier");
    }

    /** Waiting for each answer anew would take 200 s, which is more than this test may. */
    @Test
    void aMissingAnswerIsWaitedForOnce() throws Exception {
        StringBuilder text = new StringBuilder("{\"streamx-recording\":1}\n");
        for (byte call = 0; call < 100; call++) {
            byte[] head = {0, 0, 0, 14, (byte) 0x80, 1, 0, 1, 0, 0, 0, 1, 'm', 0, 0, 0, call, 0};
            text.append(line(1, "client", head));
            head[7] = 2;
            text.append(line(2, "server", head));
        }
        Files.writeString(Path.of(recording), text);
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Console console = replay("127.0.0.1:" + silent.getLocalPort(), 1, "--patience", "2s");
            assertThat(console.out()).contains("differs #1 call 0 m, answer 1:", "differs #1 call 99 m, answer 1:");
        }
    }

    @Test
    void bytesThatAreNoFrameAreNamedAndTheRestIsRead() throws Exception {
        Path file = dir.resolve("strange.ndjson");
        recording = file.toString();
        // A client that begins TLS, and one that speaks HTTP/1.1.
        Files.writeString(
                file,
                "{\"streamx-recording\":1}\n"
                        + "{\"nanos\":1,\"connection\":1,\"event\":\"client\",\"bytes\":\"FgMBAgABAAH8AwM=\"}\n"
                        + "{\"nanos\":2,\"connection\":2,\"event\":\"client\",\"bytes\":\"R0VUIC8gSFRUUC8xLjENCg==\"}\n"
                        + "{\"nanos\":3,\"connection\":2,\"event\":\"server\",\"bytes\":\"gAEA\"}\n"
                        + "{\"nanos\":4,\"connection\":2,\"event\":\"close\"}\n");
        assertThat(explain())
                .contains("#1 -> TLS  [encrypted: ")
                .contains("#2 -> unreadable  [bytes 0x474554202f204854 (expected: ")
                .contains("#2 <- unreadable  [3 bytes of a frame that did not come whole]")
                .contains("#2 -> closed");
    }

    @Test
    void aUnaryMessageThatIsTooShortIsNamed() throws Exception {
        // TTHeader with no flags, the sequence 1, a header of protocol, transforms and padding alone, and two bytes of
        // payload.
        byte[] frame = {0, 0, 0, 16, 0x10, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 2};
        Files.writeString(Path.of(recording), "{\"streamx-recording\":1}\n" + line(1_000_000, "client", frame));
        assertThat(explain()).contains("#1 -> unreadable  [a frame whose payload ends within its head (expected: ");
    }

    @Test
    void aWindowThatIsUsedUpSaysWhoHeldUpWhom() throws Exception {
        Path file = dir.resolve("stalled.ndjson");
        recording = file.toString();
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        client.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        int left = 65_535;
        while (left > 0) {
            int length = Math.min(left, 16_384);
            client.writeBytes(new byte[] {0, (byte) (length >> 8), (byte) length, 0, 0, 0, 0, 0, 1});
            client.writeBytes(new byte[length]);
            left -= length;
        }
        byte[] windowUpdate = {0, 0, 4, 8, 0, 0, 0, 0, 1, 0, 0, 16, 0};
        Files.writeString(
                file,
                "{\"streamx-recording\":1}\n" + line(1_000_000, "client", client.toByteArray())
                        + line(5_000_000, "server", windowUpdate)
                        + "{\"nanos\":9000000,\"connection\":1,\"event\":\"close\"}\n");
        assertThat(explain())
                .contains(
                        "5.000 ms  #1 <- stream N  WINDOW_UPDATE bytes=4096  [the window was used up for 4.000 ms: the client"
                                + " had to wait for the server]")
                .contains(
                        "9.000 ms  #1 -> stalled  [the window was used up for 8.000 ms until the end: the client had to"
                                + " wait for the server]");
    }

    private static String line(long nanos, String from, byte[] bytes) {
        return "{\"nanos\":" + nanos + ",\"connection\":1,\"event\":\"" + from + "\",\"bytes\":\""
                + Base64.getEncoder().encodeToString(bytes) + "\"}\n";
    }
}
