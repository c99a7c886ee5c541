package io.streamx.interop;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingClient;
import io.streamx.ClientStreamingServer;
import io.streamx.PingPong;
import io.streamx.ServerStreamingClient;
import io.streamx.ServerStreamingServer;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.interop.echo.Request;
import io.streamx.interop.echo.Response;
import io.streamx.interop.echo.TestService;
import io.streamx.interop.echo.TestServiceClient;
import io.streamx.interop.messages.MessageService;
import io.streamx.opentelemetry.OpenTelemetryTracing;
import io.streamx.server.Server;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tracing/peer} and {@code otelgrpc/peer} are in Go: a server that passes calls on or answers them, and a client,
 * both traced. Any thread; {@link #close} ends both.
 */
final class TracedJavaPeer implements TestService, AutoCloseable {
    private final @Nullable String next;
    private final OpenTelemetrySdk openTelemetry;
    private final OpenTelemetryTracing tracing;
    private final ConcurrentMap<String, Client> clients = new ConcurrentHashMap<>();
    private final Server server;

    /** A peer that calls itself {@code name} and passes calls on to the server at {@code next}; null for answering them. */
    TracedJavaPeer(String name, SpanCollector collector, @Nullable String next) {
        this.next = next;
        openTelemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), name)))
                        .addSpanProcessor(SimpleSpanProcessor.create(OtlpHttpSpanExporter.builder()
                                .setEndpoint(collector.url())
                                .build()))
                        .build())
                .setPropagators(ContextPropagators.create(TextMapPropagator.composite(
                        W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance())))
                .build();
        tracing = tracing(name, openTelemetry);
        server = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .install(tracing)
                .service(TestService.bind(this))
                .service(MessageService.bind(new TracedMessages(this::answer)))
                .start();
    }

    private static OpenTelemetryTracing tracing(String name, OpenTelemetry openTelemetry) {
        return OpenTelemetryTracing.builder(openTelemetry)
                .announceService(name, "", "")
                .build();
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    /** Makes one call with one message, to its end, in the name of {@code tenant}, and gives the reply. */
    String call(String address, Transport transport, String method, String tenant) {
        Baggage baggage = Baggage.builder().put("tenant", tenant).build();
        try (Scope unused = baggage.makeCurrent()) {
            return call(address, transport, method);
        }
    }

    private String call(String address, Transport transport, String method) {
        Client client = clients.computeIfAbsent(transport + " " + address, unused -> {
            Client.Builder builder = Client.builder("interop.next")
                    .address(address)
                    .transport(transport)
                    .connectTimeout(JavaClients.PATIENCE)
                    .install(tracing);
            // Kitex' servers panic at unary calls of Thrift over gRPC, so these travel on TTHeader.
            return (TracedMessages.METHODS.contains(method) ? builder : builder.pingPong(PingPong.TTHEADER_FRAMED))
                    .build();
        });
        TestServiceClient calls = new TestServiceClient(client);
        Request request = new Request(transport.name());
        return switch (method) {
            case "Ask", "Talk", "Gather", "Tell" -> TracedMessages.call(client, method, transport.name());
            case "PingPong" -> calls.pingPong(request).message();
            case "EchoClient" -> {
                try (ClientStreamingClient<Request, Response> stream = calls.echoClient()) {
                    stream.send(request);
                    yield stream.closeAndRecv().message();
                }
            }
            case "EchoServer" -> {
                try (ServerStreamingClient<Response> stream = calls.echoServer(request)) {
                    String last = "";
                    for (Response one : stream) {
                        last = one.message();
                    }
                    yield last;
                }
            }
            case "Echo" -> {
                try (BidiStreamingClient<Request, Response> stream = calls.echo()) {
                    stream.send(request);
                    stream.closeSend();
                    String last = "";
                    for (Response one : stream) {
                        last = one.message();
                    }
                    yield last;
                }
            }
            default -> throw new IllegalArgumentException("method: '" + method + "' (expected: one of the IDL)");
        };
    }

    private String answer(String method, String request) {
        return next != null
                ? call(next, Transport.valueOf(request), method)
                : request + " of " + Baggage.current().getEntryValue("tenant");
    }

    @Override
    public Response pingPong(Request req) {
        return new Response(answer("PingPong", req.message()));
    }

    @Override
    public void echo(BidiStreamingServer<Request, Response> stream) {
        String last = "";
        for (Request one : stream) {
            last = one.message();
        }
        stream.send(new Response(answer("Echo", last)));
    }

    @Override
    public void echoClient(ClientStreamingServer<Request, Response> stream) {
        String last = "";
        for (Request one : stream) {
            last = one.message();
        }
        stream.sendAndClose(new Response(answer("EchoClient", last)));
    }

    @Override
    public void echoServer(Request req, ServerStreamingServer<Response> stream) {
        stream.send(new Response(answer("EchoServer", req.message())));
    }

    @Override
    public void close() {
        server.close();
        clients.values().forEach(Client::close);
        openTelemetry.close();
    }
}
