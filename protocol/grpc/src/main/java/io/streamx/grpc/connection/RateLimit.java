package io.streamx.grpc.connection;

/**
 * A number of events that may happen within a time, counted in windows one after another.
 *
 * <p>Pure: is told the time.
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

    /** Counts one; says whether that was one too many. */
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
