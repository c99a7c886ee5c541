package io.streamx.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The faults of one direction. Safe from any thread. */
final class FaultState {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private long delayNanos;
    private long bytesPerSecond = Long.MAX_VALUE;
    private boolean blackHole;

    /** Whether a connection that waits has ended. */
    interface Ending {
        boolean isEnded();
    }

    void delay(Duration time) {
        change(() -> delayNanos = time.toNanos());
    }

    void throttle(int bytes) {
        change(() -> bytesPerSecond = bytes);
    }

    void blackHole(boolean hole) {
        change(() -> blackHole = hole);
    }

    void heal() {
        change(() -> {
            delayNanos = 0;
            bytesPerSecond = Long.MAX_VALUE;
            blackHole = false;
        });
    }

    /** Wakes connections that wait, because one of them has ended. */
    void wake() {
        change(() -> {});
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many of {@code all} bytes may be passed on at once, so that a throttle holds for each tenth of a second. */
    int mostAtOnce(int all) {
        lock.lock();
        try {
            return bytesPerSecond == Long.MAX_VALUE ? all : Math.clamp(bytesPerSecond / 10, 1, all);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until bytes that came at {@code arrivedNanos} may be passed on; ends early where the connection ends.
     *
     * @param lastNanos when the bytes before them were passed on
     * @param bytes how many they are
     */
    void awaitTurn(long arrivedNanos, long lastNanos, int bytes, Ending connection) throws InterruptedException {
        lock.lock();
        try {
            while (!connection.isEnded()) {
                long now = System.nanoTime();
                long due = arrivedNanos + delayNanos;
                if (bytesPerSecond != Long.MAX_VALUE) {
                    due = Math.max(due, lastNanos + TimeUnit.SECONDS.toNanos(1) * bytes / bytesPerSecond);
                }
                if (blackHole) {
                    changed.await();
                } else if (due - now > 0) {
                    changed.awaitNanos(due - now);
                } else {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
