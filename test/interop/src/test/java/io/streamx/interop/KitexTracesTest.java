package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamx.Transport;
import io.streamx.interop.SpanCollector.Exported;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One trace through Java and Kitex with its own OpenTelemetry extension, whoever calls, over both transports, for every
 * kind of call. Both languages export over OTLP/HTTP to one collector.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KitexTracesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final GoModule kitex = new GoModule("tracing");

    private static SpanCollector collector;
    /** The last server of the way through Kitex; the client of that way too. */
    private static TracedJavaPeer java;

    private static PeerProcess kitexBefore;
    private static String kitexAddress;
    private static PeerProcess kitexLast;
    private static PeerProcess kitexClient;
    private static TracedJavaPeer javaBefore;

    static Stream<Arguments> calls() {
        return Stream.of(Transport.TTHEADER, Transport.GRPC)
                .flatMap(transport -> Stream.of("PingPong", "Echo", "EchoClient", "EchoServer")
                        .map(method -> Arguments.of(transport, method)));
    }

    @BeforeAll
    static void startPeers() {
        collector = new SpanCollector();
        java = new TracedJavaPeer("java", collector, null);
        kitexBefore =
                kitex.start("peer", "serve", "--spans", collector.url(), "--name", "kitex", "--next", java.address());
        kitexAddress = address(kitexBefore);
        kitexLast = kitex.start("peer", "serve", "--spans", collector.url(), "--name", "kitex.last");
        kitexClient = kitex.start("peer", "call", "--spans", collector.url(), "--name", "kitex.client");
        javaBefore = new TracedJavaPeer("java.before", collector, address(kitexLast));
    }

    private static String address(PeerProcess server) {
        return "127.0.0.1:" + server.announcement().get("port").asInt();
    }

    @BeforeEach
    void forgetSpans() {
        collector.clear();
    }

    @ParameterizedTest
    @MethodSource("calls")
    void oneTraceThroughAJavaClientAKitexServerAndAJavaServerBehindIt(Transport transport, String method)
            throws InterruptedException {
        String reply = java.call(kitexAddress, transport, method, "acme");

        assertThat(reply).isEqualTo(transport + " of acme");
        assertOneTrace(transport, "java CLIENT", "kitex SERVER", "kitex CLIENT", "java SERVER");
    }

    @ParameterizedTest
    @MethodSource("calls")
    void oneTraceThroughAKitexClientAJavaServerAndAKitexServerBehindIt(Transport transport, String method)
            throws InterruptedException {
        JsonNode answer = kitexClient.ask(
                Map.of("Address", javaBefore.address(), "Transport", transport, "Method", method, "Tenant", "acme"),
                JsonNode.class);

        assertThat(answer.toString()).isEqualTo("{\"reply\":\"" + transport + " of acme\"}");
        assertOneTrace(
                transport, "kitex.client CLIENT", "java.before SERVER", "java.before CLIENT", "kitex.last SERVER");
    }

    /** Asserts that the spans are these and no others, and that each is the child of the one before it. */
    private static void assertOneTrace(Transport transport, String... expected) throws InterruptedException {
        List<Exported> spans = collector.await(expected.length, PATIENCE);
        assertThat(spans).extracting(span -> span.of() + " " + span.kind()).containsExactly(expected);
        assertThat(spans)
                .extracting(Exported::traceId)
                .containsOnly(spans.getFirst().traceId());
        assertThat(spans.getFirst().parentId()).isEmpty();
        for (int i = 1; i < spans.size(); i++) {
            assertThat(callersOf(transport, spans, i))
                    .extracting(Exported::spanId)
                    .as(spans.toString())
                    .contains(spans.get(i).parentId());
        }
        // A server's span says who called. Kitex does not find that itself over gRPC, where metainfo comes in upper
        // case.
        for (int i = 1; i < spans.size(); i += 2) {
            if (transport == Transport.TTHEADER || !spans.get(i).of().startsWith("kitex")) {
                assertThat(callersOf(transport, spans, i))
                        .extracting(Exported::of)
                        .contains(spans.get(i).attributes().get("peer.service"));
            }
        }
    }

    /**
     * The spans of which the {@code i}-th may be a child: the one before it. Behind a Kitex server it may also be the first
     * one, because a server that was called over gRPC sends on what came to it beside what is its own, under the same name:
     * {@code findings/kitex-otel-grpc-server-in-between-is-skipped.sh}.
     */
    private static List<Exported> callersOf(Transport transport, List<Exported> spans, int i) {
        Exported before = spans.get(i - 1);
        boolean mayBePassedOn =
                transport == Transport.GRPC && i == 3 && before.of().equals("kitex");
        return mayBePassedOn ? List.of(before, spans.getFirst()) : List.of(before);
    }

    @AfterAll
    static void endPeers() {
        java.close();
        javaBefore.close();
        kitexClient.close();
        kitexBefore.close();
        kitexLast.close();
        collector.close();
    }
}
