package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import io.streamx.tls.TlsEngine;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams and Framed calls over TLS, as over clear text. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
@Timeout(60)
class TlsTest {
    @Parameter
    TlsEngine engine;

    @TempDir
    Path directory;

    private final OpenEnds ends = new OpenEnds();
    private CertificateAuthority authority;
    private Issued localhost;

    @BeforeEach
    void issue() throws Exception {
        assumeTrue(engine == TlsEngine.JDK || OpenSsl.isAvailable(), "no library of OpenSSL for this machine");
        authority = new CertificateAuthority(directory, "authority");
        localhost = authority.server("127.0.0.1");
    }

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private ServerTls.Builder serverTls() {
        return ServerTls.builder().engine(engine).identity(localhost.chain(), localhost.key());
    }

    private ClientTls.Builder clientTls() {
        return ClientTls.builder().engine(engine).trust(authority.root());
    }

    private Client connect(Server server, ClientTls.Builder tls) {
        return ends.connect(
                server,
                client -> client.connectTimeout(Duration.ofSeconds(20))
                        .connectionWait(Duration.ofSeconds(20))
                        .tls(tls.build()));
    }

    private static String say(Client client, String text) {
        return client.call(EchoService.SAY, text, CallOptions.NONE);
    }

    private static void assertEchoes(Client client) {
        assertThat(say(client, "hello")).isEqualTo("hello");
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void streamsAndUnaryCallsGoOverTls() {
        Server server = ends.serve(
                EchoService.echo(), builder -> builder.tls(serverTls().build()));

        assertEchoes(connect(server, clientTls()));
    }

    @Test
    void whatIsReadSlowlyHoldsUpTheSenderAndArrivesWhole() throws Exception {
        String large = "x".repeat(300_000);
        int count = 60;
        Server server = ends.serve(
                EchoService.echo(), builder -> builder.tls(serverTls().build()));
        Client client = connect(server, clientTls());

        try (var stream = EchoService.bidi(client)) {
            Thread sender = Thread.startVirtualThread(() -> {
                for (int i = 0; i < count; i++) {
                    stream.send(i + large);
                }
                stream.closeSend();
            });
            for (int i = 0; i < count; i++) {
                assertThat(stream.recv()).isEqualTo(i + large);
            }
            assertThat(stream.recv()).isNull();
            sender.join();
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void everyCarrierGoesOverTls(PingPong carrier) {
        Server server = ends.serve(
                EchoService.echo(), builder -> builder.tls(serverTls().build()));
        Client client = ends.connect(
                server, builder -> builder.pingPong(carrier).tls(clientTls().build()));

        assertThat(say(client, "a")).isEqualTo("a");
        assertThat(say(client, "b")).isEqualTo("b");
    }

    private static ServiceDefinition tellingCertificates(BlockingQueue<List<X509Certificate>> seen) {
        return EchoService.with(
                stream -> {
                    try (CancellableContext derived = CallContext.current().cancellable()) {
                        seen.add(derived.peerCertificates());
                    }
                },
                request -> {
                    seen.add(CallContext.current().peerCertificates());
                    return request;
                });
    }

    private static void callBoth(Client client) {
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isNull();
        }
        say(client, "hello");
    }

    @Test
    void handlersSeeTheCertificatesOfTheirClient() throws Exception {
        BlockingQueue<List<X509Certificate>> seen = new LinkedBlockingQueue<>();
        Issued alice = authority.client("alice");
        Server server = ends.serve(
                tellingCertificates(seen),
                builder -> builder.tls(
                        serverTls().requireClientCertificates(authority.root()).build()));

        callBoth(connect(server, clientTls().identity(alice.chain(), alice.key())));

        for (int i = 0; i < 2; i++) {
            assertThat(seen.take().getFirst()).isEqualTo(alice.bundle().getCertificate());
        }
        assertThat(CallContext.current().peerCertificates()).isEmpty();
    }

    @Test
    void clientWithoutCertificateIsServedWhereOneIsOnlyAccepted() throws Exception {
        BlockingQueue<List<X509Certificate>> seen = new LinkedBlockingQueue<>();
        Issued alice = authority.client("alice");
        Server server = ends.serve(
                tellingCertificates(seen),
                builder -> builder.tls(
                        serverTls().acceptClientCertificates(authority.root()).build()));

        callBoth(connect(server, clientTls()));
        assertThat(seen.take()).isEmpty();
        assertThat(seen.take()).isEmpty();

        callBoth(connect(server, clientTls().identity(alice.chain(), alice.key())));
        assertThat(seen.take()).hasSize(1);
        assertThat(seen.take()).hasSize(1);
    }

    @Test
    void onePortServesTlsAndClearTextWhereThatIsAllowed() {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.tls(serverTls().allowClearText().build()));

        assertEchoes(connect(server, clientTls()));
        assertEchoes(ends.connect(server));
    }

    @Test
    void keyOfAFileMayBeEncrypted() throws Exception {
        ServerTls tls = ServerTls.builder()
                .engine(engine)
                .identity(localhost.chain(), localhost.encryptedKey("open sesame"), "open sesame")
                .build();

        assertEchoes(connect(ends.serve(EchoService.echo(), builder -> builder.tls(tls)), clientTls()));
    }

    @Test
    void rsaKeysServeToo() throws Exception {
        Issued rsa = authority.issue(
                "rsa",
                new CertificateBuilder().rsa2048().addSanIpAddress("127.0.0.1").addExtendedKeyUsageServerAuth());
        ServerTls tls = ServerTls.builder()
                .engine(engine)
                .identity(rsa.chain(), rsa.key())
                .build();

        assertEchoes(connect(ends.serve(EchoService.echo(), builder -> builder.tls(tls)), clientTls()));
    }

    @Test
    void factoriesServeInsteadOfFiles() throws Exception {
        Issued alice = authority.client("alice");
        ServerTls tls = ServerTls.builder()
                .engine(engine)
                .identity(localhost.bundle().toKeyManagerFactory())
                .requireClientCertificates(authority.bundle().toTrustManagerFactory())
                .build();
        Server server = ends.serve(EchoService.echo(), builder -> builder.tls(tls));

        assertEchoes(connect(
                server,
                ClientTls.builder()
                        .engine(engine)
                        .identity(alice.bundle().toKeyManagerFactory())
                        .trust(authority.bundle().toTrustManagerFactory())));
    }

    @Test
    void contextsOfOnesOwnServeForWhatIsNotOffered() throws Exception {
        SslProvider provider = engine == TlsEngine.JDK ? SslProvider.JDK : SslProvider.OPENSSL;
        Issued alice = authority.client("alice");
        ServerTls server = ServerTls.builder()
                .context(SslContextBuilder.forServer(
                                localhost.chain().toFile(), localhost.key().toFile())
                        .sslProvider(provider)
                        .protocols("TLSv1.2")
                        .clientAuth(ClientAuth.REQUIRE)
                        .trustManager(authority.root().toFile())
                        .build())
                .build();
        ClientTls.Builder client = ClientTls.builder()
                .context(SslContextBuilder.forClient()
                        .sslProvider(provider)
                        .trustManager(authority.root().toFile())
                        .keyManager(alice.chain().toFile(), alice.key().toFile())
                        .build());

        assertEchoes(connect(ends.serve(EchoService.echo(), builder -> builder.tls(server)), client));
    }

    @Test
    void certificateMayBeForAnotherNameThatTheClientAsksFor() throws Exception {
        Issued named = authority.server("echo.example.com");
        ServerTls tls = ServerTls.builder()
                .engine(engine)
                .identity(named.chain(), named.key())
                .build();
        Server server = ends.serve(EchoService.echo(), builder -> builder.tls(tls));

        assertEchoes(connect(server, clientTls().serverName("echo.example.com")));
        assertEchoes(connect(server, clientTls().withoutHostVerification()));
    }

    @Test
    void closingServerLetsRunningStreamsEndOverTls() throws Exception {
        Server server = Server.builder()
                .port(0)
                .shutdownWindow(Duration.ofSeconds(30))
                .service(EchoService.echo())
                .tls(serverTls().build())
                .start();
        Client client = connect(server, clientTls());
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");

            Thread closing = Thread.startVirtualThread(server::close);
            stream.send("two");
            assertThat(stream.recv()).isEqualTo("two");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
            closing.join();
        }
    }
}
