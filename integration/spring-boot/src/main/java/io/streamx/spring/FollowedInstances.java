package io.streamx.spring;

import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A resolver that remembers what it told its client last. Safe from any thread. */
final class FollowedInstances implements Resolver {
    private final Resolver asked;
    private volatile Answer answer = new Answer(null, null);

    /**
     * What is known.
     *
     * @param instances null when the registry has not answered yet
     * @param trouble why the registry could not be asked last; null when it could
     */
    record Answer(
            @Nullable List<Instance> instances, @Nullable String trouble) {}

    FollowedInstances(Resolver asked) {
        this.asked = asked;
    }

    Answer answer() {
        return answer;
    }

    @Override
    public Watch watch(String service, Listener listener) {
        return asked.watch(service, new Listener() {
            @Override
            public void onInstances(List<Instance> instances) {
                answer = new Answer(List.copyOf(instances), null);
                listener.onInstances(instances);
            }

            @Override
            public void onSkipped(String record, String reason) {
                listener.onSkipped(record, reason);
            }

            @Override
            public void onUnavailable(String reason) {
                answer = new Answer(answer.instances(), reason);
                listener.onUnavailable(reason);
            }
        });
    }

    @Override
    public String describe(String service) {
        return asked.describe(service);
    }

    @Override
    public String toString() {
        return asked.toString();
    }
}
