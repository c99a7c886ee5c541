package io.streamx.grpc.connection;

import static io.grpc.CallOptions.DEFAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.OpenSsl;
import io.streamx.CallContext;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.auth.Authenticator;
import io.streamx.auth.CallCredentials;
import io.streamx.auth.NamedPrincipal;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import io.streamx.testkit.LogLines;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import io.streamx.tls.TlsEngine;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** gRPC over TLS, which is agreed on by ALPN: among ourselves and with grpc-java. */
@ParameterizedClass
@EnumSource(TlsEngine.class)
@Timeout(60)
class GrpcTlsTest {
    /** A service whose messages are text as it is, which grpc-java takes for Protobuf. */
    private static final MethodDescriptor<String, String> REPEAT = MethodDescriptor.streaming(
                    "Text", "Repeat", StreamingMode.SERVER, new TextCodec(), new TextCodec())
            .withFormat(PayloadFormat.PROTOBUF);

    private static final io.grpc.MethodDescriptor<String, String> JAVA_REPEAT =
            io.grpc.MethodDescriptor.<String, String>newBuilder()
                    .setType(MethodType.SERVER_STREAMING)
                    .setFullMethodName("Text/Repeat")
                    .setRequestMarshaller(new TextMarshaller())
                    .setResponseMarshaller(new TextMarshaller())
                    .build();

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    @Parameter
    TlsEngine engine;

    @TempDir
    Path directory;

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));
    private LogLines log;
    private CertificateAuthority authority;
    private Issued localhost;
    private Issued alice;

    @BeforeEach
    void issue() throws Exception {
        assumeTrue(engine == TlsEngine.JDK || OpenSsl.isAvailable(), "no library of OpenSSL for this machine");
        authority = new CertificateAuthority(directory, "authority");
        localhost = authority.server("127.0.0.1");
        alice = authority.client("alice");
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
        return ServerTls.builder().engine(engine).identity(localhost.chain(), localhost.key());
    }

    private ClientTls.Builder clientTls() {
        return ClientTls.builder().engine(engine).trust(authority.root());
    }

    private Client connect(int port, ClientTls.Builder tls) {
        return connect(port, tls, client -> {});
    }

    private Client connect(int port, ClientTls.Builder tls, Consumer<Client.Builder> more) {
        return ends.connect(port, client -> {
            client.connectTimeout(Duration.ofSeconds(20)).connectionWait(Duration.ofSeconds(20));
            more.accept(client.tls(tls.build()));
        });
    }

    /** Says each request twice, after the name of the client. */
    private static ServiceDefinition text() {
        return ServiceDefinition.builder(new ServiceDescriptor("Text", "", PayloadFormat.PROTOBUF, List.of(REPEAT)))
                .serverStreaming(REPEAT, (request, stream) -> {
                    CallContext.current()
                            .peerCertificates()
                            .forEach(certificate -> stream.send(
                                    certificate.getSubjectX500Principal().getName()));
                    stream.send(request);
                    stream.send(request);
                })
                .build();
    }

    private Server serveClientsWithCertificates() {
        ServerTls tls = serverTls().requireClientCertificates(authority.root()).build();
        return ends.serve(text(), builder -> builder.tls(tls));
    }

    @Test
    void streamsAndUnaryCallsGoOverTls() {
        Server server = ends.serve(
                EchoService.echo(), builder -> builder.tls(serverTls().build()));
        Client client = connect(server.port(), clientTls());

        assertThat(client.<String, String>call(EchoService.SAY, "hello", CallOptions.NONE))
                .isEqualTo("hello");
        String large = "x".repeat(1_000_000);
        try (var stream = EchoService.bidi(client)) {
            for (int i = 0; i < 10; i++) {
                stream.send(i + large);
                assertThat(stream.recv()).isEqualTo(i + large);
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void handlersSeeTheCertificatesOfTheirClient() {
        Server server = serveClientsWithCertificates();
        Client client = connect(server.port(), clientTls().identity(alice.chain(), alice.key()));

        assertThat(repeated(client)).containsExactly("CN=alice", "hi", "hi");
    }

    private static List<String> repeated(Client client) {
        try (var stream = client.serverStreaming(REPEAT, "hi", CallOptions.NONE)) {
            List<String> replies = new ArrayList<>();
            stream.forEach(replies::add);
            return replies;
        }
    }

    @Test
    void clientWithoutCertificateIsToldWhereOneIsRequired() throws Exception {
        Server server = serveClientsWithCertificates();
        Client client = connect(server.port(), clientTls());

        Throwable failure = catchThrowable(() -> repeated(client));

        assertThat(failure).isInstanceOf(StatusException.class).hasMessageContaining("; we showed none");
        assertThat(((StatusException) failure).code()).isEqualTo(StatusCode.UNAVAILABLE);
        log.await("refused: the client showed no certificate");
    }

    @Test
    void serverThatDoesNotAgreeToHttp2IsRefused() throws Exception {
        ServerTls withoutAlpn = ServerTls.builder()
                .context(io.netty.handler.ssl.SslContextBuilder.forServer(
                                localhost.chain().toFile(), localhost.key().toFile())
                        .build())
                .build();
        Server server = ends.serve(EchoService.echo(), builder -> builder.tls(withoutAlpn));

        assertThatThrownBy(() -> EchoService.bidi(connect(server.port(), clientTls())))
                .hasMessageContaining("cannot connect to echo at 127.0.0.1:" + server.port())
                .hasMessageContaining("the server agreed to no protocol by ALPN (expected: 'h2')");
    }

    @Test
    void whoAgreesToHttp2AndSpeaksSomethingElseIsRefused() throws Exception {
        Server server = ends.serve(
                EchoService.echo(), builder -> builder.tls(serverTls().build()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {authority.bundle().toTrustManager()}, null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(log.await("first bytes 474554202f204854 after ALPN 'h2'"))
                .contains("(expected: the preface of HTTP/2)");
    }

    // ---- grpc-java ----

    @Test
    void grpcJavaCallsOurServer() throws Exception {
        Server server = ends.serve(text(), builder -> builder.tls(serverTls().build()));

        assertThat(repeatedByJava(server.port(), GrpcSslContexts.forClient(), DEFAULT))
                .containsExactly("hi", "hi");
    }

    @Test
    void grpcJavaShowsItsCertificateToOurServer() throws Exception {
        Server server = serveClientsWithCertificates();

        assertThat(repeatedByJava(
                        server.port(),
                        GrpcSslContexts.forClient()
                                .keyManager(alice.chain().toFile(), alice.key().toFile()),
                        DEFAULT))
                .containsExactly("CN=alice", "hi", "hi");
        assertThatThrownBy(() -> repeatedByJava(server.port(), GrpcSslContexts.forClient(), DEFAULT))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    }

    @Test
    void grpcJavaGivesItsCredentialsToOurServer() throws Exception {
        Server server = ends.serve(
                text(),
                builder -> builder.tls(serverTls().build())
                        .authenticator(Authenticator.bearer(
                                (token, call) -> token.equals("s3cret") ? new NamedPrincipal("alice") : null)));

        assertThat(repeatedByJava(server.port(), GrpcSslContexts.forClient(), withToken("s3cret")))
                .containsExactly("hi", "hi");
        for (io.grpc.CallOptions unknown : List.of(withToken("guessed"), DEFAULT)) {
            assertThatThrownBy(() -> repeatedByJava(server.port(), GrpcSslContexts.forClient(), unknown))
                    .hasMessageStartingWith("UNAUTHENTICATED");
        }
    }

    private static io.grpc.CallOptions withToken(String token) {
        return DEFAULT.withCallCredentials(new io.grpc.CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
                Metadata entries = new Metadata();
                entries.put(AUTHORIZATION, "Bearer " + token);
                applier.apply(entries);
            }
        });
    }

    private List<String> repeatedByJava(int port, SslContextBuilder tls, io.grpc.CallOptions options) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(tls.trustManager(authority.root().toFile()).build())
                .build();
        try {
            List<String> replies = new ArrayList<>();
            ClientCalls.blockingServerStreamingCall(channel, JAVA_REPEAT, options, "hi")
                    .forEachRemaining(replies::add);
            return replies;
        } finally {
            channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
        }
    }

    private static ServerServiceDefinition javaText() {
        return ServerServiceDefinition.builder("Text")
                .addMethod(JAVA_REPEAT, ServerCalls.asyncServerStreamingCall((request, replies) -> {
                    replies.onNext(request);
                    replies.onCompleted();
                }))
                .build();
    }

    @Test
    void ourClientCallsGrpcJava() throws Exception {
        io.grpc.Server server = NettyServerBuilder.forPort(0)
                .sslContext(GrpcSslContexts.forServer(
                                localhost.chain().toFile(), localhost.key().toFile())
                        .clientAuth(ClientAuth.REQUIRE)
                        .trustManager(authority.root().toFile())
                        .build())
                .addService(javaText())
                .build()
                .start();
        try {
            assertThat(repeated(connect(server.getPort(), clientTls().identity(alice.chain(), alice.key()))))
                    .containsExactly("hi");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    @Test
    void grpcJavaSeesTheCredentialsOfOurClient() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        File key = localhost.key().toFile();
        io.grpc.Server server = NettyServerBuilder.forPort(0)
                .useTransportSecurity(localhost.chain().toFile(), key)
                .addService(javaText())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata entries, ServerCallHandler<Q, A> next) {
                        entries.getAll(AUTHORIZATION).forEach(seen::add);
                        return next.startCall(call, entries);
                    }
                })
                .build()
                .start();
        try {
            Client client = connect(
                    server.getPort(), clientTls(), more -> more.credentials(CallCredentials.bearer(() -> "s3cret")));

            assertThat(repeated(client)).containsExactly("hi");
            assertThat(seen).containsExactly("Bearer s3cret");
        } finally {
            server.shutdownNow().awaitTermination();
        }
    }

    private static final class TextCodec implements MessageCodec<String> {
        @Override
        public void encode(String message, ByteBuf out) {
            out.writeCharSequence(message, StandardCharsets.UTF_8);
        }

        @Override
        public String decode(ByteBuf in) {
            return in.toString(StandardCharsets.UTF_8);
        }
    }

    private static final class TextMarshaller implements Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
