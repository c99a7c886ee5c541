package io.streamx.engine;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a connection takes new streams, and how many are about to be opened on it. Safe from any thread, unless a method says
 * otherwise.
 */
public final class StreamAdmission {
    private final Channel channel;
    private final AtomicInteger reserved = new AtomicInteger();
    private volatile boolean retired;

    /** The admission of the connection on {@code channel}, which is open. */
    StreamAdmission(Channel channel) {
        this.channel = channel;
    }

    /** The connection takes no more streams; those under way go on. */
    void retire() {
        retired = true;
    }

    /** Whether a new stream may be opened. */
    boolean isUsable() {
        return !retired && channel.isActive();
    }

    /** How many streams are about to be opened. */
    int reserved() {
        return reserved.get();
    }

    /**
     * Counts one more stream that is about to be opened here, so that the connection is not closed for idleness before
     * it is. Opening the stream uses the reservation up. Whoever does not open the stream gives the reservation back
     * with {@link #unreserve}.
     *
     * @return whether the connection takes new streams
     */
    public boolean reserve() {
        // The count is raised before the state is looked at. So either this thread sees that the connection is retired,
        // or whoever retires it sees the count.
        reserved.incrementAndGet();
        return isUsable();
    }

    /** Whether the connection takes no more streams by a decision of this side, for instance because it was idle. */
    public boolean isRetired() {
        return retired;
    }

    /** Gives a reservation back. */
    public void unreserve() {
        reserved.decrementAndGet();
    }

    /** Takes no more streams unless one is about to be opened; says whether it takes none. On the event loop. */
    boolean retireUnlessReserved() {
        boolean before = retired;
        retire();
        if (reserved.get() > 0) {
            retired = before;
            return false;
        }
        return true;
    }
}
