package io.streamx.service;

import io.streamx.AttributeKey;
import io.streamx.CallContext;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Where a thread keeps the {@link CallContext} it carries. For runtimes; users call {@link CallContext#current()}. */
public final class ContextStorage {
    /**
     * An attribute of a call. Its value makes of a task one that runs with what else belongs to the call, such as the
     * current span of a tracer. {@link CallContext#wrap} uses it.
     */
    public static final AttributeKey<UnaryOperator<Runnable>> TASKS = AttributeKey.named("tasks");

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
