package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testkit.Mutations;
import io.streamx.wire.InboundMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mutations of HTTP/2 frames behind a correct preface, and of the messages within them. */
@Timeout(7200)
class MutatedFramesTest {
    private static final int MAX_MESSAGE_BYTES = 100_000;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int TIMEOUT_MILLIS = 60_000;

    private static byte[] conversation() throws Http2Exception {
        Http2Headers request = new DefaultHttp2Headers(false);
        Http2Peer.request("Bidi").forEach(request::add);
        ByteBuf encoded = Unpooled.buffer();
        new DefaultHttp2HeadersEncoder().encodeHeaders(1, request, encoded);
        byte[] block = ByteBufUtil.getBytes(encoded);
        return Http2Peer.join(
                Http2Peer.bytes(Frame.SETTINGS, 0, 0),
                Http2Peer.bytes(Frame.HEADERS, Frame.END_HEADERS, 1, block),
                Http2Peer.bytes(Frame.DATA, 0, 1, Http2Peer.message("hello")),
                Http2Peer.bytes(Frame.WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 1, 0}),
                Http2Peer.bytes(Frame.PING, 0, 0, new byte[8]),
                Http2Peer.bytes(Frame.DATA, Frame.END_STREAM, 1, Http2Peer.message("again")));
    }

    @Test
    void framesCostAServerTheirConnectionAtMost() throws Exception {
        Mutations mutations = new Mutations(List.of(
                conversation(),
                Http2Peer.join(conversation(), Http2Peer.bytes(Frame.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8})),
                Http2Peer.join(conversation(), Http2Peer.bytes(Frame.GOAWAY, 0, 0, new byte[8]))));
        try (OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC))) {
            Server server = ends.serve(EchoService.echo());
            Client client = ends.connect(server);
            long count = mutations.run(bytes -> {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    socket.setSoTimeout(TIMEOUT_MILLIS);
                    socket.getOutputStream().write(PREFACE);
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().transferTo(OutputStream.nullOutputStream()))
                            .isLessThan(1 << 20);
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

    @Test
    void messagesAreCutOrDropped() {
        Mutations mutations = new Mutations(
                List.of(Http2Peer.message("hello"), Http2Peer.message(""), Http2Peer.message("x".repeat(3000))));
        long count = mutations.run(bytes -> {
            MessageCutter cutter = new MessageCutter(MAX_MESSAGE_BYTES, new Dropping());
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            while (in.isReadable()) {
                cutter.feed(in.readSlice(1 + mutations.next(in.readableBytes())));
            }
            assertThat(cutter.heldBytes()).isLessThanOrEqualTo(MAX_MESSAGE_BYTES);
            cutter.abandon();
        });
        assertThat(count).isPositive();
    }

    private static final class Dropping implements MessageCutter.Receiver {
        @Override
        public void onMessage(ByteBuf in, int index, int length, boolean compressed) {}

        @Override
        public void onMessage(InboundMessage message, boolean compressed) {
            message.release();
        }

        @Override
        public void onOversizedMessage(long bytes) {}
    }
}
