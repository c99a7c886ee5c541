package io.streamx.client;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.ClientStreamingClient;
import io.streamx.PingPong;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamListener;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.TransportOptions;
import io.streamx.middleware.ClientMiddleware;
import io.streamx.middleware.ClientStreamMiddleware;
import io.streamx.middleware.MetaListener;
import io.streamx.middleware.OpeningHook;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.middleware.UnaryMiddleware;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import io.streamx.tls.ClientTls;
import io.streamx.wire.Defaults;
import io.streamx.wire.Limits;
import io.streamx.wire.TransportOptionsByType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls one service: owns the connections to it, which all generated clients made from it share. Safe from any number of
 * threads; make one for each service called and keep it. {@link #close} ends its connections and what runs on them.
 */
public final class Client implements Channel, AutoCloseable {
    private final String from;
    private final String to;
    private final ClientSettings endpoint;
    private final ClientMiddlewares middleware;
    /** Made at their first use, unless asked for by name: a client needs no module for what it does not call. */
    private final Map<Transport, StreamCaller> streams = new ConcurrentHashMap<>();

    private volatile @Nullable UnaryCaller unary;
    private volatile @Nullable UnaryStreamCaller unaryOverStreams;
    private volatile boolean closed;

    private Client(Builder builder) {
        from = builder.callerName;
        to = builder.service;
        endpoint = builder.endpoint();
        if (endpoint.multiplexCalls()) {
            UnaryCaller.checkShareable(endpoint.carrier());
        }
        middleware = new ClientMiddlewares(builder.middleware.copy());
        if (endpoint.transport() != null) {
            streams(endpoint.transport());
        }
    }

    /** Begins a client for the service of that name, the one it is registered and found by. */
    public static Builder builder(String service) {
        return new Builder(service);
    }

    @Override
    public <Req, Res> @Nullable Res call(MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        checkMode(method, StreamingMode.UNARY);
        @SuppressWarnings("unchecked") // a middleware that replaces a result must give one of the method's type
        Res result = endpoint.isUnaryOverStreams(method)
                ? (Res) unaryOverStreams().call(info(method, request, options), request)
                : (Res) unary().call(info(method, request, options), request);
        return result;
    }

    @Override
    public <Req, Res> CompletableFuture<@Nullable Res> callAsync(
            MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        CompletableFuture<@Nullable Res> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual()
                .name(method.toString())
                .unstarted(CallContext.current().wrap(() -> {
                    try {
                        result.complete(call(method, request, options));
                    } catch (Throwable t) {
                        result.completeExceptionally(t);
                    }
                }));
        result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                thread.interrupt();
            }
        });
        thread.start();
        return result;
    }

    @Override
    @SuppressWarnings("unchecked") // a middleware that replaces the stream must give one of the method's shape
    public <Req, Res> ClientStreamingClient<Req, Res> clientStreaming(
            MethodDescriptor<Req, Res> method, CallOptions options) {
        checkMode(method, StreamingMode.CLIENT);
        return (ClientStreamingClient<Req, Res>) streams(method).open(info(method, null, options));
    }

    @Override
    @SuppressWarnings("unchecked") // as above
    public <Req, Res> ServerStreamingClient<Res> serverStreaming(
            MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        checkMode(method, StreamingMode.SERVER);
        return (ServerStreamingClient<Res>)
                streams(method).open(info(method, Objects.requireNonNull(request, "request"), options));
    }

    @Override
    @SuppressWarnings("unchecked") // as above
    public <Req, Res> BidiStreamingClient<Req, Res> bidiStreaming(
            MethodDescriptor<Req, Res> method, CallOptions options) {
        checkMode(method, StreamingMode.BIDIRECTIONAL);
        return (BidiStreamingClient<Req, Res>) streams(method).open(info(method, null, options));
    }

    private static void checkMode(MethodDescriptor<?, ?> method, StreamingMode asked) {
        if (method.mode() != asked) {
            throw new IllegalArgumentException(
                    "mode of " + method + ": " + method.mode() + " (expected: " + asked + ")");
        }
    }

    private ClientCallInfo info(MethodDescriptor<?, ?> method, @Nullable Object request, CallOptions options) {
        return new ClientCallInfo(method, request, from, to, options, null, Instant.now());
    }

    /**
     * Makes connections to every instance now, so that the first streams need not wait: over the transport that was set,
     * or else the one of Thrift streams. Optional.
     *
     * @throws RpcException when one of them cannot be made
     */
    public void warmUp() {
        streams(endpoint.transport() != null ? endpoint.transport() : Transport.TTHEADER)
                .warmUp();
    }

    private StreamCaller streams(MethodDescriptor<?, ?> method) {
        return streams(endpoint.transportOf(method));
    }

    private StreamCaller streams(Transport transport) {
        StreamCaller made = streams.get(transport);
        return made != null && !closed ? made : makeStreams(transport);
    }

    private synchronized StreamCaller makeStreams(Transport transport) {
        checkOpen();
        StreamCaller made = streams.get(transport);
        if (made == null) {
            made = new StreamCaller(endpoint, middleware, transport);
            streams.put(transport, made);
        }
        return made;
    }

    private UnaryCaller unary() {
        UnaryCaller made = unary;
        return made != null && !closed ? made : makeUnary();
    }

    private synchronized UnaryCaller makeUnary() {
        checkOpen();
        UnaryCaller made = unary;
        if (made == null) {
            made = new UnaryCaller(endpoint, middleware);
            unary = made;
        }
        return made;
    }

    private UnaryStreamCaller unaryOverStreams() {
        UnaryStreamCaller made = unaryOverStreams;
        return made != null && !closed ? made : makeUnaryOverStreams();
    }

    private synchronized UnaryStreamCaller makeUnaryOverStreams() {
        StreamCaller carrier = makeStreams(Transport.GRPC);
        UnaryStreamCaller made = unaryOverStreams;
        if (made == null) {
            made = new UnaryStreamCaller(endpoint, carrier, middleware);
            unaryOverStreams = made;
        }
        return made;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("client for " + to + " is closed");
        }
    }

    /** Closes the connections. Streams and calls on them fail; new ones are refused. Repeating it does nothing. */
    @Override
    public void close() {
        UnaryCaller made;
        synchronized (this) {
            closed = true;
            made = unary;
        }
        streams.values().forEach(StreamCaller::close);
        if (made != null) {
            made.close();
        }
    }

    /** Collects what a client is to do. Not safe for threads. */
    public static final class Builder {
        private final String service;
        private final ClientMiddlewares.Registered middleware = new ClientMiddlewares.Registered();
        private final List<StreamListener> listeners = new ArrayList<>();
        private final List<OpeningHook> openingHooks = new ArrayList<>();
        private @Nullable MetaListener metaListener;
        private Predicate<MethodDescriptor<?, ?>> methods = method -> true;
        private final List<Instance> instances = new ArrayList<>();
        private @Nullable Resolver resolver;
        private Balancer balancer = Balancer.roundRobin();
        private ConnectionMode mode = ConnectionMode.MUX;
        private String callerName = "";
        private @Nullable Transport transport;
        private @Nullable PingPong pingPong;
        private boolean multiplexCalls;
        private Limits limits = Limits.DEFAULT;
        private @Nullable ClientTls tls;
        private TransportOptionsByType transportOptions = TransportOptionsByType.NONE;
        private Duration connectTimeout = Defaults.CONNECT_TIMEOUT;
        private Duration connectionWait = Defaults.CONNECTION_WAIT;
        private Duration idleTimeout = Defaults.CLIENT_IDLE_TIMEOUT;
        private int connections = Math.min(Runtime.getRuntime().availableProcessors(), Defaults.MAX_MUX_CONNECTIONS);
        private @Nullable RecvTimeout recvTimeout;
        private @Nullable Duration timeout;

        private Builder(String service) {
            this.service = Objects.requireNonNull(service, "service");
        }

        /**
         * Where the service is: {@code host:port}, IPv6 addresses in brackets. Names are looked up when connecting. Given
         * several times, calls are spread over all of them.
         */
        public Builder address(String hostAndPort) {
            return instance(Instance.of(hostAndPort));
        }

        /** One more place where the service is. */
        public Builder instance(Instance instance) {
            instances.add(Objects.requireNonNull(instance, "instance"));
            return this;
        }

        /** Finds the places where the service is, instead of a fixed list. */
        public Builder resolver(Resolver resolver) {
            this.resolver = Objects.requireNonNull(resolver, "resolver");
            return this;
        }

        /** Spreads calls over several instances; round robin when not set. */
        public Builder balancer(Balancer balancer) {
            this.balancer = Objects.requireNonNull(balancer, "balancer");
            return this;
        }

        /** How streams use connections; multiplexed when not set. {@code SHORT} goes for unary calls too. */
        public Builder connectionMode(ConnectionMode mode) {
            this.mode = Objects.requireNonNull(mode, "mode");
            return this;
        }

        /**
         * The name of the calling service, shown to the peer in cancel paths; none when not set.
         *
         * @throws IllegalArgumentException for one with a comma, which stands between the names of a path
         */
        public Builder callerName(String name) {
            if (Objects.requireNonNull(name, "name").indexOf(',') >= 0) {
                throw new IllegalArgumentException("callerName: '" + name
                        + "' (expected: no comma, which stands between the names of a cancel path)");
            }
            callerName = name;
            return this;
        }

        /**
         * What streams travel on, and unary calls too when it is gRPC. When not set that goes by the method: TTHeader
         * Streaming for Thrift messages, gRPC for Protobuf.
         */
        public Builder transport(Transport transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /** What all unary calls travel on. When not set: gRPC where the transport is that, else Framed. */
        public Builder pingPong(PingPong carrier) {
            pingPong = Objects.requireNonNull(carrier, "carrier");
            return this;
        }

        /**
         * Whether unary calls share the connections, any number at once, instead of having one each for their time; false
         * when not set. Needs a carrier with TTHeader. Servers of StreamX for Java run such calls at the same time;
         * a Kitex server does so when it is set up for it, and else runs those of one connection in turn.
         */
        public Builder multiplexCalls(boolean multiplex) {
            multiplexCalls = multiplex;
            return this;
        }

        /** Wraps the opening of each stream; the first registered is the outermost. */
        public Builder streamMiddleware(ClientStreamMiddleware middleware) {
            this.middleware.stream().add(selected(middleware));
            return this;
        }

        /** Wraps each unary call; the first registered is the outermost. */
        public Builder unaryMiddleware(UnaryMiddleware middleware) {
            this.middleware.unary().add(selected(middleware));
            return this;
        }

        /** Wraps each recv of a stream; the first registered is the outermost. */
        public Builder recvMiddleware(RecvMiddleware middleware) {
            this.middleware.recv().add(selected(middleware));
            return this;
        }

        /** Wraps each send of a stream; the first registered is the outermost. */
        public Builder sendMiddleware(SendMiddleware middleware) {
            this.middleware.send().add(selected(middleware));
            return this;
        }

        /** Wraps each call of either kind, inside the middleware for one kind. */
        public Builder middleware(ClientMiddleware middleware) {
            this.middleware.both().add(selected(middleware));
            return this;
        }

        private <M> ClientMiddlewares.For<M> selected(M middleware) {
            return new ClientMiddlewares.For<>(methods, Objects.requireNonNull(middleware, "middleware"));
        }

        /** Registers middleware for some methods alone: what {@code registration} registers is used for those. */
        public Builder forMethods(Predicate<MethodDescriptor<?, ?>> selection, Consumer<Builder> registration) {
            Predicate<MethodDescriptor<?, ?>> outer = methods;
            methods = outer.and(selection);
            try {
                registration.accept(this);
            } finally {
                methods = outer;
            }
            return this;
        }

        /** Takes a bundle of settings that belong together. */
        public Builder with(Consumer<Builder> suite) {
            suite.accept(this);
            return this;
        }

        /** Tells a listener what happens on streams. */
        public Builder streamListener(StreamListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** Lets a hook add entries to what opens each stream. */
        public Builder openingHook(OpeningHook hook) {
            openingHooks.add(Objects.requireNonNull(hook, "hook"));
            return this;
        }

        /** Tells a listener of the Meta frames that proxies send. */
        public Builder metaListener(MetaListener listener) {
            metaListener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Connections use TLS, with those settings; they are in clear text when not set. */
        public Builder tls(ClientTls tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /** From the start of name lookup to a connection, TLS included; 1 s when not set. */
        public Builder connectTimeout(Duration timeout) {
            connectTimeout = positive("connectTimeout", timeout);
            return this;
        }

        /** How long a call waits for a usable connection; 5 s when not set. */
        public Builder connectionWait(Duration timeout) {
            connectionWait = positive("connectionWait", timeout);
            return this;
        }

        /** A connection without a call for so long is closed; 1 min when not set. */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = positive("idleTimeout", timeout);
            return this;
        }

        /** Connections that streams share, and calls that are multiplexed; one for each processor and at most 4 when not set. */
        public Builder connections(int connections) {
            if (connections <= 0) {
                throw new IllegalArgumentException("connections: " + connections + " (expected: > 0)");
            }
            this.connections = connections;
            return this;
        }

        /** Limit of each recv; none when not set. */
        public Builder recvTimeout(RecvTimeout timeout) {
            recvTimeout = Objects.requireNonNull(timeout, "timeout");
            return this;
        }

        /** Limit of each whole stream or call; none when not set. */
        public Builder timeout(Duration timeout) {
            this.timeout = positive("timeout", timeout);
            return this;
        }

        /** The largest message in either direction, in bytes; 16 MiB when not set. */
        public Builder maxMessageBytes(int bytes) {
            limits = limits.withMaxMessageBytes(bytes);
            return this;
        }

        /** Bytes that may wait in memory, in each direction: of one stream, and of all streams of a connection. */
        public Builder buffers(int bytesPerStream, int bytesPerConnection) {
            limits = limits.withBuffers(bytesPerStream, bytesPerConnection);
            return this;
        }

        /** How long an unread stream may hold up its connection while another waits for a message; 5 s when not set. */
        public Builder stallTimeout(Duration timeout) {
            limits = limits.withStallTimeout(timeout);
            return this;
        }

        /**
         * Sets what one transport alone has, such as {@code GrpcOptions}. Options of several transports may be set one
         * after the other; of several objects of one class the last counts.
         */
        public Builder transportOptions(TransportOptions options) {
            transportOptions = transportOptions.with(options);
            return this;
        }

        private static Duration positive(String name, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }

        /**
         * The client. Connects at the first call, not now.
         *
         * @throws IllegalStateException when the address is missing, the carrier cannot multiplex calls as asked for, or no module on the class path carries the transport
         */
        public Client build() {
            return new Client(this);
        }

        private ClientSettings endpoint() {
            if (resolver == null && instances.isEmpty()) {
                throw new IllegalStateException(
                        "no address was set for " + service + " (expected: host:port, or a resolver)");
            }
            if (resolver != null && !instances.isEmpty()) {
                throw new IllegalStateException("both a resolver and the address "
                        + instances.getFirst().address() + " were set for " + service + " (expected: one of them)");
            }
            return new ClientSettings(
                    service,
                    callerName,
                    resolver != null ? resolver : Resolver.fixed(instances),
                    balancer,
                    mode,
                    transport,
                    pingPong,
                    multiplexCalls,
                    limits,
                    tls,
                    transportOptions,
                    connectTimeout,
                    connectionWait,
                    idleTimeout,
                    connections,
                    recvTimeout,
                    timeout,
                    List.copyOf(listeners),
                    List.copyOf(openingHooks),
                    metaListener);
        }
    }
}
