package io.streamx.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.endpoint.ClientStatus;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the page shows, to a program and in a browser, and to whom. */
@Timeout(120)
class AdminPageTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private final AdminPage page = AdminPage.start(0);
    private final OpenEnds ends = new OpenEnds();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void closeAll() throws Exception {
        ends.close();
        page.close();
        http.close();
    }

    private Client connect(Transport transport) {
        return ends.connect(
                ends.serve(EchoService.echo(), builder -> builder.install(page)),
                builder -> builder.transport(transport).install(page));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The report, as soon as it is as expected: waits begin and connections are told of on other threads. */
    private JsonNode report(String query, Predicate<JsonNode> expected) throws Exception {
        while (true) {
            HttpResponse<String> answer = get("/streamx.json" + query);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            JsonNode report = new ObjectMapper().readTree(answer.body());
            if (expected.test(report)) {
                return report;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamWithinTheProcessIsShownAsOneOfASocketIs(Transport transport) throws Exception {
        Server server = ends.add(Server.builder()
                .inProcess("watched")
                .service(EchoService.echo())
                .install(page)
                .start());
        Client client = ends.add(Client.builder("echo")
                .inProcess("watched")
                .transport(transport)
                .install(page)
                .build());
        isShownAtBothEnds(client, transport, "watched");
        assertThat(server.status().port()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aStreamIsShownAtBothEndsWithWhatWentAndWhatItWaitsFor(Transport transport) throws Exception {
        isShownAtBothEnds(connect(transport), transport, "127.0.0.1");
    }

    private void isShownAtBothEnds(Client client, Transport transport, String peer) throws Exception {
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            JsonNode report = report(
                    "",
                    shown -> shown.path("calls").size() == 2
                            && shown.path("calls").findValues("receiveWaitMillis").stream()
                                    .anyMatch(JsonNode::isNumber)
                            && shown.path("connectionCount").asInt() == 2);
            assertThat(report.path("callCount").asInt()).isEqualTo(2);
            assertThat(report.path("calls").findValuesAsText("side")).containsExactlyInAnyOrder("client", "server");
            assertThat(report.path("calls")).allSatisfy(call -> {
                assertThat(call.path("method").asText()).isEqualTo("EchoService.Bidi");
                assertThat(call.path("mode").asText()).isEqualTo("bidirectional");
                assertThat(call.path("transport").asText()).isEqualToIgnoringCase(transport.name());
                assertThat(call.path("peer").asText()).contains(peer);
                assertThat(call.path("sent").asInt()).isEqualTo(1);
                assertThat(call.path("received").asInt()).isEqualTo(1);
                assertThat(call.path("sendWaitMillis").isNull()).isTrue();
                // The handler waits for the next message, and the caller for nothing.
                assertThat(call.path("receiveWaitMillis").isNull())
                        .isEqualTo(call.path("side").asText().equals("client"));
            });
            assertThat(report.path("connections").findValuesAsText("side"))
                    .containsExactlyInAnyOrder("client", "server");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(report("", shown -> shown.path("callCount").asInt() == 0).path("calls"))
                .isEmpty();
        client.close();
        assertThat(report("", shown -> shown.path("connectionCount").asInt() == 0)
                        .path("connections"))
                .isEmpty();
    }

    @Test
    void instancesAreShownWithTheirStateAndLimitsWithWhatIsUsed() throws Exception {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.install(page).maxConnections(7).maxRunningCalls(3));
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Client client = ends.connect(
                server, builder -> builder.address("127.0.0.1:" + closed).install(page));
        String usable = "127.0.0.1:" + server.port();
        JsonNode before = report("", shown -> shown.path("clients").size() == 1);
        assertThat(before.path("clients").path(0).path("following").asBoolean()).isFalse();
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            // An instance is avoided for a moment at first, and for longer with each call that finds it gone again.
            JsonNode shown = report("", one -> {
                assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
                return one.path("connectionCount").asInt() >= 2
                        && one.path("clients").findValues("avoided").stream().anyMatch(JsonNode::asBoolean);
            });
            assertThat(shown.path("clients").path(0).path("instances"))
                    .hasSize(2)
                    .allSatisfy(instance -> assertThat(instance.path("avoided").asBoolean())
                            .isEqualTo(!instance.path("address").asText().equals(usable)));
            assertThat(shown.path("servers").path(0).path("port").asInt()).isEqualTo(server.port());
            assertThat(shown.path("limits"))
                    .anySatisfy(limit -> {
                        assertThat(limit.path("what").asText()).isEqualTo("connections");
                        assertThat(limit.path("used").asInt()).isPositive();
                        assertThat(limit.path("most").asInt()).isEqualTo(7);
                    })
                    .anySatisfy(limit -> {
                        assertThat(limit.path("what").asText()).isEqualTo("running calls");
                        assertThat(limit.path("used").asInt()).isPositive();
                        assertThat(limit.path("most").asInt()).isEqualTo(3);
                    })
                    .anySatisfy(limit -> assertThat(limit.path("of").asText()).isEqualTo("process"));
            assertThat(get("/").body()).contains(">usable<").contains("running calls");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        client.close();
        server.close();
        report(
                "",
                shown ->
                        shown.path("clients").isEmpty() && shown.path("servers").isEmpty());
    }

    @Test
    void aServerWithinTheProcessIsShownThoughItHasNoPort() throws Exception {
        try (Server server = Server.builder()
                .inProcess("shown")
                .service(EchoService.echo())
                .maxConnections(7)
                .install(page)
                .start()) {
            JsonNode shown = report("", one -> one.path("servers").size() == 1);
            assertThat(shown.path("servers").path(0).path("port").asInt()).isZero();
            assertThat(shown.path("limits"))
                    .anySatisfy(limit -> assertThat(limit.path("of").asText()).isEqualTo("server within the process"));
            assertThat(server.status().maxConnections()).hasValue(7);
        }
    }

    @Test
    void whatWaitsOnAConnectionIsShown() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Client client = ends.connect(
                ends.serve(
                        EchoService.bidi(stream -> {
                            read.await();
                            while (stream.recv() != null) {
                                // The messages are read and nothing more.
                            }
                        }),
                        builder -> builder.install(page)),
                builder -> builder.install(page));
        try (var stream = EchoService.bidi(client)) {
            Thread sender = Thread.ofVirtual().start(() -> {
                String message = "x".repeat(100_000);
                for (int i = 0; i < 200; i++) {
                    stream.send(message);
                }
                stream.closeSend();
            });
            // The sender waits: what the server has not taken is unread there, and the rest is unsent here.
            report("", shown -> sum(shown, "client", "unsentBytes") > 0 && sum(shown, "server", "unreadBytes") > 0);
            read.countDown();
            assertThat(stream.recv()).isNull();
            sender.join();
        }
        report("", shown -> sum(shown, "client", "unsentBytes") == 0 && sum(shown, "server", "unreadBytes") == 0);
    }

    private static long sum(JsonNode report, String side, String field) {
        long sum = 0;
        for (JsonNode connection : report.path("connections")) {
            sum += connection.path("side").asText().equals(side)
                    ? connection.path(field).asLong()
                    : 0;
        }
        return sum;
    }

    @Test
    void thoseMethodsAloneAreShownWhoseNameContainsWhatIsAskedFor() throws Exception {
        Client client = connect(Transport.TTHEADER);
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            report("?method=Bidi", shown -> shown.path("callCount").asInt() == 2);
            report("?method=Collect", shown -> shown.path("callCount").asInt() == 0);
            assertThat(get("/?method=Collect").body())
                    .contains("Running calls: 0")
                    .doesNotContain("EchoService.Bidi");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void whatAPeerOrAnAddressSaysIsNoMarkup() throws Exception {
        assertThat(get("/?method=%22%3E%3Cscript%3E").body())
                .contains("&quot;&gt;&lt;script&gt;")
                .doesNotContain("<script");
        Snapshot.Call evil = new Snapshot.Call(
                "server", "<b>Evil</b>.Say", "", "", "", "", 0, 0, 0, OptionalLong.empty(), OptionalLong.empty());
        Snapshot shown = new Snapshot(
                Instant.EPOCH,
                1,
                List.of(evil),
                0,
                List.of(),
                List.of(new ClientStatus("<b>", true, "<b>", List.of())),
                List.of(),
                List.of(),
                List.of(new Snapshot.Breaker("<b>", "open")));
        assertThat(HtmlReport.of(shown, ""))
                .contains("&lt;b&gt;Evil&lt;/b&gt;.Say")
                .doesNotContain("<b>");
    }

    @Test
    void onlyReadingIsAllowedAndOnlyUnderANameOfLoopback() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(200);
        assertThat(get("/").headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        assertThat(http.send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page.port() + "/"))
                                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(405);
        // A web site whose name resolves to this machine asks under its own name.
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains(" 403 ");
        }
    }

    @Test
    void agesAreShownForPeople() {
        assertThat(HtmlReport.age(42)).isEqualTo("0.042 s");
        assertThat(HtmlReport.age(123_000)).isEqualTo("2 min 3 s");
        assertThat(HtmlReport.age(18_420_000)).isEqualTo("5 h 7 min");
    }

    @Test
    void aBrowserShowsThePage(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(CHROMIUM), "there is no " + CHROMIUM + ", so no browser has shown the page");
        Client client = connect(Transport.TTHEADER);
        Path picture = Path.of("target", "admin-page.png");
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            report("", shown -> shown.path("connectionCount").asInt() == 2);
            String url = "http://127.0.0.1:" + page.port() + "/";
            String shown = chromium(folder, "--dump-dom", url);
            assertThat(shown)
                    .contains("Running calls: 2")
                    .contains("EchoService.Bidi")
                    .contains("in recv for");
            String unused = chromium(folder, "--screenshot=" + picture.toAbsolutePath(), "--window-size=1250,720", url);
            assertThat(Files.size(picture)).isGreaterThan(5_000);
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    private static String chromium(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return out;
    }
}
