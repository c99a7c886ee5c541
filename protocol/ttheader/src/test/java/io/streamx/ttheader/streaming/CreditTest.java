package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.DecodedFrame;
import io.streamx.ttheader.frame.FrameType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How two Java peers tell each other how much may be sent, frame by frame; and that nobody else is told. */
@Timeout(60)
class CreditTest {
    private static final String MESSAGE = "x".repeat(1000);
    private static final byte[] DATA = EchoService.encoded(MESSAGE);

    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private ScriptedPeer connect(Server server) {
        return ends.add(ScriptedPeer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port())));
    }

    private static byte[] open(int id, String credit) {
        return Frames.header(id, "Bidi", Map.of("isn", "EchoService", "sx-credit", credit));
    }

    private static byte[] want(int id, long total) {
        return Frames.meta(id, "Bidi", Map.of("sx-want", Long.toString(total)));
    }

    private static byte[] grant(int id, long total) {
        return Frames.meta(id, "Bidi", Map.of("sx-credit", Long.toString(total)));
    }

    private Server serveSender(int count) {
        return ends.serve(EchoService.bidi(stream -> {
            for (int i = 0; i < count; i++) {
                stream.send(MESSAGE);
            }
        }));
    }

    @Test
    void aServerSaysThatItUnderstandsOnceAndSendsWhatWasGrantedAndTheRestWithTheNextGrant() {
        ScriptedPeer peer = connect(serveSender(20));
        peer.send(open(1, "5000"));

        DecodedFrame told = peer.expect(FrameType.META, 1);
        assertThat(told.strings()).containsEntry("sx-credit", "5000");
        peer.expect(FrameType.HEADER, 1);
        // Whole messages, as long as anything is left: the fifth passes the 5,000. Some may go out together with it.
        int came = 0;
        for (; came < 5; came++) {
            peer.expect(FrameType.DATA, 1);
        }
        peer.send(open(2, "1000000"));
        peer.expect(FrameType.HEADER, 2);
        for (int i = 0; i < 20; i++) {
            peer.expect(FrameType.DATA, 2);
        }
        peer.expect(FrameType.TRAILER, 2);
        assertThat(peer.received())
                .filteredOn(frame -> frame.seqId() == 1 && frame.type() == FrameType.DATA)
                .hasSizeLessThan(20);

        peer.send(grant(1, 1_000_000));
        for (; came < 20; came++) {
            peer.expect(FrameType.DATA, 1);
        }
        peer.expect(FrameType.TRAILER, 1);
    }

    @Test
    void aStreamThatIsResetWhileItWaitsForCreditIsForgotten() {
        ScriptedPeer peer = connect(serveSender(20));
        peer.send(open(1, "5000"));
        peer.expect(FrameType.META, 1);
        peer.expect(FrameType.HEADER, 1);
        peer.expect(FrameType.DATA, 1);

        peer.send(Frames.rst(1, "Bidi", 12007, "enough", ""), grant(1, 1_000_000), open(2, "1000000"));

        peer.expect(FrameType.HEADER, 2);
        assertThat(peer.received()).filteredOn(frame -> frame.seqId() == 1).hasSizeLessThan(20);
    }

    /** As a window below 4 KiB is, which a client offers when its connection carries many streams. */
    @Test
    void whereTheWindowIsTightAMessageThatDoesNotFitIsAskedForAndComesWithTheGrant() {
        ScriptedPeer peer = connect(serveSender(1));
        peer.send(open(1, "900"));
        peer.expect(FrameType.META, 1);
        peer.expect(FrameType.HEADER, 1);

        DecodedFrame wants = peer.expect(FrameType.META, 1);
        long total = Long.parseLong(wants.strings().get("sx-want"));
        assertThat(total).isEqualTo(Frames.data(1, "Bidi", DATA).length);
        peer.send(grant(1, total));

        peer.expect(FrameType.DATA, 1);
        peer.expect(FrameType.TRAILER, 1);
    }

    @Test
    void whatAPeerAsksForIsGrantedWhileThereIsMemoryAndElseWhenTheHandlerWaits() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    read.await();
                    while (stream.recv() != null) {
                        // reads on
                    }
                }),
                // Windows may grow by half of what the connection may hold, 16 KiB.
                builder -> builder.buffers(16 << 10, 32 << 10));
        ScriptedPeer peer = connect(server);
        peer.send(open(1, "1000"));
        peer.expect(FrameType.META, 1);
        peer.send(want(1, 10_000));
        assertThat(peer.expect(FrameType.META, 1).strings()).containsEntry("sx-credit", "10000");
        peer.send(open(2, "1000"), want(2, 10_000), open(3, "1000"), want(3, 2_000));
        assertThat(peer.expect(FrameType.META, 3).strings()).containsEntry("sx-credit", "2000");

        read.countDown();

        assertThat(peer.expect(FrameType.META, 2).strings()).containsEntry("sx-credit", "10000");
    }

    /** Else it would never come, and its stream would never end. */
    @Test
    void aMessageThatIsLargerThanAServerAllowsIsGrantedTooSoThatItsStreamEndsWithThatError() {
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    while (stream.recv() != null) {
                        // reads on
                    }
                }),
                builder -> builder.maxMessageBytes(10_000));
        ScriptedPeer peer = connect(server);
        byte[] large = Frames.data(1, "Bidi", EchoService.encoded("x".repeat(200_000)));
        peer.send(open(1, "1000"));
        peer.expect(FrameType.META, 1);

        peer.send(want(1, large.length));

        assertThat(peer.expect(FrameType.META, 1).strings()).containsEntry("sx-credit", Integer.toString(large.length));
        peer.send(large);
        peer.expect(FrameType.HEADER, 1);
        peer.expect(FrameType.TRAILER, 1);
    }

    @Test
    void aServerGrantsMoreWhenItsHandlerHasReadHalf() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Server server = ends.serve(EchoService.bidi(stream -> {
            read.await();
            while (stream.recv() != null) {
                // reads on
            }
        }));
        ScriptedPeer peer = connect(server);
        peer.send(open(1, "5000"));
        peer.expect(FrameType.META, 1);
        long sent = 0;
        for (int i = 0; i < 4; i++) {
            byte[] frame = Frames.data(1, "Bidi", DATA);
            sent += frame.length;
            peer.send(frame);
        }

        read.countDown();

        long granted = 0;
        while (granted < sent + 5000) {
            granted = Long.parseLong(peer.expect(FrameType.META, 1).strings().get("sx-credit"));
        }
        // The window has grown fourfold at most once: nobody grants without bound.
        assertThat(granted).isLessThanOrEqualTo(sent + 20_000);
    }

    @Test
    void whoOffersNoCreditIsSentNoFramesThatItDoesNotKnow() {
        Server server = ends.serve(EchoService.echo());
        ScriptedPeer peer = connect(server);
        peer.send(Frames.open(1, "EchoService", "Bidi"));
        for (int i = 0; i < 200; i++) {
            peer.send(Frames.data(1, "Bidi", DATA));
            if (i == 0) {
                peer.expect(FrameType.HEADER, 1);
            }
            peer.expect(FrameType.DATA, 1);
        }
    }

    @Test
    void aClientSendsNoGrantsToAServerThatDoesNotSayThatItUnderstandsThem() {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("echo")
                        .address("127.0.0.1:" + server.port())
                        .connections(1)
                        .connectTimeout(Duration.ofSeconds(20))
                        .build();
                var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            peer.send(Frames.header(id, "Bidi", Map.of()));
            for (int i = 0; i < 200; i++) {
                peer.send(Frames.data(id, "Bidi", DATA));
                stream.recv();
                stream.send(MESSAGE);
                peer.expect(FrameType.DATA, id);
            }
        }
    }

    @Test
    void aClientWaitsForAServerThatUnderstandsAndItsEndWaitsToo() {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("echo")
                        .address("127.0.0.1:" + server.port())
                        .connections(1)
                        .connectTimeout(Duration.ofSeconds(20))
                        .build();
                var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
                var other = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            int otherId = peer.expect(FrameType.HEADER).seqId();
            peer.send(grant(otherId, 65_536), Frames.data(otherId, "Bidi", DATA));
            // The client has seen the grant when it has the message behind it.
            assertThat(other.recv()).isEqualTo(MESSAGE);

            int count = 100;
            for (int i = 0; i < count; i++) {
                stream.send(MESSAGE);
            }
            stream.closeSend();
            long bytes = 0;
            int came = 0;
            while (bytes < 65_536) {
                bytes += Frames.data(id, "Bidi", peer.expect(FrameType.DATA, id).payload()).length;
                came++;
            }
            other.send("beside");
            // Messages go out several at a time, so that some may be let in beyond the last one that fits.
            DecodedFrame next = peer.expectFrame();
            while (next.seqId() == id) {
                assertThat(next.type()).isEqualTo(FrameType.DATA);
                came++;
                next = peer.expectFrame();
            }
            assertThat(came).isLessThan(count);

            peer.send(grant(id, 1_000_000));
            while (came < count) {
                peer.expect(FrameType.DATA, id);
                came++;
            }
            peer.expect(FrameType.TRAILER, id);
        }
    }
}
