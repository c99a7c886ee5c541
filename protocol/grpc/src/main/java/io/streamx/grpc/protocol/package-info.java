/**
 * What gRPC says in headers and trailers: paths, timeouts, metadata, statuses.
 *
 * <p>Threads: none of its own; everything here is pure.
 *
 * <p>Knows nothing of connections and streams.
 */
@NullMarked
package io.streamx.grpc.protocol;

import org.jspecify.annotations.NullMarked;
