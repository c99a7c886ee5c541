package io.streamx.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.streamx.AttributeKey;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.StreamingMode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what it is told of the calls of one side. */
final class CallMetrics implements CallListener {
    private final MeterRegistry registry;
    private final String side;
    private final Map<MethodMeters.Id, MethodMeters> meters = new ConcurrentHashMap<>();
    /** A key of its own for each registry: metrics may be installed twice. */
    private final AttributeKey<Running> running = AttributeKey.named("metrics");

    CallMetrics(MeterRegistry registry, String side) {
        this.registry = registry;
        this.side = side;
    }

    /** A call that has started. */
    private static final class Running {
        private final MethodMeters meters;
        private final long beganNanos = System.nanoTime();
        /** When a message was received last, counted from the beginning; negative before the first. */
        private final AtomicLong receivedNanos = new AtomicLong(-1);

        Running(MethodMeters meters) {
            this.meters = meters;
        }
    }

    @Override
    public void onStart(CallInfo call) {
        Running started = new Running(
                meters.computeIfAbsent(MethodMeters.Id.of(call), id -> new MethodMeters(registry, side, id)));
        call.setAttribute(running, started);
        started.meters.active.increment();
    }

    @Override
    public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
        Running known = call.attribute(running);
        if (known == null || failure != null) {
            return;
        }
        known.meters.messagesReceived.increment();
        known.meters.bytesReceived.increment((double) bytes);
        long now = System.nanoTime() - known.beganNanos;
        long before = known.receivedNanos.getAndSet(now);
        if (before < 0) {
            known.meters.firstMessage.record(now, TimeUnit.NANOSECONDS);
        } else if (call.mode() != StreamingMode.UNARY) {
            known.meters.gap.record(Math.max(0, now - before), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
        Running known = call.attribute(running);
        if (known != null && failure == null) {
            known.meters.messagesSent.increment();
            known.meters.bytesSent.increment((double) bytes);
        }
    }

    @Override
    public void onWaitEnd(CallInfo call, Wait wait, long nanos) {
        Running known = call.attribute(running);
        if (known != null && wait == Wait.SEND) {
            known.meters.sendWait.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        Running known = call.attribute(running);
        if (known != null) {
            known.meters.active.decrement();
            known.meters.duration(summary.outcome()).record(System.nanoTime() - known.beganNanos, TimeUnit.NANOSECONDS);
        }
    }
}
