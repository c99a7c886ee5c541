package io.streamx.balancer;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The choice when chance or turn met refused candidates alone. */
final class NotRefused {
    private NotRefused() {}

    /** The first that is not refused, from that place on and around; null when all are. */
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
