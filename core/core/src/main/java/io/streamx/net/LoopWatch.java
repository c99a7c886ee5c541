package io.streamx.net;

import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at event loops that schedule virtual threads, and names a thread that does not come back. A thread of its own
 * does the looking, since the loop cannot. That thread runs while there are such loops.
 */
final class LoopWatch {
    private static final long INTERVAL_MILLIS = 500;
    private static final long TOO_LONG_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final VarHandle RUNNING;

    static {
        try {
            RUNNING = MethodHandles.lookup().findVarHandle(Watched.class, "running", LoopScheduler.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What one event loop is doing. Written by the loop; {@link #running} is written last and read first. */
    static final class Watched {
        private final WeakReference<Thread> loopThread = new WeakReference<>(Thread.currentThread());

        private long sinceNanos;

        @SuppressWarnings("unused") // through RUNNING
        private volatile @Nullable LoopScheduler running;

        /** When the run began that was named last. Only the looking thread uses the field. */
        private long namedSinceNanos;

        /** A virtual thread begins to run on this event loop. */
        void entered(LoopScheduler scheduler, long nowNanos) {
            sinceNanos = nowNanos;
            RUNNING.setRelease(this, scheduler);
        }

        /** The virtual thread has come back. */
        void left() {
            RUNNING.setRelease(this, null);
        }

        private void look() {
            LoopScheduler scheduler = (LoopScheduler) RUNNING.getAcquire(this);
            long since = sinceNanos;
            long nanos = System.nanoTime() - since;
            if (scheduler != null && nanos > TOO_LONG_NANOS && namedSinceNanos != since) {
                namedSinceNanos = since;
                scheduler.doesNotComeBack(nanos);
            }
        }
    }

    private static final FastThreadLocal<Watched> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected Watched initialValue() {
            return watch(new Watched());
        }
    };

    /** Guarded by the list itself. */
    private static final List<Watched> ALL = new ArrayList<>();

    private LoopWatch() {}

    /** What is noted of the event loop that calls this. */
    static Watched thisLoop() {
        return OF_LOOP.get();
    }

    private static Watched watch(Watched loop) {
        synchronized (ALL) {
            ALL.add(loop);
            if (ALL.size() == 1) {
                Thread.ofPlatform().daemon().name("streamx-loop-watch").start(LoopWatch::look);
            }
        }
        return loop;
    }

    private static void look() {
        while (true) {
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread, so the watch goes on.
                continue;
            }
            List<Watched> loops;
            synchronized (ALL) {
                for (Iterator<Watched> each = ALL.iterator(); each.hasNext(); ) {
                    Thread thread = each.next().loopThread.get();
                    if (thread == null || !thread.isAlive()) {
                        each.remove();
                    }
                }
                if (ALL.isEmpty()) {
                    return;
                }
                loops = List.copyOf(ALL);
            }
            loops.forEach(Watched::look);
        }
    }
}
