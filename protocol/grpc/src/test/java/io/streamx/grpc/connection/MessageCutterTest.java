package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.wire.InboundMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageCutterTest {
    private final List<String> events = new ArrayList<>();
    private final MessageCutter.Receiver receiver = new MessageCutter.Receiver() {
        @Override
        public void onMessage(ByteBuf in, int index, int length, boolean compressed) {
            onMessage(InboundMessage.copyOf(in, index, length), compressed);
        }

        @Override
        public void onMessage(InboundMessage message, boolean compressed) {
            events.add((compressed ? "compressed " : "") + message.toString(StandardCharsets.UTF_8));
            message.release();
        }

        @Override
        public void onOversizedMessage(long bytes) {
            events.add("oversized " + bytes);
        }
    };
    private final MessageCutter cutter = new MessageCutter(100_000, receiver);

    private static byte[] message(int flag, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Http2Peer.join(
                new byte[] {
                    (byte) flag,
                    (byte) (bytes.length >>> 24),
                    (byte) (bytes.length >>> 16),
                    (byte) (bytes.length >>> 8),
                    (byte) bytes.length
                },
                bytes);
    }

    private void feed(byte[]... parts) {
        ByteBuf in = Unpooled.wrappedBuffer(Http2Peer.join(parts));
        cutter.feed(in);
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void severalMessagesInOneFrameComeInOrder() {
        feed(message(0, "a"), message(0, ""), message(0, "bc"));
        assertThat(events).containsExactly("a", "", "bc");
        assertThat(cutter.isWithinMessage()).isFalse();
    }

    @Test
    void everyWayToCutTwoMessagesGivesTheSame() {
        byte[] both = Http2Peer.join(message(0, "hello"), message(0, "you"));
        for (int cut = 0; cut <= both.length; cut++) {
            events.clear();
            feed(java.util.Arrays.copyOf(both, cut));
            feed(java.util.Arrays.copyOfRange(both, cut, both.length));
            assertThat(events).as("cut at %d", cut).containsExactly("hello", "you");
        }
    }

    @Test
    void oneByteAtATimeGivesTheSame() {
        for (byte one : message(0, "x".repeat(40_000))) {
            feed(new byte[] {one});
        }
        assertThat(events).containsExactly("x".repeat(40_000));
    }

    @Test
    void onlyTheFlagOneMeansCompressed() {
        feed(message(1, "a"), message(2, "b"));
        assertThat(events).containsExactly("compressed a", "b");
    }

    @Test
    void whatIsMissingIsKnownOnceTheLengthIs() {
        byte[] bytes = message(0, "hello");
        feed(java.util.Arrays.copyOf(bytes, 4));
        assertThat(cutter.missing()).isZero();
        assertThat(cutter.isWithinMessage()).isTrue();
        feed(java.util.Arrays.copyOfRange(bytes, 4, 7));
        assertThat(cutter.missing()).isEqualTo(3);
    }

    @Test
    void aMessageInPiecesTakesMemoryAsItComes() {
        byte[] bytes = message(0, "x".repeat(50_000));
        feed(java.util.Arrays.copyOf(bytes, 5));
        assertThat(cutter.heldBytes()).isZero();
        feed(java.util.Arrays.copyOfRange(bytes, 5, 6));
        assertThat(cutter.heldBytes()).isEqualTo(256);
        feed(java.util.Arrays.copyOfRange(bytes, 6, 2_005));
        assertThat(cutter.heldBytes()).isBetween(2_000, 8 * 2_000 * 5 / 4);
        feed(java.util.Arrays.copyOfRange(bytes, 2_005, 20_005));
        // All of it, since more than an eighth has come.
        assertThat(cutter.heldBytes()).isBetween(50_000, 50_000 * 5 / 4);
        feed(java.util.Arrays.copyOfRange(bytes, 20_005, bytes.length));
        assertThat(cutter.heldBytes()).isZero();
        assertThat(events).containsExactly("x".repeat(50_000));
    }

    @Test
    void aLongMessageTakesNoMoreThanTwiceWhatCame() {
        MessageCutter longer = new MessageCutter(10_000_000, receiver);
        byte[] bytes = message(0, "x".repeat(9_000_000));
        longer.feed(Unpooled.wrappedBuffer(bytes, 0, 100_005));
        assertThat(longer.heldBytes()).isBetween(100_000, 200_000 * 5 / 4);
        longer.feed(Unpooled.wrappedBuffer(bytes, 100_005, 900_000));
        assertThat(longer.heldBytes()).isBetween(1_000_000, 2_000_000 * 5 / 4);
        longer.feed(Unpooled.wrappedBuffer(bytes, 1_000_005, bytes.length - 1_000_005));
        assertThat(longer.heldBytes()).isZero();
        assertThat(events).hasSize(1);
    }

    @Test
    void whatWasAbandonedIsDroppedWithAllThatFollows() {
        feed(java.util.Arrays.copyOf(message(0, "hello"), 7));
        cutter.abandon();
        assertThat(cutter.heldBytes()).isZero();
        assertThat(cutter.missing()).isZero();
        feed(message(0, "after"));
        assertThat(events).isEmpty();
    }

    @Test
    void anOversizedMessageIsToldOnceAndTheRestSkipped() {
        feed(new byte[] {0, 0, 1, (byte) 0x86, (byte) 0xa1, 7, 7});
        feed(message(0, "after"));
        assertThat(events).containsExactly("oversized 100001");
    }

    @Test
    void aLengthBeyondWhatAnIntHoldsIsOversized() {
        feed(new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff});
        assertThat(events).containsExactly("oversized 4294967295");
    }
}
