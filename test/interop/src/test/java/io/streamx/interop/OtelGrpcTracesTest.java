package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamx.Transport;
import io.streamx.interop.SpanCollector.Exported;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One trace through Java and grpc-go with OpenTelemetry's own stats handlers (otelgrpc), which know nothing of Kitex: whoever
 * calls, for every kind of call. Both languages export over OTLP/HTTP to one collector.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtelGrpcTracesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SERVICE = "MessageService";

    @RegisterExtension
    static final GoModule grpcGo = new GoModule("otelgrpc");

    private static SpanCollector collector;
    /** The last server of the way through grpc-go; the client of that way too. */
    private static TracedJavaPeer java;

    private static PeerProcess goBefore;
    private static PeerProcess goLast;
    private static PeerProcess goClient;
    private static TracedJavaPeer javaBefore;

    @BeforeAll
    static void startPeers() {
        collector = new SpanCollector();
        java = new TracedJavaPeer("java", collector, null);
        goBefore = grpcGo.start("peer", "serve", "--spans", collector.url(), "--name", "go", "--next", java.address());
        goLast = grpcGo.start("peer", "serve", "--spans", collector.url(), "--name", "go.last");
        goClient = grpcGo.start("peer", "call", "--spans", collector.url(), "--name", "go.client");
        goAddress = address(goBefore);
        javaBefore = new TracedJavaPeer("java.before", collector, address(goLast));
    }

    private static String goAddress;

    private static String address(PeerProcess server) {
        return "127.0.0.1:" + server.announcement().get("port").asInt();
    }

    @BeforeEach
    void forgetSpans() {
        collector.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ask", "Talk", "Gather", "Tell"})
    void oneTraceThroughAJavaClientAServerOfGrpcGoAndAJavaServerBehindIt(String method) throws InterruptedException {
        String reply = java.call(goAddress, Transport.GRPC, method, "acme");

        assertThat(reply).isEqualTo("GRPC of acme");
        assertOneTrace(method, "java CLIENT", "go SERVER", "go CLIENT", "java SERVER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ask", "Talk", "Gather", "Tell"})
    void oneTraceThroughAClientOfGrpcGoAJavaServerAndAServerOfGrpcGoBehindIt(String method)
            throws InterruptedException {
        JsonNode answer = goClient.ask(
                Map.of("Address", javaBefore.address(), "Request", "GRPC", "Method", method, "Tenant", "acme"),
                JsonNode.class);

        assertThat(answer.toString()).isEqualTo("{\"reply\":\"GRPC of acme\"}");
        assertOneTrace(method, "go.client CLIENT", "java.before SERVER", "java.before CLIENT", "go.last SERVER");
    }

    /** Asserts that the spans are these and no others, and that each is the child of the one before it. */
    private static void assertOneTrace(String method, String... expected) throws InterruptedException {
        List<Exported> spans = collector.await(expected.length, PATIENCE);
        assertThat(spans).extracting(span -> span.of() + " " + span.kind()).containsExactly(expected);
        assertThat(spans)
                .extracting(Exported::traceId)
                .containsOnly(spans.getFirst().traceId());
        assertThat(spans.getFirst().parentId()).isEmpty();
        for (int i = 1; i < spans.size(); i++) {
            assertThat(spans.get(i).parentId())
                    .as(spans.toString())
                    .isEqualTo(spans.get(i - 1).spanId());
        }
        // Both name the system as OpenTelemetry's conventions do, and say the outcome in the words of gRPC.
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.name()).endsWith(SERVICE + "/" + method);
            assertThat(span.attributes())
                    .containsEntry("rpc.system.name", "grpc")
                    .containsEntry("rpc.response.status_code", "OK");
        });
    }

    @AfterAll
    static void endPeers() {
        java.close();
        javaBefore.close();
        goClient.close();
        goBefore.close();
        goLast.close();
        collector.close();
    }
}
