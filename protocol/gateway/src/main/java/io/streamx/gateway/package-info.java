/**
 * The services of a server for whoever speaks HTTP: JSON, server-sent events, Connect, gRPC-Web and WebSocket.
 *
 * <p>Users start at {@link io.streamx.gateway.GatewayOptions}, readers of the code at {@code HttpServerConnection}.
 */
@NullMarked
package io.streamx.gateway;

import org.jspecify.annotations.NullMarked;
