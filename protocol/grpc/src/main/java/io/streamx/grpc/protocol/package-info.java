/**
 * What gRPC says in headers and trailers: paths, timeouts, metadata, statuses.
 *
 * <p>The package has no threads of its own; everything in it is pure.
 *
 * <p>The package knows nothing of connections and streams.
 */
@NullMarked
package io.streamx.grpc.protocol;

import org.jspecify.annotations.NullMarked;
