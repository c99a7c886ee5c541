package io.streamx;

import java.util.concurrent.Callable;

/**
 * A context that its owner can cancel, and with it every stream and call made under it. {@link
 * CallContext#cancellable()} makes it, and it is cancelled too when the context that it was made from is. Any thread
 * may use it.
 *
 * <pre>{@code
 * try (CancellableContext context = CallContext.current().cancellable()) {
 *     context.run(() -> ...);          // calls made in here
 *     context.cancel("user left");     // from any thread
 * }
 * }</pre>
 */
public interface CancellableContext extends CallContext, AutoCloseable {
    /** Cancels what was made under this context; the first reason stays. */
    void cancel(String reason);

    /** Runs a task under this context, on this thread. */
    default void run(Runnable task) {
        wrap(task).run();
    }

    /** Runs a task with a result under this context, on this thread. */
    <T> T call(Callable<T> task) throws Exception;

    /** Cancels what is still running under this context, and forgets the context that it was made from. */
    @Override
    void close();
}
