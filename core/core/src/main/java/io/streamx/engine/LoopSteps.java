package io.streamx.engine;

import io.netty.channel.EventLoop;
import io.streamx.wire.TimeSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps on the event loop of one connection, beside its queue of messages. What a step throws ends the connection. A
 * step is dropped when the loop has ended: the streams have been told when the connection closed, which was before. Safe
 * from any thread.
 */
final class LoopSteps {
    private final EventLoop loop;
    private final Consumer<Throwable> failed;

    /** {@code failed} is given what a step throws, on the event loop. */
    LoopSteps(EventLoop loop, Consumer<Throwable> failed) {
        this.loop = loop;
        this.failed = failed;
    }

    /** Runs {@code step} as soon as may be. */
    void execute(Runnable step) {
        try {
            loop.execute(() -> run(step));
        } catch (RejectedExecutionException loopHasEnded) {
            // Nobody waits for the step any more.
        }
    }

    /**
     * Runs {@code step} when so much of {@code time} has passed; the caller cancels a step that it does not need any more. Null
     * when it is dropped.
     */
    @Nullable
    Future<?> schedule(TimeSource time, Runnable step, long nanos) {
        try {
            return time.schedule(loop, () -> run(step), nanos);
        } catch (RejectedExecutionException loopHasEnded) {
            return null;
        }
    }

    private void run(Runnable step) {
        try {
            step.run();
        } catch (Throwable t) {
            failed.accept(t);
        }
    }
}
