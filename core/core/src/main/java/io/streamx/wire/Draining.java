package io.streamx.wire;

import io.streamx.CallContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a server is leaving, and which calls want to know: at the server itself those that it runs, at a client those on a
 * connection whose server has said so. Safe from any thread.
 */
public final class Draining {
    private static final Logger LOG = LoggerFactory.getLogger(Draining.class);

    /** One wish to be told; two equal listeners are told both. */
    private static final class Told {
        private final Runnable listener;

        Told(Runnable listener) {
            this.listener = listener;
        }

        void tell() {
            Thread.ofVirtual().name("streamx-draining").start(() -> {
                try {
                    listener.run();
                } catch (RuntimeException | Error e) {
                    LOG.warn("listener of a draining server failed", e);
                }
            });
        }
    }

    // Guarded by {@code this}.
    private final Set<Told> waiting = new LinkedHashSet<>();
    private boolean begun;

    /** A server that is not leaving yet. */
    public Draining() {}

    /** The server leaves: tells all that want to know, each on a thread of its own. Repeating it does nothing. */
    public void begin() {
        List<Told> all;
        synchronized (this) {
            begun = true;
            all = new ArrayList<>(waiting);
            waiting.clear();
        }
        all.forEach(Told::tell);
    }

    /** Runs {@code listener} once when the server begins to leave, or at once when that has happened already. */
    public CallContext.Registration onBegin(Runnable listener) {
        Told told = new Told(listener);
        synchronized (this) {
            if (!begun) {
                waiting.add(told);
                return () -> forget(told);
            }
        }
        told.tell();
        return () -> {};
    }

    /**
     * Runs {@code listener} once when the server begins to leave, unless {@code call} has ended by then. Each call is cancelled
     * when it has ended, at the latest.
     */
    CallContext.Registration onBeginDuring(CallContext call, Runnable listener) {
        CallContext.Registration told = onBegin(listener);
        CallContext.Registration ended = call.onCancel(told::close);
        return () -> {
            told.close();
            ended.close();
        };
    }

    private synchronized void forget(Told told) {
        waiting.remove(told);
    }
}
