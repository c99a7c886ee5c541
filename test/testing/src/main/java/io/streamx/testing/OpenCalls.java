package io.streamx.testing;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which calls of a test have begun and are not over. Safe from any thread. */
final class OpenCalls {
    private final Map<CallInfo, String> open = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();

    /**
     * The listener for a client. A call of a client is over when its user has taken the end or a failure, or has cancelled or
     * closed the stream.
     */
    CallListener ofClient() {
        return new CallListener() {
            @Override
            public void onStart(CallInfo call) {
                open.put(call, "client");
            }

            @Override
            public void onDone(CallInfo call) {
                end(call);
            }
        };
    }

    /** The listener for a server. A call of a server is over when the handler has returned. */
    CallListener ofServer() {
        return new CallListener() {
            @Override
            public void onStart(CallInfo call) {
                open.put(call, "server");
            }

            @Override
            public void onFinish(CallInfo call, Summary summary) {
                end(call);
            }
        };
    }

    private void end(CallInfo call) {
        open.remove(call);
        lock.lock();
        try {
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Fails when calls are open that do not end within {@code patience}.
     *
     * @throws AssertionError naming each of them
     */
    void requireNone(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        lock.lock();
        try {
            while (!open.isEmpty()) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    throw failure();
                }
                // A signal between the look and the wait is not lost: whoever ends a call needs the lock to signal.
                ended.await(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private AssertionError failure() {
        List<String> lines = open.entrySet().stream()
                .map(entry -> "  at the " + entry.getValue() + ": "
                        + entry.getKey().service() + "."
                        + entry.getKey().method() + " (" + entry.getKey().mode() + "), since "
                        + entry.getKey().startedAt()
                        + hint(entry.getValue()))
                .sorted()
                .toList();
        open.clear();
        return new AssertionError("calls that the test has left open:\n" + String.join("\n", lines));
    }

    private static String hint(@Nullable String side) {
        return "client".equals(side)
                ? " (expected: read to the end, or closed)"
                : " (expected: the handler has returned)";
    }
}
