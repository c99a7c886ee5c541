package io.streamx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.streamx.gateway.GatewayOptions;
import io.streamx.generic.Form;
import io.streamx.generic.GenericHandler;
import io.streamx.generic.GenericMethod;
import io.streamx.generic.GenericService;
import io.streamx.server.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans of calls that come by HTTP: the page or proxy that calls is in the trace, and the form of the call has its name. */
@Timeout(60)
class GatewayTracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private static final class Repeating implements GenericHandler<String> {
        @Override
        public String unary(GenericMethod method, String request) {
            return request;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, x-none: 1, traceparent, http",
        "application/json, connect-protocol-version: 1, traceparent, connectrpc",
        "application/json, x-none: 1, rpc-transit-traceparent, http"
    })
    void theSpanOfACallIsAChildOfItsCallersAndNamesItsForm(
            String type, String header, String parentIn, String system, @TempDir Path folder) throws Exception {
        Path idl = Files.writeString(folder.resolve("chat.thrift"), "service Chat { string Ask(1: string text) }");
        ExportedSpans exported = new ExportedSpans();
        try (SdkTracerProvider tracers = SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exported.exporter))
                        .build();
                Server server = Server.builder()
                        .port(0)
                        .shutdownWindow(Duration.ZERO)
                        .service(GenericService.load(idl, "Chat").bind(Form.json(), new Repeating()))
                        .transportOptions(
                                GatewayOptions.builder().thriftIdl(idl).build())
                        .install(OpenTelemetryTracing.of(OpenTelemetrySdk.builder()
                                .setTracerProvider(tracers)
                                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                                .build()))
                        .start();
                HttpClient caller = HttpClient.newHttpClient()) {
            HttpResponse<String> response = caller.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/Chat/Ask"))
                            .header("content-type", type)
                            .header(header.substring(0, header.indexOf(':')), header.substring(header.length() - 1))
                            .header(parentIn, "00-" + TRACE + "-" + PARENT + "-01")
                            .POST(HttpRequest.BodyPublishers.ofString("\"why\""))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);

            assertThat(exported.await(1)).hasSize(1);
            SpanData span = exported.one(each -> each.getKind() == SpanKind.SERVER);
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo(PARENT);
            assertThat(span.getAttributes().get(AttributeKey.stringKey("rpc.system.name")))
                    .isEqualTo(system);
        }
    }
}
