package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.streamx.gateway.GatewayOptions;
import io.streamx.interop.messages.MessageService;
import io.streamx.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code streamx}, as a process, with servers of Kitex and grpc-go; and curl with a server of ours. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CommandTest {
    @RegisterExtension
    static final KitexPeers kitex = new KitexPeers();

    @RegisterExtension
    static final GoModule grpcGo = new GoModule("grpcgo");

    private static final Path CURL = Path.of("/usr/bin/curl");

    private static PeerProcess goServer;
    private static String goAddress;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        goServer = grpcGo.start("peer", "serve");
        goAddress = "127.0.0.1:" + goServer.announcement().get("port").asInt();
    }

    @AfterAll
    static void stop() {
        if (goServer != null) {
            goServer.close();
        }
    }

    /** What a program said on either output, and how it ended. */
    private record Outcome(int exitCode, String out, String err) {}

    private Outcome run(String input, List<String> command) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(errors));
    }

    private Outcome streamx(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // The manifest of the command's jar says so, too.
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                "io.streamx.cli.StreamXCommand",
                "call"));
        command.addAll(List.of(arguments));
        return run(input, command);
    }

    /** Calls a method of Kitex' server. */
    private Outcome kitex(String input, String method, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of(kitex.server("interop.b"), "ScenarioService/" + method, "--idl", "idl/scenario.thrift"));
        arguments.addAll(List.of(more));
        return streamx(input, arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--transport=ttheader", "--transport=grpc"})
    void allFourModesOfAKitexServer(String transport) throws Exception {
        String two = "{\"message\":\"a\"}\n{\"message\":\"b\"}\n";

        Outcome talk = kitex(two, "Bidi", transport);
        assertThat(talk).isEqualTo(new Outcome(0, two, ""));
        assertThat(kitex(two, "Collect", transport).out()).startsWith("{\"message\":\"count=2 bytes=2");
        assertThat(kitex("", "Produce", transport, "-d", "{\"message\":\"x\"}")
                        .out()
                        .lines())
                .containsExactly("{\"message\":\"x0\"}", "{\"message\":\"x1\"}", "{\"message\":\"x2\"}");
        assertThat(kitex("", "Unary", transport, "-d", "{\"message\":\"hi\"}").out())
                .isEqualTo("{\"message\":\"hi\"}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ttheader-framed", "ttheader", "framed", "buffered"})
    void aKitexServerOnEveryCarrier(String carrier) throws Exception {
        assertThat(kitex("", "Unary", "--carrier", carrier, "-d", "{\"message\":\"hi\"}"))
                .isEqualTo(new Outcome(0, "{\"message\":\"hi\"}\n", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Unary    | !biz:1001:no such word:a=b | 3 | {"kind":"business-error","exitCode":3
                    Throwing | !declared:why:5            | 4 | {"kind":"declared-exception","exitCode":4
                    Unary    | !err:broken                | 5 | {"kind":"rpc-error","exitCode":5
                    """)
    void failuresOfAKitexServerHaveTheirExitCodes(String method, String script, int code, String error)
            throws Exception {
        Outcome outcome = kitex("", method, "--json", "-d", "{\"message\":\"" + script + "\"}");

        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(code);
        assertThat(outcome.err()).startsWith("{\"error\":" + error);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void aServerOfGrpcGoIsAskedByReflection() throws Exception {
        String service = "grpc.testing.TestService/";

        assertThat(streamx("", goAddress, service + "UnaryCall", "--reflect", "-d", "{\"responseSize\": 3}"))
                .isEqualTo(new Outcome(0, "{\"payload\":{\"body\":\"AAAA\"}}\n", ""));
        String sizes = "{\"responseParameters\":[{\"size\":1},{\"size\":2}]}";
        String replies = "{\"payload\":{\"body\":\"AA==\"}}\n{\"payload\":{\"body\":\"AAA=\"}}\n";
        assertThat(streamx("", goAddress, service + "StreamingOutputCall", "--reflect", "-d", sizes))
                .isEqualTo(new Outcome(0, replies, ""));
        assertThat(streamx(sizes, goAddress, service + "FullDuplexCall", "--reflect"))
                .isEqualTo(new Outcome(0, replies, ""));
        String refused = "{\"responseStatus\":{\"code\":5,\"message\":\"nothing\"}}";
        Outcome status = streamx("", goAddress, service + "UnaryCall", "--reflect", "--json", "-d", refused);
        assertThat(status.exitCode()).isEqualTo(5);
        assertThat(status.err()).contains("\"codeName\":\"NOT_FOUND\"", "\"text\":\"nothing\"");
    }

    @Test
    void curlCallsAServerThroughItsGateway() throws Exception {
        assumeTrue(Files.isExecutable(CURL), "there is no " + CURL + ", so it has called no gateway");
        try (JavaServer handlers = new JavaServer("interop.server");
                Server server = Server.builder()
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .port(0)
                        .service(MessageService.bind(new MessageServiceHandler(handlers)))
                        .transportOptions(GatewayOptions.builder().build())
                        .start()) {
            String service = "http://127.0.0.1:" + server.port() + "/MessageService/";
            List<String> json = List.of("-H", "content-type: application/json", "-d", "{\"message\":\"x\"}");

            assertThat(curl(service + "Ask", json)).isEqualTo("{\"message\":\"x\"}");
            assertThat(curl(service + "Tell", json).lines())
                    .containsExactly(
                            "{\"message\":{\"message\":\"x0\"}}",
                            "{\"message\":{\"message\":\"x1\"}}",
                            "{\"message\":{\"message\":\"x2\"}}",
                            "{\"end\":{}}");
            List<String> events = List.of(
                    "--http2-prior-knowledge",
                    "-H",
                    "accept: text/event-stream",
                    "--get",
                    "--data-urlencode",
                    "message={\"message\":\"x\"}");
            assertThat(curl(service + "Tell", events))
                    .startsWith("data: {\"message\":\"x0\"}\nid: 1\n\n")
                    .endsWith("event: end\ndata: {}\n\n");
        }
    }

    private String curl(String url, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(CURL.toString(), "-sS", "-N", "--max-time", "60"));
        command.addAll(arguments);
        command.add(url);
        Outcome outcome = run("", command);
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        return outcome.out();
    }
}
