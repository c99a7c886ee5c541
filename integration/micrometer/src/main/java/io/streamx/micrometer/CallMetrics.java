package io.streamx.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.streamx.AttributeKey;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.StreamingMode;
import io.streamx.micrometer.MethodMeters.StreamTimers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts the calls of one side, and times them. */
final class CallMetrics implements CallListener {
    private final MeterRegistry registry;
    private final String side;
    private final PolicyMetrics policies;
    private final Map<MethodMeters.Id, MethodMeters> meters = new ConcurrentHashMap<>();
    /** Each object of this class has a key of its own, because metrics for two registries may be installed at one client. */
    private final AttributeKey<Running> running = AttributeKey.named("metrics");

    CallMetrics(MeterRegistry registry, String side, PolicyMetrics policies) {
        this.registry = registry;
        this.side = side;
        this.policies = policies;
    }

    /**
     * A call that has started. Its number is when a message was received last, counted from the beginning; negative before the
     * first. It is part of this object, so that a call costs one.
     */
    @SuppressWarnings("serial") // nobody writes it anywhere
    private static final class Running extends AtomicLong {
        private final MethodMeters meters;
        private final int attempt;
        private final long beganNanos = System.nanoTime();

        Running(MethodMeters meters, int attempt) {
            super(-1);
            this.meters = meters;
            this.attempt = attempt;
        }
    }

    @Override
    public void onStart(CallInfo call) {
        Running started = new Running(
                meters.computeIfAbsent(MethodMeters.Id.of(call), id -> new MethodMeters(registry, side, id)),
                call.attempt());
        call.setAttribute(running, started);
        started.meters.active.increment();
    }

    @Override
    public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
        Running known = runningStream(call);
        if (known == null || failure != null) {
            return;
        }
        known.meters.messagesReceived.increment();
        known.meters.bytesReceived.increment((double) bytes);
        StreamTimers timers = known.meters.stream;
        if (timers != null) {
            long now = System.nanoTime() - known.beganNanos;
            long before = known.getAndSet(now);
            if (before < 0) {
                timers.firstMessage().record(now, TimeUnit.NANOSECONDS);
            } else {
                timers.gap().record(Math.max(0, now - before), TimeUnit.NANOSECONDS);
            }
        }
    }

    @Override
    public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
        Running known = runningStream(call);
        if (known != null && failure == null) {
            known.meters.messagesSent.increment();
            known.meters.bytesSent.increment((double) bytes);
        }
    }

    /** The messages of a unary call are counted when it is over, all at once. */
    private @Nullable Running runningStream(CallInfo call) {
        return call.mode() == StreamingMode.UNARY ? null : call.attribute(running);
    }

    @Override
    public void onWaitEnd(CallInfo call, Wait wait, long nanos) {
        Running known = call.attribute(running);
        StreamTimers timers = known == null ? null : known.meters.stream;
        if (timers != null && wait == Wait.SEND) {
            timers.sendWait().record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        Running known = call.attribute(running);
        if (known != null) {
            known.meters.active.decrement();
            // Each attempt of a policy is a call of its own. It starts with its attempt number, so that earlier
            // attempts are not counted again.
            for (int attempt = known.attempt; attempt < call.attempt(); attempt++) {
                policies.extra(call, "unsent");
            }
            if (call.mode() == StreamingMode.UNARY) {
                known.meters.count(summary);
            }
            known.meters.duration(summary.outcome()).record(System.nanoTime() - known.beganNanos, TimeUnit.NANOSECONDS);
        }
    }
}
