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
    /** A timer: from a stream's start to the first message that was received at this end. */
    public static final String FIRST_MESSAGE = "streamx.calls.first.message";
    /** A timer: from one received message of a stream to the next. */
    public static final String GAP = "streamx.calls.message.gap";
    /** A timer: each wait of a send for room, because the network or the peer takes messages more slowly; streams alone. */
    public static final String SEND_WAIT = "streamx.calls.send.wait";
    /** A gauge: connections that are open, with the tags {@link #SIDE} and {@link #SERVICE} alone. */
    public static final String CONNECTIONS = "streamx.connections";
    /** A counter: connections that were made, with the tags of {@link #CONNECTIONS}. */
    public static final String CONNECTIONS_OPENED = "streamx.connections.opened";
    /**
     * A gauge in bytes: messages that wait on the open connections, with the tags {@link #SIDE}, {@link #SERVICE} and {@link
     * #DIRECTION}: {@code sent} for those that wait to be sent, {@code received} for those that came and were not taken.
     */
    public static final String QUEUE = "streamx.connections.queue";
    /** A gauge in bytes: what the messages that wait hold of the memory of the process, without tags. */
    public static final String MEMORY_HELD = "streamx.memory.held";
    /** A gauge in bytes: how much of the memory of the process messages that wait may hold, without tags. */
    public static final String MEMORY_LIMIT = "streamx.memory.limit";
    /**
     * A gauge: instances that clients know, with the tags {@link #SERVICE} and {@link #STATE}: {@code known}, and of these {@code
     * usable} and {@code avoided}.
     */
    public static final String INSTANCES = "streamx.instances";
    /** A gauge: what a server may have, with the tags {@link #PORT} and {@link #LIMIT}; there is none for what has no limit. */
    public static final String SERVER_LIMIT = "streamx.server.limit";
    /** A gauge: how much of {@link #SERVER_LIMIT} a server has in use, with the tags {@link #PORT} and {@link #LIMIT}. */
    public static final String SERVER_LIMIT_USED = "streamx.server.limit.used";
    /**
     * A counter: calls that were made once more, with the tags {@link #SERVICE}, {@link #METHOD} and {@link #REASON}: {@code
     * unsent} where no server can have run the call, {@code retry} and {@code backup} where a policy wanted it.
     */
    public static final String EXTRA_ATTEMPTS = "streamx.calls.extra.attempts";
    /**
     * A counter: calls that a policy refused, with the tags {@link #SIDE}, {@link #SERVICE}, {@link #METHOD} and {@link #REASON}: {@code
     * breaker}, {@code limit} or {@code degradation}.
     */
    public static final String REFUSED = "streamx.calls.refused";
    /** A counter: calls that a fallback answered, with the tags {@link #SERVICE} and {@link #METHOD}. */
    public static final String FALLBACKS = "streamx.calls.fallbacks";
    /**
     * A gauge of circuit breakers, 1 in the state that a breaker has and 0 in the others, with the tags {@link #BREAKER} and {@link
     * #STATE}: {@code closed}, {@code open} or {@code half_open}.
     */
    public static final String BREAKERS = "streamx.breakers";
    /** A gauge: calls that run under a limit of a policy, with the tag {@link #SIDE}. */
    public static final String POLICY_RUNNING = "streamx.policy.calls.running";
    /** A gauge: how many calls may run under a limit of a policy, with the tag {@link #SIDE}; 0 for any number. */
    public static final String POLICY_LIMIT = "streamx.policy.calls.limit";
    /** A counter of messages, with the tag {@link #DIRECTION}. */
    public static final String MESSAGES = "streamx.calls.messages";
    /** A counter of the payload of messages in bytes, with the tag {@link #DIRECTION}. */
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
    /** A tag: see the meters that have it. */
    public static final String STATE = "state";
    /** A tag: see the meters that have it. */
    public static final String REASON = "reason";
    /** A tag: {@code connections} or {@code running_calls}. */
    public static final String LIMIT = "limit";
    /** A tag: the port of a server, or {@link #IN_PROCESS}. */
    public static final String PORT = "port";
    /** The value of {@link #PORT} for servers that listen within the process alone, all together. */
    static final String IN_PROCESS = "in-process";
    /** A tag: what a circuit breaker counts, {@code service.method} or {@code instance host:port}. */
    public static final String BREAKER = "breaker";

    private MeterNames() {}
}
