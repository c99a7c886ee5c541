package io.streamx.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.balancer.Balancer;
import io.streamx.balancer.Balancer.CallFeedback;
import io.streamx.balancer.Candidate;
import io.streamx.discovery.Instance;
import io.streamx.endpoint.PolicyListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The breaker of an instance goes with the instance, whatever calls are on their way. */
class InstanceBreakersTest {
    private final List<PolicyListener.Breaker> shown = new ArrayList<>();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    private final Breakers breakers = new Breakers(method -> {
        meanwhile.getAndSet(() -> {}).run();
        return BreakerPolicy.of(0.5, 4);
    });
    private final InstanceBreakers balancer = new InstanceBreakers(Balancer.roundRobin(), breakers);
    private final CallFeedback calls = Objects.requireNonNull(balancer.feedback());
    private final Candidate candidate = Candidate.of(Instance.of("127.0.0.1:9000"));

    InstanceBreakersTest() {
        breakers.opened(new PolicyListener() {
            @Override
            public void onBreaker(Breaker breaker) {
                shown.add(breaker);
            }

            @Override
            public void onBreakerGone(Breaker breaker) {
                shown.remove(breaker);
            }
        });
    }

    @Test
    void aCallThatEndsLaterDoesNotBringItBack() {
        Balancer.Picker picker = balancer.picker(List.of(candidate));
        calls.started(candidate);
        assertThat(shown).hasSize(1);

        picker.retired();
        calls.ended(candidate, 1, null);

        assertThat(shown).isEmpty();
    }

    @Test
    void aCallThatBeginsWhileTheInstanceGoesDoesNotBringItBack() {
        Balancer.Picker picker = balancer.picker(List.of(candidate));
        meanwhile.set(picker::retired);

        calls.started(candidate);

        assertThat(shown).isEmpty();
    }
}
