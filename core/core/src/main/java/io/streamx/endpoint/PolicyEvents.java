package io.streamx.endpoint;

import io.streamx.CallInfo;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells all listeners of one end, and those that come later what they could not hear. Any thread. */
final class PolicyEvents implements PolicyListener {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyListener.class);

    private final List<PolicyListener> listeners = new CopyOnWriteArrayList<>();
    private final List<CallLimit> limits = new CopyOnWriteArrayList<>();

    void add(PolicyListener listener) {
        listeners.add(listener);
        // Limits are told while the end is being built, by extensions that may come before the listener.
        limits.forEach(limit -> tell(listener, each -> each.onLimit(limit)));
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
    public void onBreaker(String name, BreakerState state) {
        tell(listener -> listener.onBreaker(name, state));
    }

    @Override
    public void onLimit(CallLimit limit) {
        limits.add(limit);
        tell(listener -> listener.onLimit(limit));
    }

    private void tell(Consumer<PolicyListener> event) {
        for (PolicyListener listener : listeners) {
            tell(listener, event);
        }
    }

    private static void tell(PolicyListener listener, Consumer<PolicyListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException | Error e) {
            LOG.warn("policy listener {} failed", listener, e);
        }
    }
}
