package io.streamx.spring;

import io.streamx.client.Client;

/**
 * Changes how clients are built: for middleware, hooks and whatever has no setting. Beans of this type are called in their
 * order for each client, after its settings have been applied and before it is built.
 */
@FunctionalInterface
public interface StreamXClientCustomizer {
    /**
     * Changes {@code client}, which must not be built here.
     *
     * @param name the name in {@code streamx.clients}
     */
    void customize(String name, Client.Builder client);
}
