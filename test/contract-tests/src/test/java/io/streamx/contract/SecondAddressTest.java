package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.tls.ClientTls;
import io.streamx.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names with several IP addresses, of which one does not answer. The name {@code two.example.test} is in the hosts file that
 * the JVM of these tests looks names up in, with 127.0.0.2 and 127.0.0.3.
 */
@Timeout(60)
@EnabledIfSystemProperty(
        named = "jdk.net.hosts.file",
        matches = ".+",
        disabledReason = "the execution names-with-two-addresses of this module's POM runs these tests")
class SecondAddressTest extends OnEveryTransport {
    private static final String NAME = "two.example.test";
    private static final InetAddress FIRST = address("127.0.0.2");
    private static final InetAddress SECOND = address("127.0.0.3");

    @TempDir
    Path directory;

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Takes no connection: nobody accepts, and the backlog is full, so that the kernel drops what comes. */
    private record Silent(ServerSocket full, List<Socket> filling) implements AutoCloseable {
        static Silent on(InetAddress address, int port) throws IOException {
            ServerSocket full = new ServerSocket(port, 1, address);
            List<Socket> filling = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket();
                filling.add(socket);
                try {
                    socket.connect(full.getLocalSocketAddress(), 200);
                } catch (IOException backlogIsFull) {
                    break;
                }
            }
            return new Silent(full, filling);
        }

        int port() {
            return full.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            full.close();
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    private Client.Builder client(int port) {
        return Client.builder("EchoService")
                .with(transport::choose)
                .address(NAME + ":" + port)
                .connectTimeout(Duration.ofSeconds(20))
                .connectionWait(Duration.ofSeconds(20));
    }

    private static Server serve(InetAddress address, int port, Server.Builder builder) throws Exception {
        return builder.bindAddress(address)
                .port(port)
                .service(EchoService.echo())
                .start();
    }

    private static void assertWorks(Client client) {
        try (var stream = EchoService.bidi(client)) {
            stream.send("hello");
            assertThat(stream.recv()).isEqualTo("hello");
        }
        assertThat(client.<String, String>call(EchoService.SAY, "hi", CallOptions.NONE))
                .isEqualTo("hi");
    }

    @Test
    void theNameHasBothAddresses() throws Exception {
        assertThat(InetAddress.getAllByName(NAME))
                .as("addresses of %s, from the hosts file that the build sets for these tests", NAME)
                .containsExactlyInAnyOrder(FIRST, SECOND);
    }

    @Test
    void whereOneAddressDoesNotAnswerTheOtherOneDoes() throws Exception {
        for (InetAddress silentOne : List.of(FIRST, SECOND)) {
            try (Silent silent = Silent.on(silentOne, 0);
                    Server server = serve(silentOne.equals(FIRST) ? SECOND : FIRST, silent.port(), Server.builder());
                    // More connections than addresses: some begin with the silent one.
                    Client client = client(silent.port()).connections(3).build()) {
                client.warmUp();
                assertWorks(client);
            }
        }
    }

    @Test
    void whereOneAddressHangsInTheHandshakeTheOtherOneDoesNot() throws Exception {
        CertificateAuthority authority = new CertificateAuthority(directory, "authority");
        CertificateAuthority.Issued issued = authority.server(NAME);
        // Connects, and says nothing ever.
        try (ServerSocket mute = new ServerSocket(0, 50, FIRST);
                Server server = serve(
                        SECOND, mute.getLocalPort(), Server.builder().tls(ServerTls.of(issued.chain(), issued.key())));
                Client client = client(mute.getLocalPort())
                        .connections(2)
                        .tls(ClientTls.trusting(authority.root()))
                        .build()) {
            client.warmUp();
            assertWorks(client);
        }
    }

    @Test
    void whereOneAddressRefusesTheOtherOneIsUsedAtOnce() throws Exception {
        try (Server server = serve(SECOND, 0, Server.builder());
                Client client = client(server.port()).connections(2).build()) {
            client.warmUp();
            assertWorks(client);
        }
    }

    @Test
    void connectionsAreSpreadOverTheAddresses() throws Exception {
        Set<InetAddress> used = new HashSet<>();
        try (Server first = serve(FIRST, 0, Server.builder());
                Server second = serve(SECOND, first.port(), Server.builder());
                Client client = client(first.port()).connections(2).build()) {
            client.warmUp();
            for (int i = 0; i < 4; i++) {
                try (var stream = EchoService.bidi(client)) {
                    stream.send("hello");
                    assertThat(stream.recv()).isEqualTo("hello");
                    used.add(((InetSocketAddress) stream.call().remoteAddress()).getAddress());
                }
            }
        }
        assertThat(used).containsExactlyInAnyOrder(FIRST, SECOND);
    }
}
