package io.streamx.discovery;

import io.streamx.wire.Checks;
import java.time.Duration;
import java.util.Objects;

/** A resolver that asks again after each interval. */
final class PollingResolver implements Resolver {
    private final String name;
    private final Duration interval;
    private final Lookup lookup;

    PollingResolver(String name, Duration interval, Lookup lookup) {
        this.name = Objects.requireNonNull(name, "name");
        this.lookup = Objects.requireNonNull(lookup, "lookup");
        this.interval = Checks.positive("interval", interval);
    }

    @Override
    public Watch watch(String service, Listener listener) {
        EndlessTask task = EndlessTask.start(
                "streamx-resolve " + service,
                working -> {
                    while (true) {
                        listener.onInstances(lookup.lookUp(service, listener));
                        working.run();
                        Thread.sleep(interval);
                    }
                },
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        return task::close;
    }

    @Override
    public String describe(String service) {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
