package io.streamx.wire;

import java.time.Duration;

/** Every default of clients and servers that holds for all transports. Source: docs/architecture.md, Defaults. */
public final class Defaults {
    /** The longest time from the start of name lookup to a usable connection, TLS included. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    /** The longest wait of a call for a usable connection. */
    public static final Duration CONNECTION_WAIT = Duration.ofSeconds(5);
    /** The largest message in either direction, in bytes of payload. */
    public static final int MAX_MESSAGE_BYTES = 16 << 20;
    /** The largest header section that is sent, in bytes; older Kitex peers accept no more. */
    public static final int MAX_SENT_HEADER_BYTES = (64 << 10) - 4;
    /** The largest header section that is accepted, in bytes, which is all that the wire can express. */
    public static final int MAX_ACCEPTED_HEADER_BYTES = 0xffff * 4;
    /** How many bytes of one stream may wait to leave for the network. */
    public static final int STREAM_BUFFER_BYTES = 256 << 10;
    /** How many bytes of one connection may wait in memory, for each reason that {@link Limits} lists. */
    public static final int CONNECTION_BUFFER_BYTES = 8 << 20;
    /** How long one stream may hold up a shared connection while another one waits for a message. */
    public static final Duration STALL_TIMEOUT = Duration.ofSeconds(5);
    /** How many streams a server runs at once on one connection. */
    public static final int MAX_CONCURRENT_STREAMS = 10_000;
    /** How many connections a multiplexing client makes to one address; fewer on a machine with fewer processors. */
    public static final int MAX_MUX_CONNECTIONS = 4;
    /**
     * How many connections without a call a client keeps for one address where a connection carries one call at a time.
     */
    public static final int MAX_IDLE_CONNECTIONS = 10;
    /** After how long without a call a client closes a connection. */
    public static final Duration CLIENT_IDLE_TIMEOUT = Duration.ofMinutes(1);
    /** After how long without a call a server closes a connection. */
    public static final Duration SERVER_IDLE_TIMEOUT = Duration.ofMinutes(10);
    /** How long a server waits for the rest of a message that has begun to arrive. */
    public static final Duration READ_TIMEOUT = Duration.ofSeconds(5);
    /** How long a server waits for a client to finish its TLS handshake. */
    public static final Duration TLS_HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
    /** After how long without an answer of its system a peer is taken to be gone, whatever its connection carries. */
    public static final Duration DEAD_PEER_TIMEOUT = Duration.ofSeconds(30);
    /** A call without a limit of time that waits for a silent server so long is named in the log. */
    public static final Duration SILENCE_WARNING = Duration.ofMinutes(1);
    /** After what time a handler that runs on after its call has ended is named in the log. */
    public static final Duration LATE_HANDLER = Duration.ofSeconds(10);
    /** How long a closing server serves as before after it has left its registries. */
    public static final Duration LEAVE_DELAY = Duration.ofSeconds(6);
    /** How long a closing server lets running calls finish. */
    public static final Duration SHUTDOWN_WINDOW = Duration.ofSeconds(5);

    /** How long a handler's send waits while nothing of its stream leaves. */
    public static final Duration SEND_TIMEOUT = Duration.ofMinutes(5);

    private Defaults() {}
}
