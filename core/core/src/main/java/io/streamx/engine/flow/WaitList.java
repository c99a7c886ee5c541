package io.streamx.engine.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that wait for room. A waiter adds itself, looks again, and only then parks. Whoever makes room changes the
 * state first and then calls {@link #wakeAll}. So no wake is lost. Any thread may use the list. When nobody waits,
 * which is the common case, waking costs one volatile read.
 */
final class WaitList {
    private final List<Thread> threads = new ArrayList<>(1);
    private volatile int size;

    synchronized void add(Thread thread) {
        threads.add(thread);
        size = threads.size();
    }

    synchronized void remove(Thread thread) {
        threads.remove(thread);
        size = threads.size();
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Wakes all waiters; those that still find no room park again. */
    void wakeAll() {
        if (size == 0) {
            return;
        }
        synchronized (this) {
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
        }
    }
}
