package io.streamx.spring;

import static io.streamx.spring.SecurityTest.as;
import static io.streamx.spring.SecurityTest.ask;
import static io.streamx.spring.SecurityTest.greet;
import static io.streamx.spring.SecurityTest.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.Transport;
import io.streamx.auth.CallCredentials;
import io.streamx.spring.chat.Token;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Tokens of an authorization server that the settings of Spring Boot name; no bean of the application says how to check them. */
@Timeout(60)
class AuthorizationServerTest {
    private final AuthorizationServer authorization = new AuthorizationServer();

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    LifecycleAutoConfiguration.class,
                    SslAutoConfiguration.class,
                    OAuth2ResourceServerAutoConfiguration.class,
                    StreamXRegistryAutoConfiguration.class,
                    StreamXSecurityAutoConfiguration.class,
                    StreamXServerAutoConfiguration.class))
            .withUserConfiguration(SecurityTest.MethodSecurity.class)
            .withBean(SecurityTest.GuardedChat.class)
            .withPropertyValues("streamx.server.port=0", "streamx.server.security.mechanisms=bearer");

    AuthorizationServerTest() throws Exception {}

    @AfterEach
    void close() {
        authorization.close();
    }

    private static CallCredentials bearer(String token) {
        return CallCredentials.bearer(() -> token);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void tokensAreCheckedByTheKeysOfTheirIssuer(Transport transport) {
        String issuer = authorization.issuer();
        application
                .withPropertyValues("spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer)
                .run(context -> {
                    as(context, transport, bearer(authorization.token("alice", "ask")), chat -> {
                        assertThat(greet(chat)).isEqualTo("alice");
                        assertThat(ask(chat)).containsExactly(new Token("alice"), new Token("alice"));
                    });
                    as(
                            context,
                            transport,
                            bearer(authorization.token("bob", "read")),
                            chat -> isRefused(StatusCode.PERMISSION_DENIED, () -> ask(chat)));
                    String forged = AuthorizationServer.token(AuthorizationServer.key(), issuer, "mallory", "ask");
                    as(
                            context,
                            transport,
                            bearer(forged),
                            chat -> isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat)));
                    String others = AuthorizationServer.token(
                            AuthorizationServer.key(), "http://other.example", "mallory", "ask");
                    as(
                            context,
                            transport,
                            bearer(others),
                            chat -> isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat)));
                });
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anIssuerThatIsAwayIsNoFaultOfTheCaller(Transport transport) throws Exception {
        String token = authorization.token("alice", "ask");
        authorization.close();
        application
                .withPropertyValues("spring.security.oauth2.resourceserver.jwt.issuer-uri=" + authorization.issuer())
                .run(context -> as(
                        context,
                        transport,
                        bearer(token),
                        chat -> assertThatThrownBy(() -> greet(chat))
                                .isInstanceOf(RpcException.class)
                                .hasMessageContaining("13")
                                .hasMessageContaining("could not be checked")));
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void tokensThatSayNothingAreIntrospected(Transport transport) {
        authorization.issue("of-alice", "alice", "ask");
        authorization.issue("of-bob", "bob", "read");
        String settings = "spring.security.oauth2.resourceserver.opaquetoken.";
        application
                .withPropertyValues(
                        settings + "introspection-uri=" + authorization.issuer() + "/introspect",
                        settings + "client-id=chat",
                        settings + "client-secret=secret")
                .run(context -> {
                    as(context, transport, bearer("of-alice"), chat -> {
                        assertThat(greet(chat)).isEqualTo("alice");
                        assertThat(ask(chat)).containsExactly(new Token("alice"), new Token("alice"));
                    });
                    as(
                            context,
                            transport,
                            bearer("of-bob"),
                            chat -> isRefused(StatusCode.PERMISSION_DENIED, () -> ask(chat)));
                    as(
                            context,
                            transport,
                            bearer("of-nobody"),
                            chat -> isRefused(StatusCode.UNAUTHENTICATED, () -> greet(chat)));
                });
    }
}
