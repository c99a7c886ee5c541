package io.streamx.grpc;

import java.time.Duration;

/** Every default of gRPC connections beside those of all transports. Source: docs/architecture.md, Defaults. */
public final class GrpcDefaults {
    /** How many bytes a gRPC peer may send on one connection before any are acknowledged, to begin with. */
    public static final int CONNECTION_WINDOW_BYTES = 1 << 20;
    /** How far the receive window of a gRPC stream may grow; half of what a connection may hold unread. */
    public static final int MAX_STREAM_WINDOW_BYTES = 4 << 20;
    /** How far the receive window of a gRPC connection may grow, as in Kitex. */
    public static final int MAX_CONNECTION_WINDOW_BYTES = 16 << 20;
    /** The largest header list that is accepted, in bytes as HTTP/2 counts them. */
    public static final int MAX_HEADER_LIST_BYTES = 256 << 10;
    /** After how long a gRPC server pings a silent client. */
    public static final Duration SERVER_KEEP_ALIVE_TIME = Duration.ofHours(2);
    /** After how long without an answer to a ping a gRPC peer is taken to be gone. */
    public static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(20);
    /** The least time between pings that a gRPC server does not take for abuse. */
    public static final Duration PERMIT_KEEP_ALIVE_TIME = Duration.ofMinutes(5);
    /** The least time between pings that a gRPC server does not take for abuse while no call is running. */
    public static final Duration PERMIT_KEEP_ALIVE_TIME_WITHOUT_CALLS = Duration.ofHours(2);

    private GrpcDefaults() {}
}
