package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sequence numbers, packet by packet. */
class TcpDirectionTest {
    private final List<String> seen = new ArrayList<>();
    private final TcpDirection direction = new TcpDirection(new TcpDirection.Sink() {
        @Override
        public void bytes(byte[] bytes) {
            seen.add(new String(bytes, StandardCharsets.US_ASCII));
        }

        @Override
        public void missing(long count, String why) {
            seen.add("-" + count);
        }

        @Override
        public void end() {
            seen.add("end");
        }
    });

    private void segment(int sequence, String text) {
        direction.segment(sequence, text.getBytes(StandardCharsets.US_ASCII), 0, false);
    }

    @Test
    void bytesComeInOrderWhateverTheOrderOfPackets() {
        direction.begin(100);
        segment(103, "def");
        segment(106, "ghi");
        segment(100, "abc");
        segment(103, "def");
        direction.segment(109, new byte[0], 0, true);
        assertThat(seen).containsExactly("abc", "def", "ghi", "end");
        assertThat(direction.early()).isEqualTo(2);
        assertThat(direction.repeated()).isEqualTo(1);
    }

    @Test
    void whatOverlapsIsTakenOnce() {
        direction.begin(0);
        segment(0, "abcd");
        segment(2, "cdef");
        segment(8, "ijkl");
        segment(4, "efghij");
        assertThat(seen).containsExactly("abcd", "ef", "ghij", "kl");
    }

    @Test
    void sequenceNumbersWrapAround() {
        direction.begin(-2);
        segment(-2, "abc");
        segment(1, "def");
        assertThat(seen).containsExactly("abc", "def");
    }

    @Test
    void aGapIsMissingAtTheEndAndWhenTooMuchWaitsBehindIt() {
        direction.begin(0);
        segment(5, "fgh");
        direction.segment(10, new byte[0], 0, true);
        direction.finish();
        assertThat(seen).containsExactly("-5", "fgh", "-2", "end");
        assertThat(direction.missing()).isEqualTo(7);
        assertThat(direction.isAnother(77)).isTrue();
        assertThat(direction.isAnother(0)).isFalse();
    }

    @Test
    void noMoreWaitsThanTheLimit() {
        direction.begin(0);
        byte[] bytes = new byte[64 << 10];
        for (int i = 0; i < TcpDirection.MAX_WAITING_BYTES / bytes.length + 2; i++) {
            direction.segment(1 + i * bytes.length, bytes, 0, false);
        }
        assertThat(seen).first().isEqualTo("-1");
    }

    @Test
    void bytesThatWereCutOffAreMissingAtOnce() {
        direction.begin(0);
        direction.segment(0, new byte[] {'a'}, 3, false);
        segment(4, "e");
        assertThat(seen).containsExactly("a", "-3", "e");
    }

    @Test
    void theEndIsToldOnceHoweverOftenItComes() {
        direction.begin(0);
        direction.segment(0, new byte[] {'a'}, 0, true);
        direction.segment(0, new byte[] {'a'}, 0, true);
        direction.segment(1, new byte[0], 0, true);
        direction.finish();
        assertThat(seen).containsExactly("a", "end");
    }

    @Test
    void aNumberFarAwayIsNoPartOfTheConnection() {
        direction.begin(0);
        segment(0, "a");
        segment(Integer.MIN_VALUE, "x");
        segment(1, "b");
        direction.finish();
        assertThat(seen).containsExactly("a", "b");
    }
}
