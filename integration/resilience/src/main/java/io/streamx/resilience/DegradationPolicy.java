package io.streamx.resilience;

/**
 * Which part of its calls a client does not make, chosen by chance: takes load off a service that is in trouble. A call that
 * is not made is a {@link RefusedException}, which a fallback may answer.
 *
 * @param percent 0 for none to 100 for all
 */
public record DegradationPolicy(int percent) {
    /** No degradation: all calls are made. */
    public static final DegradationPolicy NONE = new DegradationPolicy(0);

    /** Checks that the value is within its bounds. */
    public DegradationPolicy {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percent: " + percent + " (expected: 0 to 100)");
        }
    }
}
