package io.streamx.client;

import io.streamx.PingPong;
import io.streamx.RecvTimeout;
import io.streamx.Transport;
import io.streamx.auth.CallCredentials;
import io.streamx.endpoint.EndpointBuilder;
import io.streamx.endpoint.ForMethods;
import io.streamx.middleware.ClientMiddleware;
import io.streamx.middleware.ClientStreamMiddleware;
import io.streamx.middleware.MetaListener;
import io.streamx.middleware.OpeningHook;
import io.streamx.middleware.UnaryMiddleware;
import io.streamx.wire.Checks;
import io.streamx.wire.Defaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be set at a client about the calls that it makes: what they travel on, what stands around them, and limits of
 * time. Use {@link Client#builder}, whose builder extends this class and reads its fields. A builder is for one thread at a
 * time.
 */
public abstract sealed class ClientCallsBuilder extends EndpointBuilder<Client.Builder>
        permits ClientConnectionsBuilder {
    private final List<ForMethods<ClientStreamMiddleware>> streamMiddleware = new ArrayList<>();
    private final List<ForMethods<UnaryMiddleware>> unaryMiddleware = new ArrayList<>();
    private final List<ForMethods<ClientMiddleware>> bothMiddleware = new ArrayList<>();
    final List<OpeningHook> openingHooks = new ArrayList<>();

    @Nullable
    CallCredentials credentials;

    @Nullable
    MetaListener metaListener;

    String callerName = "";

    @Nullable
    Transport transport;

    @Nullable
    PingPong pingPong;

    boolean multiplexCalls;
    Duration silenceWarning = Defaults.SILENCE_WARNING;
    boolean recordsOpeningLines;

    @Nullable
    RecvTimeout recvTimeout;

    @Nullable
    Duration timeout;

    ClientCallsBuilder() {}

    /**
     * The name of the calling service, shown to the peer in cancel paths; none when not set.
     *
     * @throws IllegalArgumentException for a name with a comma, because commas stand between the names of a path
     */
    public final Client.Builder callerName(String name) {
        if (Objects.requireNonNull(name, "name").indexOf(',') >= 0) {
            throw new IllegalArgumentException(
                    "callerName: '" + name + "' (expected: no comma, which stands between the names of a cancel path)");
        }
        callerName = name;
        return self();
    }

    /**
     * What streams travel on, and unary calls too when it is gRPC. When not set the method decides: TTHeader
     * Streaming for Thrift messages, gRPC for Protobuf.
     */
    public final Client.Builder transport(Transport transport) {
        this.transport = Objects.requireNonNull(transport, "transport");
        return self();
    }

    /**
     * What all unary calls travel on. When not set they travel on gRPC where the transport is gRPC, and else on
     * TTHeaderFramed, which carries metainfo and business errors and which Kitex and Volo servers take. Servers of
     * plain Thrift need Framed or buffered, which carry neither metainfo nor business errors.
     */
    public final Client.Builder pingPong(PingPong carrier) {
        pingPong = Objects.requireNonNull(carrier, "carrier");
        return self();
    }

    /**
     * Whether any number of unary calls share a connection at once, instead of each call having a connection for
     * itself while it runs; false when not set. The carrier has to have a TTHeader. Servers of StreamX for Java run
     * the calls of one connection at once. A Kitex server does so when it is set up for multiplexing, and else runs
     * them in turn.
     */
    public final Client.Builder multiplexCalls(boolean multiplex) {
        multiplexCalls = multiplex;
        return self();
    }

    /** Wraps the opening of each stream; the first registered is the outermost. */
    public final Client.Builder streamMiddleware(ClientStreamMiddleware middleware) {
        this.streamMiddleware.add(selected(middleware));
        return self();
    }

    /** Wraps each unary call; the first registered is the outermost. */
    public final Client.Builder unaryMiddleware(UnaryMiddleware middleware) {
        this.unaryMiddleware.add(selected(middleware));
        return self();
    }

    /** Wraps each call of either kind, inside the middleware for one kind. */
    public final Client.Builder middleware(ClientMiddleware middleware) {
        this.bothMiddleware.add(selected(middleware));
        return self();
    }

    /** Lets a hook add entries to what opens each stream. */
    public final Client.Builder openingHook(OpeningHook hook) {
        openingHooks.add(Objects.requireNonNull(hook, "hook"));
        return self();
    }

    /** Gives each call what proves to the server who calls; views may have others. Calls have none when not set. */
    public final Client.Builder credentials(CallCredentials credentials) {
        this.credentials = Objects.requireNonNull(credentials, "credentials");
        return self();
    }

    /** Tells a listener of the Meta frames that proxies send. */
    public final Client.Builder metaListener(MetaListener listener) {
        metaListener = Objects.requireNonNull(listener, "listener");
        return self();
    }

    /** The limit of each recv; none when not set. */
    public final Client.Builder recvTimeout(RecvTimeout timeout) {
        recvTimeout = Objects.requireNonNull(timeout, "timeout");
        return self();
    }

    /** The limit of each whole stream or call; none when not set. */
    public final Client.Builder timeout(Duration timeout) {
        this.timeout = Checks.positive("timeout", timeout);
        return self();
    }

    /**
     * How long a call without any limit of time may wait for a silent server before the log names it, once for each
     * method and with the line that waits: unary calls, the reply of client streams, and bidirectional streams without
     * {@code closeSend()}, whose server may be waiting in turn. 1 min when not set, zero for never.
     */
    public final Client.Builder silenceWarning(Duration time) {
        silenceWarning = Checks.notNegative("silenceWarning", time);
        return self();
    }

    /**
     * Whether each stream records the line that opens it, for the report of those that are forgotten: streams to which
     * nothing refers any more, and that were neither read to their end nor cancelled nor closed. Costs a walk of the
     * stack for each stream. False when not set: then the lines of those methods are recorded of which a stream has been
     * forgotten before.
     */
    public final Client.Builder recordOpeningLines(boolean record) {
        recordsOpeningLines = record;
        return self();
    }

    // ---- for the client ----

    /** The middleware as registered so far. */
    final ClientMiddlewares.Registered registered() {
        return new ClientMiddlewares.Registered(
                List.copyOf(streamMiddleware),
                List.copyOf(unaryMiddleware),
                List.copyOf(bothMiddleware),
                recvMiddlewares(),
                sendMiddlewares());
    }
}
