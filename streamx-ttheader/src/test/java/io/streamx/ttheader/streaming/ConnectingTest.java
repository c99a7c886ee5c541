package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    @Test
    void addressThatDoesNotAnswerFailsWithinTheConnectTimeout() throws IOException {
        List<Socket> filling = new ArrayList<>();
        // Nobody accepts, and the backlog is full: the kernel drops what comes then.
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                filling.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (IOException backlogIsFull) {
                    break;
                }
            }
            try (Client client = Client.builder("a.b.c")
                    .address("127.0.0.1:" + full.getLocalPort())
                    .connectTimeout(Duration.ofMillis(300))
                    .build()) {
                assertThatThrownBy(() -> EchoService.bidi(client))
                        .isInstanceOf(RpcTimeoutException.class)
                        .hasMessage("cannot connect to a.b.c at 127.0.0.1:" + full.getLocalPort()
                                + ": no connection within the connect timeout of 300 ms");
            }
        } finally {
            for (Socket socket : filling) {
                socket.close();
            }
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
