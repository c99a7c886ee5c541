package io.streamx.wire;

/**
 * How large the next of many messages will be, going by the last ones, so that its buffer need not grow and does not take
 * much more than it needs. A guess: threads may overwrite each other's, which does no harm.
 */
public final class SizeGuess {
    private static final int FIRST_BYTES = 256;
    private static final int LEAST_BYTES = 64;
    /**
     * The largest buffer that is reserved at first. Larger messages grow their buffer, because reserving what the last
     * one took would waste more.
     */
    private static final int MOST_BYTES = 4096;

    private static final int DECAY = 16;

    private int bytes = FIRST_BYTES;

    /** A guess for messages of which none has been seen. */
    public SizeGuess() {}

    /** How many bytes to reserve for the next message. */
    public int next() {
        return bytes;
    }

    /** Says how large a message came to be: what is reserved grows at once, and falls slowly. */
    public void was(int messageBytes) {
        int before = bytes;
        int now = Math.clamp(Math.max(messageBytes, before - before / DECAY), LEAST_BYTES, MOST_BYTES);
        if (now != before) {
            bytes = now;
        }
    }
}
