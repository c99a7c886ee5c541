package io.streamx.gateway;

import io.streamx.server.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server with a gateway, and a client that calls it. */
final class GatewayServer implements AutoCloseable {
    static final int PATIENCE_SECONDS = 20;

    final ChatService chat = new ChatService();
    final Server server;
    final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(PATIENCE_SECONDS))
            .build();

    GatewayServer() {
        this(options -> options, server -> server);
    }

    GatewayServer(UnaryOperator<GatewayOptions.Builder> options, UnaryOperator<Server.Builder> settings) {
        server = settings.apply(Server.builder()
                        .port(0)
                        .warmUp(false)
                        .shutdownWindow(Duration.ofSeconds(1))
                        .service(chat.bind())
                        .service(TypesService.bind())
                        .transportOptions(options.apply(GatewayOptions.builder().thriftIdl(ChatService.IDL))
                                .build()))
                .start();
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path))
                .timeout(Duration.ofSeconds(PATIENCE_SECONDS));
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return client.send(json(path, json).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpRequest.Builder json(String path, String json) {
        return request(path).header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
    }

    /** What the handlers report next. */
    @Nullable
    String event() throws InterruptedException {
        return chat.events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
