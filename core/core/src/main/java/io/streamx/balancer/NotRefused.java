package io.streamx.balancer;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes the choice when chance or turn has met refused candidates alone. */
final class NotRefused {
    private NotRefused() {}

    /** The first candidate that is not refused, from {@code start} on and around the end; null when all are refused. */
    static @Nullable Candidate from(Candidate[] all, int start, Predicate<Candidate> refused) {
        for (int i = 0; i < all.length; i++) {
            Candidate candidate = all[(start + i) % all.length];
            if (!refused.test(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
