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

    static final String CALL_ENDED = "its call has ended (expected: that it ends when its thread is interrupted or its"
            + " context is cancelled)";
    private static final String SERVER_CLOSED = "its server has closed (expected: that a oneway handler ends within the"
            + " shutdown window, since nothing interrupts it)";

    private LateHandlers() {}

    /**
     * The call of {@code method} has ended that {@code thread} serves, and nothing else; it is named when it still runs after
     * that time, zero for never.
     */
    public static void watch(Object method, Thread thread, Duration after) {
        watch(method, thread, after, CALL_ENDED);
    }

    /** The server has closed, whose oneway call of {@code method} {@code thread} serves; all else is as with {@link #watch}. */
    public static void watchAfterClose(Object method, Thread thread, Duration after) {
        watch(method, thread, after, SERVER_CLOSED);
    }

    private static void watch(Object method, Thread thread, Duration after, String since) {
        if (!after.isZero()) {
            watch(
                    method,
                    thread,
                    CompletableFuture.delayedExecutor(TimeLimit.nanos(after), TimeUnit.NANOSECONDS),
                    after.toMillis() / 1000.0,
                    since);
        }
    }

    /** {@code since} is one of the two texts that say what has happened. */
    static void watch(Object method, Thread thread, Executor later, double seconds, String since) {
        // Nearly all handlers end at once. What they have left behind is not to be kept for those that do not.
        WeakReference<Thread> handler = new WeakReference<>(thread);
        later.execute(() -> {
            Thread runs = handler.get();
            if (runs != null && runs.isAlive()) {
                tell(method, runs, seconds, since);
            }
        });
    }

    private static void tell(Object method, Thread thread, double seconds, String since) {
        String stack = Arrays.stream(thread.getStackTrace())
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining());
        LateHandlerEvent.tell(String.valueOf(method), thread, Math.round(seconds), stack);
        Logs.warn(
                LOG,
                "the handler of {} still runs {} s after {}; it stands{}",
                method,
                seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds),
                since,
                stack.isEmpty() ? " nowhere: it is about to run, or ends now" : stack);
    }
}
