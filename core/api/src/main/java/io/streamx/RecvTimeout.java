package io.streamx;

import java.time.Duration;

/**
 * How long one {@code recv} may wait, and what happens then: by default the stream ends and the peer is told; with
 * {@link #keepRemote()} only that one call fails and the stream stays usable.
 *
 * <pre>{@code
 * TestServiceClient patient = echo.withRecvTimeout(
 *         RecvTimeout.of(Duration.ofMillis(200)).keepRemote()); // this recv fails, the stream goes on
 * }</pre>
 *
 * @param timeout measured only while waiting; a queued message is returned at once. It is greater than zero
 * @param cancelsRemote whether the timeout ends the stream
 */
public record RecvTimeout(Duration timeout, boolean cancelsRemote) {
    /** Checks the duration. */
    public RecvTimeout {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("recv timeout: " + timeout + " (expected: > 0)");
        }
    }

    /** A timeout that ends the stream. */
    public static RecvTimeout of(Duration timeout) {
        return new RecvTimeout(timeout, true);
    }

    /** This timeout, leaving the peer running: the recv that waited too long fails, and the next one may succeed. */
    public RecvTimeout keepRemote() {
        return new RecvTimeout(timeout, false);
    }
}
