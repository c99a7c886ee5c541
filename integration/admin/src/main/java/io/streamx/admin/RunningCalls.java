package io.streamx.admin;

import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The calls that run now. Any thread. */
final class RunningCalls implements CallListener {
    private final Map<CallInfo, Running> calls = new ConcurrentHashMap<>();

    /** A call that runs. */
    static final class Running {
        private static final long NOT_WAITING = 0;

        private final CallInfo call;
        private final long beganNanos = System.nanoTime();
        private final LongAdder sent = new LongAdder();
        private final LongAdder received = new LongAdder();
        /** When the wait began, as the clock has it; {@link #NOT_WAITING} for none. */
        private volatile long sendsSince;

        private volatile long receivesSince;

        Running(CallInfo call) {
            this.call = call;
        }

        CallInfo call() {
            return call;
        }

        String side() {
            return call instanceof CallContext ? "server" : "client";
        }

        long ageMillis() {
            return millisSince(beganNanos);
        }

        long sent() {
            return sent.sum();
        }

        long received() {
            return received.sum();
        }

        /** For how long a send has waited for room; negative when none waits. */
        long sendWaitMillis() {
            return waitMillis(sendsSince);
        }

        /** For how long a recv has waited for a message; negative when none waits. */
        long receiveWaitMillis() {
            return waitMillis(receivesSince);
        }

        private static long waitMillis(long since) {
            return since == NOT_WAITING ? -1 : millisSince(since);
        }

        private static long millisSince(long nanos) {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
        }

        private void waits(Wait wait, boolean begins) {
            long now = System.nanoTime();
            long since = !begins ? NOT_WAITING : now == NOT_WAITING ? 1 : now;
            if (wait == Wait.SEND) {
                sendsSince = since;
            } else {
                receivesSince = since;
            }
        }
    }

    /** All that run now, in no order. */
    Collection<Running> all() {
        return calls.values();
    }

    @Override
    public void onStart(CallInfo call) {
        calls.put(call, new Running(call));
    }

    @Override
    public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
        Running running = calls.get(call);
        if (running != null && failure == null) {
            running.sent.increment();
        }
    }

    @Override
    public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
        Running running = calls.get(call);
        if (running != null && failure == null) {
            running.received.increment();
        }
    }

    @Override
    public void onWait(CallInfo call, Wait wait) {
        Running running = calls.get(call);
        if (running != null) {
            running.waits(wait, true);
        }
    }

    @Override
    public void onWaitEnd(CallInfo call, Wait wait, long nanos) {
        Running running = calls.get(call);
        if (running != null) {
            running.waits(wait, false);
        }
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        calls.remove(call);
    }
}
