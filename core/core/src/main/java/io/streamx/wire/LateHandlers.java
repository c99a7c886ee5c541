package io.streamx.wire;

import io.streamx.jfr.LateHandlerEvent;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs handlers that run on long after their call has ended, because they pay no attention to the interrupt of their
 * thread. Each such handler is one line, with the stack of its thread. The time after the end of the call is ten
 * seconds, or {@code -Dstreamx.lateHandlerSeconds}, 0 for never.
 */
public final class LateHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(LateHandlers.class);
    private static final int SECONDS = Integer.getInteger("streamx.lateHandlerSeconds", 10);
    private static final int SHOWN_FRAMES = 30;

    private LateHandlers() {}

    /** The call of {@code method} has ended that {@code thread} serves, and nothing else. */
    public static void watch(Object method, Thread thread) {
        watch(method, thread, CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS), SECONDS);
    }

    static void watch(Object method, Thread thread, Executor later, int seconds) {
        if (seconds > 0) {
            // Nearly all handlers end at once. What they have left behind is not to be kept for those that do not.
            WeakReference<Thread> handler = new WeakReference<>(thread);
            later.execute(() -> {
                Thread runs = handler.get();
                if (runs != null && runs.isAlive()) {
                    tell(method, runs, seconds);
                }
            });
        }
    }

    private static void tell(Object method, Thread thread, int seconds) {
        String stack = Arrays.stream(thread.getStackTrace())
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining());
        LateHandlerEvent.tell(String.valueOf(method), thread, seconds, stack);
        Logs.warn(
                LOG,
                "the handler of {} still runs {} s after its call has ended (expected: that it ends when its thread is"
                        + " interrupted or its context is cancelled); it stands{}",
                method,
                seconds,
                stack.isEmpty() ? " nowhere: it is about to run, or ends now" : stack);
    }
}
