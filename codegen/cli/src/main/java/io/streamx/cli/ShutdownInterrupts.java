package io.streamx.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hears of SIGINT and SIGTERM as the end of the JVM, which needs no class outside the Java API. The JVM then ends with 128 and
 * the number of the signal, after the command has ended its call or {@value #PATIENCE_SECONDS} seconds have passed.
 */
final class ShutdownInterrupts implements Interrupts {
    private static final int PATIENCE_SECONDS = 5;

    @Override
    public Registration onInterrupt(Runnable reaction) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    reaction.run();
                    awaitQuietly(ended);
                },
                "streamx-interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException theJvmIsEnding) {
                // The hook runs already, and has just been told to return.
            }
        };
    }

    private static void awaitQuietly(CountDownLatch ended) {
        try {
            ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
