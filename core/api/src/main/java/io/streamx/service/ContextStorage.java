package io.streamx.service;

import io.streamx.AttributeKey;
import io.streamx.CallContext;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a thread keeps the {@link CallContext} it carries. For runtimes; users call {@link CallContext#current()}. */
public final class ContextStorage {
    /**
     * An attribute of a call. Its value makes current on the calling thread what else belongs to the call, such as the span
     * of a tracer, until the scope is closed on that thread. {@link #attachAll} uses it.
     */
    public static final AttributeKey<Supplier<Scope>> SCOPES = AttributeKey.named("scopes");

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

    /**
     * Makes {@code context} current, and what else belongs to its call, until the scope is closed on the same thread. For
     * threads that go on with a handler's work; {@link #attach} is for those that have all of it already.
     */
    public static Scope attachAll(CallContext context) {
        Scope own = attach(context);
        Supplier<Scope> more = context.attribute(SCOPES);
        if (more == null) {
            return own;
        }
        Scope others;
        try {
            others = more.get();
        } catch (RuntimeException | Error e) {
            own.close();
            throw e;
        }
        return () -> {
            try {
                others.close();
            } finally {
                own.close();
            }
        };
    }

    /** Restores what was current before. */
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }
}
