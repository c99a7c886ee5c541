package io.streamx.spring;

import io.streamx.RecvTimeout;
import io.streamx.auth.CallCredentials;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.endpoint.Extension;
import io.streamx.service.Channel;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.unit.DataSize;

/**
 * The clients of the application by their names, each built when it is asked for first and closed with the application
 * context. Safe from any thread.
 */
final class StreamXClients implements DisposableBean {
    private final StreamXClientsProperties properties;
    private final String applicationName;
    private final BundledTls tls;
    private final StreamXRegistries registries;
    private final ObjectProvider<StreamXConnectionDetails> details;
    private final ObjectProvider<Extension> extensions;
    private final ObjectProvider<StreamXClientCustomizer> customizers;
    private final BeanFactory beans;
    /** Held while clients are built. It is reentrant, because a customizer may need a client itself. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Client> byName = new ConcurrentHashMap<>();

    StreamXClients(
            StreamXClientsProperties properties,
            String applicationName,
            BundledTls tls,
            StreamXRegistries registries,
            ObjectProvider<StreamXConnectionDetails> details,
            ObjectProvider<Extension> extensions,
            ObjectProvider<StreamXClientCustomizer> customizers,
            BeanFactory beans) {
        this.beans = beans;
        this.properties = properties;
        this.applicationName = applicationName;
        this.tls = tls;
        this.registries = registries;
        this.details = details;
        this.extensions = extensions;
        this.customizers = customizers;
    }

    /** The names that settings have, and those of clients that were built without. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(properties.clients().keySet());
        names.addAll(byName.keySet());
        return names;
    }

    /** The client of that name when it has been built; null otherwise. */
    @Nullable
    Client known(String name) {
        return byName.get(name);
    }

    /** The client of that name. */
    Client client(String name) {
        lock.lock();
        try {
            Client known = byName.get(name);
            if (known == null) {
                known = build(name);
                byName.put(name, known);
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** The client of that name in the type that an application wants: itself, or a generated one. */
    <T> T as(Class<T> type, String name) {
        if (type.isAssignableFrom(Client.class)) {
            return type.cast(client(name));
        }
        Constructor<T> constructor;
        try {
            constructor = type.getConstructor(Channel.class);
        } catch (NoSuchMethodException e) {
            throw new StreamXSetupException(
                    "A client '" + name + "' is to be injected as " + type.getName()
                            + ", which is no generated client.",
                    "Inject a class that the generator has written, such as ChatClient, or " + Client.class.getName()
                            + ".",
                    e);
        }
        try {
            return constructor.newInstance(client(name));
        } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException("cannot make a " + type.getName() + " for client '" + name + "'", e);
        }
    }

    private Client build(String name) {
        StreamXClientProperties own = properties.clients().get(name);
        StreamXClientProperties defaults = properties.clientDefaults();
        Client.Builder builder = Client.builder(own == null || own.service() == null ? name : own.service())
                .resolver(resolver(name, own, defaults));
        if (!applicationName.isEmpty()) {
            builder.callerName(applicationName);
        }
        apply("streamx.client-defaults", defaults, builder);
        if (own != null) {
            apply("streamx.clients." + name, own, builder);
        }
        balance(name, own, defaults, builder);
        extensions.orderedStream().forEach(builder::install);
        customizers.orderedStream().forEach(customizer -> customizer.customize(name, builder));
        Client client = builder.build();
        if (Boolean.TRUE.equals(first(own == null ? null : own.warmUp(), defaults.warmUp()))) {
            try {
                client.warmUp();
            } catch (RuntimeException e) {
                client.close();
                throw e;
            }
        }
        return client;
    }

    private Resolver resolver(String name, @Nullable StreamXClientProperties own, StreamXClientProperties defaults) {
        Resolver given = details.orderedStream()
                .map(detail -> detail.resolver(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (given != null) {
            return given;
        }
        if (own != null && own.isLocated()) {
            return resolver("streamx.clients." + name, own);
        }
        if (defaults.isLocated()) {
            return resolver("streamx.client-defaults", defaults);
        }
        throw new StreamXSetupException(
                "Client '" + name + "' is wanted and no setting says where its service is; there are settings of "
                        + properties.clients().keySet() + ".",
                "Set streamx.clients." + name
                        + ".addresses to host:port, or one of resolver, dns, dns-srv and kubernetes" + " there.");
    }

    private Resolver resolver(String prefix, StreamXClientProperties settings) {
        Map<String, Resolver> found = new LinkedHashMap<>();
        if (!settings.addresses().isEmpty()) {
            List<Instance> instances =
                    settings.addresses().stream().map(Instance::of).toList();
            found.put("addresses", Resolver.fixed(instances));
        }
        PropertyMapper map = PropertyMapper.get();
        map.from(settings.resolver())
                .to(named -> found.put("resolver", registries.resolver(prefix + ".resolver", named)));
        map.from(settings.dns()).to(named -> found.put("dns", StreamXRegistries.dns(named)));
        map.from(settings.dnsSrv()).to(named -> found.put("dns-srv", StreamXRegistries.dnsSrv(named)));
        map.from(settings.kubernetes()).to(service -> found.put("kubernetes", StreamXRegistries.kubernetes(service)));
        if (found.size() > 1) {
            throw new StreamXSetupException(
                    "Below " + prefix + " several settings say where the service is: " + found.keySet() + ".",
                    "Keep one of them.");
        }
        return found.values().iterator().next();
    }

    private void apply(String prefix, StreamXClientProperties settings, Client.Builder builder) {
        PropertyMapper map = PropertyMapper.get();
        map.from(settings.connectionMode()).to(builder::connectionMode);
        map.from(settings.connections()).to(builder::connections);
        map.from(settings.callerName()).to(builder::callerName);
        map.from(settings.transport()).to(builder::transport);
        map.from(settings.pingPong()).to(builder::pingPong);
        map.from(settings.multiplexCalls()).to(builder::multiplexCalls);
        map.from(settings.maxMessage()).to(size -> builder.maxMessageBytes(Sizes.bytes(prefix + ".max-message", size)));
        DataSize ofStream = settings.streamBuffer();
        DataSize ofConnection = settings.connectionBuffer();
        if (ofStream != null || ofConnection != null) {
            Sizes.buffers(prefix, ofStream, ofConnection, builder);
        }
        map.from(settings.stallTimeout()).to(builder::stallTimeout);
        map.from(settings.streamThreads()).to(builder::streamThreads);
        map.from(settings.connectTimeout()).to(builder::connectTimeout);
        map.from(settings.connectionWait()).to(builder::connectionWait);
        map.from(settings.idleTimeout()).to(builder::idleTimeout);
        map.from(settings.deadPeerTimeout()).to(builder::deadPeerTimeout);
        map.from(settings.timeout()).to(builder::timeout);
        map.from(settings.silenceWarning()).to(builder::silenceWarning);
        map.from(settings.recordOpeningLines()).to(builder::recordOpeningLines);
        map.from(settings.warmUpCode()).to(builder::warmUp);
        Duration recvTimeout = settings.recvTimeout();
        if (recvTimeout != null) {
            RecvTimeout limit = RecvTimeout.of(recvTimeout);
            builder.recvTimeout(Boolean.TRUE.equals(settings.recvTimeoutKeepsRemote()) ? limit.keepRemote() : limit);
        }
        StreamXClientProperties.Ssl ssl = settings.ssl();
        if (ssl != null && ssl.enabled()) {
            builder.tls(tls.ofClient(prefix, ssl));
        }
        map.from(settings.credentials()).to(given -> builder.credentials(credentials(prefix + ".credentials", given)));
        map.from(settings.grpc()).to(grpc -> GrpcSettings.apply(prefix + ".grpc", grpc, builder));
    }

    private CallCredentials credentials(String prefix, StreamXClientProperties.Credentials given) {
        List<CallCredentials> found = new ArrayList<>();
        PropertyMapper map = PropertyMapper.get();
        map.from(given.bearerToken()).to(token -> found.add(CallCredentials.bearer(() -> token)));
        map.from(given.username())
                .to(user -> found.add(CallCredentials.basic(user, Objects.requireNonNullElse(given.password(), ""))));
        map.from(given.bean()).to(bean -> found.add(beans.getBean(bean, CallCredentials.class)));
        if (found.size() != 1) {
            throw new StreamXSetupException(
                    "Below " + prefix + " there are " + found.size() + " of bearer-token, username and bean.",
                    "Set one of them.");
        }
        return given.overClearText() ? found.getFirst().overClearText() : found.getFirst();
    }

    private static void balance(
            String name,
            @Nullable StreamXClientProperties own,
            StreamXClientProperties defaults,
            Client.Builder builder) {
        StreamXClientProperties.BalancerChoice choice = Objects.requireNonNullElse(
                first(own == null ? null : own.balancer(), defaults.balancer()),
                StreamXClientProperties.BalancerChoice.WEIGHTED_ROUND_ROBIN);
        Duration slowStart = first(own == null ? null : own.slowStart(), defaults.slowStart());
        Balancer balancer = switch (choice) {
            case ROUND_ROBIN -> Balancer.roundRobin();
            case WEIGHTED_ROUND_ROBIN -> Balancer.weightedRoundRobin();
            case WEIGHTED_RANDOM -> Balancer.weightedRandom();
            case LEAST_ACTIVE -> Balancer.leastActive();
            case PEAK_EWMA -> Balancer.peakEwma();
        };
        if (slowStart != null) {
            if (!(balancer instanceof Balancer.Weighted weighted)) {
                throw new IllegalArgumentException("slow-start of client '" + name + "': " + slowStart
                        + " (expected: none with the balancer round-robin, which knows no weights)");
            }
            balancer = weighted.withSlowStart(slowStart);
        }
        String zone = first(own == null ? null : own.zone(), defaults.zone());
        builder.balancer(zone == null ? balancer : Balancer.zoneFirst(zone, balancer));
    }

    private static <T> @Nullable T first(@Nullable T own, @Nullable T fallback) {
        return own != null ? own : fallback;
    }

    @Override
    public void destroy() {
        List<Client> all;
        lock.lock();
        try {
            all = List.copyOf(byName.values());
            byName.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(Client::close);
    }
}
