package io.streamx.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.thrift.UnaryResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** ExportedSpans of real calls over both transports. */
@ParameterizedClass(name = "{0}")
@EnumSource(Transport.class)
@Timeout(60)
class OpenTelemetryTracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @Parameter
    Transport transport;

    private final ExportedSpans exported = new ExportedSpans();
    private final SdkTracerProvider tracers = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exported.exporter))
            .build();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(tracers)
            .setPropagators(ContextPropagators.create(TextMapPropagator.composite(
                    W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())))
            .build();
    private final OpenTelemetryTracing tracing = OpenTelemetryTracing.of(sdk);
    private final OpenEnds ends = new OpenEnds(this::choose);

    private void choose(Client.Builder client) {
        client.transport(transport);
        if (transport == Transport.TTHEADER) {
            client.pingPong(PingPong.TTHEADER);
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        ends.close();
        tracers.close();
    }

    private Server serve(ServiceDefinition service) {
        return ends.serve(service, builder -> builder.install(tracing));
    }

    private Client connect(Server server) {
        return ends.connect(server, builder -> builder.install(tracing));
    }

    private static Predicate<SpanData> of(SpanKind kind) {
        return span -> span.getKind() == kind;
    }

    private static Long number(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.longKey(attribute));
    }

    private static String text(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.stringKey(attribute));
    }

    @Test
    void aUnaryCallIsOneTraceOfAClientsAndAServersSpan() throws Exception {
        Client client = connect(serve(EchoService.echo()));
        assertThat(client.call(EchoService.SAY, "hello", CallOptions.NONE)).isEqualTo("hello");
        assertThat(exported.await(2)).hasSize(2);

        SpanData caller = exported.one(of(SpanKind.CLIENT));
        SpanData server = exported.one(of(SpanKind.SERVER));
        assertThat(caller.getName()).isEqualTo("EchoService/Say");
        assertThat(server.getName()).isEqualTo("EchoService/Say");
        assertThat(server.getParentSpanId()).isEqualTo(caller.getSpanId());
        assertThat(server.getTraceId()).isEqualTo(caller.getTraceId());
        assertThat(caller.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(text(caller, "rpc.system.name")).isEqualTo(transport == Transport.GRPC ? "grpc" : "kitex");
        assertThat(text(caller, "rpc.method")).isEqualTo("EchoService/Say");
        assertThat(text(caller, "server.address")).isEqualTo("127.0.0.1");
        assertThat(number(caller, "streamx.bytes.sent")).isEqualTo(number(server, "streamx.bytes.received"));
        assertThat(number(caller, "streamx.bytes.received")).isEqualTo(number(server, "streamx.bytes.sent"));
    }

    @Test
    void aStreamReadToItsEndHasEndedItsSpanWhenTheCallerKnows() throws Exception {
        Client client = connect(serve(EchoService.echo()));
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
            SpanData caller = exported.one(of(SpanKind.CLIENT));
            assertThat(number(caller, "streamx.messages.sent")).isEqualTo(1);
            assertThat(number(caller, "streamx.messages.received")).isEqualTo(1);
        }
        assertThat(exported.await(2)).hasSize(2);
    }

    @Test
    void theSpanOfAStreamWhoseEndHasComeIsOpenUntilItsUserTakesTheEnd() throws Exception {
        Client client = connect(serve(EchoService.bidi(stream -> stream.send("x"))));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.trailer()).isEmpty();
            assertThat(exported.all()).noneMatch(of(SpanKind.CLIENT));
            assertThat(stream.recv()).isEqualTo("x");
            assertThat(exported.all()).noneMatch(of(SpanKind.CLIENT));
            assertThat(stream.recv()).isNull();
            assertThat(exported.all()).anyMatch(of(SpanKind.CLIENT));
        }
    }

    @Test
    void aStreamThatIsCancelledEndsBothSpansAsErrors() throws Exception {
        Client client = connect(serve(EchoService.echo()));
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            stream.cancel("enough");
        }
        assertThat(exported.await(2)).hasSize(2).allSatisfy(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(span.getEvents()).anyMatch(event -> event.getName().equals("exception"));
        });
    }

    @Test
    void aStreamThatIsClosedUnreadEndsItsSpan() throws Exception {
        Client client = connect(serve(EchoService.bidi(stream -> stream.send("x"))));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.trailer()).isEmpty();
        }
        assertThat(exported.await(2)).hasSize(2);
        assertThat(exported.one(of(SpanKind.CLIENT)).getStatus().getStatusCode())
                .isEqualTo(StatusCode.UNSET);
    }

    @Test
    void aStreamThatFindsNoServerEndsItsSpanAsAnError() {
        Server server = serve(EchoService.echo());
        Client client = connect(server);
        server.close();
        assertThatThrownBy(() -> EchoService.bidi(client)).isInstanceOf(Exception.class);
        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(Exception.class);
        assertThat(exported.all())
                .hasSize(2)
                .allSatisfy(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    }

    @Test
    void aFailureOfTheHandlerIsAnErrorAtBothEnds() throws Exception {
        Client client = connect(serve(EchoService.with(stream -> {}, request -> {
            throw new IllegalStateException("boom");
        })));
        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .hasMessageContaining("boom");
        assertThat(exported.await(2)).allSatisfy(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(text(span, "error.type")).isNotEmpty();
        });
    }

    @Test
    void aBusinessErrorLeavesTheStatusUnsetUnlessAskedFor() throws Exception {
        ServiceDefinition service = EchoService.with(stream -> {}, request -> {
            throw new BizStatusException(7, "no", Map.of());
        });
        Client client = connect(serve(service));
        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(BizStatusException.class);
        assertThat(exported.await(2)).allSatisfy(span -> {
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(span.getEvents()).isEmpty();
            assertThat(number(span, "streamx.biz_status")).isEqualTo(7);
        });

        exported.exporter.reset();
        Client strict = ends.connect(
                ends.serve(service),
                builder -> builder.install(OpenTelemetryTracing.builder(sdk)
                        .businessErrorsAsErrors(true)
                        .build()));
        assertThatThrownBy(() -> strict.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(BizStatusException.class);
        assertThat(exported.one(of(SpanKind.CLIENT)).getStatus().getStatusCode())
                .isEqualTo(StatusCode.ERROR);
    }

    @Test
    void aCallOfAnUnknownMethodHasASpanWithANameOfFew() throws Exception {
        Client client = connect(serve(EchoService.echo()));
        MethodDescriptor<String, String> missing =
                MethodDescriptor.unary("EchoService", "Nothing", EchoService.TEXT, UnaryResult.of(EchoService.TEXT));
        assertThatThrownBy(() -> client.call(missing, "m", CallOptions.NONE)).isInstanceOf(Exception.class);
        exported.await(2);
        SpanData server = exported.one(of(SpanKind.SERVER));
        assertThat(server.getName()).isEqualTo("unknown");
        assertThat(server.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void twoHopsAreOneTraceWithItsBaggageThoughTheSecondCallIsMadeOnAnotherThread() throws Exception {
        CompletableFuture<String> baggage = new CompletableFuture<>();
        Client second = connect(serve(EchoService.with(stream -> {}, request -> {
            baggage.complete(Baggage.current().getEntryValue("tenant"));
            return request;
        })));
        Client first = connect(serve(EchoService.with(stream -> {}, request -> {
            CompletableFuture<String> reply = new CompletableFuture<>();
            Thread.ofVirtual().start(CallContext.current().wrap(() -> {
                assertThat(Span.current().getSpanContext().isValid()).isTrue();
                reply.complete(second.call(EchoService.SAY, request, CallOptions.NONE));
            }));
            return reply.get(20, TimeUnit.SECONDS);
        })));
        Span root = sdk.getTracer("test").spanBuilder("root").startSpan();
        try (Scope scope = root.makeCurrent();
                Scope more = Baggage.builder().put("tenant", "acme").build().makeCurrent()) {
            assertThat(scope).isNotNull();
            assertThat(more).isNotNull();
            assertThat(first.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        } finally {
            root.end();
        }
        assertThat(baggage.get(20, TimeUnit.SECONDS)).isEqualTo("acme");
        List<SpanData> all = exported.await(5);
        assertThat(all)
                .hasSize(5)
                .allSatisfy(span -> assertThat(span.getTraceId())
                        .isEqualTo(root.getSpanContext().getTraceId()));
        // Each span but the root has the one before it as its parent.
        String parent = root.getSpanContext().getSpanId();
        for (int hop = 0; hop < 4; hop++) {
            String expected = parent;
            SpanData child = exported.one(span -> span.getParentSpanId().equals(expected));
            assertThat(child.getKind()).isEqualTo(hop % 2 == 0 ? SpanKind.CLIENT : SpanKind.SERVER);
            parent = child.getSpanId();
        }
    }

    @Test
    void theContextTravelsInTheFieldsThatKitexReadsAndOnGrpcInTheBareOnesToo() throws Exception {
        CompletableFuture<String> prefixed = new CompletableFuture<>();
        CompletableFuture<String> bare = new CompletableFuture<>();
        CompletableFuture<String> service = new CompletableFuture<>();
        Server plain = ends.serve(EchoService.with(stream -> {}, request -> {
            CallContext call = CallContext.current();
            // Metainfo of gRPC arrives in upper case.
            boolean upper = transport == Transport.GRPC;
            prefixed.complete(String.valueOf(call.transientValue(upper ? "TRACEPARENT" : "traceparent")));
            bare.complete(String.valueOf(call.metadata().first("traceparent")));
            service.complete(String.valueOf(call.transientValue(upper ? "SERVICE.NAME" : "service.name")));
            return request;
        }));
        Client client = ends.connect(
                plain,
                builder -> builder.install(OpenTelemetryTracing.builder(sdk)
                        .announceService("caller", "", "")
                        .build()));
        client.call(EchoService.SAY, "m", CallOptions.NONE);
        SpanData caller = exported.one(of(SpanKind.CLIENT));
        String expected = "00-" + caller.getTraceId() + "-" + caller.getSpanId() + "-";
        assertThat(prefixed.get(20, TimeUnit.SECONDS)).startsWith(expected);
        assertThat(bare.get(20, TimeUnit.SECONDS)).startsWith(transport == Transport.GRPC ? expected : "null");
        assertThat(service.get(20, TimeUnit.SECONDS)).isEqualTo("caller");
    }

    @Test
    void theFieldForKitexHasNoFlagsButTheSampledOneBecauseItsReadersRefuseOthers() throws Exception {
        CompletableFuture<String> prefixed = new CompletableFuture<>();
        Server plain = ends.serve(EchoService.with(stream -> {}, request -> {
            CallContext call = CallContext.current();
            prefixed.complete(
                    String.valueOf(call.transientValue(transport == Transport.GRPC ? "TRACEPARENT" : "traceparent")));
            return request;
        }));
        // Ids of this SDK are random, which its flags say too.
        connect(plain).call(EchoService.SAY, "m", CallOptions.NONE);
        String traceId = exported.one(of(SpanKind.CLIENT)).getTraceId();
        assertThat(prefixed.get(20, TimeUnit.SECONDS)).matches("00-" + traceId + "-[0-9a-f]{16}-01");
    }

    @Test
    void aServerReadsTheBareFieldBeforeThePrefixedOne() throws Exception {
        Client client = ends.connect(serve(EchoService.echo()));
        String prefixed = "00-" + TRACE + "-b7ad6b7169203331-01";
        CallOptions options = CallOptions.NONE.withTransient("traceparent", prefixed);
        client.call(EchoService.SAY, "m", options);
        exported.await(1);
        assertThat(exported.one(of(SpanKind.SERVER)).getTraceId()).isEqualTo(TRACE);
        if (transport == Transport.GRPC) {
            exported.exporter.reset();
            String other = "1af7651916cd43dd8448eb211c80319c";
            client.call(
                    EchoService.SAY,
                    "m",
                    options.withMetadata(Metadata.of("traceparent", "00-" + other + "-b7ad6b7169203331-01")));
            exported.await(1);
            assertThat(exported.one(of(SpanKind.SERVER)).getTraceId()).isEqualTo(other);
        }
    }

    @Test
    void theNamesOfKitexAreUsedWhenAskedFor() throws Exception {
        OpenTelemetryTracing kitex = OpenTelemetryTracing.builder(sdk)
                .kitexNames(true)
                .messageEvents(true)
                .build();
        Client client = ends.connect(
                ends.serve(EchoService.echo(), builder -> builder.install(kitex)), builder -> builder.install(kitex));
        client.call(EchoService.SAY, "m", CallOptions.NONE);
        assertThat(exported.await(2)).allSatisfy(span -> {
            assertThat(text(span, "rpc.system")).isEqualTo("kitex");
            assertThat(text(span, "rpc.method")).isEqualTo("Say");
            assertThat(number(span, "kitex.send_size")).isPositive();
            assertThat(number(span, "kitex.recv_size")).isPositive();
            assertThat(text(span, "rpc.system.name")).isNull();
            assertThat(span.getEvents()).hasSize(2);
        });
    }

    @Test
    void attemptsOfAMiddlewareWithinAreOneSpan() throws Exception {
        Client client = ends.connect(
                serve(EchoService.echo()),
                builder -> builder.install(tracing).middleware(next -> (call, request) -> {
                    next.proceed(call, request);
                    return next.proceed(call.withAttempt(2), request);
                }));
        client.call(EchoService.SAY, "m", CallOptions.NONE);
        assertThat(exported.await(3)).hasSize(3);
        assertThat(exported.all()).filteredOn(of(SpanKind.CLIENT)).hasSize(1);
        assertThat(number(exported.one(of(SpanKind.CLIENT)), "streamx.attempt")).isEqualTo(2);
    }
}
