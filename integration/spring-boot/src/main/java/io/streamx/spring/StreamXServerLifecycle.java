package io.streamx.spring;

import io.streamx.RpcException;
import io.streamx.auth.Authenticator;
import io.streamx.discovery.Advertisement;
import io.streamx.endpoint.Extension;
import io.streamx.server.Server;
import io.streamx.service.ServiceDefinition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.unit.DataSize;

/**
 * The server of the application: it starts when everything else has started, and stops before anything else does, so that
 * running calls have what they use until they are through.
 */
final class StreamXServerLifecycle implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(StreamXServerLifecycle.class);
    /** What is left of the time of a shutdown phase for ending those calls that did not finish. */
    private static final Duration LONGEST_RESERVE = Duration.ofSeconds(1);

    private final ApplicationContext context;
    private final StreamXServerProperties settings;
    private final BundledTls tls;
    private final StreamXRegistries registries;
    private final Duration shutdownPhase;
    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

    private record Running(Server server, StandardServices standard, List<String> services) {}

    StreamXServerLifecycle(
            ApplicationContext context,
            StreamXServerProperties settings,
            BundledTls tls,
            StreamXRegistries registries,
            Duration shutdownPhase) {
        this.context = context;
        this.settings = settings;
        this.tls = tls;
        this.registries = registries;
        this.shutdownPhase = shutdownPhase;
    }

    /** The server; null while it does not run. */
    @Nullable
    Server server() {
        Running now = running.get();
        return now == null ? null : now.server();
    }

    /** The names of the services of the application; empty while the server does not run. */
    List<String> services() {
        Running now = running.get();
        return now == null ? List.of() : now.services();
    }

    @Override
    public void start() {
        if (isRunning()) {
            return;
        }
        List<ServiceDefinition> services = ServiceBeans.of(context);
        if (services.isEmpty()) {
            LOG.info("no StreamX server is started, because no bean has @StreamXService");
            return;
        }
        Server.Builder builder = Server.builder().port(settings.port()).closeAtExit(false);
        services.forEach(builder::service);
        StandardServices standard = StandardServices.addTo(builder, settings);
        apply(builder);
        context.getBeanProvider(Extension.class).orderedStream().forEach(builder::install);
        context.getBeanProvider(Authenticator.class).orderedStream().forEach(builder::authenticator);
        context.getBeanProvider(StreamXServerCustomizer.class)
                .orderedStream()
                .forEach(customizer -> customizer.customize(builder));
        Server server = start(builder);
        List<String> names =
                services.stream().map(service -> service.descriptor().name()).toList();
        running.set(new Running(server, standard, names));
        keepAlive(server);
        LOG.info("StreamX serves {} on port {}", names, server.port());
        context.publishEvent(new StreamXServerStartedEvent(context, server));
    }

    private Server start(Server.Builder builder) {
        try {
            return builder.start();
        } catch (RpcException e) {
            throw new StreamXSetupException(
                    "The StreamX server cannot start: " + e.getMessage() + ".",
                    "Set streamx.server.port to a free port (0 takes any), streamx.server.address to an address of this"
                            + " machine, or end the process that listens there.",
                    e);
        }
    }

    /**
     * Starts a thread that keeps the process alive. Threads of servers and clients are daemons, and an application that only
     * serves is to stay.
     */
    private static void keepAlive(Server server) {
        Thread.ofPlatform()
                .name("streamx-server-" + server.port())
                .daemon(false)
                .start(() -> {
                    try {
                        server.awaitTermination();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private void apply(Server.Builder builder) {
        PropertyMapper map = PropertyMapper.get();
        map.from(settings.address()).to(builder::bindAddress);
        map.from(settings.ssl()).to(ssl -> builder.tls(tls.ofServer(ssl)));
        map.from(settings.maxMessage())
                .to(size -> builder.maxMessageBytes(Sizes.bytes("streamx.server.max-message", size)));
        DataSize ofStream = settings.streamBuffer();
        DataSize ofConnection = settings.connectionBuffer();
        if (ofStream != null || ofConnection != null) {
            Sizes.buffers("streamx.server", ofStream, ofConnection, builder);
        }
        map.from(settings.stallTimeout()).to(builder::stallTimeout);
        map.from(settings.streamThreads()).to(builder::streamThreads);
        map.from(settings.maxConcurrentStreams()).to(builder::maxConcurrentStreams);
        map.from(settings.maxConnections()).to(builder::maxConnections);
        map.from(settings.maxRunningCalls()).to(builder::maxRunningCalls);
        map.from(settings.recvTimeout()).to(builder::recvTimeout);
        map.from(settings.sendTimeout()).to(builder::sendTimeout);
        map.from(settings.streamTimeout()).to(builder::streamTimeout);
        map.from(settings.streamIdleTimeout()).to(builder::streamIdleTimeout);
        map.from(settings.unaryTimeout()).to(builder::unaryTimeout);
        map.from(settings.lateHandlerWarning()).to(builder::lateHandlerWarning);
        map.from(settings.keepCallerTimeout()).to(builder::keepCallerTimeout);
        map.from(settings.idleTimeout()).to(builder::idleTimeout);
        map.from(settings.readTimeout()).to(builder::readTimeout);
        map.from(settings.deadPeerTimeout()).to(builder::deadPeerTimeout);
        map.from(settings.leaveDelay()).to(builder::leaveDelay);
        map.from(settings.warmUpCode()).to(builder::warmUp);
        builder.shutdownWindow(shutdownWindow());
        if (settings.requireServiceName()) {
            builder.requireServiceName();
        }
        StreamXServerProperties.Advertise own = settings.advertise();
        builder.advertise(new Advertisement(own.service(), own.address(), own.weight(), own.tags()));
        settings.registries().forEach(name -> builder.registry(registries.registry("streamx.server.registries", name)));
        map.from(settings.grpc()).to(grpc -> GrpcSettings.apply("streamx.server.grpc", grpc, builder));
    }

    /** How long running calls may take to finish. */
    Duration shutdownWindow() {
        Duration own = settings.shutdownWindow();
        if (own != null) {
            return own;
        }
        Duration tenth = shutdownPhase.dividedBy(10);
        return shutdownPhase.minus(tenth.compareTo(LONGEST_RESERVE) < 0 ? tenth : LONGEST_RESERVE);
    }

    @Override
    public void stop() {
        Running ending = running.getAndSet(null);
        if (ending != null) {
            ending.standard().shutDown();
            ending.server().close();
        }
    }

    @Override
    public void stop(Runnable callback) {
        Thread.ofVirtual().name("streamx-server-stop").start(() -> {
            try {
                stop();
            } finally {
                callback.run();
            }
        });
    }

    @Override
    public boolean isRunning() {
        return running.get() != null;
    }

    /** False: a server that were stopped between two tests would come back on another port. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** The highest phase, so that the server starts last and stops first. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
