/**
 * Serving: ports, the choice of protocol, finding and running handlers, shutdown.
 *
 * <p>Start at {@link io.streamx.server.Server}.
 */
@NullMarked
package io.streamx.server;

import org.jspecify.annotations.NullMarked;
