package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.pkitesting.CertificateBuilder;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusCode;
import io.streamx.Transport;
import io.streamx.auth.AccessToken;
import io.streamx.auth.Authenticator;
import io.streamx.auth.CallCredentials;
import io.streamx.auth.CertificatePrincipal;
import io.streamx.auth.CredentialsException;
import io.streamx.auth.CredentialsRequest;
import io.streamx.auth.NamedPrincipal;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import io.streamx.testkit.LogLines;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who calls: what clients give their calls, and what servers do with it. */
class CredentialsTest extends OnEveryTransport {
    private static final CallCredentials ALICE =
            CallCredentials.bearer(() -> "alice-token").overClearText();
    private static final Authenticator TOKENS = Authenticator.bearer(
            (token, call) -> token.endsWith("-token") ? new NamedPrincipal(token.replace("-token", "")) : null);

    /** Answers with the name of the caller, on the thread of the handler. */
    private static ServiceDefinition whoAmI() {
        return EchoService.with(
                stream -> {
                    while (stream.recv() != null) {
                        stream.send(caller());
                    }
                },
                stream -> {
                    while (stream.recv() != null) {
                        // Only the end counts.
                    }
                    stream.sendAndClose(caller());
                },
                (request, stream) -> stream.send(caller()),
                request -> caller());
    }

    private static String caller() {
        Principal principal = CallContext.current().principal();
        return principal == null ? "nobody" : principal.getName();
    }

    private Server server(Consumer<Server.Builder> more) {
        return ends.serve(whoAmI(), more);
    }

    private Client client(Server server, CallCredentials credentials) {
        return ends.connect(server, builder -> builder.credentials(credentials));
    }

    private static String say(Client client) {
        return String.valueOf(client.call(EchoService.SAY, "m", CallOptions.NONE));
    }

    private static String stream(Client client) {
        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            return String.valueOf(stream.recv());
        }
    }

    private static void isRefused(int code, String text, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(RpcException.class, e -> {
            assertThat(e.statusCode()).as(e.toString()).isEqualTo(code);
            assertThat(e).hasMessageContaining(text);
        });
    }

    // ---- who is found ----

    @Test
    void aBearerTokenSaysWhoCalls() {
        Client client = client(server(builder -> builder.authenticator(TOKENS)), ALICE);

        assertThat(say(client)).isEqualTo("alice");
        assertThat(stream(client)).isEqualTo("alice");
        try (var replies = client.serverStreaming(EchoService.PRODUCE, "1", CallOptions.NONE)) {
            assertThat(replies.recv()).isEqualTo("alice");
        }
        try (var upload = client.clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            assertThat(upload.closeAndRecv()).isEqualTo("alice");
        }
    }

    /** Kitex clients set it themselves, and gRPC carries the keys of metainfo in capitals. */
    @Test
    void aTokenInMetainfoSaysWhoCalls() {
        Client client = ends.connect(server(builder -> builder.authenticator(TOKENS)));

        for (String key : List.of("authorization", "AUTHORIZATION")) {
            CallOptions options = CallOptions.NONE.withTransient(key, "Bearer alice-token");
            assertThat(client.call(EchoService.SAY, "m", options)).isEqualTo("alice");
        }
    }

    @Test
    void aNameAndPasswordSayWhoCalls() {
        Authenticator passwords = Authenticator.basic(
                (user, password, call) -> password.equals("pass:word") ? new NamedPrincipal(user) : null);
        Server server = server(builder -> builder.authenticator(passwords));

        Client right = client(server, CallCredentials.basic("zoë", "pass:word").overClearText());
        assertThat(say(right)).isEqualTo("zoë");
        assertThat(stream(right)).isEqualTo("zoë");
        Client wrong = client(server, CallCredentials.basic("zoë", "guess").overClearText());
        isRefused(StatusCode.UNAUTHENTICATED, "the name or the password is wrong", () -> say(wrong));
    }

    @Test
    void aViewOfAClientHasCredentialsOfItsOwn() {
        Client client = client(server(builder -> builder.authenticator(TOKENS)), ALICE);
        CallOptions bob = CallOptions.NONE.withCredentials(
                CallCredentials.bearer(() -> "bob-token").overClearText());

        assertThat(client.call(EchoService.SAY, "m", bob)).isEqualTo("bob");
        try (var stream = client.bidiStreaming(EchoService.BIDI, bob)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("bob");
        }
        assertThat(say(client)).isEqualTo("alice");
    }

    @Test
    void credentialsTakeThePlaceOfWhatACallHasUnderTheirNames() {
        Client client = client(server(builder -> builder.authenticator(TOKENS)), ALICE);

        for (String key : List.of("authorization", "AUTHORIZATION")) {
            CallOptions metainfo = CallOptions.NONE.withTransient(key, "Bearer mallory-token");
            assertThat(client.call(EchoService.SAY, "m", metainfo)).isEqualTo("alice");
            CallOptions both = metainfo.withMetadata(Metadata.of("authorization", "Bearer mallory-token"));
            try (var stream = client.bidiStreaming(EchoService.BIDI, both)) {
                stream.send("m");
                assertThat(stream.recv()).as(key).isEqualTo("alice");
            }
        }
    }

    @Test
    void aCertificateSaysWhoCalls(@TempDir Path directory) throws Exception {
        CertificateAuthority authority = new CertificateAuthority(directory, "authority");
        Issued chat = authority.issue(
                "chat",
                new CertificateBuilder()
                        .ecp256()
                        .addExtendedKeyUsageClientAuth()
                        .addSanUriName("spiffe://acme.example/ns/prod/sa/chat"));
        Issued other = authority.client("other");
        Issued own = authority.server("chat.example");
        Server server = server(builder -> builder.tls(ServerTls.builder()
                        .identity(own.chain(), own.key())
                        .acceptClientCertificates(authority.root())
                        .build())
                .authenticator(Authenticator.mutualTls()
                        .allowing((who, call) ->
                                who instanceof CertificatePrincipal owner && owner.isOfTrustDomain("acme.example"))
                        .or(TOKENS)));

        Client known = ends.connect(server, builder -> builder.tls(tls(authority, chat)));
        assertThat(say(known)).isEqualTo("spiffe://acme.example/ns/prod/sa/chat");
        assertThat(stream(known)).isEqualTo("spiffe://acme.example/ns/prod/sa/chat");
        Client refused = ends.connect(server, builder -> builder.tls(tls(authority, other)));
        isRefused(StatusCode.PERMISSION_DENIED, "EchoService.Say is not for other", () -> say(refused));
        isRefused(StatusCode.PERMISSION_DENIED, "EchoService.Bidi is not for other", () -> stream(refused));
        // A token of the stricter kind: over TLS it may travel.
        Client token = ends.connect(
                server,
                builder -> builder.tls(ClientTls.builder()
                                .trust(authority.root())
                                .serverName("chat.example")
                                .build())
                        .credentials(CallCredentials.bearer(() -> "alice-token")));
        assertThat(say(token)).isEqualTo("alice");
        assertThat(stream(token)).isEqualTo("alice");
    }

    private static ClientTls tls(CertificateAuthority authority, Issued identity) {
        return ClientTls.builder()
                .trust(authority.root())
                .serverName("chat.example")
                .identity(identity.chain(), identity.key())
                .build();
    }

    // ---- who is refused ----

    @Test
    void whoIsNotKnownIsRefused() {
        Server server = server(builder -> builder.authenticator(TOKENS));
        Client nobody = ends.connect(server);
        Client wrong = client(server, CallCredentials.bearer(() -> "made-up").overClearText());

        isRefused(StatusCode.UNAUTHENTICATED, "the caller of EchoService.Say is not known", () -> say(nobody));
        isRefused(StatusCode.UNAUTHENTICATED, "the caller of EchoService.Bidi is not known", () -> stream(nobody));
        isRefused(StatusCode.UNAUTHENTICATED, "the bearer token is not valid", () -> say(wrong));
        isRefused(StatusCode.UNAUTHENTICATED, "the bearer token is not valid", () -> stream(wrong));
        // The connection lives on: so does the next call.
        assertThat(nobody.call(EchoService.SAY, "m", CallOptions.NONE.withCredentials(ALICE)))
                .isEqualTo("alice");
    }

    @Test
    void aRefusedCallIsNeitherDecodedNorSeenByHooksAndMiddleware() {
        List<String> seen = new CopyOnWriteArrayList<>();
        Server server = server(builder -> builder.authenticator(TOKENS)
                .openedHook((call, ints, entries) -> seen.add("hook"))
                .middleware(next -> (call, request) -> {
                    seen.add("middleware");
                    return next.proceed(call, request);
                })
                .callListener(new CallListener() {
                    @Override
                    public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
                        seen.add("decoded");
                    }
                }));
        Client client = ends.connect(server);

        isRefused(StatusCode.UNAUTHENTICATED, "is not known", () -> say(client));
        isRefused(StatusCode.UNAUTHENTICATED, "is not known", () -> stream(client));
        assertThat(seen).isEmpty();
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE.withCredentials(ALICE)))
                .isEqualTo("alice");
        assertThat(seen).contains("decoded", "middleware");
    }

    @Test
    void aCheckIsForTheMethodsThatItWasRegisteredFor() {
        Server server = server(builder -> builder.authenticator(TOKENS)
                .forMethods(
                        method -> method.name().equals("Bidi"),
                        some -> some.authenticator(call ->
                                Authenticator.credentialsOf(call, "Bearer").startsWith("bob")
                                        ? call.principal()
                                        : null)));

        assertThat(say(client(server, ALICE))).isEqualTo("alice");
        isRefused(StatusCode.UNAUTHENTICATED, "Bidi is not known", () -> stream(client(server, ALICE)));
        assertThat(stream(
                        client(server, CallCredentials.bearer(() -> "bob-token").overClearText())))
                .isEqualTo("bob");
    }

    @Test
    void aCheckThatFailsItselfTellsTheLogAndNotTheCaller() throws Exception {
        Server server = server(builder -> builder.authenticator(call -> {
            throw new IllegalStateException("database at secret.host is down");
        }));
        Client client = ends.connect(server);

        try (LogLines log = new LogLines()) {
            for (Runnable call : List.<Runnable>of(() -> say(client), () -> stream(client))) {
                Throwable failure = catchThrowable(call::run);
                assertThat(failure)
                        .hasMessageContaining("could not be checked")
                        .message()
                        .doesNotContain("secret");
            }
            assertThat(log.await("database at secret.host is down")).isNotEmpty();
        }
    }

    // ---- what a client does not send ----

    @Test
    void credentialsDoNotTravelInClearTextUnlessTold() {
        AtomicInteger asked = new AtomicInteger();
        Client client = client(
                server(builder -> builder.authenticator(TOKENS)),
                CallCredentials.bearer(() -> "alice-token" + asked.incrementAndGet()));

        for (Runnable call : List.<Runnable>of(() -> say(client), () -> stream(client))) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(CredentialsException.class)
                    .hasMessageContaining("clear text")
                    .hasMessageNotContaining("alice");
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void credentialsThatCannotBeHadEndTheCall() {
        Client client = client(server(builder -> builder.authenticator(TOKENS)), new CallCredentials() {
            @Override
            public Metadata entriesFor(CredentialsRequest request) throws IOException {
                throw new IOException("no token for " + request.call().method() + " of "
                        + request.call().to() + " over " + request.call().transport());
            }

            @Override
            public boolean requiresTls() {
                return false;
            }
        });
        Transport expected = transport == TransportUnderTest.GRPC ? Transport.GRPC : Transport.TTHEADER;

        isRefused(StatusCode.UNAUTHENTICATED, "no token for Say of echo over " + expected, () -> say(client));
        isRefused(StatusCode.UNAUTHENTICATED, "no token for Bidi of echo over " + expected, () -> stream(client));
    }

    @Test
    void aCarrierWithoutRoomIsNotUsed() {
        Server server = server(builder -> builder.authenticator(TOKENS));
        for (PingPong carrier : List.of(PingPong.FRAMED, PingPong.BUFFERED)) {
            Client client =
                    ends.connect(server, builder -> builder.pingPong(carrier).credentials(ALICE));

            assertThatThrownBy(() -> say(client))
                    .isInstanceOf(CredentialsException.class)
                    .hasMessageContaining(carrier + ", which has no room");
            Client without = ends.connect(server, builder -> builder.pingPong(carrier));
            isRefused(
                    StatusCode.UNKNOWN,
                    "code = 16 desc = the caller of EchoService.Say is not known",
                    () -> say(without));
        }
    }

    @Test
    void theTimeThatCredentialsTakeIsTimeOfTheCall() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CallCredentials slow = CallCredentials.cachedBearer(() -> {
            never.await();
            return AccessToken.of("alice-token");
        });
        Client client = client(server(builder -> builder.authenticator(TOKENS)), slow.overClearText());
        CallOptions brief = CallOptions.NONE.withTimeout(Duration.ofMillis(200));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", brief))
                .isInstanceOf(RpcTimeoutException.class)
                .hasMessageContaining("no bearer token came for EchoService.Say");
        CompletableFuture<@Nullable String> patient = new CompletableFuture<>();
        Thread.startVirtualThread(() -> patient.complete(say(client)));
        never.countDown();
        assertThat(patient.get(20, TimeUnit.SECONDS)).isEqualTo("alice");
    }

    @Test
    void aTokenThatAServerRefusesIsFetchedAnew() {
        AtomicInteger fetched = new AtomicInteger();
        CallCredentials cached = CallCredentials.cachedBearer(
                () -> AccessToken.of(fetched.incrementAndGet() == 1 ? "revoked" : "alice-token"));
        Client client = client(server(builder -> builder.authenticator(TOKENS)), cached.overClearText());

        isRefused(StatusCode.UNAUTHENTICATED, "the bearer token is not valid", () -> say(client));
        assertThat(say(client)).isEqualTo("alice");
        assertThat(stream(client)).isEqualTo("alice");
        assertThat(fetched).hasValue(2);
    }

    @Test
    void credentialsEndAtTheServerThatTheyAreFor() {
        Server last = ends.serve(EchoService.with(
                stream -> {}, request -> String.valueOf(Authenticator.credentialsOf(CallContext.current(), "Bearer"))));
        Client toLast = ends.connect(last);
        Server first = ends.serve(
                EchoService.with(stream -> {}, request -> caller() + " then " + say(toLast)),
                builder -> builder.authenticator(TOKENS));

        assertThat(say(client(first, ALICE))).isEqualTo("alice then null");
    }
}
