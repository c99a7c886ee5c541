package io.streamx.ttheader.unary;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/**
 * The tasks that other threads want done on a connection's event loop, in order. One wake-up of the loop does all that
 * is there and ends with one flush: under load many small messages become one system call.
 */
final class TaskQueue {
    private static final int CHUNK = 64;
    /** After how many tasks other work of the event loop gets its turn. */
    private static final int MAX_BATCH = 4096;

    private final MpscUnboundedAtomicArrayQueue<Runnable> tasks = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final EventLoop loop;
    private final BooleanSupplier isOpen;
    private final Runnable flush;
    private final Runnable drain = this::drain;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** {@code flush} runs after each batch. */
    TaskQueue(EventLoop loop, Runnable flush) {
        this(loop, () -> true, flush);
    }

    /**
     * Tasks wait while {@code isOpen}, which is asked on the event loop, says that they should; {@link #resume} is to be called when
     * that may have changed.
     */
    TaskQueue(EventLoop loop, BooleanSupplier isOpen, Runnable flush) {
        this.loop = loop;
        this.isOpen = isOpen;
        this.flush = flush;
    }

    /**
     * Queues a task. Any thread.
     *
     * @throws RejectedExecutionException when the loop has ended
     */
    void offer(Runnable task) {
        tasks.offer(task);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(drain);
            } catch (RejectedExecutionException loopHasEnded) {
                scheduled.set(false);
                throw loopHasEnded;
            }
        }
    }

    /** Does what has waited. On the event loop. */
    void resume() {
        if (!tasks.isEmpty()) {
            drain();
        }
    }

    private void drain() {
        scheduled.set(false);
        int done = 0;
        while (isOpen.getAsBoolean()) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            task.run();
            if (++done == MAX_BATCH) {
                if (scheduled.compareAndSet(false, true)) {
                    loop.execute(drain);
                }
                break;
            }
        }
        flush.run();
    }
}
