package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.streamx.InProcessAddress;
import java.net.BindException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection within the process is to its handlers what a socket is. */
@Timeout(60)
class InProcessChannelTest {
    private static final InProcessAddress ADDRESS = InProcessAddress.of("channel-test");

    private final EventLoops loops = EventLoops.acquire();
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> atServer = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> atClient = new LinkedBlockingQueue<>();
    private @Nullable Channel listener;

    /** Notes what comes, and the end as "END". */
    private static final class Notes extends SimpleChannelInboundHandler<ByteBuf> {
        private final BlockingQueue<String> notes;

        Notes(BlockingQueue<String> notes) {
            this.notes = notes;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
            notes.add(bytes.toString(StandardCharsets.US_ASCII));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            notes.add("END");
        }
    }

    @BeforeEach
    void listen() {
        ChannelFuture bound = Sockets.listeningInProcess(loops.group())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Notes(atServer));
                        accepted.add(channel);
                    }
                })
                .bind(ADDRESS);
        Sockets.await(bound);
        listener = bound.channel();
    }

    @AfterEach
    void close() {
        if (listener != null) {
            Sockets.await(listener.close());
        }
        loops.close();
    }

    private ChannelFuture connecting() {
        return Sockets.outgoingInProcess(loops.group())
                .handler(new Notes(atClient))
                .connect(ADDRESS)
                .awaitUninterruptibly();
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static String next(BlockingQueue<String> notes) throws InterruptedException {
        String next = notes.poll(20, TimeUnit.SECONDS);
        return next == null ? "nothing came" : next;
    }

    private Channel accepted() throws InterruptedException {
        Channel channel = accepted.poll(20, TimeUnit.SECONDS);
        if (channel == null) {
            throw new AssertionError("no connection was accepted");
        }
        return channel;
    }

    @Test
    void bytesGoBothWaysAndEachEndKnowsTheAddressOfTheOther() throws Exception {
        Channel client = connecting().channel();
        Channel server = accepted();
        client.writeAndFlush(bytes("to server"));
        assertThat(next(atServer)).isEqualTo("to server");
        server.writeAndFlush(bytes("to client"));
        assertThat(next(atClient)).isEqualTo("to client");
        assertThat(client.remoteAddress()).isEqualTo(ADDRESS).isEqualTo(server.localAddress());
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        assertThat(client.localAddress().toString()).matches("in-process:channel-test#[1-9][0-9]*");
        client.close();
        assertThat(next(atServer)).isEqualTo("END");
    }

    @Test
    void aWriterWaitsForAReaderThatDoesNotReadAndGoesOnWhenItDoes() throws Exception {
        Channel client = connecting().channel();
        Channel server = accepted();
        server.eventLoop().submit(() -> server.config().setAutoRead(false)).get(20, TimeUnit.SECONDS);
        String piece = "x".repeat(InProcessPipe.CAPACITY_BYTES);
        // What the reader had asked for before it stopped may still come.
        ChannelFuture fits = client.writeAndFlush(bytes(piece));
        assertThat(fits.await(20, TimeUnit.SECONDS)).isTrue();
        ChannelFuture second = client.writeAndFlush(bytes(piece));
        ChannelFuture third = client.writeAndFlush(bytes(piece));
        client.eventLoop().submit(() -> {}).get(20, TimeUnit.SECONDS);
        assertThat(third.isDone()).isFalse();
        assertThat(client.isWritable()).isFalse();

        server.eventLoop().submit(() -> server.config().setAutoRead(true)).get(20, TimeUnit.SECONDS);
        assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
        int received = 0;
        while (received < 3 * piece.length()) {
            received += next(atServer).length();
        }
        assertThat(received).isEqualTo(3 * piece.length());
        Sockets.await(client.close());
    }

    @Test
    void whatWasWrittenIsReadBeforeTheEnd() throws Exception {
        Channel client = connecting().channel();
        Channel server = accepted();
        server.eventLoop().submit(() -> server.config().setAutoRead(false)).get(20, TimeUnit.SECONDS);
        client.writeAndFlush(bytes("last words")).await();
        Sockets.await(client.close());
        assertThat(PeerEnd.hasCome(server)).isTrue();
        server.config().setAutoRead(true);
        assertThat(next(atServer)).isEqualTo("last words");
        assertThat(next(atServer)).isEqualTo("END");
    }

    @Test
    void aSideThatHasEndedItsHalfStillReads() throws Exception {
        Channel client = connecting().channel();
        Channel server = accepted();
        // Not read to the end, which closes a connection: as with sockets, nobody here asks for half-closed ones.
        server.eventLoop().submit(() -> server.config().setAutoRead(false)).get(20, TimeUnit.SECONDS);
        assertThat(PeerEnd.hasCome(server)).isFalse();
        ((DuplexChannel) client).shutdownOutput().await(20, TimeUnit.SECONDS);
        assertThat(((DuplexChannel) client).isOutputShutdown()).isTrue();
        assertThat(PeerEnd.hasCome(server)).isTrue();
        server.writeAndFlush(bytes("the answer"));
        assertThat(next(atClient)).isEqualTo("the answer");
        Sockets.await(client.close());
    }

    @Test
    void aWriteToAPeerThatHasGoneFails() throws Exception {
        Channel client = connecting().channel();
        Channel server = accepted();
        client.eventLoop().submit(() -> client.config().setAutoRead(false)).get(20, TimeUnit.SECONDS);
        Sockets.await(server.close());
        ChannelFuture write = client.writeAndFlush(bytes("too late")).awaitUninterruptibly();
        assertThat(write.cause()).hasMessageContaining("the peer has closed the connection");
        assertThat(client.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nobodyIsConnectedToANameWithoutAServer() {
        Sockets.await(listener.close());
        assertThat(connecting().cause())
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("no server of this process listens on in-process:channel-test");
    }

    @Test
    void oneServerHasAName() {
        ChannelFuture second = Sockets.listeningInProcess(loops.group())
                .childHandler(new Notes(atServer))
                .bind(ADDRESS)
                .awaitUninterruptibly();
        assertThat(second.cause()).isInstanceOf(BindException.class);
        // The first goes on.
        assertThat(connecting().isSuccess()).isTrue();
    }

    @Test
    void aConnectionThatWasMadeIsAcceptedThoughTheListenerCloses() throws Exception {
        Channel client = connecting().channel();
        AcceptedBacklog.close(listener, loops.group());
        Channel server = accepted();
        client.writeAndFlush(bytes("served"));
        assertThat(next(atServer)).isEqualTo("served");
        Sockets.await(server.close());
        assertThat(next(atClient)).isEqualTo("END");
    }

    @Test
    void namesAreChecked() {
        assertThatThrownBy(() -> InProcessAddress.of("1"))
                .hasMessage(
                        "name within the process: '1' (expected: a letter, and then letters, digits, dots, dashes and"
                                + " underscores)");
    }
}
