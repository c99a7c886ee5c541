package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import io.streamx.testkit.LogLines;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import io.streamx.tls.TlsEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Peers that do not fit: both sides say what is wrong and what was expected, in good time, and leave nothing behind. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
@Timeout(60)
class TlsRefusalsTest {
    @Parameter
    TlsEngine engine;

    @TempDir
    Path directory;

    private final OpenEnds ends = new OpenEnds();
    private LogLines log;
    private CertificateAuthority authority;
    private Issued localhost;

    @BeforeEach
    void issue() throws Exception {
        assumeTrue(engine == TlsEngine.JDK || OpenSsl.isAvailable(), "no library of OpenSSL for this machine");
        authority = new CertificateAuthority(directory, "authority");
        localhost = authority.server("127.0.0.1");
        log = new LogLines();
    }

    @AfterEach
    void close() throws Exception {
        if (log != null) {
            log.close();
        }
        ends.close();
    }

    /** Once for all tests, since event loops linger for a moment after the last connection. */
    @AfterAll
    static void noThreadIsLeftBehind() throws Exception {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("streamx-io")) {
                assertThat(thread.join(Duration.ofSeconds(10)))
                        .as("%s has ended", thread)
                        .isTrue();
            }
        }
    }

    private Server serve(Issued identity) {
        return serve(ServerTls.builder().engine(engine).identity(identity.chain(), identity.key()));
    }

    private Server serve(ServerTls.Builder tls) {
        return ends.serve(EchoService.echo(), builder -> builder.tls(tls.build()));
    }

    private ClientTls.Builder clientTls() {
        return ClientTls.builder().engine(engine).trust(authority.root());
    }

    private Client connect(int port, ClientTls.Builder tls) {
        return ends.connect(
                port,
                builder -> builder.connectTimeout(Duration.ofSeconds(20))
                        .connectionWait(Duration.ofSeconds(20))
                        .tls(tls.build()));
    }

    private static String failureOfStream(Client client) {
        Throwable failure = catchThrowable(() -> {
            try (var stream = EchoService.bidi(client)) {
                stream.recv();
            }
        });
        assertThat(failure).isInstanceOf(RpcException.class);
        return failure.getMessage();
    }

    private static String failureOfCall(Client client) {
        Throwable failure = catchThrowable(() -> client.call(EchoService.SAY, "hello", CallOptions.NONE));
        assertThat(failure).isInstanceOf(RpcException.class);
        return failure.getMessage();
    }

    @Test
    void certificateOfAStrangerIsNotTrusted() throws Exception {
        Issued stranger = new CertificateAuthority(directory, "stranger").server("127.0.0.1");
        Server server = serve(stranger);
        Client client = connect(server.port(), clientTls());

        assertThat(failureOfStream(client))
                .startsWith("cannot connect to echo at 127.0.0.1:" + server.port() + ": ")
                .contains("the server's certificate 'CN=server 127.0.0.1' is not trusted; its issuer is 'CN=stranger'")
                .contains("(expected: one issued by 'CN=authority')");
        assertThat(failureOfCall(client)).contains("is not trusted; its issuer is 'CN=stranger'");
        assertThat(log.await("refused: the client refused our certificate"))
                .contains("we showed 'CN=server 127.0.0.1'");
    }

    @Test
    void theSystemTrustsNoMadeUpAuthority() {
        Server server = serve(localhost);
        Client client = connect(server.port(), ClientTls.builder().engine(engine));

        assertThat(failureOfStream(client)).contains("is not trusted; its issuer is 'CN=authority'");
    }

    @Test
    void expiredCertificateTellsItsTimes() throws Exception {
        Issued expired = authority.expiredServer("127.0.0.1");
        Server server = serve(expired);

        assertThat(log.await("is not valid now")).contains("CN=expired server 127.0.0.1");
        assertThat(failureOfStream(connect(server.port(), clientTls())))
                .contains("the server's certificate 'CN=expired server 127.0.0.1' is not valid now")
                .contains("(expected: a time from "
                        + expired.bundle().getCertificate().getNotBefore().toInstant() + " to ");
    }

    @Test
    void certificateForAnotherHostTellsBoth() throws Exception {
        Server server = serve(authority.server("echo.example.com"));

        assertThat(failureOfStream(connect(server.port(), clientTls())))
                .contains("the server's certificate 'CN=server echo.example.com' is for [echo.example.com]")
                .contains("(expected: one for 127.0.0.1)");
        assertThat(failureOfStream(connect(server.port(), clientTls().serverName("other.example.com"))))
                .contains("(expected: one for other.example.com)");
    }

    @Test
    void clientWithoutCertificateIsRefusedWhereOneIsRequired() throws Exception {
        Server server = serve(ServerTls.builder()
                .engine(engine)
                .identity(localhost.chain(), localhost.key())
                .requireClientCertificates(authority.root()));
        Client client = connect(server.port(), clientTls());

        assertThat(failureOfStream(client))
                .contains("the server refused our certificate (TLS alert ")
                .contains("; we showed none")
                .contains("set with ClientTls.builder().identity(..)");
        assertThat(log.await("refused: the client showed no certificate"))
                .contains("(expected: one, as it is required)");
        assertThat(failureOfCall(client)).contains("; we showed none");
    }

    @Test
    void clientWithTheCertificateOfAStrangerIsRefused() throws Exception {
        Issued mallory = new CertificateAuthority(directory, "stranger").client("mallory");
        Server server = serve(ServerTls.builder()
                .engine(engine)
                .identity(localhost.chain(), localhost.key())
                .acceptClientCertificates(authority.root()));
        Client client = connect(server.port(), clientTls().identity(mallory.chain(), mallory.key()));

        assertThat(failureOfStream(client)).contains("we showed 'CN=mallory'");
        assertThat(log.await("refused: the client's certificate 'CN=mallory' is not trusted"))
                .contains("its issuer is 'CN=stranger'")
                .contains("(expected: one issued by 'CN=authority')");
    }

    @Test
    void clearTextClientIsToldThatTheServerWantsTls() throws Exception {
        Server server = serve(localhost);
        Client client = ends.connect(server);

        assertThat(failureOfStream(client))
                .contains("the server answered with a TLS alert: it wants TLS, and this client uses none");
        assertThat(log.await("refused: no TLS, first bytes "))
                .contains("(expected: a TLS handshake; clear text is not");
        assertThat(failureOfCall(client)).contains("it wants TLS, and this client uses none");
    }

    /** Behind the record's head, whose length of 384 bytes ends in 0x80, stands what a Framed Thrift call begins with. */
    @Test
    void handshakeThatBeginsLikeAFramedMessageIsTakenForAHandshake() throws Exception {
        Server server = ends.serve(EchoService.echo());

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(new byte[] {0x16, 3, 1, 1, (byte) 0x80, 1, 0, 1});

            assertThat(log.await("refused: a TLS handshake, first bytes 1603010180010001"))
                    .contains("(expected: clear text, as no TLS was set for this server)");
        }
    }

    @Test
    void tlsClientIsToldThatTheServerDoesNotWantTls() throws Exception {
        Server server = ends.serve(EchoService.echo());
        Client client = connect(server.port(), clientTls());

        assertThat(failureOfStream(client))
                .startsWith("cannot connect to echo at 127.0.0.1:" + server.port() + ": ")
                .contains("(expected: a server that speaks TLS on this port)");
        assertThat(log.await("refused: a TLS handshake, first bytes 1603"))
                .contains("(expected: clear text, as no TLS was set for this server)");
    }

    @Test
    void answerThatIsNoTlsIsShown() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.startVirtualThread(() -> {
                try (Socket socket = listening.accept()) {
                    socket.getOutputStream().write("SSH-2.0-server\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // The client goes when it has seen enough.
                }
            });

            assertThat(failureOfStream(connect(listening.getLocalPort(), clientTls())))
                    // OpenSSL keeps them to itself.
                    .contains("the server sent bytes that are not TLS"
                            + (engine == TlsEngine.JDK ? ", beginning with 5353482d322e302d" : ""))
                    .contains("(expected: a server that speaks TLS on this port)");
            server.join();
        }
    }

    @Test
    void handshakeCountsTowardsTheConnectTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Client client = ends.connect(
                    silent.getLocalPort(),
                    builder -> builder.connectTimeout(Duration.ofMillis(300))
                            .tls(clientTls().build()));

            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessageContaining("no connection within the connect timeout of 300 ms")
                    .hasMessageContaining("in the TLS handshake (expected: a server that speaks TLS on this port)");
            try (Socket left = silent.accept()) {
                // The client has closed it: what it sent, then the end.
                assertThat(left.getInputStream().readAllBytes()).isNotEmpty();
            }
        }
    }

    @Test
    void peersWithoutACommonVersionSaySo() throws Exception {
        Server server = serve(ServerTls.builder()
                .context(SslContextBuilder.forServer(
                                localhost.chain().toFile(), localhost.key().toFile())
                        .protocols("TLSv1.2")
                        .build()));
        Client client = connect(
                server.port(),
                ClientTls.builder()
                        .context(SslContextBuilder.forClient()
                                .trustManager(authority.root().toFile())
                                .protocols("TLSv1.3")
                                .build()));

        assertThat(failureOfStream(client)).contains("(expected: TLSv1.3 or TLSv1.2)");
        log.await("refused: the client has no TLS version in common with us");
    }

    @Test
    void serverGoesOnAfterAClientThatBreaksOffItsHandshake() throws Exception {
        Server server = serve(localhost);
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) i});
            }
        }

        assertThat(connect(server.port(), clientTls()).<String, String>call(EchoService.SAY, "on", CallOptions.NONE))
                .isEqualTo("on");
    }
}
