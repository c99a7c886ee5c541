package io.streamx.endpoint;

import io.streamx.client.Client;
import io.streamx.server.Server;

/**
 * Something that installs itself into clients and servers, such as tracing or metrics: it registers the middleware,
 * listeners and hooks that it needs, so that its user writes one line for each client and server. An extension that has
 * nothing to do at one end leaves the method of that end as it is. One object may be installed into any number of clients
 * and servers, by threads beside each other.
 */
public interface Extension {
    /** Registers what this extension needs at a client. Called once for each client, while it is being built. */
    default void installInto(Client.Builder client) {}

    /** Registers what this extension needs at a server. Called once for each server, while it is being built. */
    default void installInto(Server.Builder server) {}
}
