package io.streamx.engine;

import io.streamx.engine.flow.ReadBudget;
import io.streamx.wire.Limits;
import io.streamx.wire.ReadGate;
import io.streamx.wire.TimeLimit;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a stream which is not read does not hold up the other streams of its connection for ever.
 *
 * <p>From the first pause of the connection until the connection is at ease again, a timer looks at all streams. It glimpses at
 * what the peer has sent meanwhile, and ends the streams that {@link HeldUpStreams} finds. On the event loop.
 *
 * <p>Source: docs/decisions/2026-11-28-streams-without-flow-control.md.
 */
final class StallGuard implements ReadGate {
    /** How often a connection that holds too much unread looks for frames behind its messages. */
    private static final long GLIMPSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final StreamConnection connection;
    private final AttachedStreams streams;
    private final Limits limits;
    private final ReadGate gate;
    private final HeldUpStreams<ConnectionStream> heldUp = new HeldUpStreams<>();
    private @Nullable Future<?> timer;
    private long nextLookNanos;
    private boolean pausedSinceAsked;
    private boolean stopped;

    /** {@code gate} pauses and resumes {@code connection}, on which {@code streams} are. */
    StallGuard(StreamConnection connection, AttachedStreams streams, ReadGate gate) {
        this.connection = connection;
        this.streams = streams;
        this.gate = gate;
        limits = connection.limits();
    }

    @Override
    public void pause() {
        gate.pause();
        pausedSinceAsked = true;
        if (timer == null && !stopped) {
            heldUp.beginTime();
            nextLookNanos = System.nanoTime() + lookNanos();
            lookLater();
        }
    }

    @Override
    public void resume() {
        gate.resume();
    }

    @Override
    public void glimpse() {
        gate.glimpse();
    }

    @Override
    public void filling(long allowedBytes) {
        gate.filling(allowedBytes);
    }

    @Override
    public void emptied() {
        gate.emptied();
    }

    @Override
    public void stopReading(boolean stop) {
        gate.stopReading(stop);
    }

    /** Whether the connection has been paused at any time since this was asked before. */
    boolean wasPaused() {
        boolean was = pausedSinceAsked;
        pausedSinceAsked = connection.readBudget().isPaused();
        return was;
    }

    /** The connection is gone: nothing is looked at any more. */
    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private long lookNanos() {
        return Math.max(1, TimeLimit.nanos(limits.stallTimeout()) / HeldUpStreams.PATIENCE);
    }

    private void lookLater() {
        timer = connection.scheduleBySystem(this::look, Math.min(GLIMPSE_NANOS, lookNanos()));
    }

    private void look() {
        timer = null;
        if (stopped) {
            return;
        }
        ReadBudget budget = connection.readBudget();
        if (budget.isAtEase() && !budget.isPaused()) {
            budget.resumeFinely(false);
            return;
        }
        budget.resumeFinely(true);
        budget.glimpse();
        long now = System.nanoTime();
        if (now - nextLookNanos >= 0) {
            nextLookNanos = now + lookNanos();
            endWhatHoldsUpOthers(budget);
        }
        lookLater();
    }

    private void endWhatHoldsUpOthers(ReadBudget budget) {
        heldUp.beginLook();
        streams.forEachUnread(heldUp::look);
        streams.forEach(heldUp::look);
        // Where reading goes on, or other connections hold more, no stream of this one holds up anybody.
        List<ConnectionStream> findings =
                budget.isPaused() && budget.isOverItsShare() ? heldUp.findings(budget.tooMuch()) : List.of();
        heldUp.endLook();
        for (ConnectionStream exchange : findings) {
            exchange.endStalled(exchange.failures().tooManyUnreadBytes(exchange.unread(), limits.stallTimeout()));
        }
        if (!findings.isEmpty()) {
            connection.flush();
        }
    }
}
