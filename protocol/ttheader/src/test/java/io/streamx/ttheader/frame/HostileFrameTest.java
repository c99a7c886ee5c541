package io.streamx.ttheader.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Bytes nobody should send. Whatever they are, they read as a frame or end in a {@link FrameException}; what lies behind
 * the header has no say in it.
 */
class HostileFrameTest {
    private static final long SEED = 20261124;

    private final TTHeaderReader reader = new TTHeaderReader();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<byte[]> golden = GoldenFrame.frames()
            .filter(GoldenFrame::ttheader)
            .map(GoldenFrame::bytes)
            .toList();

    @Test
    void mutatedFramesReadOrAreRefused() {
        int accepted = 0;
        int rounds = 100_000;
        for (int i = 0; i < rounds; i++) {
            byte[] frame = golden.get(random.nextInt(golden.size())).clone();
            int changes = random.nextInt(1, 5);
            for (int c = 0; c < changes; c++) {
                // Mostly the header: the payload is none of the reader's business.
                int at = random.nextInt(random.nextInt(4) == 0 ? frame.length : Math.min(frame.length, 64));
                frame[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : frame[at] ^ 1 << random.nextInt(8));
            }
            accepted += readsOrIsRefused(frame) ? 1 : 0;
        }
        // Neither everything nor nothing, or the test would prove little.
        assertThat(accepted).isBetween(rounds / 20, rounds * 19 / 20);
    }

    @Test
    void randomHeadersReadOrAreRefused() {
        for (int i = 0; i < 100_000; i++) {
            byte[] header = new byte[4 * random.nextInt(1, 20)];
            // Small numbers make plausible counts, lengths and section ids.
            for (int at = 0; at < header.length; at++) {
                header[at] = (byte)
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextInt(256);
                            case 1 -> random.nextInt(4);
                            case 2 -> 0x10 + random.nextInt(2);
                            default -> 0;
                        };
            }
            header[0] = 0x10;
            ByteBuf frame = Bytes.frame(header, new byte[random.nextInt(8)]);
            readsOrIsRefused(Arrays.copyOf(frame.array(), frame.writerIndex()));
        }
    }

    @Test
    void randomBytesReadOrAreRefused() {
        for (int i = 0; i < 100_000; i++) {
            byte[] frame = new byte[random.nextInt(64)];
            random.nextBytes(frame);
            if (frame.length > 6 && random.nextBoolean()) {
                frame[0] = 0;
                frame[1] = 0;
                frame[4] = 0x10;
                frame[5] = 0;
            }
            readsOrIsRefused(frame);
        }
    }

    @Test
    void cutFramesReadOrAreRefused() {
        for (byte[] whole : golden) {
            for (int length = 0; length < whole.length; length++) {
                readsOrIsRefused(Arrays.copyOf(whole, length));
            }
        }
    }

    /** Whether the bytes read as a frame: at the end of a buffer, and in the middle of one between other bytes. */
    private boolean readsOrIsRefused(byte[] bytes) {
        String alone = outcome(Unpooled.wrappedBuffer(bytes), 0);
        for (int filler : new int[] {0x00, 0x10, 0xff}) {
            byte[] around = new byte[bytes.length + 300];
            Arrays.fill(around, (byte) filler);
            System.arraycopy(bytes, 0, around, 7, bytes.length);
            ByteBuf middle = Unpooled.wrappedBuffer(around).writerIndex(7 + bytes.length);
            String amidst = outcome(middle, 7);
            if (!amidst.equals(alone)) {
                fail("amidst bytes 0x%02x: %s%nalone: %s", filler, amidst, alone);
            }
        }
        return !alone.startsWith("illegal");
    }

    private String outcome(ByteBuf buffer, int offset) {
        try {
            reader.frameLength(buffer, offset);
            reader.read(buffer, offset);
            return FrameLog.in(reader) + reader.intEntries() + reader.stringEntries() + reader.method();
        } catch (FrameException e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            return fail(
                    "seed " + SEED + ", at " + offset + ": "
                            + ByteBufUtil.hexDump(buffer, offset, buffer.writerIndex() - offset),
                    e);
        }
    }
}
