package io.streamx.discovery;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Keeps something going with a registry: runs an attempt on a virtual thread, and runs it anew whenever it ends, after a
 * pause that grows from 100 ms to 5 s while nothing works. It never gives up, because a registry may be away for hours.
 * Safe from any thread; {@link #close} ends it.
 */
public final class EndlessTask implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** An attempt that ignores its interrupt holds up whoever closes the task for no longer than this. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final Attempt attempt;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private volatile boolean closed;
    /** Whether the attempt has worked since the last pause. */
    private volatile boolean working;

    /** One attempt, which goes on for as long as it works. */
    @FunctionalInterface
    public interface Attempt {
        /**
         * Runs the attempt, which blocks while it works. It is interrupted when the task is closed.
         *
         * @param working to be run when the registry has answered, so that the next pause is a short one
         * @throws Exception why the attempt ended
         */
        void run(Runnable working) throws Exception;
    }

    private EndlessTask(String name, Attempt attempt, Consumer<Throwable> onFailure) {
        this.attempt = Objects.requireNonNull(attempt, "attempt");
        this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /**
     * Starts a task.
     *
     * @param name the name of the thread
     * @param onFailure told on the thread each time the attempt fails, and not of what closing the task causes
     */
    public static EndlessTask start(String name, Attempt attempt, Consumer<Throwable> onFailure) {
        EndlessTask task = new EndlessTask(name, attempt, onFailure);
        task.thread.start();
        return task;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            working = false;
            try {
                attempt.run(() -> working = true);
            } catch (Throwable t) {
                if (closed) {
                    return;
                }
                onFailure.accept(t);
            }
            pause = working ? FIRST_PAUSE : pause;
            try {
                Thread.sleep(jittered(pause));
            } catch (InterruptedException closing) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    /**
     * The pause with a random part, so that servers that lost their registry together do not come back to it together.
     */
    private static Duration jittered(Duration pause) {
        return Duration.ofNanos(
                (long) (pause.toNanos() * (0.75 + ThreadLocalRandom.current().nextDouble(0.5))));
    }

    /** What a failure says, without the wrappings of futures. */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.toString() : message;
    }

    /** Ends the task: interrupts its attempt and waits for it. Repeating this does nothing. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            boolean unused = thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
