package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.net.FrameCutter;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testkit.Mutations;
import io.streamx.ttheader.Frames;
import io.streamx.wire.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mutations of unary messages on every carrier: an answer or the end of the connection, and nothing else. */
@Timeout(7200)
class MutatedMessagesTest {
    private static final String SAY =
            "80010001" + "00000003" + "536179" + "00000007" + "0b0001" + "00000005" + "68656c6c6f" + "00";

    private static byte[] bytes(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static byte[] framed(String digits) {
        return bytes("%08x".formatted(digits.length() / 2) + digits);
    }

    private final Mutations mutations = new Mutations(List.of(
            framed(SAY),
            bytes(SAY),
            Frames.open(1, "EchoService", "Say"),
            Frames.exception("Say", 1, 6, "boom"),
            // A TTHeader with the method in its first entry, around a framed message.
            bytes("00000048" + "1000" + "0000" + "00000007" + "0004" + "00" + "00" + "10" + "0001" + "0009" + "0003"
                    + "536179" + "0000" + "00000020" + SAY),
            // Kitex Protobuf, framed.
            bytes("00000012" + "90010001" + "00000003" + "536179" + "00000007" + "0a0168")));

    @Test
    void areCutIntoMessagesOrRefused() {
        long count = mutations.run(bytes -> {
            FrameCutter cutter = new FrameCutter(new MessageFraming(Limits.DEFAULT, new Dropping()));
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            try {
                while (in.isReadable()) {
                    cutter.feed(in.readSlice(1 + mutations.next(in.readableBytes())));
                }
            } catch (RpcException refused) {
                // An answer that a decoder may give.
            }
        });
        assertThat(count).isPositive();
    }

    @Test
    void costAServerTheirConnectionAtMost() throws Exception {
        try (OpenEnds ends = new OpenEnds()) {
            Server server = ends.serve(EchoService.echo());
            Client client = ends.connect(server);
            long count = mutations.run(bytes -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout(30_000);
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                    long answered = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                    assertThat(answered).isLessThan(1 << 20);
                } catch (SocketTimeoutException held) {
                    throw held;
                } catch (IOException closed) {
                    // The server has closed the connection.
                }
            });
            assertThat(count).isPositive();
            assertThat(client.call(EchoService.SAY, "fine", CallOptions.NONE)).isEqualTo("fine");
        }
    }

    private static final class Dropping implements MessageFraming.Receiver {
        @Override
        public void onMessage(ReceivedMessage message) {
            message.header();
        }

        @Override
        public void onOversized(ReceivedMessage head, long messageBytes) {}

        @Override
        public boolean isPaused() {
            return false;
        }
    }
}
