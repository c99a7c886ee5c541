package io.streamx.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Feeds decoders with correct bytes that were changed at random: bits flipped, parts cut out, doubled and joined. For one
 * thread.
 */
public final class Mutations {
    private static final int LEAST_COUNT = 200;
    private static final int MOST_CHANGES = 4;

    private final List<byte[]> corpus;
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);

    /** Mutations of those. */
    public Mutations(List<byte[]> corpus) {
        this.corpus = List.copyOf(corpus);
    }

    /** How long a test mutates: two seconds, or {@code -Dstreamx.fuzzSeconds}. */
    public static Duration time() {
        return Duration.ofSeconds(Integer.getInteger("streamx.fuzzSeconds", 2));
    }

    /** What is done with mutated bytes. */
    @FunctionalInterface
    public interface Target {
        /** Decodes them; what is no answer that a decoder may give is thrown. */
        void accept(byte[] bytes) throws Exception;
    }

    /** A number below {@code bound}, for a target that has choices of its own. */
    public int next(int bound) {
        return random.nextInt(bound);
    }

    /**
     * Mutates for {@link #time}.
     *
     * @return how many inputs were tried
     * @throws AssertionError with the seed and the bytes, when the target throws anything
     */
    public long run(Target target) {
        return runFor(time(), target);
    }

    /**
     * Mutates for {@code time}.
     *
     * @return how many inputs were tried
     * @throws AssertionError with the seed and the bytes, when the target throws anything
     */
    public long runFor(Duration time, Target target) {
        long until = System.nanoTime() + time.toNanos();
        long count = 0;
        while (count < LEAST_COUNT || System.nanoTime() < until) {
            count++;
            byte[] bytes = mutated();
            try {
                target.accept(bytes);
            } catch (Throwable t) {
                throw new AssertionError(
                        "seed " + seed + ", bytes " + HexFormat.of().formatHex(bytes), t);
            }
        }
        return count;
    }

    private byte[] mutated() {
        byte[] bytes = corpus.get(random.nextInt(corpus.size())).clone();
        int changes = 1 + random.nextInt(MOST_CHANGES);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 1 -> bytes[at] = (byte) random.nextInt(1 << Byte.SIZE);
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = joined(bytes, corpus.get(random.nextInt(corpus.size())));
                default -> bytes = joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at / 2, bytes.length));
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
