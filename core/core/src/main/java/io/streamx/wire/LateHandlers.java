package io.streamx.wire;

import io.streamx.jfr.LateHandlerEvent;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs handlers that run on long after their call has ended, because they pay no attention to the interrupt of their
 * thread. Each such handler is one line, with the stack of its thread.
 */
public final class LateHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(LateHandlers.class);
    private static final int SHOWN_FRAMES = 30;

    private LateHandlers() {}

    /**
     * The call of {@code method} has ended that {@code thread} serves, and nothing else; it is named when it still runs after
     * that time, zero for never.
     */
    public static void watch(Object method, Thread thread, Duration after) {
        if (!after.isZero()) {
            watch(
                    method,
                    thread,
                    CompletableFuture.delayedExecutor(TimeLimit.nanos(after), TimeUnit.NANOSECONDS),
                    after.toMillis() / 1000.0);
        }
    }

    static void watch(Object method, Thread thread, Executor later, double seconds) {
        // Nearly all handlers end at once. What they have left behind is not to be kept for those that do not.
        WeakReference<Thread> handler = new WeakReference<>(thread);
        later.execute(() -> {
            Thread runs = handler.get();
            if (runs != null && runs.isAlive()) {
                tell(method, runs, seconds);
            }
        });
    }

    private static void tell(Object method, Thread thread, double seconds) {
        String stack = Arrays.stream(thread.getStackTrace())
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining());
        LateHandlerEvent.tell(String.valueOf(method), thread, Math.round(seconds), stack);
        Logs.warn(
                LOG,
                "the handler of {} still runs {} s after its call has ended (expected: that it ends when its thread is"
                        + " interrupted or its context is cancelled); it stands{}",
                method,
                seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds),
                stack.isEmpty() ? " nowhere: it is about to run, or ends now" : stack);
    }
}
