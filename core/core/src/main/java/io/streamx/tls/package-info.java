/**
 * TLS for clients and servers.
 *
 * <p>Users start at {@link io.streamx.tls.ClientTls} and {@link io.streamx.tls.ServerTls}; the runtime at
 * {@link io.streamx.tls.ClientHandshakes} and {@link io.streamx.tls.ServerHandshakes}.
 *
 * <p>The package has no threads of its own. Handshakes compute on virtual threads; files are read where they are set,
 * when a client connects, and on virtual threads that a server's event loop starts.
 */
@NullMarked
package io.streamx.tls;

import org.jspecify.annotations.NullMarked;
