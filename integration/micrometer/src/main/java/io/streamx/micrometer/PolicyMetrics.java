package io.streamx.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.ConnectionInfo.Side;
import io.streamx.endpoint.PolicyListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** Counts what policies decide. */
final class PolicyMetrics implements PolicyListener {
    private final MeterRegistry registry;
    /** By name; guarded by this. */
    private final Map<String, Shown<Breaker>> breakers = new HashMap<>();
    /** Guarded by this. */
    private final Map<Side, Shown<CallLimit>> limits = new HashMap<>();

    PolicyMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Tags tags(CallInfo call) {
        // A peer may send any name as that of a method. A label has to have few values.
        return call.isListed()
                ? Tags.of(MeterNames.SERVICE, call.service(), MeterNames.METHOD, call.method())
                : Tags.of(MeterNames.SERVICE, MethodMeters.UNKNOWN, MeterNames.METHOD, MethodMeters.UNKNOWN);
    }

    /** A call was made once more; {@code reason} is the tag. Such calls are few, so the counter is looked up each time. */
    void extra(CallInfo call, String reason) {
        Counter.builder(MeterNames.EXTRA_ATTEMPTS)
                .description("Calls that were made once more")
                .tags(tags(call).and(MeterNames.REASON, reason))
                .register(registry)
                .increment();
    }

    @Override
    public void onExtra(CallInfo call, Extra why) {
        extra(call, lower(why));
    }

    @Override
    public void onRefused(CallInfo call, Refusal why) {
        Counter.builder(MeterNames.REFUSED)
                .description("Calls that a policy refused")
                .tags(tags(call)
                        .and(
                                MeterNames.SIDE,
                                call instanceof CallContext ? "server" : "client",
                                MeterNames.REASON,
                                lower(why)))
                .register(registry)
                .increment();
    }

    @Override
    public void onFallback(CallInfo call) {
        Counter.builder(MeterNames.FALLBACKS)
                .description("Calls that a fallback answered")
                .tags(tags(call))
                .register(registry)
                .increment();
    }

    @Override
    public synchronized void onBreaker(Breaker breaker) {
        breakers.computeIfAbsent(breaker.name(), this::breakersNamed).add(breaker);
    }

    @Override
    public synchronized void onBreakerGone(Breaker breaker) {
        forget(breakers, breaker.name(), breaker);
    }

    private Shown<Breaker> breakersNamed(String name) {
        Shown<Breaker> all = new Shown<>();
        for (BreakerState each : BreakerState.values()) {
            all.gauges.add(Gauge.builder(
                            MeterNames.BREAKERS,
                            all.ends,
                            told -> told.keySet().stream().anyMatch(breaker -> breaker.state() == each) ? 1 : 0)
                    .description("Circuit breakers, 1 in the state that they have")
                    .tags(Tags.of(MeterNames.BREAKER, name, MeterNames.STATE, lower(each)))
                    .strongReference(true)
                    .register(registry));
        }
        return all;
    }

    @Override
    public synchronized void onLimit(CallLimit limit) {
        limits.computeIfAbsent(limit.side(), this::limitsAt).add(limit);
    }

    @Override
    public synchronized void onLimitGone(CallLimit limit) {
        forget(limits, limit.side(), limit);
    }

    private Shown<CallLimit> limitsAt(Side side) {
        Shown<CallLimit> all = new Shown<>();
        sum(MeterNames.POLICY_RUNNING, "Calls that run under limits of policies", side, all, CallLimit::running);
        sum(MeterNames.POLICY_LIMIT, "Calls that may run at once by policies", side, all, CallLimit::concurrent);
        return all;
    }

    private void sum(
            String name, String description, Side side, Shown<CallLimit> all, ToIntFunction<CallLimit> number) {
        all.gauges.add(Gauge.builder(
                        name,
                        all.ends,
                        told -> told.keySet().stream().mapToInt(number).sum())
                .description(description)
                .tags(Tags.of(MeterNames.SIDE, lower(side)))
                .strongReference(true)
                .register(registry));
    }

    /** One end has {@code gone} no longer. The series of what no end has any more end. */
    private <K, T> void forget(Map<K, Shown<T>> all, K key, T gone) {
        Shown<T> shown = all.get(key);
        if (shown != null && shown.isLast(gone)) {
            all.remove(key);
            shown.gauges.forEach(registry::remove);
        }
    }

    /** The breakers or limits that one set of gauges shows, each with the number of ends that have told of it. */
    private static final class Shown<T> {
        private final Map<T, Integer> ends = new ConcurrentHashMap<>();
        private final List<Meter> gauges = new ArrayList<>();

        void add(T one) {
            ends.merge(one, 1, Integer::sum);
        }

        /** Takes it back, and says whether nothing is left. */
        boolean isLast(T gone) {
            ends.computeIfPresent(gone, (same, count) -> count == 1 ? null : count - 1);
            return ends.isEmpty();
        }
    }
}
