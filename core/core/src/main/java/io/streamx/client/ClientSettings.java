package io.streamx.client;

import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.ConnectionListener;
import io.streamx.Metadata;
import io.streamx.PingPong;
import io.streamx.RecvTimeout;
import io.streamx.RpcTimeoutException;
import io.streamx.Transport;
import io.streamx.auth.CallCredentials;
import io.streamx.balancer.Balancer;
import io.streamx.discovery.Resolver;
import io.streamx.engine.CallEvents;
import io.streamx.engine.StreamConnection;
import io.streamx.jfr.RecordedCall;
import io.streamx.middleware.ClientCall;
import io.streamx.middleware.MetaListener;
import io.streamx.middleware.OpeningHook;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.tls.ClientTls;
import io.streamx.wire.Defaults;
import io.streamx.wire.Limits;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import io.streamx.wire.TransportOptionsByType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a client calls, and with which settings. Immutable. */
record ClientSettings(
        String service,
        String callerName,
        Resolver resolver,
        Balancer balancer,
        ConnectionMode mode,
        @Nullable Transport transport,
        @Nullable PingPong pingPong,
        boolean multiplexCalls,
        Limits limits,
        @Nullable ClientTls tls,
        TransportOptionsByType transportOptions,
        Duration ownConnectTimeout,
        Supplier<@Nullable Duration> liveConnectTimeout,
        Duration connectionWait,
        Duration idleTimeout,
        int connections,
        @Nullable RecvTimeout recvTimeout,
        @Nullable Duration timeout,
        List<CallListener> listeners,
        List<ConnectionListener> connectionListeners,
        List<OpeningHook> openingHooks,
        @Nullable CallCredentials credentials,
        @Nullable MetaListener metaListener,
        Duration deadPeerTimeout,
        Duration silenceWarning,
        boolean recordsOpeningLines,
        TimeSource time) {
    private static final String CALL = "the options of the call";
    private static final String CLIENT = "the client";

    StreamProtocol.Settings connectionSettings() {
        return new StreamProtocol.Settings(StreamConnection::new, limits, callerName, metaListener, transportOptions);
    }

    /**
     * What a method's calls travel on: the transport that was set, or one that goes by what the method's messages are
     * written in.
     */
    Transport transportOf(MethodDescriptor<?, ?> method) {
        if (transport != null) {
            return transport;
        }
        return method.format() == PayloadFormat.PROTOBUF ? Transport.GRPC : Transport.TTHEADER;
    }

    /**
     * Whether a unary method is called as a stream of one message each way; a carrier that was set is for all unary
     * methods.
     */
    boolean isUnaryOverStreams(MethodDescriptor<?, ?> method) {
        return pingPong == null && transportOf(method) == Transport.GRPC;
    }

    /** What unary calls travel on that are not carried by streams. */
    PingPong carrier() {
        return pingPong != null ? pingPong : PingPong.TTHEADER_FRAMED;
    }

    /**
     * What the unary calls of one method travel on. Calls of Kitex Protobuf are framed behind a TTHeader whatever was
     * set.
     */
    PingPong carrierOf(MethodDescriptor<?, ?> method) {
        return method.format() == PayloadFormat.PROTOBUF ? PingPong.TTHEADER_FRAMED : carrier();
    }

    /**
     * The call as it comes out of the middleware, with its credentials where it or the client has some. On the thread of the
     * caller; it may block.
     *
     * @throws IllegalArgumentException when middleware has replaced the call by one of another class
     */
    ClientCallInfo withCredentials(ClientCall call) {
        if (!(call instanceof ClientCallInfo info)) {
            throw new IllegalArgumentException(
                    "call: " + call + " (expected: the call a middleware was given, or withOptions of it)");
        }
        CallCredentials own = info.options().credentials();
        CallCredentials used = own != null ? own : credentials;
        if (used == null) {
            return info;
        }
        try {
            return GivenCredentials.added(info, used, tls != null, timeoutOf(info.options(), CallContext.current()));
        } catch (RuntimeException | Error failure) {
            CallEvents.tellFailed(RecordedCall.listeningTo(info.mode(), listeners), info.copy(), failure);
            throw failure;
        }
    }

    /** Who is told of a call: the listeners of the client, and who gave its credentials. */
    List<CallListener> listenersOf(CallInfo info) {
        GivenCredentials given = info.attribute(GivenCredentials.KEY);
        if (given == null) {
            return listeners;
        }
        List<CallListener> all = new ArrayList<>(listeners);
        all.add(given);
        return all;
    }

    /** What the hooks add to the opening of a stream. */
    OpeningEntries openingEntries(ClientCallInfo call) {
        Metadata metadata = call.options().metadata();
        if (openingHooks.isEmpty()) {
            return metadata.isEmpty() ? OpeningEntries.NONE : new OpeningEntries(Map.of(), metadata);
        }
        OpeningEntries.Builder entries = new OpeningEntries.Builder(metadata);
        openingHooks.forEach(hook -> hook.onOpen(call, entries));
        return entries.build();
    }

    /** That of a connection which is made now. */
    Duration connectTimeout() {
        Duration live = liveConnectTimeout.get();
        return live == null ? ownConnectTimeout : live;
    }

    /**
     * The connect timeout to tell the peer, null when none was set. Kitex tells it only where it was set, because a
     * proxy that is to connect has a default of its own.
     */
    @Nullable
    Duration connectTimeoutToTell() {
        Duration current = connectTimeout();
        return current.equals(Defaults.CONNECT_TIMEOUT) ? null : current;
    }

    Waiter waiter() {
        return new Waiter(service, connectionWait, time);
    }

    /**
     * The limit of one call: that of its options or else the client's, and never more than the time that the enclosing
     * call has left.
     */
    @Nullable
    TimeLimit timeoutOf(CallOptions options, CallContext parent) {
        Duration own = options.timeout() != null ? options.timeout() : timeout;
        Duration left = parent.remaining();
        if (left != null && (own == null || left.compareTo(own) < 0)) {
            return new TimeLimit(left, "the enclosing call, as what is left of its own time");
        }
        return own == null ? null : new TimeLimit(own, options.timeout() != null ? CALL : CLIENT);
    }

    /**
     * Refuses to begin a call that has no time left.
     *
     * @throws RpcTimeoutException naming who set the limit
     */
    static void checkTimeIsLeft(MethodDescriptor<?, ?> method, @Nullable TimeLimit limit) {
        if (limit != null && limit.duration().isZero()) {
            throw new RpcTimeoutException(
                    method + " was not called: no time is left, set by " + limit.setBy(), limit.duration(), null);
        }
    }

    /** Who set the limit of each recv. */
    static String recvTimeoutSetBy(CallOptions options) {
        return options.recvTimeout() != null ? CALL : CLIENT;
    }

    @Nullable
    RecvTimeout recvTimeoutOf(CallOptions options) {
        return options.recvTimeout() != null ? options.recvTimeout() : recvTimeout;
    }

    /**
     * Persistent values of the enclosing call go on with every call; a value that the call itself sets wins over a
     * value of the enclosing call.
     */
    static Map<String, String> persistentsOf(CallOptions options, CallContext parent) {
        Map<String, String> inherited = parent.persistents();
        if (inherited.isEmpty() || options.persistents().isEmpty()) {
            return inherited.isEmpty() ? options.persistents() : inherited;
        }
        Map<String, String> all = new HashMap<>(inherited);
        all.putAll(options.persistents());
        return all;
    }
}
