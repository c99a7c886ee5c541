package io.streamx.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Schedules one virtual thread on an event loop, and looks at how long it stays there: while it runs, the connections of
 * the loop wait. A thread that has stayed for too long more than once goes on elsewhere.
 *
 * <p>This object is also the task of the loop, so that scheduling makes no object: a virtual thread gives its scheduler
 * the same task each time, and never again before that task has run. Virtual threads that the scheduled thread starts
 * inherit this scheduler. They are passed on to the JDK's scheduler, since a handler would start them to compute
 * something.
 */
final class LoopScheduler implements Executor, Runnable {
    /** A thread that stays this long computes something. Handlers that pass messages on stay for microseconds. */
    private static final long LONG_RUN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /**
     * How many long runs a thread is forgiven, because the first run of a handler loads classes, and a busy machine may
     * stop any thread for a while.
     */
    private static final int FORGIVEN_RUNS = 1;

    private static final Logger LOG = LoggerFactory.getLogger(LoopThreads.class);

    private final EventLoop loop;
    private final Executor elsewhere;
    private @Nullable Thread thread;
    /** The task of the thread, set when it starts and before it can start others. */
    private @Nullable Runnable continuation;

    private LoopWatch.@Nullable Watched watched;
    private int longRuns;
    private volatile boolean moved;

    LoopScheduler(EventLoop loop, Executor elsewhere) {
        this.loop = loop;
        this.elsewhere = elsewhere;
    }

    /** Says which thread this schedules, before that thread starts. */
    void schedules(Thread scheduled) {
        thread = scheduled;
    }

    /** The event loop that schedules {@code running}; null if that thread has only inherited this scheduler. */
    @Nullable
    @SuppressWarnings("ReferenceEquality") // that thread and no other
    EventLoop loopOf(Thread running) {
        return running == thread ? loop : null;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // each thread has one task
    public void execute(Runnable task) {
        if (continuation == null) {
            continuation = task;
        }
        if (!moved && task == continuation) {
            try {
                loop.execute(this);
                return;
            } catch (RejectedExecutionException loopHasEnded) {
                // The event loop has ended because its client or server was closed. That is no reason for a thread to
                // stop in the middle, so it goes on elsewhere.
                moved = true;
            }
        }
        elsewhere.execute(task);
    }

    @Override
    public void run() {
        Runnable next = continuation;
        if (next == null) {
            throw new IllegalStateException("nothing was to be run");
        }
        LoopWatch.Watched watch = watched;
        if (watch == null) {
            watch = LoopWatch.thisLoop();
            watched = watch;
        }
        long beganNanos = System.nanoTime();
        watch.entered(this, beganNanos);
        next.run();
        watch.left();
        long nanos = System.nanoTime() - beganNanos;
        if (nanos > LONG_RUN_NANOS) {
            stayedFor(nanos);
        }
    }

    private void stayedFor(long nanos) {
        longRuns++;
        if (longRuns > FORGIVEN_RUNS && !moved) {
            moved = true;
            LOG.warn(
                    "{} has held up the connections of its event loop for {} ms, not for the first time; it goes on on"
                            + " the JDK's scheduler (expected: no more than {} ms without waiting, or"
                            + " StreamThreads.VIRTUAL)",
                    name(),
                    TimeUnit.NANOSECONDS.toMillis(nanos),
                    TimeUnit.NANOSECONDS.toMillis(LONG_RUN_NANOS));
        }
    }

    /** Logs the thread that has run for {@code nanos} and has not come back, with its stack. */
    void doesNotComeBack(long nanos) {
        Thread running = thread;
        Throwable where = new Throwable("stack of " + name());
        where.setStackTrace(running == null ? new StackTraceElement[0] : running.getStackTrace());
        LOG.warn(
                "{} has held up the connections of its event loop for {} ms and goes on doing so (expected: no more"
                        + " than {} ms without waiting, or StreamThreads.VIRTUAL)",
                name(),
                TimeUnit.NANOSECONDS.toMillis(nanos),
                TimeUnit.NANOSECONDS.toMillis(LONG_RUN_NANOS),
                where);
    }

    private String name() {
        Thread scheduled = thread;
        return scheduled == null ? "a thread" : "thread '" + scheduled.getName() + "'";
    }
}
