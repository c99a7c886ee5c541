package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.streamx.PingPong;
import io.streamx.server.Server;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.unary.Echo.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HostilePeersTest {
    /** Long enough for an honest message on a busy machine. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    private static Server serve(Echo.Handler handler) {
        return Server.builder()
                .port(0)
                .readTimeout(READ_TIMEOUT)
                .service(Echo.bind(handler))
                .start();
    }

    @Test
    void aThousandConnectionsThatStopAfterSevenBytesHoldUpNobodyAndAreClosed() throws IOException {
        byte[] request = RawPeer.say("hello", 1);
        List<RawPeer> stuck = new ArrayList<>();
        try (Server server = serve(new ObedientHandler())) {
            for (int i = 0; i < 1_000; i++) {
                RawPeer peer = RawPeer.connect(server.port());
                stuck.add(peer);
                if (i % 2 == 0) {
                    // Some are known for what they are before they stop.
                    assertThat(peer.send(request).receive().said()).isEqualTo("hello");
                }
                peer.send(request, 0, 7);
            }

            try (RawPeer other = RawPeer.connect(server.port())) {
                assertThat(other.send(request).receive().said()).isEqualTo("hello");
            }
            for (RawPeer peer : stuck) {
                assertThat(peer.isEnded()).isTrue();
            }
        } finally {
            for (RawPeer peer : stuck) {
                peer.close();
            }
        }
    }

    @Test
    void peersThatDripAreCutOffWhileOthersAreAnswered() throws Exception {
        try (Server server = serve(new ObedientHandler());
                RawPeer framed = RawPeer.connect(server.port());
                RawPeer buffered = RawPeer.connect(server.port());
                RawPeer other = RawPeer.connect(server.port());
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            for (RawPeer slow : List.of(framed, buffered)) {
                PingPong carrier = slow == framed ? PingPong.FRAMED : PingPong.BUFFERED;
                byte[] request = RawPeer.request(carrier, 0, Map.of(), Map.of(), "Say", "x".repeat(1000), 1);
                AtomicInteger sent = new AtomicInteger(10);
                slow.send(request, 0, 10);
                clock.scheduleAtFixedRate(() -> drip(slow, request, sent), 0, 100, TimeUnit.MILLISECONDS);
            }

            assertThat(other.send(RawPeer.say("hello", 1)).receive().said()).isEqualTo("hello");
            assertThat(framed.isEnded()).isTrue();
            assertThat(buffered.isEnded()).isTrue();
            clock.shutdownNow();
        }
    }

    private static void drip(RawPeer slow, byte[] request, AtomicInteger sent) {
        try {
            int at = sent.getAndIncrement();
            slow.send(request, at, at + 1);
        } catch (IOException e) {
            // Ends the dripping: the server has closed the connection.
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "SSH-2.0-OpenSSH_9.6\r\n"
            })
    void anotherProtocolInTheMiddleOfAConnectionEndsIt(String bytes) throws IOException {
        try (Server server = serve(new ObedientHandler());
                RawPeer peer = RawPeer.connect(server.port())) {
            assertThat(peer.send(RawPeer.say("hello", 1)).receive().said()).isEqualTo("hello");

            peer.send(bytes.getBytes(StandardCharsets.ISO_8859_1));

            assertThat(peer.isEnded()).isTrue();
        }
    }

    @Test
    void aStreamingFrameOnAUnaryConnectionEndsIt() throws IOException {
        try (Server server = serve(new ObedientHandler());
                RawPeer peer = RawPeer.connect(server.port())) {
            byte[] request = RawPeer.request(PingPong.TTHEADER, 0, Map.of(), Map.of(), "Say", "hello", 1);
            assertThat(peer.send(request).receive(PingPong.TTHEADER).said()).isEqualTo("hello");

            peer.send(Frames.open(1, "Echo", "Watch"));

            assertThat(peer.isEnded()).isTrue();
        }
    }

    static Stream<Arguments> noRequests() {
        byte[] ttheader = RawPeer.request(PingPong.TTHEADER, 0, Map.of(), Map.of(), "Say", "hello", 1);
        byte[] framedWithin = RawPeer.request(PingPong.TTHEADER_FRAMED, 0, Map.of(), Map.of(), "Say", "hello", 1);
        return Stream.of(
                Arguments.of("a reply", RawPeer.framed(header(MessageHeader.Type.REPLY), stop())),
                Arguments.of("an exception", RawPeer.framed(header(MessageHeader.Type.EXCEPTION), stop())),
                Arguments.of("of type 9", with(RawPeer.say("hello", 1), 7, 9)),
                Arguments.of("with a name longer than the frame", with(RawPeer.say("hello", 1), 10, 1)),
                Arguments.of("with a name of negative length", with(RawPeer.say("hello", 1), 8, 0xff)),
                Arguments.of(
                        "without a name", RawPeer.framed(new MessageHeader(MessageHeader.Type.CALL, "", 1), stop())),
                Arguments.of("with TTHeader of an unknown protocol", with(ttheader, 14, 0xff)),
                Arguments.of("with garbage behind its TTHeader", with(ttheader, 18, 0x13)),
                Arguments.of("with TTHeader of another length", with(framedWithin, 21, 1)));
    }

    private static MessageHeader header(MessageHeader.Type type) {
        return new MessageHeader(type, "Say", 1);
    }

    private static Consumer<ByteBuf> stop() {
        return out -> out.writeByte(0);
    }

    private static byte[] with(byte[] message, int at, int value) {
        byte[] changed = message.clone();
        changed[at] = (byte) value;
        return changed;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noRequests")
    void aMessageThatIsNoRequestEndsTheConnection(String what, byte[] bytes) throws IOException {
        try (Server server = serve(new ObedientHandler());
                RawPeer peer = RawPeer.connect(server.port());
                RawPeer other = RawPeer.connect(server.port())) {
            assertThat(peer.send(RawPeer.say("hello", 1)).receive().said()).isEqualTo("hello");

            peer.send(bytes);

            assertThat(peer.isEnded()).as(what).isTrue();
            assertThat(other.send(RawPeer.say("hello", 1)).receive().said()).isEqualTo("hello");
        }
    }

    @Test
    void aNestingBombWithoutALengthIsRefused() throws IOException {
        try (Server server = serve(new ObedientHandler());
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send("80010001000000035361790000000a");
            peer.send("0c0001".repeat(10_000));

            assertThat(peer.isEnded()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatSendsForEverAndReadsNothingIsHeldUpByTheNetwork(boolean handlerWaits) throws Exception {
        CountDownLatch release = new CountDownLatch(handlerWaits ? 1 : 0);
        AtomicInteger handled = new AtomicInteger();
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                release.await();
                handled.incrementAndGet();
                return text;
            }
        };
        ByteBuffer request = ByteBuffer.wrap(RawPeer.say("x".repeat(100_000), 1));
        long most = 64L << 20;
        try (Server server = serve(handler);
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port()));
                Selector writable = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(writable, SelectionKey.OP_WRITE);
            long sent = 0;
            while (sent < most && writable.select(1000) > 0) {
                writable.selectedKeys().clear();
                sent += channel.write(request);
                if (!request.hasRemaining()) {
                    request.rewind();
                }
            }

            assertThat(sent).isLessThan(most);
            release.countDown();
        }
    }

    @Test
    void aConnectionWithoutACallIsClosedAfterTheIdleTimeoutAndOneWithACallIsNot() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                if (text.value().equals("long")) {
                    release.await();
                }
                return text;
            }
        };
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(handler))
                        .idleTimeout(Duration.ofMillis(300))
                        .start();
                RawPeer idle = RawPeer.connect(server.port());
                RawPeer busy = RawPeer.connect(server.port())) {
            busy.send(RawPeer.say("long", 1));
            assertThat(idle.send(RawPeer.say("hello", 1)).receive().said()).isEqualTo("hello");

            assertThat(idle.isEnded()).isTrue();
            release.countDown();
            assertThat(busy.receive().said()).isEqualTo("long");
            assertThat(busy.isEnded()).isTrue();
        }
    }
}
