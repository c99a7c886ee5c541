package io.streamx.endpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client knows of the service that it calls, at one moment. Immutable.
 *
 * @param service the name that the service is called by
 * @param isFollowing whether whoever names the instances has answered yet; a client asks at its first call
 * @param trouble why the registry could not be asked last; null when it could, or was not asked
 * @param instances all that are known, in no order; calls still go to those that were known before a registry went away
 */
public record ClientStatus(
        String service, boolean isFollowing, @Nullable String trouble, List<InstanceStatus> instances) {
    /** Copies the list. */
    public ClientStatus {
        instances = List.copyOf(instances);
    }

    /** How many instances calls go to, as long as there is one. */
    public int usable() {
        return (int) instances.stream().filter(one -> !one.isAvoided()).count();
    }

    /** How many instances calls keep away from for now. */
    public int avoided() {
        return instances.size() - usable();
    }

    /**
     * One instance.
     *
     * @param address {@code host:port} in the words of whoever named it
     * @param weight its share of the calls, beside the weights of the others
     * @param isAvoided whether calls go elsewhere for now, where they can: it could not be connected to, or its server has
     *     said that it leaves. A circuit breaker of {@code streamx-resilience} is not seen here: {@link PolicyListener.Breaker}
     *     tells of it.
     */
    public record InstanceStatus(String address, double weight, boolean isAvoided) {}
}
