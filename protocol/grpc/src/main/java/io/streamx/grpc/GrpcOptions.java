package io.streamx.grpc;

import io.streamx.Compressor;
import io.streamx.TransportOptions;
import io.streamx.wire.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for gRPC connections beside the settings of all transports. Options are immutable. Clients and
 * servers take this type, and each looks at what concerns it.
 *
 * <p>Source: docs/protocol/grpc.md "8. Statuses", "10. Flow control" and "11. Keepalive and age".
 */
public final class GrpcOptions implements TransportOptions {
    /** Options in which nothing is set. */
    public static final GrpcOptions DEFAULT = new Builder().build();

    private static final int MIN_WINDOW_BYTES = 65_535;
    private static final Duration MIN_CLIENT_KEEP_ALIVE = Duration.ofSeconds(10);

    /** How a server words outcomes other than the result; clients understand both styles. */
    public enum ErrorStyle {
        /**
         * The words of Kitex: 20 and 1 for unknown services and methods, {@code " [biz error]"} behind what a handler
         * says.
         */
        KITEX,
        /**
         * The words of other gRPC servers: 12 UNIMPLEMENTED for unknown services and methods, and messages as the
         * handler wrote them.
         */
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

    /** Begins options in which nothing is set. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many bytes a peer may send on a connection before any are acknowledged, to begin with. */
    public int connectionWindowBytes() {
        return connectionWindowBytes;
    }

    /** How far the window of each stream may grow. */
    public int maxStreamWindowBytes() {
        return maxStreamWindowBytes;
    }

    /** How far the window of a connection may grow, which is never less than the size that it begins with. */
    public int maxConnectionWindowBytes() {
        return maxConnectionWindowBytes;
    }

    /** The largest header list that is accepted, in bytes as HTTP/2 counts them. */
    public int maxHeaderListBytes() {
        return maxHeaderListBytes;
    }

    /**
     * After how long without a byte from it a peer is pinged. Null stands for never at a client, and for the default at
     * a server.
     */
    public @Nullable Duration keepAliveTime() {
        return keepAliveTime;
    }

    /** After how long without a byte behind a ping a peer is taken to be gone. */
    public Duration keepAliveTimeout() {
        return keepAliveTimeout;
    }

    /** Whether a client pings when it has no call running. */
    public boolean keepAliveWithoutCalls() {
        return keepAliveWithoutCalls;
    }

    /** The least time between pings that a server does not take for abuse. */
    public Duration permitKeepAliveTime() {
        return permitKeepAliveTime;
    }

    /** Whether a server allows pings as often when no call is running. Otherwise it allows one in two hours then. */
    public boolean permitKeepAliveWithoutCalls() {
        return permitKeepAliveWithoutCalls;
    }

    /** After how long a server asks its client to go to a new connection; null for never. */
    public @Nullable Duration maxConnectionAge() {
        return maxConnectionAge;
    }

    /** How long calls may go on on a connection that is too old; null for no limit. */
    public @Nullable Duration maxConnectionAgeGrace() {
        return maxConnectionAgeGrace;
    }

    /**
     * How a server words errors. Null stands for the style of Kitex with Thrift, and for the standard style with
     * Protobuf.
     */
    public @Nullable ErrorStyle errorStyle() {
        return errorStyle;
    }

    /** The compressors that can be used. */
    public Compressors compressors() {
        return compressors;
    }

    /** The name of what a client compresses its messages with where the call does not say; null for nothing. */
    public @Nullable String compression() {
        return compression;
    }

    /** Collects options. A builder is for one thread at a time. */
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
         * How many bytes a peer may send on a connection before any are acknowledged; 1 MiB when not set. The window of
         * a stream is the number of bytes that it may hold unread, which {@code buffers} of clients and servers sets.
         */
        public Builder connectionWindowBytes(int bytes) {
            connectionWindowBytes = window("connectionWindowBytes", bytes);
            return this;
        }

        /**
         * How far the windows of each stream and of the connection may grow where the measured bandwidth and delay ask
         * for that; 4 MiB and 16 MiB when not set. The sizes that the windows begin with turn growing off.
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

        /** The largest header list that is accepted, in bytes as HTTP/2 counts them; 256 KiB when not set. */
        public Builder maxHeaderListBytes(int bytes) {
            maxHeaderListBytes = Checks.positive("maxHeaderListBytes", bytes);
            return this;
        }

        /**
         * After how long without a byte from it a peer is pinged. A client leaves at least 10 s between pings. When not
         * set a client does not ping, and a server pings after two hours.
         */
        public Builder keepAliveTime(Duration time) {
            keepAliveTime = Checks.positive("keepAliveTime", time);
            return this;
        }

        /** After how long without a byte behind a ping a peer is taken to be gone; 20 s when not set. */
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
         * The least time between pings that a server does not take for abuse; 5 min when not set. The server ends the
         * connection after the third ping that comes too soon.
         */
        public Builder permitKeepAliveTime(Duration time) {
            permitKeepAliveTime = Checks.notNegative("permitKeepAliveTime", time);
            return this;
        }

        /**
         * Whether a server allows pings as often when no call is running. False when not set, and then it allows one in
         * two hours.
         */
        public Builder permitKeepAliveWithoutCalls(boolean permit) {
            permitKeepAliveWithoutCalls = permit;
            return this;
        }

        /** After how long a server asks its client to go to a new connection; never when not set. */
        public Builder maxConnectionAge(Duration age) {
            maxConnectionAge = Checks.positive("maxConnectionAge", age);
            return this;
        }

        /** How long calls may go on on a connection that is too old; without limit when not set. */
        public Builder maxConnectionAgeGrace(Duration grace) {
            maxConnectionAgeGrace = Checks.positive("maxConnectionAgeGrace", grace);
            return this;
        }

        /**
         * How a server words errors. When not set it uses the style of Kitex with Thrift, and the standard style with
         * Protobuf.
         */
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
         * The name of what a client compresses its messages with where the call does not say, such as "gzip"; nothing
         * when not set. With any name, also "identity", the client says what it understands, so that the server may
         * compress. A server compresses with what its caller uses, or with what the handler chooses.
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

    /** After how long a client pings, which is not so often that most servers take it for abuse. Null for never. */
    public @Nullable Duration clientKeepAliveTime() {
        return keepAliveTime != null && keepAliveTime.compareTo(MIN_CLIENT_KEEP_ALIVE) < 0
                ? MIN_CLIENT_KEEP_ALIVE
                : keepAliveTime;
    }

    /** After how long a server pings. */
    public Duration serverKeepAliveTime() {
        return keepAliveTime != null ? keepAliveTime : GrpcDefaults.SERVER_KEEP_ALIVE_TIME;
    }
}
