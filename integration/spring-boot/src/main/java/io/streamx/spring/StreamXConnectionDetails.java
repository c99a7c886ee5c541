package io.streamx.spring;

import io.streamx.discovery.Resolver;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Says where clients find their services in place of the settings: a test that starts the service itself has a bean of this
 * type.
 */
@FunctionalInterface
public interface StreamXConnectionDetails extends ConnectionDetails {
    /**
     * Finds what a client calls; null leaves it to the settings.
     *
     * @param client the name in {@code streamx.clients}
     */
    @Nullable
    Resolver resolver(String client);
}
