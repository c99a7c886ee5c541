package io.streamx.service;

import io.streamx.CallContext;
import org.jspecify.annotations.Nullable;

/** Where a thread keeps the {@link CallContext} it carries. For runtimes; users call {@link CallContext#current()}. */
public final class ContextStorage {
    private static final ThreadLocal<@Nullable CallContext> CURRENT = new ThreadLocal<>();

    private ContextStorage() {}

    /** The context of this thread, or the empty root. */
    public static CallContext current() {
        CallContext context = CURRENT.get();
        return context == null ? RootContext.INSTANCE : context;
    }

    /** Makes {@code context} current until the scope is closed on the same thread. */
    public static Scope attach(CallContext context) {
        CallContext previous = CURRENT.get();
        CURRENT.set(context);
        return () -> {
            if (previous == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(previous);
            }
        };
    }

    /** Restores what was current before. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
