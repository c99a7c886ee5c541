package io.streamx.server;

import io.streamx.InProcessAddress;
import io.streamx.RpcException;
import io.streamx.StreamThreads;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Registry;
import io.streamx.endpoint.Extension;
import io.streamx.endpoint.LifecycleListener;
import io.streamx.endpoint.ServerStatus;
import io.streamx.net.LoopThreads;
import io.streamx.service.ServiceDefinition;
import io.streamx.warmup.WarmUp;
import io.streamx.wire.Checks;
import io.streamx.wire.Defaults;
import io.streamx.wire.Providers;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.TimeLimit;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves services on one port, or on a name within the process, in every protocol whose module is on the class path; each connection is recognised by
 * its first bytes. Each handler runs on a virtual thread of its own. Any thread may use a server, and {@link #close}
 * ends it.
 *
 * <pre>{@code
 * try (Server server = Server.builder()
 *         .port(8888)
 *         .service(TestService.bind(new EchoHandler()))
 *         .start()) {
 *     server.awaitTermination();
 * }
 * }</pre>
 */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Listening listening;
    private final HandlerRuntime runtime;
    private final Duration leaveDelay;
    private final Duration shutdownWindow;
    private final List<LifecycleListener<Server>> lifecycleListeners;
    private final CountDownLatch terminated = new CountDownLatch(1);
    /** Written and read with the lock of the server held. */
    private @Nullable Registrations registrations;

    private volatile @Nullable CloseAtExit atExit;
    private boolean closing;

    private Server(
            Listening listening,
            HandlerRuntime runtime,
            Duration leaveDelay,
            Duration shutdownWindow,
            List<LifecycleListener<Server>> lifecycleListeners) {
        this.listening = listening;
        this.runtime = runtime;
        this.leaveDelay = leaveDelay;
        this.shutdownWindow = shutdownWindow;
        this.lifecycleListeners = List.copyOf(lifecycleListeners);
    }

    /** Begins a server. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The port that the server listens on.
     *
     * @throws IllegalStateException when it listens within the process alone
     */
    public int port() {
        return listening.address().getPort();
    }

    /** What this server holds now, and what it may hold. Any thread. */
    public ServerStatus status() {
        return runtime.status(listening.portOrZero());
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
        Registrations registered;
        synchronized (this) {
            first = !closing;
            closing = true;
            registered = registrations;
        }
        if (!first) {
            awaitUninterruptibly();
            return;
        }
        if (registered != null) {
            registered.close();
            runtime.awaitNoConnection(leaveDelay);
        }
        listening.stopAccepting();
        runtime.shutdown(shutdownWindow);
        listening.close();
        CloseAtExit hook = atExit;
        if (hook != null) {
            // The hook goes last, because a process that is told to end while the server closes has to wait for that.
            hook.forget();
        }
        terminated.countDown();
        lifecycleListeners.forEach(listener -> listener.onClose(this));
    }

    private void register(Builder builder, String firstService) {
        if (builder.closesAtExit) {
            // The hook comes first, because the process may be told to end as soon as a registry has the server.
            atExit = CloseAtExit.of(this);
        }
        try {
            // close() waits for the lock, and then leaves the registries that the server has come into meanwhile.
            synchronized (this) {
                if (!closing) {
                    registrations =
                            Registrations.begin(builder.registries, builder.advertisement, firstService, listening);
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void tellOpened() {
        try {
            lifecycleListeners.forEach(listener -> listener.onOpen(this));
        } catch (RuntimeException | Error e) {
            // Nobody is given the server, so that nobody else can close it.
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
    public static final class Builder extends ServerConnectionsBuilder {
        private final List<ServiceDefinition> services = new ArrayList<>();
        private final List<Function<List<ServiceDefinition>, ServiceDefinition>> servicesAboutOthers =
                new ArrayList<>();
        private final List<Registry> registries = new ArrayList<>();
        private final List<LifecycleListener<Server>> lifecycleListeners = new ArrayList<>();
        private Advertisement advertisement = Advertisement.DEFAULT;
        private int port = -1;
        private final List<InProcessAddress> namesInProcess = new ArrayList<>();
        private Duration leaveDelay = Defaults.LEAVE_DELAY;
        private Duration shutdownWindow = Defaults.SHUTDOWN_WINDOW;
        private boolean closesAtExit = true;
        private boolean warmsUp = true;

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

        /**
         * A name within this process to listen on, beside a port or instead of it: clients of the process call there through no
         * socket ({@link io.streamx.client.Client.Builder#inProcess}), and everything else is as on a port. Several names may
         * be given.
         *
         * @param name a letter, and then letters, digits, dots, dashes and underscores; one server at a time has it
         */
        public Builder inProcess(String name) {
            namesInProcess.add(InProcessAddress.of(name));
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

        /** Tells a listener when the server has started and when it has been closed. */
        public Builder lifecycleListener(LifecycleListener<Server> listener) {
            lifecycleListeners.add(Objects.requireNonNull(listener, "listener"));
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

        /**
         * Starts listening.
         *
         * @throws IllegalStateException when services are missing, or a port where there is no name within the process or
         *     there are registries
         * @throws IllegalArgumentException when two services have the same full name, naming it
         * @throws RpcException when the port or the name within the process cannot be listened on, naming it
         * @throws IllegalArgumentException when the advertised name or address cannot be registered, naming it
         */
        public Server start() {
            if (port < 0 && (namesInProcess.isEmpty() || !registries.isEmpty())) {
                throw new IllegalStateException("no port was set (expected: 0 to 65535, 0 for a free one"
                        + (registries.isEmpty()
                                ? ", or a name within the process)"
                                : "; registries tell it to clients)"));
            }
            if (services.isEmpty() && servicesAboutOthers.isEmpty() && !takesUnknownMethods()) {
                throw new IllegalStateException(
                        "no service was added (expected: at least one, or a handler for unknown methods)");
            }
            List<ServerProtocol> protocols = Providers.servers(chosenTransportOptions());
            if (warmsUp) {
                WarmUp.all();
            }
            HandlerRuntime runtime = new HandlerRuntime(
                    new ServiceRegistry(allServices(), isServiceNameRequired()),
                    settings(idleTimeout, readTimeout, maxConnections),
                    middlewares());
            Listening listening = Listening.begin(
                    places(),
                    protocols,
                    tls,
                    handshakes -> new Acceptor(
                            runtime,
                            protocols,
                            handshakes,
                            idleTimeout,
                            readTimeout,
                            deadPeerTimeout,
                            chosenTimeSource()));
            Server server = new Server(
                    listening,
                    runtime,
                    registries.isEmpty() ? Duration.ZERO : leaveDelay,
                    shutdownWindow,
                    lifecycleListeners);
            if (chosenStreamThreads() == StreamThreads.EVENT_LOOP) {
                logHandlersOnLoops(listening);
            }
            server.register(
                    this,
                    services.isEmpty() ? "" : services.getFirst().descriptor().name());
            server.tellOpened();
            return server;
        }

        private List<SocketAddress> places() {
            List<SocketAddress> places = new ArrayList<>(namesInProcess);
            if (port >= 0) {
                places.add(
                        bindAddress == null ? new InetSocketAddress(port) : new InetSocketAddress(bindAddress, port));
            }
            return places;
        }

        private static void logHandlersOnLoops(Listening listening) {
            if (LoopThreads.isAvailable()) {
                LOG.info("handlers of the server on {} are scheduled by its event loops", listening);
            } else {
                LOG.warn(
                        "handlers of the server on {} are scheduled by the JDK and not by its event loops: {}",
                        listening,
                        LoopThreads.obstacle());
            }
        }

        private List<ServiceDefinition> allServices() {
            List<ServiceDefinition> all = new ArrayList<>(services);
            servicesAboutOthers.forEach(service -> all.add(service.apply(List.copyOf(services))));
            return all;
        }
    }
}
