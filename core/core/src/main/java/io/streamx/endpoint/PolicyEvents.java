package io.streamx.endpoint;

import io.streamx.CallInfo;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners of one end. Any thread. */
final class PolicyEvents implements PolicyListener {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyListener.class);

    private final List<PolicyListener> listeners = new CopyOnWriteArrayList<>();

    void add(PolicyListener listener) {
        listeners.add(listener);
    }

    @Override
    public void onExtra(CallInfo call, Extra why) {
        tell(listener -> listener.onExtra(call, why));
    }

    @Override
    public void onRefused(CallInfo call, Refusal why) {
        tell(listener -> listener.onRefused(call, why));
    }

    @Override
    public void onFallback(CallInfo call) {
        tell(listener -> listener.onFallback(call));
    }

    @Override
    public void onBreaker(Breaker breaker) {
        tell(listener -> listener.onBreaker(breaker));
    }

    @Override
    public void onBreakerChange(Breaker breaker, BreakerState state) {
        tell(listener -> listener.onBreakerChange(breaker, state));
    }

    @Override
    public void onBreakerGone(Breaker breaker) {
        tell(listener -> listener.onBreakerGone(breaker));
    }

    @Override
    public void onLimit(CallLimit limit) {
        tell(listener -> listener.onLimit(limit));
    }

    @Override
    public void onLimitGone(CallLimit limit) {
        tell(listener -> listener.onLimitGone(limit));
    }

    private void tell(Consumer<PolicyListener> event) {
        for (PolicyListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                LOG.warn("policy listener {} failed", listener, e);
            }
        }
    }
}
