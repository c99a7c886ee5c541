package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
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

/** Addresses that are wrong in every way there is: a clear error in good time, and nothing left behind. */
class ConnectingTest extends OnEveryTransport {
    private Client.Builder client() {
        return Client.builder("a.b.c").with(transport::choose);
    }

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

    @Test
    void refusedConnectionNamesTheAddressAndFailsEveryCallAnew() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (Client client = client().address("127.0.0.1:" + port).build()) {
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
        try (Client client = client().address("no-such-host.invalid:80")
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
                Client client = client().address(silent.address())
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
                Client client = client().address(silent.address())
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
                Client client = client().address(silent.address())
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

            assertThat(failures.get(0).get(20, TimeUnit.SECONDS)).satisfies(errors().canceled("user left"));
            assertThat(failures.get(1).get(20, TimeUnit.SECONDS))
                    .hasMessage("EchoService.Say was not called: the enclosing call is cancelled: user left");
        }
    }

    @Test
    void peerThatClosesAtOnceFailsTheStream() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Client client = client().address("127.0.0.1:" + socket.getLocalPort())
                        .connections(1)
                        .build()) {
            Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        socket.accept().close();
                    }
                } catch (IOException testIsOver) {
                    // the socket is closed
                }
            });
            assertThatThrownBy(() -> {
                        try (var stream = EchoService.bidi(client)) {
                            stream.recv();
                        }
                    })
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("connection");
        }
    }
}
