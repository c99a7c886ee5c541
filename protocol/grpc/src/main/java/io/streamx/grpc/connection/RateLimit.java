package io.streamx.grpc.connection;

/**
 * Limits how many events may happen within a time, which are counted in one window of time after another.
 *
 * <p>This class has no clock and is told the time.
 */
final class RateLimit {
    private final int limit;
    private final long windowNanos;
    private boolean begun;
    private long windowBeganNanos;
    private int count;

    RateLimit(int limit, long windowNanos) {
        this.limit = limit;
        this.windowNanos = windowNanos;
    }

    /** Counts an event, and says whether it was one too many. */
    boolean exceededAt(long nowNanos) {
        if (!begun || nowNanos - windowBeganNanos >= windowNanos) {
            begun = true;
            windowBeganNanos = nowNanos;
            count = 0;
        }
        count++;
        return count > limit;
    }
}
