package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.wire.InboundMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames here are four bytes of length, of which the first two are the head of an oversized one, and a text. */
class FrameCutterTest {
    private final Texts texts = new Texts();
    private final FrameCutter cutter = new FrameCutter(texts);

    @Test
    void severalFramesOfOneReadAreCutWhereTheyLie() {
        feed(frame("one"), frame(""), frame("three"));

        assertThat(texts.frames).containsExactly("one in place", " in place", "three in place");
        assertThat(cutter.isWithinFrame()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 300})
    void framesCutIntoPiecesAreWhole(int piece) {
        String long1 = "x".repeat(1000);
        ByteBuf all = Unpooled.wrappedBuffer(frame("one"), frame(long1), frame(""), frame("four"));
        while (all.isReadable()) {
            cutter.feed(all.readSlice(Math.min(piece, all.readableBytes())));
        }

        assertThat(texts.texts).containsExactly("one", long1, "", "four");
        assertThat(cutter.isWithinFrame()).isFalse();
    }

    @Test
    void gatheredFrameMayBeKept() {
        byte[] whole = frame("hello");
        feed(Unpooled.copiedBuffer(whole, 0, 6));
        assertThat(cutter.isWithinFrame()).isTrue();
        feed(Unpooled.copiedBuffer(whole, 6, whole.length - 6));

        assertThat(texts.frames).containsExactly("hello kept");
    }

    @Test
    void gatheredFrameTakesNoMoreThanEightTimesWhatCame() {
        byte[] whole = frame("x".repeat(1500));
        feed(Unpooled.copiedBuffer(whole, 0, 20));
        feed(Unpooled.copiedBuffer(whole, 20, 80));
        feed(Unpooled.copiedBuffer(whole, 100, whole.length - 100));

        assertThat(texts.texts).containsExactly("x".repeat(1500));
        assertThat(texts.largestCapacity).isBetween(1504, 1504 * 5 / 4);
    }

    @Test
    void oversizedFrameIsToldByItsHeadAndSkipped() {
        feed(frame("before"), frame("y".repeat(5000)), frame("after"));

        assertThat(texts.frames).containsExactly("before in place", "oversized 5004", "after in place");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 999})
    void oversizedFrameInPiecesIsSkippedAsItComes(int piece) {
        ByteBuf all = Unpooled.wrappedBuffer(frame("y".repeat(5000)), frame("after"));
        while (all.isReadable()) {
            cutter.feed(all.readSlice(Math.min(piece, all.readableBytes())));
        }

        assertThat(texts.frames).hasSize(2).first().isEqualTo("oversized 5004");
        assertThat(texts.texts).containsExactly("after");
    }

    @Test
    void nothingIsCutAfterTheFormatWasClosed() {
        texts.closeAfter = 1;
        feed(frame("one"), frame("two"));

        assertThat(texts.texts).containsExactly("one");
    }

    private void feed(byte[]... frames) {
        cutter.feed(Unpooled.wrappedBuffer(frames));
    }

    private void feed(ByteBuf bytes) {
        cutter.feed(bytes);
    }

    private static byte[] frame(String text) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeInt(text.length()).writeCharSequence(text, StandardCharsets.US_ASCII);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        return bytes;
    }

    private static final class Texts implements FrameCutter.Format {
        final List<String> frames = new ArrayList<>();
        final List<String> texts = new ArrayList<>();
        int closeAfter = Integer.MAX_VALUE;
        int largestCapacity;

        @Override
        public long frameLength(ByteBuf in, int index, int readable) {
            return readable < 4 ? UNKNOWN : 4L + in.getInt(index);
        }

        @Override
        public long maxFrameLength() {
            return 2000;
        }

        @Override
        public void onFrame(ByteBuf in, int index, int length, @Nullable InboundMessage gathered) {
            String text = in.toString(index + 4, length - 4, StandardCharsets.US_ASCII);
            texts.add(text);
            frames.add(text + (gathered != null ? " kept" : " in place"));
            assertThat(gathered == null || gathered == in).isTrue();
            largestCapacity = Math.max(largestCapacity, gathered == null ? 0 : gathered.capacity());
        }

        @Override
        public long oversizedHeadLength(ByteBuf in, int index, int readable) {
            return readable < 4 ? UNKNOWN : 6;
        }

        @Override
        public void onOversizedFrame(ByteBuf in, int index, int headLength, long frameLength) {
            assertThat(headLength).isEqualTo(6);
            frames.add("oversized " + frameLength);
        }

        @Override
        public boolean isClosed() {
            return texts.size() >= closeAfter;
        }
    }
}
