package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.CallContext;
import io.streamx.server.Server;
import io.streamx.spring.chat.ChatClient;
import io.streamx.spring.chat.Question;
import io.streamx.spring.chat.Token;
import io.streamx.testkit.CertificateAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** TLS from SSL bundles. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TlsTest {
    @TempDir
    Path dir;

    /** Says in its answer who calls. */
    @StreamXService
    static class NamingChat extends ChatHandler {
        @Override
        public Token greet(Question question) {
            List<java.security.cert.X509Certificate> certificates =
                    CallContext.current().peerCertificates();
            return new Token(
                    certificates.isEmpty()
                            ? "nobody"
                            : certificates.getFirst().getSubjectX500Principal().getName());
        }
    }

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LifecycleAutoConfiguration.class,
                    SslAutoConfiguration.class,
                    StreamXRegistryAutoConfiguration.class,
                    StreamXServerAutoConfiguration.class,
                    StreamXClientAutoConfiguration.class))
            .withBean(NamingChat.class)
            .withBean("details", StreamXConnectionDetails.class, LocalServer::new)
            .withPropertyValues("streamx.server.port=0", "streamx.server.address=127.0.0.1");

    /** All clients call the server of their application. */
    static final class LocalServer
            implements StreamXConnectionDetails,
                    org.springframework.context.ApplicationListener<StreamXServerStartedEvent> {
        private volatile Server server;

        @Override
        public void onApplicationEvent(StreamXServerStartedEvent event) {
            server = event.server();
        }

        @Override
        public io.streamx.discovery.Resolver resolver(String client) {
            return io.streamx.discovery.Resolver.fixed(
                    List.of(io.streamx.discovery.Instance.of("127.0.0.1:" + server.port())));
        }
    }

    @Test
    void bothEndsShowAndCheckWhatTheirBundlesSay() throws Exception {
        CertificateAuthority authority = new CertificateAuthority(dir, "authority");
        CertificateAuthority.Issued server = authority.server("127.0.0.1");
        CertificateAuthority.Issued client = authority.client("caller");
        application
                .withPropertyValues(
                        "spring.ssl.bundle.pem.server.keystore.certificate=file:" + server.chain(),
                        "spring.ssl.bundle.pem.server.keystore.private-key=file:" + server.key(),
                        "spring.ssl.bundle.pem.server.truststore.certificate=file:" + authority.root(),
                        "spring.ssl.bundle.pem.caller.keystore.certificate=file:" + client.chain(),
                        "spring.ssl.bundle.pem.caller.keystore.private-key=file:" + client.key(),
                        "spring.ssl.bundle.pem.caller.truststore.certificate=file:" + authority.root(),
                        "spring.ssl.bundle.pem.stranger.truststore.certificate=file:" + authority.root(),
                        "streamx.server.ssl.bundle=server",
                        "streamx.server.ssl.client-auth=need",
                        "streamx.clients.chat.ssl.bundle=caller",
                        "streamx.clients.stranger.ssl.bundle=stranger",
                        "streamx.clients.clear.service=clear")
                .run(context -> {
                    StreamXClients clients = context.getBean(StreamXClients.class);
                    assertThat(clients.as(ChatClient.class, "chat")
                                    .greet(new Question("?"))
                                    .text())
                            .isEqualTo("CN=caller");
                    assertThat(catchThrowable(() ->
                                    clients.as(ChatClient.class, "stranger").greet(new Question("?"))))
                            .isInstanceOf(io.streamx.RpcException.class);
                    assertThat(catchThrowable(
                                    () -> clients.as(ChatClient.class, "clear").greet(new Question("?"))))
                            .isInstanceOf(io.streamx.RpcException.class);
                });
    }

    @Test
    void anUpdatedBundleIsUsedByTheNextConnection() throws Exception {
        CertificateAuthority first = new CertificateAuthority(dir, "first");
        CertificateAuthority second = new CertificateAuthority(dir, "second");
        DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
        bundles.registerBundle("server", bundle(first.server("127.0.0.1"), null));
        bundles.registerBundle("of-first", bundle(null, first));
        bundles.registerBundle("of-second", bundle(null, second));
        application
                .withBean(SslBundleRegistry.class, () -> bundles)
                .withPropertyValues(
                        "streamx.server.ssl.bundle=server",
                        "streamx.clients.first.ssl.bundle=of-first",
                        "streamx.clients.first.connection-mode=short",
                        "streamx.clients.second.ssl.bundle=of-second")
                .run(context -> {
                    StreamXClients clients = context.getBean(StreamXClients.class);
                    ChatClient trustsFirst = clients.as(ChatClient.class, "first");
                    ChatClient trustsSecond = clients.as(ChatClient.class, "second");
                    assertThat(trustsFirst.greet(new Question("?")).text()).isEqualTo("nobody");
                    assertThat(catchThrowable(() -> trustsSecond.greet(new Question("?"))))
                            .isInstanceOf(io.streamx.RpcException.class);

                    bundles.updateBundle("server", bundle(second.server("127.0.0.1"), null));
                    assertThat(trustsSecond.greet(new Question("?")).text()).isEqualTo("nobody");
                    assertThat(catchThrowable(() -> trustsFirst.greet(new Question("?"))))
                            .isInstanceOf(io.streamx.RpcException.class);

                    bundles.updateBundle("of-first", bundle(null, second));
                    assertThat(trustsFirst.greet(new Question("?")).text()).isEqualTo("nobody");
                });
    }

    private static SslBundle bundle(CertificateAuthority.Issued shown, CertificateAuthority believed) throws Exception {
        PemSslStoreDetails key = shown == null
                ? null
                : PemSslStoreDetails.forCertificate(Files.readString(shown.chain()))
                        .withPrivateKey(Files.readString(shown.key()));
        PemSslStoreDetails trust =
                believed == null ? null : PemSslStoreDetails.forCertificate(Files.readString(believed.root()));
        return SslBundle.of(new PemSslStoreBundle(key, trust));
    }
}
