package io.streamx.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.generic.Form;
import io.streamx.server.Server;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway with TLS, on one port with gRPC. */
class GatewayTlsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static SSLContext trusting(Path root) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(root)) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
            store.setCertificateEntry("root", certificate);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @Test
    void aClientThatOffersHttp2TooGetsHttp1AndGrpcGoesOnBesideIt() throws Exception {
        CertificateAuthority authority = new CertificateAuthority(directory, "authority");
        Issued localhost = authority.server("localhost");
        ChatService chat = new ChatService();
        try (Server server = Server.builder()
                        .port(0)
                        .warmUp(false)
                        .tls(ServerTls.builder()
                                .identity(localhost.chain(), localhost.key())
                                .build())
                        .service(chat.bind())
                        .transportOptions(GatewayOptions.builder()
                                .thriftIdl(ChatService.IDL)
                                .preferHttp1(true)
                                .build())
                        .start();
                Client grpc = Client.builder("Chat")
                        .address("localhost:" + server.port())
                        .transport(Transport.GRPC)
                        .tls(ClientTls.builder().trust(authority.root()).build())
                        .build();
                HttpClient browser = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .sslContext(trusting(authority.root()))
                        .build()) {
            HttpResponse<String> response = browser.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/Chat/Ask"))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"a\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            CompletableFuture<String> talked = new CompletableFuture<>();
            WebSocket socket = browser.newWebSocketBuilder()
                    .buildAsync(
                            URI.create("wss://localhost:" + server.port() + "/Chat/Talk"), new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket own, CharSequence data, boolean last) {
                                    talked.complete(data.toString());
                                    return CompletableFuture.completedStage(null);
                                }
                            })
                    .get();
            socket.sendText("{\"message\":{\"number\":1,\"text\":\"a\"}}", true).get();

            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.body()).contains("you asked: a");
            assertThat(talked.get(GatewayServer.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .contains("\"number\":1");
            socket.abort();
            assertThat(ChatService.IDL.client(grpc, Form.values()).call("Ask", Map.of("text", "b")))
                    .asString()
                    .contains("you asked: b");
        }
    }

    @Test
    void aBrowserGetsHttp2OnTheConnectionThatGrpcHasToo() throws Exception {
        CertificateAuthority authority = new CertificateAuthority(directory, "authority");
        Issued localhost = authority.server("localhost");
        ChatService chat = new ChatService();
        try (Server server = Server.builder()
                        .port(0)
                        .warmUp(false)
                        .tls(ServerTls.builder()
                                .identity(localhost.chain(), localhost.key())
                                .build())
                        .service(chat.bind())
                        .transportOptions(GatewayOptions.builder()
                                .thriftIdl(ChatService.IDL)
                                .build())
                        .start();
                Client grpc = Client.builder("Chat")
                        .address("localhost:" + server.port())
                        .transport(Transport.GRPC)
                        .tls(ClientTls.builder().trust(authority.root()).build())
                        .build();
                HttpClient browser = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .sslContext(trusting(authority.root()))
                        .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("https://localhost:" + server.port() + "/Chat/Tokens"))
                    .header("content-type", "application/json")
                    .header("origin", "https://localhost:" + server.port())
                    .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"a b\"}"));

            HttpResponse<String> events = browser.send(
                    request.copy().header("accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> lines = browser.send(request.build(), HttpResponse.BodyHandlers.ofString());

            assertThat(events.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(events.headers().firstValue("x-model")).contains("parrot");
            assertThat(events.body())
                    .contains("id: 2")
                    .endsWith("event: end\ndata: {\"metadata\":{\"x-cost\":[\"3\"]}}\n\n");
            assertThat(lines.body()).contains("{\"message\":{\"number\":2,\"text\":\"b\"}}\n{\"end\":");
            assertThat(ChatService.IDL.client(grpc, Form.values()).call("Ask", Map.of("text", "b")))
                    .asString()
                    .contains("you asked: b");
        }
    }
}
