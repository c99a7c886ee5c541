package io.streamx.engine.flow;

import io.streamx.wire.ReadGate;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The received bytes of one connection that no user has taken yet. Over the limit the connection is not read until half
 * of it has been taken; so the limit is passed by one read of the socket at most, and the largest message always fits.
 *
 * <p>{@link #received} and {@link #settle} belong to the event loop, {@link #taken} to any thread.
 */
public final class ReadBudget {
    private final long limit;
    private final Executor loop;
    private final ReadGate gate;
    private final AtomicLong unread = new AtomicLong();
    private final AtomicBoolean resumeAsked = new AtomicBoolean();
    private volatile boolean paused;
    private long unsettled;

    public ReadBudget(long limit, Executor loop, ReadGate gate) {
        this.limit = limit;
        this.loop = loop;
        this.gate = gate;
    }

    /** Counts a message. Others see it from the next {@link #settle} on: one atomic step for a whole read. */
    public void received(int cost) {
        unsettled += cost;
    }

    /** Settles what one read brought, and pauses when that was too much. */
    public void settle() {
        if (unsettled == 0) {
            return;
        }
        long now = unread.addAndGet(unsettled);
        unsettled = 0;
        if (now > limit && !paused) {
            paused = true;
            gate.pause();
            // All may have been taken before the takers could see the pause.
            resumeIfTaken();
        }
    }

    /** Gives bytes back that a user took or that were dropped. */
    public void taken(long cost) {
        long now = unread.addAndGet(-cost);
        if (paused && now <= limit / 2 && resumeAsked.compareAndSet(false, true)) {
            loop.execute(() -> {
                resumeAsked.set(false);
                resumeIfTaken();
            });
        }
    }

    private void resumeIfTaken() {
        if (paused && unread.get() <= limit / 2) {
            paused = false;
            gate.resume();
        }
    }

    public boolean isPaused() {
        return paused;
    }

    /** For tests and diagnosis. */
    public long unread() {
        return unread.get();
    }
}
