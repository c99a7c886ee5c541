package io.streamx.wire;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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

    /** The call of {@code method} that {@code thread} serves has ended; {@code runs} says whether its handler still runs. */
    public static void watch(Object method, Thread thread, BooleanSupplier runs) {
        watch(method, thread, runs, CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS), SECONDS);
    }

    static void watch(Object method, Thread thread, BooleanSupplier runs, Executor later, int seconds) {
        if (seconds > 0) {
            later.execute(() -> {
                if (runs.getAsBoolean()) {
                    tell(method, thread, seconds);
                }
            });
        }
    }

    private static void tell(Object method, Thread thread, int seconds) {
        String stack = Arrays.stream(thread.getStackTrace())
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining());
        Logs.warn(
                LOG,
                "the handler of {} still runs {} s after its call has ended (expected: that it ends when its thread is"
                        + " interrupted or its context is cancelled); it stands{}",
                method,
                seconds,
                stack.isEmpty() ? " nowhere: it is about to run, or ends now" : stack);
    }
}
