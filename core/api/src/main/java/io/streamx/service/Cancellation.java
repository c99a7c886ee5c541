package io.streamx.service;

import io.streamx.CallContext.Registration;
import io.streamx.RpcException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows whether and why a call was cancelled, and who wants to be told. For runtimes. Any thread may use it. */
public final class Cancellation {
    private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);

    // Guarded by this.
    private @Nullable List<Runnable> listeners;
    private volatile @Nullable RpcException reason;

    /** A cancellation that has not happened yet. */
    public Cancellation() {}

    /** Why the call was cancelled; null while it is not. */
    public @Nullable RpcException reason() {
        return reason;
    }

    /**
     * Cancels, and runs the listeners on this thread. The first reason stays; a listener that throws is logged and keeps
     * nothing from the others.
     */
    public void cancel(RpcException why) {
        List<Runnable> toRun;
        synchronized (this) {
            if (reason != null) {
                return;
            }
            reason = why;
            toRun = listeners;
            listeners = null;
        }
        if (toRun != null) {
            toRun.forEach(Cancellation::run);
        }
    }

    private static void run(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("listener of a cancelled call failed", e);
        }
    }

    /** Runs {@code listener} once when the call is cancelled, or at once when that has happened already. */
    public Registration onCancel(Runnable listener) {
        synchronized (this) {
            if (reason == null) {
                if (listeners == null) {
                    listeners = new ArrayList<>(2);
                }
                listeners.add(listener);
                return () -> forget(listener);
            }
        }
        run(listener);
        return () -> {};
    }

    private synchronized void forget(Runnable listener) {
        if (listeners != null) {
            listeners.remove(listener);
        }
    }
}
