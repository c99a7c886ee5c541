package io.streamx.grpc;

import io.streamx.Compressor;
import io.streamx.TransportOptions;
import io.streamx.wire.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be set about gRPC connections beside what all transports have. Immutable; clients and servers take the same
 * type, and each looks at what concerns it.
 *
 * <p>Source: docs/protocol/grpc.md "8. Statuses", "10. Flow control" and "11. Keepalive and age".
 */
public final class GrpcOptions implements TransportOptions {
    /** Nothing set. */
    public static final GrpcOptions DEFAULT = new Builder().build();

    private static final int MIN_WINDOW_BYTES = 65_535;
    private static final Duration MIN_CLIENT_KEEP_ALIVE = Duration.ofSeconds(10);

    /** How a server words what is not the caller's result; clients understand both. */
    public enum ErrorStyle {
        /** As Kitex: 20 and 1 for unknown services and methods, {@code " [biz error]"} behind what a handler says. */
        KITEX,
        /** As other gRPC servers: 12 UNIMPLEMENTED, messages as the handler wrote them. */
        STANDARD
    }

    private final int connectionWindowBytes;
    private final int maxStreamWindowBytes;
    private final int maxConnectionWindowBytes;
    private final int maxHeaderListBytes;
    private final @Nullable Duration keepAliveTime;
    private final Duration keepAliveTimeout;
    private final boolean keepAliveWithoutCalls;
    private final Duration permitKeepAliveTime;
    private final boolean permitKeepAliveWithoutCalls;
    private final @Nullable Duration maxConnectionAge;
    private final @Nullable Duration maxConnectionAgeGrace;
    private final @Nullable ErrorStyle errorStyle;
    private final Compressors compressors;
    private final @Nullable String compression;

    private GrpcOptions(Builder builder) {
        connectionWindowBytes = builder.connectionWindowBytes;
        maxStreamWindowBytes = builder.maxStreamWindowBytes;
        maxConnectionWindowBytes = Math.max(builder.maxConnectionWindowBytes, connectionWindowBytes);
        maxHeaderListBytes = builder.maxHeaderListBytes;
        keepAliveTime = builder.keepAliveTime;
        keepAliveTimeout = builder.keepAliveTimeout;
        keepAliveWithoutCalls = builder.keepAliveWithoutCalls;
        permitKeepAliveTime = builder.permitKeepAliveTime;
        permitKeepAliveWithoutCalls = builder.permitKeepAliveWithoutCalls;
        maxConnectionAge = builder.maxConnectionAge;
        maxConnectionAgeGrace = builder.maxConnectionAgeGrace;
        errorStyle = builder.errorStyle;
        compressors = new Compressors(builder.compressors);
        compression = builder.compression;
        if (compression != null) {
            var unused = compressors.choose(compression);
        }
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Bytes a peer may send on one connection before any are acknowledged, to begin with. */
    public int connectionWindowBytes() {
        return connectionWindowBytes;
    }

    /** How far the window of each stream may grow. */
    public int maxStreamWindowBytes() {
        return maxStreamWindowBytes;
    }

    /** How far the window of a connection may grow; never less than it begins with. */
    public int maxConnectionWindowBytes() {
        return maxConnectionWindowBytes;
    }

    /** The largest header list accepted, in bytes as HTTP/2 counts them. */
    public int maxHeaderListBytes() {
        return maxHeaderListBytes;
    }

    /** After so long without a byte from the peer it is pinged; null for not at all, or for a server its default. */
    public @Nullable Duration keepAliveTime() {
        return keepAliveTime;
    }

    /** A peer that sends nothing for so long after a ping is gone. */
    public Duration keepAliveTimeout() {
        return keepAliveTimeout;
    }

    /** Whether a client pings when it has no call running. */
    public boolean keepAliveWithoutCalls() {
        return keepAliveWithoutCalls;
    }

    /** A server takes more frequent pings than this for abuse. */
    public Duration permitKeepAliveTime() {
        return permitKeepAliveTime;
    }

    /** Whether a server allows as frequent pings when no call is running; otherwise one in two hours. */
    public boolean permitKeepAliveWithoutCalls() {
        return permitKeepAliveWithoutCalls;
    }

    /** A server asks its client to go to a new connection after so long; null for never. */
    public @Nullable Duration maxConnectionAge() {
        return maxConnectionAge;
    }

    /** Calls on a connection that is too old may run for so long; null for without limit. */
    public @Nullable Duration maxConnectionAgeGrace() {
        return maxConnectionAgeGrace;
    }

    /** How a server words errors; null for Kitex' way with Thrift and the standard one with Protobuf. */
    public @Nullable ErrorStyle errorStyle() {
        return errorStyle;
    }

    /** What can be compressed with. */
    public Compressors compressors() {
        return compressors;
    }

    /** What a client compresses its messages with where the call does not say; null for nothing. */
    public @Nullable String compression() {
        return compression;
    }

    /** Collects options. Not safe for threads. */
    public static final class Builder {
        private int connectionWindowBytes = GrpcDefaults.CONNECTION_WINDOW_BYTES;
        private int maxStreamWindowBytes = GrpcDefaults.MAX_STREAM_WINDOW_BYTES;
        private int maxConnectionWindowBytes = GrpcDefaults.MAX_CONNECTION_WINDOW_BYTES;
        private int maxHeaderListBytes = GrpcDefaults.MAX_HEADER_LIST_BYTES;
        private @Nullable Duration keepAliveTime;
        private Duration keepAliveTimeout = GrpcDefaults.KEEP_ALIVE_TIMEOUT;
        private boolean keepAliveWithoutCalls;
        private Duration permitKeepAliveTime = GrpcDefaults.PERMIT_KEEP_ALIVE_TIME;
        private boolean permitKeepAliveWithoutCalls;
        private @Nullable Duration maxConnectionAge;
        private @Nullable Duration maxConnectionAgeGrace;
        private @Nullable ErrorStyle errorStyle;
        private final List<Compressor> compressors = new ArrayList<>();
        private @Nullable String compression;

        private Builder() {}

        /**
         * Bytes a peer may send on one connection before any are acknowledged; 1 MiB when not set. The window of a stream
         * is the bytes it may hold unread, {@code buffers} of client and server.
         */
        public Builder connectionWindowBytes(int bytes) {
            connectionWindowBytes = window("connectionWindowBytes", bytes);
            return this;
        }

        /**
         * How far windows may grow where the measured bandwidth and delay ask for it: of each stream, and of the
         * connection. 4 MiB and 16 MiB when not set; the sizes they begin with turn growing off.
         */
        public Builder maxWindowBytes(int perStream, int perConnection) {
            maxStreamWindowBytes = window("perStream", perStream);
            maxConnectionWindowBytes = window("perConnection", perConnection);
            return this;
        }

        private static int window(String name, int bytes) {
            if (bytes < MIN_WINDOW_BYTES) {
                throw new IllegalArgumentException(
                        name + ": " + bytes + " (expected: at least " + MIN_WINDOW_BYTES + ")");
            }
            return bytes;
        }

        /** The largest header list accepted, in bytes as HTTP/2 counts them; 256 KiB when not set. */
        public Builder maxHeaderListBytes(int bytes) {
            maxHeaderListBytes = Checks.positive("maxHeaderListBytes", bytes);
            return this;
        }

        /**
         * After so long without a byte from the peer it is pinged, at least 10 s apart by a client. When not set a client
         * does not ping, and a server does after two hours.
         */
        public Builder keepAliveTime(Duration time) {
            keepAliveTime = Checks.positive("keepAliveTime", time);
            return this;
        }

        /** A peer that sends nothing for so long after a ping is gone; 20 s when not set. */
        public Builder keepAliveTimeout(Duration timeout) {
            keepAliveTimeout = Checks.positive("keepAliveTimeout", timeout);
            return this;
        }

        /** Whether a client pings when it has no call running; servers may take that for abuse. False when not set. */
        public Builder keepAliveWithoutCalls(boolean without) {
            keepAliveWithoutCalls = without;
            return this;
        }

        /**
         * A server takes more frequent pings than this for abuse, and ends the connection after the third; 5 min when not
         * set.
         */
        public Builder permitKeepAliveTime(Duration time) {
            permitKeepAliveTime = Checks.notNegative("permitKeepAliveTime", time);
            return this;
        }

        /** Whether a server allows as frequent pings when no call is running; false when not set: one in two hours. */
        public Builder permitKeepAliveWithoutCalls(boolean permit) {
            permitKeepAliveWithoutCalls = permit;
            return this;
        }

        /** A server asks its client to go to a new connection after so long; never when not set. */
        public Builder maxConnectionAge(Duration age) {
            maxConnectionAge = Checks.positive("maxConnectionAge", age);
            return this;
        }

        /** Calls on a connection that is too old may run for so long; without limit when not set. */
        public Builder maxConnectionAgeGrace(Duration grace) {
            maxConnectionAgeGrace = Checks.positive("maxConnectionAgeGrace", grace);
            return this;
        }

        /** How a server words errors; when not set Kitex' way with Thrift and the standard one with Protobuf. */
        public Builder errorStyle(ErrorStyle style) {
            errorStyle = style;
            return this;
        }

        /**
         * Adds a compressor to gzip and those on the class path; of several with one name the last counts.
         *
         * @throws IllegalArgumentException when its name cannot stand in a header
         */
        public Builder compressor(Compressor compressor) {
            var unused = Compressors.checkedName(compressor);
            compressors.add(compressor);
            return this;
        }

        /**
         * What a client compresses its messages with where the call does not say, such as "gzip"; nothing when not set.
         * With any name, "identity" too, it says what it understands, so that the server may compress. Servers compress
         * with what their caller does, or with what the handler chooses.
         */
        public Builder compression(String compressor) {
            compression = compressor;
            return this;
        }

        /**
         * The options.
         *
         * @throws IllegalArgumentException when {@link #compression} names no compressor
         */
        public GrpcOptions build() {
            return new GrpcOptions(this);
        }
    }

    /** What a client pings after; more often would be abuse in the eyes of most servers. Null for never. */
    public @Nullable Duration clientKeepAliveTime() {
        return keepAliveTime != null && keepAliveTime.compareTo(MIN_CLIENT_KEEP_ALIVE) < 0
                ? MIN_CLIENT_KEEP_ALIVE
                : keepAliveTime;
    }

    /** What a server pings after. */
    public Duration serverKeepAliveTime() {
        return keepAliveTime != null ? keepAliveTime : GrpcDefaults.SERVER_KEEP_ALIVE_TIME;
    }
}
