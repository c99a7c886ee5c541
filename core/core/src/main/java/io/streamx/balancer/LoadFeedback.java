package io.streamx.balancer;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.DeclaredException;
import org.jspecify.annotations.Nullable;

/** Counts what runs on each candidate, and how long calls took that were answered. */
enum LoadFeedback implements Balancer.CallFeedback {
    COUNT(false),
    COUNT_AND_TIME(true);

    private final boolean timed;

    LoadFeedback(boolean timed) {
        this.timed = timed;
    }

    @Override
    public void started(Candidate candidate) {
        candidate.callStarted();
    }

    @Override
    public void ended(Candidate candidate, long nanos, @Nullable Throwable failure) {
        candidate.callEnded();
        if (timed && nanos >= 0) {
            long now = System.nanoTime();
            if (isAnswer(failure)) {
                candidate.took(nanos, now);
            } else {
                // A server that fails at once is not a fast one: the failure counts as a slow call.
                candidate.took(Math.max(nanos, (long) (2 * candidate.expectedNanos(now))), now);
            }
        }
    }

    private static boolean isAnswer(@Nullable Throwable failure) {
        return failure == null
                || failure instanceof BizStatusException
                || failure instanceof DeclaredException
                || (failure instanceof ApplicationException remote
                        && remote.type() == ApplicationException.INTERNAL_ERROR);
    }
}
