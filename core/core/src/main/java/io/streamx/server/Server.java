package io.streamx.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.streamx.RpcException;
import io.streamx.StreamThreads;
import io.streamx.UnknownMethodHandler;
import io.streamx.UnknownUnaryMethodHandler;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Registry;
import io.streamx.endpoint.EndpointBuilder;
import io.streamx.endpoint.Extension;
import io.streamx.endpoint.ForMethods;
import io.streamx.engine.ServerTimeLimits;
import io.streamx.middleware.OpenedHook;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.middleware.ServerStreamMiddleware;
import io.streamx.middleware.ServerUnaryMiddleware;
import io.streamx.net.AcceptedBacklog;
import io.streamx.net.DeadPeers;
import io.streamx.net.EventLoops;
import io.streamx.net.LoopThreads;
import io.streamx.net.Sockets;
import io.streamx.service.ServiceDefinition;
import io.streamx.tls.ServerHandshakes;
import io.streamx.tls.ServerTls;
import io.streamx.warmup.WarmUp;
import io.streamx.wire.Checks;
import io.streamx.wire.Defaults;
import io.streamx.wire.Providers;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeLimit;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves services on one port, in every protocol whose module is on the class path; each connection is recognised by
 * its first bytes. Each handler runs on a virtual thread of its own. Any thread may use a server, and {@link #close}
 * ends it.
 */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final EventLoops loops;
    private final Channel listener;
    private final HandlerRuntime runtime;
    private final @Nullable ServerHandshakes tls;
    private final Duration leaveDelay;
    private final Duration shutdownWindow;
    private final CountDownLatch terminated = new CountDownLatch(1);
    private volatile @Nullable Registrations registrations;
    private volatile @Nullable CloseAtExit atExit;
    private boolean closing;

    private Server(
            EventLoops loops,
            Channel listener,
            HandlerRuntime runtime,
            @Nullable ServerHandshakes tls,
            Duration leaveDelay,
            Duration shutdownWindow) {
        this.loops = loops;
        this.listener = listener;
        this.runtime = runtime;
        this.tls = tls;
        this.leaveDelay = leaveDelay;
        this.shutdownWindow = shutdownWindow;
    }

    /** Begins a server. */
    public static Builder builder() {
        return new Builder();
    }

    /** The port that the server listens on. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Waits until the server has been closed. */
    public void awaitTermination() throws InterruptedException {
        terminated.await();
    }

    /** Waits until the server has been closed, for {@code timeout} at most; says whether it has been closed. */
    public boolean awaitTermination(Duration timeout) throws InterruptedException {
        return terminated.await(TimeLimit.nanos(timeout), TimeUnit.NANOSECONDS);
    }

    /**
     * Closes the server: leaves the registries that it is in, serves as before until its callers have heard of that
     * ({@link Builder#leaveDelay}), takes no more connections, lets running calls finish for the shutdown window, and then
     * closes what is left, whose handlers are cancelled and interrupted. This returns when all is closed. Another call
     * waits until the first has done that.
     *
     * <p>A server also closes itself when the process is told to end, unless {@link Builder#closeAtExit} says
     * otherwise.
     */
    @Override
    public void close() {
        boolean first;
        synchronized (this) {
            first = !closing;
            closing = true;
        }
        if (!first) {
            awaitUninterruptibly();
            return;
        }
        Registrations registered = registrations;
        if (registered != null) {
            registered.close();
            runtime.awaitNoConnection(leaveDelay);
        }
        AcceptedBacklog.close(listener, loops.group());
        runtime.shutdown(shutdownWindow);
        if (tls != null) {
            tls.close();
        }
        loops.close();
        CloseAtExit hook = atExit;
        if (hook != null) {
            // The hook goes last, because a process that is told to end while the server closes has to wait for that.
            hook.forget();
        }
        terminated.countDown();
    }

    private void register(Builder builder, String firstService) {
        try {
            Registrations made =
                    Registrations.begin(builder.registries, builder.advertisement, firstService, (InetSocketAddress)
                            listener.localAddress());
            registrations = made;
            if (builder.closesAtExit) {
                atExit = CloseAtExit.of(this);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void awaitUninterruptibly() {
        boolean interrupted = false;
        while (true) {
            try {
                terminated.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Collects what a server is to do. A builder is for one thread at a time. */
    public static final class Builder extends EndpointBuilder<Builder> {
        private final List<ServiceDefinition> services = new ArrayList<>();
        private final List<Function<List<ServiceDefinition>, ServiceDefinition>> servicesAboutOthers =
                new ArrayList<>();
        private final List<ForMethods<ServerStreamMiddleware>> streamMiddleware = new ArrayList<>();
        private final List<ForMethods<ServerUnaryMiddleware>> unaryMiddleware = new ArrayList<>();
        private final List<ForMethods<ServerMiddleware>> bothMiddleware = new ArrayList<>();
        private final List<OpenedHook> openedHooks = new ArrayList<>();
        private @Nullable UnknownMethodHandler unknownMethods;
        private @Nullable UnknownUnaryMethodHandler unknownUnaryMethods;
        private boolean serviceNameRequired;
        private @Nullable Duration recvTimeout;
        private @Nullable Duration streamIdleTimeout;
        private @Nullable Duration streamTimeout;
        private Duration sendTimeout = Defaults.SEND_TIMEOUT;
        private @Nullable Duration unaryTimeout;
        private boolean callerTimeoutKept = true;
        private @Nullable InetAddress bindAddress;
        private @Nullable ServerTls tls;
        private final List<Registry> registries = new ArrayList<>();
        private Advertisement advertisement = Advertisement.DEFAULT;
        private int port = -1;
        private Duration leaveDelay = Defaults.LEAVE_DELAY;
        private Duration shutdownWindow = Defaults.SHUTDOWN_WINDOW;
        private boolean closesAtExit = true;
        private boolean warmsUp = true;
        private Duration idleTimeout = Defaults.SERVER_IDLE_TIMEOUT;
        private Duration readTimeout = Defaults.READ_TIMEOUT;
        private Duration deadPeerTimeout = Defaults.DEAD_PEER_TIMEOUT;
        private int maxConnections = Integer.MAX_VALUE;
        private int maxRunningCalls = Integer.MAX_VALUE;

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        public Builder install(Extension extension) {
            extension.installInto(this);
            return this;
        }

        /** The port to listen on; 0 for a free one, which {@link Server#port} tells. */
        public Builder port(int port) {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
            }
            this.port = port;
            return this;
        }

        /** The local address to listen on; all when not set. */
        public Builder bindAddress(InetAddress address) {
            bindAddress = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Makes the server known in {@code registry}, so that clients find it: from when it listens until {@link
         * Server#close} begins, which then happens by itself when the process is told to end (SIGTERM). A registry that
         * is away is tried again for ever, and the server serves meanwhile. A server may be made known in several
         * registries.
         */
        public Builder registry(Registry registry) {
            registries.add(Objects.requireNonNull(registry, "registry"));
            return this;
        }

        /**
         * Under which name, at which address, with which weight and tags the server is made known: when not set, the IDL name
         * of the first service, and an address that is found out.
         */
        public Builder advertise(Advertisement advertisement) {
            this.advertisement = Objects.requireNonNull(advertisement, "advertisement");
            return this;
        }

        /** Connections are to begin with TLS, with those settings; all are in clear text when not set. */
        public Builder tls(ServerTls tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /**
         * Adds a service, as {@code TestService.bind(handler)} makes it. Services may share their simple name when
         * their packages differ, {@code acme.v1.Echo} and {@code acme.v2.Echo}: calls over gRPC name the package. Other
         * calls do not; they find the service that is written in the call's format and has the called method, and are
         * refused when several services are and have. A call without any service's name, on Framed or buffered Thrift,
         * goes to the first service that has the called method.
         */
        public Builder service(ServiceDefinition service) {
            services.add(Objects.requireNonNull(service, "service"));
            return this;
        }

        /**
         * Adds a service that is about the others, {@code ReflectionService::of}: the function makes it when the server
         * starts, from all services that were added directly, before or after this.
         */
        public Builder service(Function<List<ServiceDefinition>, ServiceDefinition> aboutOthers) {
            servicesAboutOthers.add(Objects.requireNonNull(aboutOthers, "aboutOthers"));
            return this;
        }

        /** Wraps the handling of each stream; the first registered is the outermost. */
        public Builder streamMiddleware(ServerStreamMiddleware middleware) {
            this.streamMiddleware.add(selected(middleware));
            return this;
        }

        /** Wraps each unary call; the first registered is the outermost. */
        public Builder unaryMiddleware(ServerUnaryMiddleware middleware) {
            this.unaryMiddleware.add(selected(middleware));
            return this;
        }

        /** Wraps each call of either kind, around the middleware for one kind. */
        public Builder middleware(ServerMiddleware middleware) {
            this.bothMiddleware.add(selected(middleware));
            return this;
        }

        /** Shows a hook the entries each stream is opened with. */
        public Builder openedHook(OpenedHook hook) {
            openedHooks.add(Objects.requireNonNull(hook, "hook"));
            return this;
        }

        /** Serves streams of methods that no service has, instead of answering that they are unknown. */
        public Builder unknownMethodHandler(UnknownMethodHandler handler) {
            unknownMethods = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /** Serves unary calls of methods that no service has, instead of answering that they are unknown. */
        public Builder unknownUnaryMethodHandler(UnknownUnaryMethodHandler handler) {
            unknownUnaryMethods = Objects.requireNonNull(handler, "handler");
            return this;
        }

        /**
         * Refuses calls that do not name one service of this server; otherwise the method's name may do, also among services
         * of one simple name.
         */
        public Builder requireServiceName() {
            serviceNameRequired = true;
            return this;
        }

        /**
         * The limit of each recv of a handler. A stream whose recv waits longer ends. There is no limit when not set.
         */
        public Builder recvTimeout(Duration timeout) {
            recvTimeout = Checks.positive("recvTimeout", timeout);
            return this;
        }

        /**
         * The longest time without a message in either direction, after which a stream ends. There is no limit when not
         * set.
         */
        public Builder streamIdleTimeout(Duration timeout) {
            streamIdleTimeout = Checks.positive("streamIdleTimeout", timeout);
            return this;
        }

        /**
         * How long a send of a handler waits while its caller takes nothing of the stream; then the stream ends, and the send
         * throws. A caller that has stopped reading without saying so would hold its handler until its process ends. 5 minutes
         * when not set.
         */
        public Builder sendTimeout(Duration timeout) {
            sendTimeout = Checks.positive("sendTimeout", timeout);
            return this;
        }

        /** The limit of each whole stream. There is none when not set. */
        public Builder streamTimeout(Duration timeout) {
            streamTimeout = Checks.positive("streamTimeout", timeout);
            return this;
        }

        /**
         * The limit of each handler of a unary method, on every carrier. When it passes, the call is cancelled, the
         * handler's thread is interrupted, and the caller is told of the limit though the handler may run on. There is
         * none when not set.
         */
        public Builder unaryTimeout(Duration timeout) {
            unaryTimeout = Checks.positive("unaryTimeout", timeout);
            return this;
        }

        /**
         * Whether handlers of unary TTHeader calls are held to the time that their caller allows, which int key 12
         * says: past that time the call is cancelled and the handler's thread interrupted, as at the deadline of a gRPC
         * call. True when not set; false, as in Kitex where nothing is set, leaves the key unused.
         */
        public Builder keepCallerTimeout(boolean keep) {
            callerTimeoutKept = keep;
            return this;
        }

        /**
         * How many streams one connection carries at once; further ones are refused with an answer. 10,000 when not
         * set.
         */
        public Builder maxConcurrentStreams(int streams) {
            limits(limits().withMaxConcurrentStreams(streams));
            return this;
        }

        /**
         * How long a server that closes serves as before after it has left its registries, so that callers who look there now
         * and then do not come to a closed port; 6 s when not set, since Kitex' clients look every 5 s and fail a call when six
         * instances in a row do not answer. It ends when no connection is left, and there is none for a server in no registry.
         * Callers that a registry tells of changes, as it does those of StreamX for Java, need none: {@code Duration.ZERO}.
         */
        public Builder leaveDelay(Duration delay) {
            leaveDelay = Checks.notNegative("leaveDelay", delay);
            return this;
        }

        /** How long {@link Server#close} lets running calls finish; 5 s when not set, zero for not at all. */
        public Builder shutdownWindow(Duration window) {
            shutdownWindow = Checks.notNegative("shutdownWindow", window);
            return this;
        }

        /**
         * Whether the server closes itself, running calls within their window, when the process is told to end: by SIGTERM,
         * Ctrl-C or {@code System.exit}. True when not set; false where a framework ends what it has started, in its order.
         */
        public Builder closeAtExit(boolean close) {
            closesAtExit = close;
            return this;
        }

        /**
         * Whether {@link #start} first runs the code of calls once, by calling a server of its own over the loopback
         * address, so that the first call does not wait for the loading of classes. Happens once in a process and takes at
         * most 5 s. True when not set.
         */
        public Builder warmUp(boolean warm) {
            warmsUp = warm;
            return this;
        }

        /** How long a connection may be without a call before it is closed; 10 min when not set. */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = Checks.positive("idleTimeout", timeout);
            return this;
        }

        /**
         * How long a unary message, or the first bytes of any connection, may take from its first byte to its last; a
         * large message has a second more for every 64 KiB that came. A connection on which a message takes longer is
         * closed. 5 s when not set.
         */
        public Builder readTimeout(Duration timeout) {
            readTimeout = Checks.positive("readTimeout", timeout);
            return this;
        }

        /**
         * When a client's system does not answer for so long, its connection is closed: by TCP's own probes while
         * nothing is sent, by unacknowledged bytes while something is. 30 s when not set. Zero leaves finding out to
         * the system, which takes hours.
         */
        public Builder deadPeerTimeout(Duration timeout) {
            deadPeerTimeout = DeadPeers.checked("deadPeerTimeout", timeout);
            return this;
        }

        /**
         * How many connections the server has at once; further ones are closed as they come, with a line in the log.
         * When not set, only the descriptors of the process bound them.
         */
        public Builder maxConnections(int connections) {
            maxConnections = Checks.positive("maxConnections", connections);
            return this;
        }

        /**
         * How many handlers run at once, those of streams and those of unary calls; a call beyond that is refused with
         * an answer. Any number when not set.
         */
        public Builder maxRunningCalls(int calls) {
            maxRunningCalls = Checks.positive("maxRunningCalls", calls);
            return this;
        }

        /**
         * Starts listening.
         *
         * @throws IllegalStateException when port or services are missing
         * @throws IllegalArgumentException when two services have the same full name, naming it
         * @throws RpcException when the port cannot be listened on, naming it
         * @throws IllegalArgumentException when the advertised name or address cannot be registered, naming it
         */
        public Server start() {
            if (port < 0) {
                throw new IllegalStateException("no port was set (expected: 0 to 65535, 0 for a free one)");
            }
            if (services.isEmpty()
                    && servicesAboutOthers.isEmpty()
                    && unknownMethods == null
                    && unknownUnaryMethods == null) {
                throw new IllegalStateException(
                        "no service was added (expected: at least one, or a handler for unknown methods)");
            }
            List<ServerProtocol> protocols = Providers.servers(chosenTransportOptions());
            if (warmsUp) {
                WarmUp.all();
            }
            HandlerRuntime runtime = new HandlerRuntime(
                    new ServiceRegistry(allServices(), serviceNameRequired),
                    new ServerSettings(
                            limits(),
                            chosenTransportOptions(),
                            idleTimeout,
                            readTimeout,
                            new ServerTimeLimits(recvTimeout, streamIdleTimeout, streamTimeout, sendTimeout),
                            unaryTimeout,
                            callerTimeoutKept,
                            listeners(),
                            connectionListeners(),
                            openedHooks,
                            unknownMethods,
                            unknownUnaryMethods,
                            maxConnections,
                            maxRunningCalls,
                            chosenStreamThreads() == StreamThreads.EVENT_LOOP && LoopThreads.isAvailable()),
                    new ServerMiddlewares(
                            bothMiddleware, streamMiddleware, unaryMiddleware, recvMiddlewares(), sendMiddlewares()));
            EventLoops loops = EventLoops.acquire();
            ServerHandshakes handshakes = tls == null ? null : handshakes(tls, protocols, loops);
            InetSocketAddress address =
                    bindAddress == null ? new InetSocketAddress(port) : new InetSocketAddress(bindAddress, port);
            ChannelFuture bound = new Acceptor(
                            runtime, protocols, handshakes, idleTimeout, readTimeout, deadPeerTimeout)
                    .bind(loops, address);
            Sockets.await(bound);
            if (!bound.isSuccess()) {
                if (handshakes != null) {
                    handshakes.close();
                }
                loops.close();
                throw new RpcException(
                        "cannot listen on port " + port
                                + (bindAddress == null ? "" : " of " + bindAddress.getHostAddress()) + ": "
                                + Thrown.text(Objects.requireNonNull(bound.cause())),
                        bound.cause());
            }
            Server server = new Server(
                    loops,
                    bound.channel(),
                    runtime,
                    handshakes,
                    registries.isEmpty() ? Duration.ZERO : leaveDelay,
                    shutdownWindow);
            if (chosenStreamThreads() == StreamThreads.EVENT_LOOP) {
                logHandlersOnLoops(server.port());
            }
            server.register(
                    this,
                    services.isEmpty() ? "" : services.getFirst().descriptor().name());
            return server;
        }

        private static void logHandlersOnLoops(int port) {
            if (LoopThreads.isAvailable()) {
                LOG.info("handlers of the server on port {} are scheduled by its event loops", port);
            } else {
                LOG.warn(
                        "handlers of the server on port {} are scheduled by the JDK and not by its event loops: {}",
                        port,
                        LoopThreads.obstacle());
            }
        }

        private static ServerHandshakes handshakes(ServerTls tls, List<ServerProtocol> protocols, EventLoops loops) {
            List<String> names = protocols.stream()
                    .sorted(Comparator.comparing(ServerProtocol::isPreferred).reversed())
                    .map(ServerProtocol::applicationProtocol)
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList();
            try {
                return new ServerHandshakes(tls, names, loops.group());
            } catch (RuntimeException e) {
                loops.close();
                throw e;
            }
        }

        private List<ServiceDefinition> allServices() {
            List<ServiceDefinition> all = new ArrayList<>(services);
            servicesAboutOthers.forEach(service -> all.add(service.apply(List.copyOf(services))));
            return all;
        }
    }
}
