package io.streamx.micrometer;

/**
 * Names of the meters, as Micrometer has them; a registry writes them in its own way, Prometheus for instance
 * {@code streamx_calls_duration_seconds}.
 */
public final class MeterNames {
    /** A gauge: calls that have started and not finished. */
    public static final String ACTIVE = "streamx.calls.active";
    /** A timer: from a call's start to its finish, with the tag {@link #CODE}. */
    public static final String DURATION = "streamx.calls.duration";
    /** A timer: from a call's start to the first message that was received at this end. */
    public static final String FIRST_MESSAGE = "streamx.calls.first.message";
    /** A timer: from one received message of a stream to the next. */
    public static final String GAP = "streamx.calls.message.gap";
    /** A timer: each wait of a send for room, because the network or the peer takes messages more slowly; streams alone. */
    public static final String SEND_WAIT = "streamx.calls.send.wait";
    /** A gauge: connections that are open, with the tags {@link #SIDE} and {@link #SERVICE} alone. */
    public static final String CONNECTIONS = "streamx.connections";
    /** A counter: connections that were made, with the tags of {@link #CONNECTIONS}. */
    public static final String CONNECTIONS_OPENED = "streamx.connections.opened";
    /** A counter of messages, with the tag {@link #DIRECTION}. */
    public static final String MESSAGES = "streamx.calls.messages";
    /** A counter of their payload in bytes, with the tag {@link #DIRECTION}. */
    public static final String BYTES = "streamx.calls.payload";

    /** A tag: {@code client} or {@code server}. */
    public static final String SIDE = "side";
    /** A tag: the service as the IDL names it, or {@code unknown}. */
    public static final String SERVICE = "service";
    /** A tag: the method as the IDL names it, or {@code unknown}. */
    public static final String METHOD = "method";
    /** A tag: {@code unary}, {@code client}, {@code server} or {@code bidirectional}. */
    public static final String MODE = "mode";
    /** A tag: {@code grpc}, {@code ttheader} for streams, or the carrier of a unary call such as {@code framed}. */
    public static final String TRANSPORT = "transport";
    /** A tag: how the call ended, see docs/observability.md. */
    public static final String CODE = "code";
    /** A tag: {@code sent} or {@code received}, as seen from this end. */
    public static final String DIRECTION = "direction";

    private MeterNames() {}
}
