package io.streamx.wire;

/**
 * How many bytes of messages all connections of the process may hold together: a third of the largest heap, or
 * {@code -Dstreamx.memoryBudgetBytes}. Read once, when the first connection is made.
 */
public final class MemoryBudget {
    private static final String SETTING = "streamx.memoryBudgetBytes";
    private static final int HEAP_PART = 3;
    private static final long LEAST_BYTES = 4 << 20;
    private static final long BYTES = read();

    private MemoryBudget() {}

    /** The budget in bytes. */
    public static long bytes() {
        return BYTES;
    }

    /**
     * What one of many may take: {@code usual} where memory is ample, else a part of the budget.
     *
     * @param part how many such parts make up the budget
     */
    public static int share(int usual, int part) {
        return (int) Math.min(usual, BYTES / part);
    }

    private static long read() {
        String setting = System.getProperty(SETTING);
        if (setting == null) {
            return Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART);
        }
        try {
            long bytes = Long.parseLong(setting);
            if (bytes >= LEAST_BYTES) {
                return bytes;
            }
        } catch (NumberFormatException notANumber) {
            // A text that is no number is refused below, as a number that is too small is.
        }
        throw new IllegalArgumentException(
                SETTING + ": " + setting + " (expected: a number of bytes, " + LEAST_BYTES + " or more)");
    }
}
