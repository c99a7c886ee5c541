package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that begins an answer and does not go on costs its caller no more than some seconds, without any timeout set. */
@Timeout(60)
class BegunRepliesTest {
    private static final String EMPTY_SETTINGS = "000000040000000000";

    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    /** A client of a server that answers whatever comes first with those bytes, and then is silent. */
    private Client connect(String digits, Consumer<Client.Builder> more) throws IOException {
        ServerSocket listener = ends.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Thread.startVirtualThread(() -> {
            try (Socket socket = listener.accept()) {
                int first = socket.getInputStream().read();
                socket.getOutputStream().write(HexFormat.of().parseHex(digits));
                while (first >= 0) {
                    first = socket.getInputStream().read();
                }
            } catch (SocketException closed) {
                // The client has given the connection up.
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        return ends.connect(listener.getLocalPort(), more);
    }

    @Test
    void ofAUnaryCall() throws Exception {
        Client client = connect("000003e880010001", builder -> builder.pingPong(PingPong.FRAMED));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("not the rest of it within 5000 ms");
    }

    @Test
    void ofAMultiplexedUnaryCall() throws Exception {
        Client client = connect(
                "000003e81000000200000001",
                builder -> builder.pingPong(PingPong.TTHEADER).multiplexCalls(true));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("not the rest of it within 5000 ms");
    }

    @Test
    void ofAStreamOnTTHeader() throws Exception {
        Client client = connect("000003e81000000200000001", builder -> builder.transport(Transport.TTHEADER));

        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThatThrownBy(stream::recv)
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("not whole after 5000 ms");
        }
    }

    @Test
    void ofAStreamOnGrpc() throws Exception {
        // The head of a frame of 1,000 bytes, and ten of those.
        Client client = connect(
                EMPTY_SETTINGS + "0003e8010000000001" + "00".repeat(10), builder -> builder.transport(Transport.GRPC));

        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThatThrownBy(stream::recv)
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("not whole after 5000 ms");
        }
    }
}
