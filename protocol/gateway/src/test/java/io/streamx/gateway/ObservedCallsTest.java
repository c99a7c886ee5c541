package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.endpoint.LiveCall;
import io.streamx.endpoint.LiveView;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be seen of calls that came by HTTP: what they travel on, what they wait for, who ended them, and which run. */
@Timeout(120)
class ObservedCallsTest {
    private final LiveView view = new LiveView();
    /** Method, protocol and outcome of each call that is over. */
    private final BlockingQueue<String> finished = new LinkedBlockingQueue<>();

    private final GatewayServer gateway = new GatewayServer(
            options -> options,
            server -> server.install(view).callListener(new CallListener() {
                @Override
                public void onFinish(CallInfo call, Summary summary) {
                    finished.add(call.method() + " " + call.protocol() + " " + summary.outcome());
                }
            }));

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Nullable
    String nextFinished() throws InterruptedException {
        return finished.poll(GatewayServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The one call that runs, as soon as it is as expected: handlers begin and wait on threads of their own. */
    private LiveCall running(Predicate<LiveCall> expected) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GatewayServer.PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            LiveCall call = view.calls().findFirst().orElse(null);
            if (call != null && expected.test(call)) {
                assertThat(view.calls()).hasSize(1);
                return call;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no such call within " + GatewayServer.PATIENCE_SECONDS + " s; running: "
                + view.calls().map(LiveCall::call).toList());
    }

    private HttpRequest.Builder post(String path, String type, byte[] body) {
        return gateway.request(path).header("content-type", type).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    @ParameterizedTest
    @CsvSource({
        "Ask, application/json, , http, ok",
        "Ask, application/json, connect-protocol-version: 1, connect, ok",
        "Ask, application/grpc-web+json, , grpc_web, ok",
        "Tokens, application/json, , json_lines, ok",
        "Tokens, application/json, accept: text/event-stream, events, ok",
        "Tokens, application/connect+json, connect-protocol-version: 1, connect, ok",
        "Tokens, application/grpc-web+json, , grpc_web, ok",
        "Nobody, application/json, , http, unknown_method"
    })
    void aCallHasAWordForWhatItTravelsOn(
            String method, String type, @Nullable String header, String protocol, String outcome) throws Exception {
        byte[] message = "{\"text\":\"a b\"}".getBytes(StandardCharsets.UTF_8);
        boolean hasEnvelope = type.contains("+");
        byte[] envelope = new byte[5 + message.length];
        envelope[4] = (byte) message.length;
        System.arraycopy(message, 0, envelope, 5, message.length);
        HttpRequest.Builder request = post("/Chat/" + method, type, hasEnvelope ? envelope : message);
        if (header != null) {
            int colon = header.indexOf(": ");
            request.header(header.substring(0, colon), header.substring(colon + 2));
        }
        HttpResponse<byte[]> response = gateway.client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(nextFinished())
                .as(() -> response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(method + " " + protocol + " " + outcome);
        assertThat(view.calls()).isEmpty();
    }

    @Test
    void aStreamOnAWebSocketIsShownWithWhatItWaitsForAndEndsAsCancelledWhenItsPageGoes() throws Exception {
        try (HttpClient page = HttpClient.newHttpClient()) {
            WebSocket socket = page.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://localhost:" + gateway.port() + "/Chat/Talk"), new WebSocket.Listener() {})
                    .get(GatewayServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
            socket.sendText("{\"message\":{\"number\":1,\"text\":\"a\"}}", true)
                    .get(GatewayServer.PATIENCE_SECONDS, TimeUnit.SECONDS);

            LiveCall call = running(shown ->
                    shown.messagesSent() == 1 && shown.receiveWaitMillis().isPresent());
            assertThat(call.call().method()).isEqualTo("Talk");
            assertThat(call.call().protocol()).isEqualTo("websocket");
            assertThat(String.valueOf(call.call().remoteAddress())).contains("127.0.0.1");
            assertThat(call.messagesReceived()).isEqualTo(1);
            assertThat(call.sendWaitMillis()).isEmpty();
            assertThat(view.connections()).hasSize(1);

            socket.abort();
            assertThat(nextFinished()).isEqualTo("Talk websocket cancelled");
        }
        assertThat(view.calls()).isEmpty();
    }

    @Test
    void aStreamOfEventsWhoseReaderDoesNotReadWaitsInItsSend() throws Exception {
        try (RawHttp raw = new RawHttp(gateway.port())) {
            raw.send("POST /Chat/Tokens HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"text\":\"endless\"}");
            LiveCall call = running(shown -> shown.sendWaitMillis().orElse(0) >= 200);
            assertThat(call.call().protocol()).isEqualTo("events");
            assertThat(call.messagesSent()).isPositive();
            assertThat(view.connections())
                    .singleElement()
                    .satisfies(open -> assertThat(open.unsentBytes()).isPositive());
        }
        assertThat(nextFinished()).isEqualTo("Tokens events cancelled");
    }
}
