package io.streamx.grpc;

import java.time.Duration;

/** Every default of gRPC connections beside those of all transports. Source: docs/architecture.md, Defaults. */
public final class GrpcDefaults {
    /** Bytes a gRPC peer may send on one connection before any are acknowledged, to begin with. */
    public static final int CONNECTION_WINDOW_BYTES = 1 << 20;
    /** How far the receive window of a gRPC stream may grow; half of what a connection may hold unread. */
    public static final int MAX_STREAM_WINDOW_BYTES = 4 << 20;
    /** How far the receive window of a gRPC connection may grow, as in Kitex. */
    public static final int MAX_CONNECTION_WINDOW_BYTES = 16 << 20;
    /** Largest header list accepted, in bytes as HTTP/2 counts them. */
    public static final int MAX_HEADER_LIST_BYTES = 256 << 10;
    /** A gRPC server pings a silent client after so long. */
    public static final Duration SERVER_KEEP_ALIVE_TIME = Duration.ofHours(2);
    /** A gRPC peer that does not answer a ping for so long is gone. */
    public static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(20);
    /** A gRPC server takes more frequent pings than this for abuse. */
    public static final Duration PERMIT_KEEP_ALIVE_TIME = Duration.ofMinutes(5);
    /** A gRPC server takes more frequent pings than this for abuse while no call is running. */
    public static final Duration PERMIT_KEEP_ALIVE_TIME_WITHOUT_CALLS = Duration.ofHours(2);

    private GrpcDefaults() {}
}
