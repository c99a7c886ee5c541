package io.streamx.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.ConnectionInfo.Side;
import io.streamx.endpoint.PolicyListener;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/** Counts what policies decide. */
final class PolicyMetrics implements PolicyListener {
    private final MeterRegistry registry;
    private final Map<String, BreakerState> breakers = new ConcurrentHashMap<>();
    private final Map<Side, Set<CallLimit>> limits = new ConcurrentHashMap<>();

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
    public void onBreaker(String name, BreakerState state) {
        if (breakers.put(name, state) != null) {
            return;
        }
        for (BreakerState each : BreakerState.values()) {
            Gauge.builder(MeterNames.BREAKERS, breakers, all -> all.get(name) == each ? 1 : 0)
                    .description("Circuit breakers, 1 in the state that they have")
                    .tags(Tags.of(MeterNames.BREAKER, name, MeterNames.STATE, lower(each)))
                    .strongReference(true)
                    .register(registry);
        }
    }

    @Override
    public void onLimit(CallLimit limit) {
        limits.computeIfAbsent(limit.side(), this::limited).add(limit);
    }

    private Set<CallLimit> limited(Side side) {
        Set<CallLimit> all = ConcurrentHashMap.newKeySet();
        sum(MeterNames.POLICY_RUNNING, "Calls that run under limits of policies", side, all, CallLimit::running);
        sum(MeterNames.POLICY_LIMIT, "Calls that may run at once by policies", side, all, CallLimit::concurrent);
        return all;
    }

    private void sum(String name, String description, Side side, Set<CallLimit> all, ToIntFunction<CallLimit> number) {
        Gauge.builder(name, all, each -> each.stream().mapToInt(number).sum())
                .description(description)
                .tags(Tags.of(MeterNames.SIDE, lower(side)))
                .strongReference(true)
                .register(registry);
    }
}
