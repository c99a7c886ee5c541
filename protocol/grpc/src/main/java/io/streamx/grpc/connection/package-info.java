/**
 * gRPC connections on Netty's HTTP/2 frames: streams without a channel of their own.
 *
 * <p>Start at {@link io.streamx.grpc.connection.GrpcConnection}, what both ends share, then its two subclasses and
 * {@link io.streamx.grpc.connection.MultiplexedStream}, one stream: a call of gRPC, or a request that somebody else takes by
 * {@link io.streamx.grpc.http}.
 *
 * <p>Everything stays on the connection's event loop unless it says otherwise.
 */
@NullMarked
package io.streamx.grpc.connection;

import org.jspecify.annotations.NullMarked;
