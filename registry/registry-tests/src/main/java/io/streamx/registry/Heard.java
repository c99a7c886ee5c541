package io.streamx.registry;

import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a resolver has told its listener, for tests that wait for it. */
public final class Heard implements Resolver.Listener {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(240);

    private final List<String> skipped = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable List<Instance> instances;

    @Override
    public synchronized void onInstances(List<Instance> found) {
        instances = List.copyOf(found);
        notifyAll();
    }

    @Override
    public synchronized void onSkipped(String record, String reason) {
        skipped.add(record + ": " + reason);
        notifyAll();
    }

    @Override
    public synchronized void onUnavailable(String reason) {
        failures.add(reason);
        notifyAll();
    }

    /** Waits until the latest instances are as {@code expected} says. */
    public synchronized List<Instance> await(Predicate<List<Instance>> expected) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            List<Instance> known = instances;
            if (known != null && expected.test(known)) {
                return known;
            }
            wait(left(deadline, "other instances than " + known));
        }
    }

    /** Waits until the resolver has told that the registry could not be asked. */
    public synchronized String awaitFailure() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (failures.isEmpty()) {
            wait(left(deadline, "a failure"));
        }
        return failures.getLast();
    }

    private long left(long deadline, String what) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
            throw new IllegalStateException(
                    "waited in vain for " + what + "; skipped: " + skipped + ", failures: " + failures);
        }
        return left;
    }

    /** Records that could not be used, so far. */
    public synchronized List<String> skipped() {
        return List.copyOf(skipped);
    }
}
