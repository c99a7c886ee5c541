package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.streamx.PingPong;
import io.streamx.net.FrameCutter;
import io.streamx.wire.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Headers that follow each other on one connection, alike or not. */
class LastHeaderTest {
    private final List<ReceivedMessage> messages = new ArrayList<>();
    private final FrameCutter cutter =
            new FrameCutter(new MessageFraming(Limits.DEFAULT, new MessageFraming.Receiver() {
                @Override
                public void onMessage(ReceivedMessage message) {
                    messages.add(message);
                }

                @Override
                public void onOversized(ReceivedMessage head, long messageBytes) {
                    throw new AssertionError(head + " has " + messageBytes + " bytes");
                }

                @Override
                public boolean isPaused() {
                    return false;
                }
            }));

    private void receive(int seqId, Map<Integer, String> ints, Map<String, String> strings) {
        cutter.feed(Unpooled.wrappedBuffer(
                RawPeer.request(PingPong.TTHEADER, 0, ints, strings, "Say", "text " + seqId, seqId)));
    }

    @Test
    void eachMessageHasItsOwnEntriesAndSequenceIdHoweverAlikeTheirHeadersAre() {
        String large = "x".repeat(1000);
        receive(1, Map.of(12, "1"), Map.of("k", "v"));
        receive(2, Map.of(12, "1"), Map.of("k", "v"));
        receive(3, Map.of(12, "2"), Map.of("k", "v"));
        receive(4, Map.of(12, "1"), Map.of("k", "w"));
        receive(5, Map.of(), Map.of());
        receive(6, Map.of(12, "1"), Map.of("k", large));
        receive(7, Map.of(12, "1"), Map.of("k", large));
        receive(8, Map.of(), Map.of());

        assertThat(messages)
                .extracting(message -> message.ints().get(12))
                .containsExactly("1", "1", "2", "1", null, "1", "1", null);
        assertThat(messages)
                .extracting(message -> message.strings().get("k"))
                .containsExactly("v", "v", "v", "w", null, large, large, null);
        assertThat(messages).extracting(ReceivedMessage::frameSeqId).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    }
}
