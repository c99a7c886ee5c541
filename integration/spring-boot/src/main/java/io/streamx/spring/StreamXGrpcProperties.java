package io.streamx.spring;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Settings of gRPC alone. They are named here and applied by {@link GrpcSettings}, so that the transport may be missing.
 *
 * @param connectionWindow Bytes a peer may send on one connection before any are acknowledged, to begin with.
 * @param maxStreamWindow How far the window of each stream may grow. Set together with max-connection-window.
 * @param maxConnectionWindow How far the window of a connection may grow. Set together with max-stream-window.
 * @param maxHeaderList The largest header list accepted, as HTTP/2 counts it.
 * @param keepAliveTime Time without a byte from the peer after which it is pinged.
 * @param keepAliveTimeout A peer that sends nothing for so long after a ping is gone.
 * @param keepAliveWithoutCalls Whether a client pings when it has no call running.
 * @param permitKeepAliveTime A server takes more frequent pings than this for abuse.
 * @param permitKeepAliveWithoutCalls Whether a server allows as frequent pings when no call is running.
 * @param maxConnectionAge A server asks its client to go to a new connection after so long.
 * @param maxConnectionAgeGrace How long calls on a connection that is too old may run.
 * @param errorStyle How a server words errors. By default that goes by the payload: as Kitex with Thrift, as other gRPC
 *     servers with Protobuf.
 * @param compression What a client compresses its messages with, such as gzip.
 */
record StreamXGrpcProperties(
        @Nullable DataSize connectionWindow,
        @Nullable DataSize maxStreamWindow,
        @Nullable DataSize maxConnectionWindow,
        @Nullable DataSize maxHeaderList,
        @Nullable Duration keepAliveTime,
        @Nullable Duration keepAliveTimeout,
        @Nullable Boolean keepAliveWithoutCalls,
        @Nullable Duration permitKeepAliveTime,
        @Nullable Boolean permitKeepAliveWithoutCalls,
        @Nullable Duration maxConnectionAge,
        @Nullable Duration maxConnectionAgeGrace,
        @Nullable ErrorStyle errorStyle,
        @Nullable String compression) {

    /** How a server words what is not the caller's result. */
    enum ErrorStyle {
        /** Errors are worded as Kitex words them. */
        KITEX,
        /** Errors are worded as other gRPC servers word them. */
        STANDARD
    }
}
