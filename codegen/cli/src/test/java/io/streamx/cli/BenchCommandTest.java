package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamx.client.Client;
import io.streamx.generic.Form;
import io.streamx.generic.GenericService;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class BenchCommandTest {
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

    /** A short run; {@code options} are names and values, which go before those of all tests. */
    private String[] bench(String method, String... options) {
        Map<String, String> values = new LinkedHashMap<>(Map.of(
                "--idl",
                words.idl().toString(),
                "-d",
                "{\"text\":\"a\"}",
                "-c",
                "2",
                "-t",
                "3s",
                "--warm-up",
                "100ms",
                "--connect-timeout",
                "20s"));
        for (int i = 0; i < options.length; i += 2) {
            values.put(options[i], options[i + 1]);
        }
        List<String> args = new ArrayList<>(List.of("bench", words.address(), "Words/" + method));
        values.forEach((name, value) -> args.addAll(value.isEmpty() ? List.of(name) : List.of(name, value)));
        return args.toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "change,ttheader,2",
        "change,grpc,2",
        "chat,ttheader,2",
        "chat,grpc,2",
        "download,ttheader,4",
        "upload,ttheader,101",
        "nothing,ttheader,2",
    })
    void everyModeIsMeasured(String method, String transport, int messagesOfACall) throws Exception {
        String request = method.equals("nothing") ? "{}" : "{\"text\":\"a\"}";
        String[] args = bench(method, "--transport", transport, "--json", "", "-d", request);
        assertThat(console.run(args)).as(console.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(console.out());
        assertThat(figures.path("calls").asLong()).isPositive();
        assertThat(figures.path("messagesPerSecond").asDouble()
                        / figures.path("callsPerSecond").asDouble())
                .isCloseTo(messagesOfACall, org.assertj.core.data.Percentage.withPercentage(50));
        assertThat(figures.path("latencyNanos").path("p50").asLong())
                .isBetween(
                        figures.path("latencyNanos").path("min").asLong(),
                        figures.path("latencyNanos").path("max").asLong());
        assertThat(figures.path("errors")).isEmpty();
        assertThat(console.err()).contains("    1 s  ").contains(" 0 errors");
    }

    @Test
    void aTableAndAPageWithChartsCloseTheRun() throws Exception {
        Path page = dir.resolve("bench.html");
        String[] args = bench("change", "--html", page.toString(), "--rate", "50", "-t", "2100ms");
        assertThat(console.run(args)).as(console.err()).isZero();
        assertThat(console.out())
                .containsPattern(" calls in \\d+\\.\\d s: ")
                .contains("     50 %  ", "   99.9 %  ", "      max  ");
        assertThat(page)
                .content()
                .startsWith("<!DOCTYPE html>")
                .contains("open loop with 50 calls a second", "<th scope=\"row\">99 %</th>")
                .contains("<h2>Latency, ms</h2>", "<h2>Calls a second</h2>", "<h2>Latency over time, ms</h2>")
                .doesNotContain("http://", "https://", "<script");
    }

    @ParameterizedTest
    @CsvSource({
        "50,streamx: \\d+ calls were due and had not ended; no latency counts them",
        "0,streamx: no call ended",
    })
    void callsThatAServerNeverEndsAreTold(String rate, String said) {
        assertThat(console.run(bench("change", "-d", "{\"text\":\"once\"}", "--rate", rate, "-t", "1s")))
                .isEqualTo(5);
        assertThat(console.out()).contains("0 calls in ").contains(" 0 errors");
        assertThat(console.err()).containsPattern(said);
    }

    @Test
    void aPageThatCannotBeWrittenIsNamedAfterTheFigures() {
        String page = dir.resolve("gone").resolve("bench.html").toString();
        assertThat(console.run(bench("nothing", "-d", "{}", "--html", page))).isEqualTo(1);
        assertThat(console.out()).contains(" calls in ");
        assertThat(console.err()).contains("streamx: failed: --html: " + page + ": cannot be written: ");
    }

    @Test
    void errorsAreCountedByWhatTheySay() {
        assertThat(console.run(bench("change", "-d", "{\"text\":\"business\"}")))
                .isEqualTo(5);
        assertThat(console.out()).contains("0 calls in ").contains(" times: business error 1001: no such word");
    }

    @Test
    void aStreamThatItsServerEndsIsAnError() {
        assertThat(console.run(bench("chat", "-d", "{\"text\":\"end\"}", "-t", "1s")))
                .isEqualTo(5);
        assertThat(console.out())
                .contains("0 calls in ")
                .contains("the stream ended after 0 answers (expected: an answer to each message; give --messages ");
    }

    @Test
    void whatCannotBeMeasuredIsRefused() throws Exception {
        assertThat(console.run(bench("change", "-d", "{\"txt\":1}"))).isEqualTo(2);
        assertThat(console.run(bench("change", "--rate", "-1"))).isEqualTo(2);
        assertThat(console.run(bench("change", "--connections", "0"))).isEqualTo(2);
        assertThat(console.err())
                .contains(
                        "Word has no such field", "--rate: -1.0 (expected: ", "--connections: 0 (expected: 1 or more)");
        words.close();
        Console gone = new Console();
        assertThat(gone.run(bench("change", "--connect-timeout", "1s"))).isEqualTo(7);
        assertThat(gone.err()).startsWith("streamx: no connection: ");
    }

    @Test
    void ctrlCEndsTheRunAndTellsWhatWasMeasured() throws Exception {
        CompletableFuture<Integer> exit = console.start(bench("change", "-t", "10m"));
        while (!console.err().contains("    1 s  ")) {
            Thread.onSpinWait();
        }
        console.interrupt();
        assertThat(exit.get(60, TimeUnit.SECONDS)).isEqualTo(130);
        assertThat(console.out()).contains(" calls in ");
    }

    /** A server that stops for a while is seen by all calls that were due meanwhile. */
    @Test
    void callsOfTheOpenLoopCountFromWhenTheyWereDue() throws Exception {
        GenericService service = GenericService.load(words.idl(), "Words");
        MethodDescriptor<String, String> method =
                PreparedMethod.of(service.descriptor(service.method("change"), Form.json()), "{\"text\":\"wait\"}");
        try (Client client = Client.builder("Words").address(words.address()).build()) {
            BenchRun run = new BenchRun(
                    client,
                    method,
                    CallOptions.NONE,
                    new BenchRun.Load(1, 20, Duration.ofSeconds(5), Duration.ZERO, 0));
            // The first call waits for a second; all others are answered at once.
            BenchRun.Result result = run.run(second -> words.release.countDown());
            // Of 100 calls 20 were due in that second, and waited for half of it on average.
            assertThat(result.latencies().getTotalCount()).isGreaterThan(20);
            assertThat(result.latencies()
                            .getCountBetweenValues(TimeUnit.MILLISECONDS.toNanos(100), TimeUnit.MINUTES.toNanos(1)))
                    .isGreaterThan(8);
        }
    }
}
