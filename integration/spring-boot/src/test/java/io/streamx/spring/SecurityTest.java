package io.streamx.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.Transport;
import io.streamx.auth.Authenticator;
import io.streamx.auth.CallCredentials;
import io.streamx.auth.NamedPrincipal;
import io.streamx.client.Client;
import io.streamx.grpc.services.health.v1.HealthCheckRequest;
import io.streamx.grpc.services.health.v1.HealthCheckResponse;
import io.streamx.grpc.services.health.v1.HealthClient;
import io.streamx.grpc.services.reflection.v1.ServerReflectionClient;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ResultCodec;
import io.streamx.spring.chat.ChatClient;
import io.streamx.spring.chat.Question;
import io.streamx.spring.chat.Token;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.tls.ClientTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** Spring Security before and around handlers. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class SecurityTest {
    private static final byte[] KEY = "a key of thirty-two bytes, for HS256".getBytes(StandardCharsets.US_ASCII);

    /** Says in its answers who calls. */
    @StreamXService
    static class GuardedChat extends ChatHandler {
        @Override
        public Token greet(Question question) {
            return new Token(caller());
        }

        @Override
        @PreAuthorize("hasAuthority('SCOPE_ask') or hasRole('ASKER')")
        public void ask(Question question, ServerStreamingServer<Token> stream) {
            CompletableFuture<String> elsewhere = new CompletableFuture<>();
            Thread.startVirtualThread(CallContext.current().wrap(() -> elsewhere.complete(caller())));
            stream.send(new Token(caller()));
            stream.send(new Token(elsewhere.join()));
        }

        private static String caller() {
            Authentication caller = SecurityContextHolder.getContext().getAuthentication();
            return caller == null ? "nobody" : caller.getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableMethodSecurity
    static class MethodSecurity {}

    @Configuration(proxyBeanMethods = false)
    static class Jwts {
        @Bean
        JwtDecoder decoder() {
            return NimbusJwtDecoder.withSecretKey(new SecretKeySpec(KEY, "HmacSHA256"))
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Users {
        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice")
                            .password("{noop}secret")
                            .roles("ASKER")
                            .build(),
                    User.withUsername("bob").password("{noop}secret").roles().build());
        }
    }

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LifecycleAutoConfiguration.class,
                    SslAutoConfiguration.class,
                    StreamXRegistryAutoConfiguration.class,
                    StreamXSecurityAutoConfiguration.class,
                    StreamXServerAutoConfiguration.class))
            .withUserConfiguration(MethodSecurity.class)
            .withBean(GuardedChat.class)
            .withPropertyValues("streamx.server.port=0");

    private static String token(String subject, String scope, Instant expires) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject(subject)
                        .claim("scope", scope)
                        .expirationTime(Date.from(expires))
                        .build());
        token.sign(new MACSigner(KEY));
        return token.serialize();
    }

    static void as(
            ApplicationContext context, Transport transport, CallCredentials credentials, Consumer<ChatClient> calls) {
        Server server = context.getBean(StreamXServerLifecycle.class).server();
        Client.Builder builder =
                Client.builder("chat").address("127.0.0.1:" + server.port()).transport(transport);
        if (credentials != null) {
            builder.credentials(credentials.overClearText());
        }
        try (Client client = builder.build()) {
            calls.accept(new ChatClient(client));
        }
    }

    static String greet(ChatClient chat) {
        return chat.greet(new Question("?")).text();
    }

    static List<Token> ask(ChatClient chat) {
        try (var stream = chat.ask(new Question("?"))) {
            return List.of(stream.recv(), stream.recv());
        }
    }

    static void isRefused(int code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> assertThat(e.statusCode()).as(e.toString()).isEqualTo(code));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aJwtIsTheCallerOfTheHandlerAndOpensMethods(Transport transport) {
        application
                .withUserConfiguration(Jwts.class)
                .withPropertyValues("streamx.server.security.mechanisms=bearer")
                .run(context -> {
                    Instant later = Instant.now().plusSeconds(3600);
                    String asker = token("alice", "ask", later);
                    as(context, transport, CallCredentials.bearer(() -> asker), chat -> {
                        assertThat(greet(chat)).isEqualTo("alice");
                        assertThat(ask(chat)).containsExactly(new Token("alice"), new Token("alice"));
                    });
                    String other = token("bob", "read", later);
                    as(context, transport, CallCredentials.bearer(() -> other), chat -> {
                        assertThat(greet(chat)).isEqualTo("bob");
                        isRefused(StatusCode.PERMISSION_DENIED, () -> ask(chat));
                    });
                    String expired = token("alice", "ask", Instant.now().minusSeconds(3600));
                    as(context, transport, CallCredentials.bearer(() -> expired), chat -> {
                        isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat));
                        isRefused(StatusCode.UNAUTHENTICATED, () -> ask(chat));
                    });
                    as(context, transport, null, chat -> {
                        isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat));
                        isRefused(StatusCode.UNAUTHENTICATED, () -> ask(chat));
                    });
                });
    }

    @Test
    void aUserWithItsPasswordIsTheCaller() {
        application
                .withUserConfiguration(Users.class)
                .withPropertyValues("streamx.server.security.mechanisms=basic")
                .run(context -> {
                    as(
                            context,
                            Transport.GRPC,
                            CallCredentials.basic("alice", "secret"),
                            chat -> assertThat(ask(chat)).contains(new Token("alice")));
                    as(
                            context,
                            Transport.GRPC,
                            CallCredentials.basic("bob", "secret"),
                            chat -> isRefused(StatusCode.PERMISSION_DENIED, () -> ask(chat)));
                    as(
                            context,
                            Transport.GRPC,
                            CallCredentials.basic("bob", "guess"),
                            chat -> isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat)));
                });
    }

    @Test
    void whoIsNotRequiredToBeKnownIsAnonymous() {
        application
                .withUserConfiguration(Users.class)
                .withPropertyValues(
                        "streamx.server.security.mechanisms=basic", "streamx.server.security.required=false")
                .run(context -> as(context, Transport.GRPC, null, chat -> {
                    assertThat(greet(chat)).isEqualTo("anonymousUser");
                    isRefused(StatusCode.UNAUTHENTICATED, () -> ask(chat));
                }));
    }

    @Test
    void theHealthServiceIsForEverybodyAndReflectionIsNot() {
        application
                .withUserConfiguration(Users.class)
                .withPropertyValues("streamx.server.security.mechanisms=basic")
                .run(context -> {
                    int port = context.getBean(StreamXServerLifecycle.class)
                            .server()
                            .port();
                    try (Client client = Client.builder("health")
                            .address("127.0.0.1:" + port)
                            .transport(Transport.GRPC)
                            .build()) {
                        assertThat(new HealthClient(client)
                                        .check(HealthCheckRequest.getDefaultInstance())
                                        .getStatus())
                                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
                        try (var reflection = new ServerReflectionClient(client).serverReflectionInfo()) {
                            isRefused(StatusCode.UNAUTHENTICATED, reflection::recv);
                        }
                    }
                });
    }

    @Test
    void anUnknownMethodThatIsNamedLikeTheHealthServiceIsForKnownCallersAlone() {
        application
                .withUserConfiguration(Users.class)
                .withPropertyValues("streamx.server.security.mechanisms=basic")
                .withBean(
                        StreamXServerCustomizer.class,
                        () -> server -> server.unknownUnaryMethodHandler((call, request) -> request))
                .run(context -> {
                    int port = context.getBean(StreamXServerLifecycle.class)
                            .server()
                            .port();
                    MethodDescriptor<byte[], byte[]> unknown = MethodDescriptor.unary(
                            "grpc.health.v1.Health", "Relay", MessageCodec.raw(), ResultCodec.raw());
                    try (Client client =
                            Client.builder("relay").address("127.0.0.1:" + port).build()) {
                        isRefused(
                                StatusCode.UNAUTHENTICATED,
                                () -> client.call(unknown, new byte[] {0}, CallOptions.NONE));
                    }
                });
    }

    @Test
    void theOwnerOfACertificateIsTheCaller(@TempDir Path dir) throws Exception {
        CertificateAuthority authority = new CertificateAuthority(dir, "authority");
        CertificateAuthority.Issued own = authority.server("127.0.0.1");
        application
                .withUserConfiguration(Users.class)
                .withPropertyValues(
                        "spring.ssl.bundle.pem.server.keystore.certificate=file:" + own.chain(),
                        "spring.ssl.bundle.pem.server.keystore.private-key=file:" + own.key(),
                        "spring.ssl.bundle.pem.server.truststore.certificate=file:" + authority.root(),
                        "streamx.server.ssl.bundle=server",
                        "streamx.server.ssl.client-auth=want",
                        "streamx.server.security.mechanisms=x509")
                .run(context -> {
                    for (String name : List.of("alice", "stranger")) {
                        CertificateAuthority.Issued shown = authority.client(name);
                        int port = context.getBean(StreamXServerLifecycle.class)
                                .server()
                                .port();
                        try (Client client = Client.builder("chat")
                                .address("127.0.0.1:" + port)
                                .tls(ClientTls.builder()
                                        .trust(authority.root())
                                        .identity(shown.chain(), shown.key())
                                        .build())
                                .build()) {
                            ChatClient chat = new ChatClient(client);
                            if (name.equals("alice")) {
                                assertThat(ask(chat)).contains(new Token("alice"));
                            } else {
                                isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat));
                            }
                        }
                    }
                });
    }

    @Test
    void aCheckThatIsABeanSaysWhoCalls() {
        application
                .withBean(Authenticator.class, () -> Authenticator.bearer((token, call) -> new NamedPrincipal(token)))
                .run(context -> {
                    as(context, Transport.GRPC, CallCredentials.bearer(() -> "carol"), chat -> {
                        assertThat(greet(chat)).isEqualTo("carol");
                        isRefused(StatusCode.PERMISSION_DENIED, () -> ask(chat));
                    });
                    as(context, Transport.GRPC, null, chat -> isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat)));
                });
    }

    /** Says in its answer who calls, with nothing of Spring Security. */
    @StreamXService
    static class PlainChat extends ChatHandler {
        @Override
        public Token greet(Question question) {
            return new Token(CallContext.current().principal().getName());
        }
    }

    @Test
    void aCheckIsABeanWithoutSpringSecurityToo() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        LifecycleAutoConfiguration.class,
                        StreamXRegistryAutoConfiguration.class,
                        StreamXSecurityAutoConfiguration.class,
                        StreamXServerAutoConfiguration.class))
                .withPropertyValues("streamx.server.port=0")
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .withBean(PlainChat.class)
                .withBean(Authenticator.class, () -> Authenticator.bearer((token, call) -> new NamedPrincipal(token)))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(StreamXSecurityAutoConfiguration.class);
                    as(
                            context,
                            Transport.TTHEADER,
                            CallCredentials.bearer(() -> "carol"),
                            chat -> assertThat(greet(chat)).isEqualTo("carol"));
                });
    }

    @Test
    void aStoreOfUsersThatIsAwayIsNoAnswerAboutTheCaller() {
        application
                .withBean(UserDetailsService.class, () -> name -> {
                    throw new AuthenticationServiceException("store is away");
                })
                .withPropertyValues("streamx.server.security.mechanisms=basic")
                .run(context -> as(
                        context,
                        Transport.GRPC,
                        CallCredentials.basic("alice", "secret"),
                        chat -> isRefused(StatusCode.INTERNAL, () -> greet(chat))));
    }

    @Test
    void aMechanismThatNobodyChecksIsAMistakeOfTheSetup() {
        application
                .withPropertyValues("streamx.server.security.mechanisms=bearer")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(StreamXSetupException.class)
                        .hasMessageContaining("streamx.server.security.mechanisms has bearer"));
    }
}
