package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that are wrong in every way there is: a clear error in good time, and nothing left behind. */
@Timeout(60)
class ConnectingTest {
    @AfterEach
    void nothingIsLeftBehind() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("streamx-io")) {
                // The loop has ended when close returns; its thread needs a moment to follow.
                assertThat(thread.join(Duration.ofSeconds(10)))
                        .as("%s has ended", thread)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:",
                ":80",
                "localhost:http",
                "localhost:0",
                "localhost:65536",
                "::1:80",
                "localhost:-1",
                " :80"
            })
    void malformedAddressIsRefusedWhereItIsSet(String address) {
        assertThatThrownBy(() -> Client.builder("a").address(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + address + "'")
                .hasMessageContaining("expected: host:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8888", "127.0.0.1:1", "[::1]:65535", "a.b.c:80"})
    void wellFormedAddressIsAccepted(String address) {
        Client.builder("a").address(address).build().close();
    }

    @Test
    void missingAddressIsRefusedWhenTheClientIsBuilt() {
        assertThatThrownBy(() -> Client.builder("a.b.c").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no address was set for a.b.c");
    }

    @Test
    void refusedConnectionNamesTheAddressAndFailsEveryCallAnew() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (Client client =
                Client.builder("a.b.c").address("127.0.0.1:" + port).build()) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> EchoService.bidi(client))
                        .isInstanceOf(RpcException.class)
                        .hasMessageStartingWith("cannot connect to a.b.c at 127.0.0.1:" + port + ": ")
                        .hasMessageContaining("refused");
            }
        }
    }

    @Test
    void unknownHostNamesIt() {
        try (Client client = Client.builder("a.b.c")
                .address("no-such-host.invalid:80")
                .connectTimeout(Duration.ofSeconds(20))
                .connectionWait(Duration.ofSeconds(20))
                .build()) {
            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("host 'no-such-host.invalid' of address no-such-host.invalid:80 is unknown");
        }
    }

    /** A port that is listened on and takes no connection. */
    private static final class FullBacklog implements AutoCloseable {
        private final List<Socket> filling = new ArrayList<>();
        private final ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        /** Nobody accepts, and the backlog is full: the kernel drops what comes then. */
        FullBacklog() throws IOException {
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                filling.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (IOException backlogIsFull) {
                    break;
                }
            }
        }

        String address() {
            return "127.0.0.1:" + full.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            full.close();
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    @Test
    void addressThatDoesNotAnswerFailsWithinTheConnectTimeout() throws IOException {
        try (FullBacklog silent = new FullBacklog();
                Client client = Client.builder("a.b.c")
                        .address(silent.address())
                        .connectTimeout(Duration.ofMillis(300))
                        .build()) {
            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessageStartingWith("cannot connect to a.b.c at " + silent.address()
                            + ": no connection within the connect timeout of 300 ms, set by the client; passed ");
        }
    }

    @Test
    void waitForAConnectionCountsAsTimeOfTheCall() throws IOException {
        try (FullBacklog silent = new FullBacklog();
                Client client = Client.builder("a.b.c")
                        .address(silent.address())
                        .connectTimeout(Duration.ofSeconds(50))
                        .connectionWait(Duration.ofSeconds(50))
                        .timeout(Duration.ofMillis(80))
                        .build()) {
            String message = "no connection to a.b.c within the timeout of 80 ms, set by the client";
            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessage(message);
            assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessage(message);
        }
    }

    @Test
    void cancelReachesACallThatWaitsForItsConnection() throws Exception {
        try (FullBacklog silent = new FullBacklog();
                CancellableContext context = CallContext.current().cancellable();
                Client client = Client.builder("a.b.c")
                        .address(silent.address())
                        .connectTimeout(Duration.ofSeconds(50))
                        .connectionWait(Duration.ofSeconds(50))
                        .build()) {
            List<Callable<Object>> calls =
                    List.of(() -> EchoService.bidi(client), () -> client.call(EchoService.SAY, "m", CallOptions.NONE));
            List<CompletableFuture<Throwable>> failures = new ArrayList<>();
            for (Callable<Object> call : calls) {
                CompletableFuture<Throwable> failure = new CompletableFuture<>();
                failures.add(failure);
                Thread thread =
                        Thread.ofPlatform().start(context.wrap(() -> failure.complete(catchThrowable(call::call))));
                while (thread.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
            }
            context.cancel("user left");

            assertThat(failures.get(0).get(20, TimeUnit.SECONDS))
                    .hasMessage("[ttstream error, code=12007] [client-side stream] user left");
            assertThat(failures.get(1).get(20, TimeUnit.SECONDS))
                    .hasMessage("EchoService.Say was not called: the enclosing call is cancelled: user left");
        }
    }

    @Test
    void portInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> Server.builder()
                            .port(taken.getLocalPort())
                            .service(EchoService.echo())
                            .start())
                    .isInstanceOf(RpcException.class)
                    .hasMessageStartingWith("cannot listen on port " + taken.getLocalPort() + ": ")
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void serverWithoutPortServiceOrWithOneTwiceIsRefused() {
        assertThatThrownBy(() -> Server.builder().service(EchoService.echo()).start())
                .hasMessageContaining("no port was set");
        assertThatThrownBy(() -> Server.builder().port(0).start()).hasMessageContaining("no service was added");
        assertThatThrownBy(() -> Server.builder()
                        .port(0)
                        .service(EchoService.echo())
                        .service(EchoService.echo())
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("service: EchoService was given twice");
        assertThatThrownBy(() -> Server.builder().port(70_000)).hasMessageContaining("70000 (expected: 0 to 65535");
    }

    @Test
    void peerThatClosesAtOnceFailsTheStream() {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                server.accept().hangUp();
                assertThatThrownBy(stream::recv).hasMessageContaining("connection closed by peer");
            }
        }
    }
}
