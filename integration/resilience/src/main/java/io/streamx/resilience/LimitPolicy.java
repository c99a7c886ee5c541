package io.streamx.resilience;

/**
 * How much may run. More is refused with an answer, and its connection lives on.
 *
 * @param concurrent calls and streams at once; 0 for no limit
 * @param perSecond calls and streams that begin in a second; 0 for no limit
 */
public record LimitPolicy(int concurrent, int perSecond) {
    /** No limit. */
    public static final LimitPolicy NONE = new LimitPolicy(0, 0);

    /** Checks that the values are within their bounds. */
    public LimitPolicy {
        if (concurrent < 0 || perSecond < 0) {
            throw new IllegalArgumentException(
                    "limits: " + concurrent + " at once, " + perSecond + " in a second (expected: 0 or more)");
        }
    }
}
