package io.streamx.recording;

/** How much one end of a connection may still send, and since when it may send nothing. For one thread. */
final class FollowedWindow {
    private static final long NOT_USED_UP = -1;

    private long left;
    private long usedUpSince = NOT_USED_UP;

    /** A window of {@code left} bytes, of which none has been sent. */
    FollowedWindow(long left) {
        this.left = left;
    }

    /** {@code bytes} were sent at the time {@code nowNanos}, which is not negative. */
    void take(int bytes, long nowNanos) {
        left -= bytes;
        if (left <= 0 && usedUpSince < 0) {
            usedUpSince = nowNanos;
        }
    }

    /** The other end allows {@code bytes} more; fewer where that is negative. */
    void add(long bytes) {
        left += bytes;
    }

    /** Whether the sender may send something. */
    boolean hasRoom() {
        return left > 0;
    }

    /** Whether the window was used up, and {@link #goesOn} has not been called since. */
    boolean isUsedUp() {
        return usedUpSince >= 0;
    }

    /** When the window was used up; only while {@link #isUsedUp}. */
    long usedUpSince() {
        return usedUpSince;
    }

    /** The sender, which had nothing left, may send again. */
    void goesOn() {
        usedUpSince = NOT_USED_UP;
    }
}
