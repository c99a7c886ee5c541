package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.streamx.RpcException;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that are replaced while server and clients run. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
@Timeout(60)
class TlsReloadTest {
    private static final Duration OFTEN = Duration.ofMillis(10);

    @Parameter
    TlsEngine engine;

    @TempDir
    Path directory;

    private final OpenEnds ends = new OpenEnds();
    private LogLines log;
    private CertificateAuthority before;
    private CertificateAuthority after;
    private Issued old;
    private Issued fresh;

    @BeforeEach
    void issue() throws Exception {
        assumeTrue(engine == TlsEngine.JDK || OpenSsl.isAvailable(), "no library of OpenSSL for this machine");
        before = new CertificateAuthority(directory, "before");
        after = new CertificateAuthority(directory, "after");
        old = before.server("127.0.0.1");
        fresh = after.server("127.0.0.1");
        log = new LogLines();
    }

    @AfterEach
    void close() throws Exception {
        if (log != null) {
            log.close();
        }
        ends.close();
    }

    private ServerTls.Builder serverTls() {
        return ServerTls.builder().engine(engine).identity(old.chain(), old.key());
    }

    private Client connect(Server server, ClientTls tls) {
        return ends.connect(
                server,
                builder -> builder.connectTimeout(Duration.ofSeconds(20))
                        .connectionWait(Duration.ofSeconds(20))
                        .tls(tls));
    }

    private ClientTls trusting(CertificateAuthority authority) {
        return ClientTls.builder().engine(engine).trust(authority.root()).build();
    }

    private static void assertEchoes(Client client) {
        assertThat(client.<String, String>call(EchoService.SAY, "hello", CallOptions.NONE))
                .isEqualTo("hello");
    }

    private static void assertIsNotTrusted(Client client) {
        assertThatThrownBy(() -> client.call(EchoService.SAY, "hello", CallOptions.NONE))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("is not trusted");
    }

    @Test
    void newConnectionsSeeTheReloadedCertificateAndRunningStreamsGoOn() throws Exception {
        ServerTls tls = serverTls().build();
        Server server = ends.serve(EchoService.echo(), builder -> builder.tls(tls));
        try (var running = EchoService.bidi(connect(server, trusting(before)))) {
            running.send("one");
            assertThat(running.recv()).isEqualTo("one");

            fresh.replace(old);
            tls.reload();

            assertEchoes(connect(server, trusting(after)));
            assertIsNotTrusted(connect(server, trusting(before)));
            running.send("two");
            assertThat(running.recv()).isEqualTo("two");
        }
    }

    @Test
    void brokenFileFailsTheReloadAndTheOldCertificateStays() throws Exception {
        ServerTls tls = serverTls().build();
        Server server = ends.serve(EchoService.echo(), builder -> builder.tls(tls));
        Files.copy(fresh.chain(), old.chain(), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(tls::reload)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key file '" + old.key() + "' does not belong to the certificate");
        assertEchoes(connect(server, trusting(before)));
    }

    @Test
    void watchedFilesAreReloadedByThemselves() throws Exception {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.tls(serverTls().reloadEvery(OFTEN).build()));
        assertEchoes(connect(server, trusting(before)));

        fresh.replace(old);

        log.await("server TLS files reloaded");
        assertEchoes(connect(server, trusting(after)));
    }

    @Test
    void watchedFileThatBreaksIsToldOnceAndTheOldCertificateStays() throws Exception {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.tls(serverTls().reloadEvery(OFTEN).build()));

        Files.delete(old.key());
        log.await("key file '" + old.key() + "' does not exist");
        Files.writeString(old.key(), "none of your business");

        assertThat(log.await("key file '" + old.key() + "' holds no private key"))
                .contains("server TLS files not reloaded, those read before stay in use");
        assertEchoes(connect(server, trusting(before)));

        // It is looked at again, many times; what came of that is seen when the file is whole.
        fresh.replace(old);
        log.await("server TLS files reloaded");
        assertThat(log.containing("does not exist")).hasSize(1);
        assertThat(log.containing("holds no private key")).hasSize(1);
        assertEchoes(connect(server, trusting(after)));
    }

    @Test
    void clientsReloadWhomTheyTrust() throws Exception {
        Path roots = Files.copy(before.root(), directory.resolve("roots.pem"));
        ClientTls tls = ClientTls.builder().engine(engine).trust(roots).build();
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.tls(ServerTls.builder()
                        .engine(engine)
                        .identity(fresh.chain(), fresh.key())
                        .build()));
        Client client = connect(server, tls);
        assertIsNotTrusted(client);

        Files.copy(after.root(), roots, StandardCopyOption.REPLACE_EXISTING);
        tls.reload();

        assertEchoes(client);
    }

    @Test
    void clientsLookForChangedFilesBeforeTheyConnect() throws Exception {
        Path roots = Files.copy(before.root(), directory.resolve("roots.pem"));
        ClientTls tls = ClientTls.builder()
                .engine(engine)
                .trust(roots)
                .reloadEvery(Duration.ofNanos(1))
                .build();
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.tls(ServerTls.builder()
                        .engine(engine)
                        .identity(fresh.chain(), fresh.key())
                        .build()));
        Client client = connect(server, tls);
        assertIsNotTrusted(client);

        Files.copy(after.root(), roots, StandardCopyOption.REPLACE_EXISTING);

        assertEchoes(client);
        assertThat(log.await("client TLS files reloaded")).contains("roots.pem");
    }
}
