package io.streamx.client;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.ClientStreamingClient;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamThreads;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.balancer.Balancer;
import io.streamx.discovery.Address;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.Extension;
import io.streamx.endpoint.LifecycleListener;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import io.streamx.warmup.WarmUp;
import io.streamx.wire.Checks;
import io.streamx.wire.Providers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Calls one service. A client owns the connections to the service, and all generated clients that are made from it
 * share them. Any number of threads may use one client. Make one for each service that is called, and keep it. {@link
 * #close} ends the connections and what runs on them.
 *
 * <pre>{@code
 * try (Client client = Client.builder("a.b.c").address("127.0.0.1:8888").build()) {
 *     TestServiceClient echo = new TestServiceClient(client);
 *     Response pong = echo.pingPong(new Request("ping"));
 * }
 * }</pre>
 */
public final class Client implements Channel, AutoCloseable {
    private final String from;
    private final String to;
    private final ClientSettings endpoint;
    private final ClientCallers callers;
    private final List<LifecycleListener<Client>> lifecycleListeners;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Client(Builder builder) {
        from = builder.callerName;
        to = builder.service;
        endpoint = builder.endpoint();
        lifecycleListeners = List.copyOf(builder.lifecycleListeners);
        if (endpoint.multiplexCalls()) {
            UnaryCaller.checkShareable(endpoint.carrier());
        }
        if (endpoint.transport() != null) {
            Providers.streams(endpoint.transport());
        }
        callers = new ClientCallers(to, endpoint, new ClientMiddlewares(builder.registered()), builder.callerLoops());
        if (endpoint.transport() != null) {
            callers.streams(endpoint.transport());
        }
    }

    /**
     * Begins a client for the service named {@code service}, which is the name that the service is registered and found
     * by.
     */
    public static Builder builder(String service) {
        return new Builder(service);
    }

    @Override
    public <Req, Res> @Nullable Res call(MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        checkMode(method, StreamingMode.UNARY);
        if (method.requestCodec().messageType() != null) {
            // A codec without a class, such as that of calls without generated classes, may take null for no argument.
            Object unused = Checks.message(request, method, method.requestCodec());
        }
        @SuppressWarnings("unchecked") // a middleware that replaces a result must give one of the method's type
        Res result = endpoint.isUnaryOverStreams(method)
                ? (Res) callers.unaryOverStreams().call(info(method, request, options), request)
                : (Res) callers.unary().call(info(method, request, options), request);
        return result;
    }

    @Override
    public <Req, Res> CompletableFuture<@Nullable Res> callAsync(
            MethodDescriptor<Req, Res> method, Req request, CallOptions options) {
        CompletableFuture<@Nullable Res> result = new CompletableFuture<>();
        Thread thread = threadFactory().newThread(CallContext.current().wrap(() -> {
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

    /**
     * Makes virtual threads for code that calls this client. With {@link StreamThreads#EVENT_LOOP} the event loops of
     * its connections schedule them, and each thread calls on a connection of its own loop. Otherwise they are ordinary
     * virtual threads. Any other thread may make calls too.
     */
    public ThreadFactory threadFactory() {
        return callers.threads();
    }

    /** Runs each task on a new thread of {@link #threadFactory}. */
    public Executor executor() {
        ThreadFactory threads = threadFactory();
        return task -> threads.newThread(task).start();
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
                streams(method).open(info(method, Checks.message(request, method, method.requestCodec()), options));
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

    private StreamCaller streams(MethodDescriptor<?, ?> method) {
        return callers.streams(endpoint.transportOf(method));
    }

    private ClientCallInfo info(MethodDescriptor<?, ?> method, @Nullable Object request, CallOptions options) {
        boolean carried = method.mode() == StreamingMode.UNARY && !endpoint.isUnaryOverStreams(method);
        return new ClientCallInfo(
                method,
                request,
                from,
                to,
                carried ? Transport.TTHEADER : endpoint.transportOf(method),
                carried ? endpoint.carrierOf(method) : null,
                options);
    }

    /**
     * Makes connections to every instance now, so that the first streams need not wait: over the transport that was set,
     * or else the one of Thrift streams, or gRPC where the class path has that alone. Optional.
     *
     * @throws RpcException when one of the connections cannot be made
     */
    public void warmUp() {
        Transport transport = endpoint.transport();
        if (transport == null) {
            transport = Providers.hasStreams(Transport.TTHEADER) || !Providers.hasStreams(Transport.GRPC)
                    ? Transport.TTHEADER
                    : Transport.GRPC;
        }
        callers.streams(transport).warmUp();
    }

    /** Closes the connections. Streams and calls on them fail; new ones are refused. Repeating this does nothing. */
    @Override
    public void close() {
        callers.close();
        if (closed.compareAndSet(false, true)) {
            lifecycleListeners.forEach(listener -> listener.onClose(this));
        }
    }

    private void tellOpened() {
        try {
            lifecycleListeners.forEach(listener -> listener.onOpen(this));
        } catch (RuntimeException | Error e) {
            // Nobody is given the client, so that nobody else can close it.
            close();
            throw e;
        }
    }

    /** Which instances of the service this client knows now, and which of them calls keep away from. Asks nobody. */
    public ClientStatus status() {
        return callers.status();
    }

    /** Collects what a client is to do. A builder is for one thread at a time. */
    public static final class Builder extends ClientConnectionsBuilder {
        private final String service;
        private final List<Instance> instances = new ArrayList<>();
        private final List<LifecycleListener<Client>> lifecycleListeners = new ArrayList<>();
        private @Nullable Resolver resolver;
        private Balancer balancer = Balancer.weightedRoundRobin();
        private boolean warmsUp = true;

        private Builder(String service) {
            this.service = Objects.requireNonNull(service, "service");
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        public Builder install(Extension extension) {
            extension.installInto(this);
            return this;
        }

        /**
         * Where the service is: {@code host:port}, IPv6 addresses in brackets, or {@code in-process:name}. Names are looked up when connecting.
         * When several addresses are given, calls are spread over all of them.
         */
        public Builder address(String hostAndPort) {
            return instance(Instance.of(hostAndPort));
        }

        /**
         * The name within this process that the server of the service listens on ({@link
         * io.streamx.server.Server.Builder#inProcess}); {@code address("in-process:" + name)} is another way to say it. Calls
         * then go through no socket, and are otherwise as all calls are.
         */
        public Builder inProcess(String name) {
            return instance(Instance.at(Address.inProcess(name)));
        }

        /** One more place where the service is. */
        public Builder instance(Instance instance) {
            instances.add(Objects.requireNonNull(instance, "instance"));
            return this;
        }

        /**
         * Finds the places where the service is, instead of a fixed list, and follows their changes. The client begins to ask
         * at its first call, keeps the last answer while the registry is away, and stops when it is closed.
         */
        public Builder resolver(Resolver resolver) {
            this.resolver = Objects.requireNonNull(resolver, "resolver");
            return this;
        }

        /** Chooses the instance of each call; {@link Balancer#weightedRoundRobin} when not set. */
        public Builder balancer(Balancer balancer) {
            this.balancer = Objects.requireNonNull(balancer, "balancer");
            return this;
        }

        /** Tells a listener when the client has been built and when it has been closed. */
        public Builder lifecycleListener(LifecycleListener<Client> listener) {
            lifecycleListeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Whether {@link #build} first runs the code of calls once, over the transport that is set or else over all that
         * there are, by calling a server of its own over the loopback address: so the first call does not spend its time on
         * the loading of classes. Happens once in a process and takes at most 5 s. True when not set; false for programs that
         * make one call and end.
         */
        public Builder warmUp(boolean warm) {
            warmsUp = warm;
            return this;
        }

        /**
         * The client. It connects at the first call, not now.
         *
         * @throws IllegalStateException when the address is missing, the carrier cannot multiplex calls as asked for, or no module on the class path carries the transport
         */
        public Client build() {
            Client client = new Client(this);
            if (warmsUp) {
                if (transport != null) {
                    WarmUp.once(transport);
                } else {
                    WarmUp.all();
                }
            }
            client.tellOpened();
            return client;
        }

        private @Nullable CallerLoops callerLoops() {
            return CallerLoops.of(service, connections, chosenStreamThreads());
        }

        ClientSettings endpoint() {
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
                    limits(),
                    tls,
                    chosenTransportOptions(),
                    connectTimeout,
                    liveConnectTimeout,
                    connectionWait,
                    idleTimeout,
                    connections,
                    recvTimeout,
                    timeout,
                    listeners(),
                    connectionListeners(),
                    List.copyOf(openingHooks),
                    credentials,
                    metaListener,
                    deadPeerTimeout,
                    silenceWarning,
                    recordsOpeningLines,
                    chosenTimeSource());
        }
    }
}
