package io.streamx.spring;

import io.streamx.server.Server;

/**
 * Changes how the server of the application is built: for middleware, hooks and whatever has no setting. Beans of this type
 * are called in their order, after the settings have been applied and before the server starts.
 */
@FunctionalInterface
public interface StreamXServerCustomizer {
    /** Changes {@code server}, which must not be started here. */
    void customize(Server.Builder server);
}
