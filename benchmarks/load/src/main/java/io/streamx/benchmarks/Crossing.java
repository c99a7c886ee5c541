package io.streamx.benchmarks;

/**
 * How long a word takes from one processor to another and back. Hosts move virtual processors about, within seconds: two
 * that share a cache answer each other in a fifth of the time of two that do not, and whatever hands each message from
 * thread to thread is twice as fast then.
 */
enum Crossing {
    /** Below {@link #NEAR_NANOS} before and after a run. */
    NEAR,
    /** Not below it, before and after. */
    FAR,
    /** They were moved during the run, or next to it. */
    MOVED;

    static final int NEAR_NANOS = 150;

    private static final int ROUNDS = 100_000;

    static Crossing of(double nanosBefore, double nanosAfter) {
        if (nanosBefore < NEAR_NANOS) {
            return nanosAfter < NEAR_NANOS ? NEAR : MOVED;
        }
        return nanosAfter < NEAR_NANOS ? MOVED : FAR;
    }

    /** Nanoseconds of one round trip between two threads that spin, which the kernel keeps on processors of their own. */
    static double measure() throws InterruptedException {
        Word word = new Word();
        Thread other = new Thread(() -> word.answer(2 * ROUNDS), "crossing");
        other.start();
        word.ask(ROUNDS);
        long began = System.nanoTime();
        word.ask(2 * ROUNDS);
        long nanos = System.nanoTime() - began;
        other.join();
        return (double) nanos / ROUNDS;
    }

    /** Odd: asked. Even: answered. */
    private static final class Word {
        private volatile int value;

        void ask(int rounds) {
            for (int round = value / 2; round < rounds; round++) {
                value = 2 * round + 1;
                while (value != 2 * round + 2) {
                    Thread.onSpinWait();
                }
            }
        }

        void answer(int rounds) {
            for (int round = 0; round < rounds; round++) {
                while (value != 2 * round + 1) {
                    Thread.onSpinWait();
                }
                value = 2 * round + 2;
            }
        }
    }
}
