package io.streamx.grpc.connection;

/**
 * How large the receive window should be for the network's bandwidth and delay, measured with a PING beside arriving
 * DATA: the bytes that come until its answer are what the network holds. Where they nearly fill the window, and came
 * faster than before, the window becomes twice as many bytes.
 *
 * <p>This class has no clock and is told the time. Source: docs/protocol/grpc.md "10. Flow control".
 */
final class WindowEstimator {
    /** The payload of such a PING. It is that of Kitex, so that peers know the PING. */
    static final long PING = 0x02041010090e0707L;

    private static final long MIN_INTERVAL_NANOS = 1_000_000_000L;
    /** The weight of a new sample in the smoothed time of a round trip, once there are enough samples. */
    private static final double SMOOTHING = 0.9;

    private static final int FIRST_SAMPLES = 10;
    private static final double FULL = 0.66;
    private static final double DELAY_FACTOR = 1.5;

    private final int max;
    private int window;
    private boolean measuring;
    private boolean measured;
    private long pingNanos;
    private long bytes;
    private int samples;
    private double roundTripNanos;
    private double maxBandwidth;

    /** Begins with {@code window}, which grows up to {@code max}. */
    WindowEstimator(int window, int max) {
        this.window = window;
        this.max = max;
    }

    /**
     * DATA has come.
     *
     * @return whether a PING is to be sent now
     */
    boolean onData(int size, long nowNanos) {
        if (window >= max) {
            return false;
        }
        if (measuring) {
            bytes += size;
            return false;
        }
        if (measured && nowNanos - pingNanos < MIN_INTERVAL_NANOS) {
            return false;
        }
        measuring = true;
        pingNanos = nowNanos;
        bytes = size;
        return true;
    }

    /**
     * The PING was answered.
     *
     * @return the window as it should be now
     */
    int onPingAnswered(long nowNanos) {
        if (!measuring) {
            return window;
        }
        measuring = false;
        measured = true;
        double sample = Math.max(1, nowNanos - pingNanos);
        samples++;
        roundTripNanos += (sample - roundTripNanos) * (samples < FIRST_SAMPLES ? 1.0 / samples : SMOOTHING);
        double bandwidth = bytes / (roundTripNanos * DELAY_FACTOR);
        boolean fastest = bandwidth > maxBandwidth;
        if (fastest) {
            maxBandwidth = bandwidth;
        }
        if (fastest && bytes >= FULL * window) {
            window = (int) Math.min(max, Math.max(window, 2 * bytes));
        }
        return window;
    }
}
