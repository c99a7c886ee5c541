package io.streamx.ttheader.unary;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a connection whose handlers run, or are about to. On the event loop.
 *
 * <p>Handlers of requests that came with one read of the socket start when all of the read has been looked at. A handler that
 * starts wakes another processor, which would work on what the event loop is at.
 */
final class RunningCalls {
    private final List<ServedCall<?, ?>> unstarted = new ArrayList<>();
    /** The newest of the calls, which are linked to each other, so that a call costs no object of a collection. */
    private @Nullable ServedCall<?, ?> newest;

    private int count;
    private long bytes;

    /** Counts a call, which {@link #startAdded} starts. */
    void add(ServedCall<?, ?> call) {
        ServedCall<?, ?> next = newest;
        call.behind = next;
        if (next != null) {
            next.before = call;
        }
        newest = call;
        count++;
        bytes += call.requestBytes();
        unstarted.add(call);
    }

    /** Starts the calls that were added since this was called last, in order. */
    void startAdded() {
        if (unstarted.isEmpty()) {
            return;
        }
        try {
            unstarted.forEach(ServedCall::start);
        } finally {
            unstarted.clear();
        }
    }

    /** Forgets a call that is over; it was added once and not removed. */
    void remove(ServedCall<?, ?> call) {
        ServedCall<?, ?> before = call.before;
        ServedCall<?, ?> behind = call.behind;
        if (before == null) {
            newest = behind;
        } else {
            before.behind = behind;
        }
        if (behind != null) {
            behind.before = before;
        }
        call.before = null;
        call.behind = null;
        count--;
        bytes -= call.requestBytes();
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    /** How many bytes the requests have together. */
    long bytes() {
        return bytes;
    }

    /** Shows the calls; {@code look} must not remove any. */
    void forEach(Consumer<ServedCall<?, ?>> look) {
        for (ServedCall<?, ?> call = newest; call != null; call = call.behind) {
            look.accept(call);
        }
    }
}
