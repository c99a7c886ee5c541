package io.streamx.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.streamx.discovery.Instance;
import io.streamx.discovery.KeptRegistration;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * etcd as the place where servers make themselves known and clients find them, with the keys and values of Kitex'
 * registry-etcd: {@code kitex/registry-etcd/<service>/<host>:<port>}. Immutable settings, safe from any thread; connects
 * with the first registration or watch and disconnects with the last, so there is nothing to close.
 *
 * <pre>{@code
 * Server.builder().registry(EtcdRegistry.of("http://127.0.0.1:2379"))
 * Client.builder("a.b.c").resolver(EtcdRegistry.of("http://127.0.0.1:2379"))
 * }</pre>
 *
 * <p>Source: registry-etcd v0.3.0.
 */
public final class EtcdRegistry implements Registry, Resolver {
    private static final String PREFIX = "kitex/registry-etcd";
    private static final Duration LEASE = Duration.ofSeconds(60);

    private final Settings settings;
    private final SharedClient client;

    /** All settings of a registry. */
    private record Settings(
            List<String> endpoints,
            String prefix,
            Duration lease,
            @Nullable String user,
            @Nullable String password,
            UnaryOperator<ClientBuilder> more) {
        Client connect() {
            ClientBuilder builder = Client.builder().endpoints(endpoints.toArray(String[]::new));
            if (user != null && password != null) {
                builder.user(bytes(user)).password(bytes(password));
            }
            return more.apply(builder).build();
        }
    }

    private EtcdRegistry(Settings settings) {
        this.settings = settings;
        client = new SharedClient(settings::connect);
    }

    /**
     * The etcd at those endpoints.
     *
     * @param endpoints {@code http://host:port} each, the members of one cluster
     * @throws IllegalArgumentException naming an endpoint that is none
     */
    public static EtcdRegistry of(String... endpoints) {
        checkEndpoints(endpoints);
        return new EtcdRegistry(new Settings(List.of(endpoints), PREFIX, LEASE, null, null, UnaryOperator.identity()));
    }

    static void checkEndpoints(String... endpoints) {
        if (endpoints.length == 0) {
            throw new IllegalArgumentException("endpoints: none (expected: at least one, http://127.0.0.1:2379)");
        }
        for (String endpoint : endpoints) {
            if (!endpoint.startsWith("http://") && !endpoint.startsWith("https://")) {
                throw new IllegalArgumentException(
                        "endpoint: '" + endpoint + "' (expected: http://host:port or https://host:port)");
            }
        }
    }

    /**
     * A registry whose keys all begin with {@code prefix} instead of {@code kitex/registry-etcd}. An empty prefix gives {@code
     * /<service>/<address>}, which is what Kitex' constructors {@code NewEtcdRegistryWithAuth} and {@code
     * NewEtcdResolverWithAuth} use.
     */
    public EtcdRegistry withPrefix(String prefix) {
        return new EtcdRegistry(new Settings(
                settings.endpoints, prefix, settings.lease, settings.user, settings.password, settings.more));
    }

    /** A registry that logs in with this user and password. */
    public EtcdRegistry withUser(String user, String password) {
        return new EtcdRegistry(
                new Settings(settings.endpoints, settings.prefix, settings.lease, user, password, settings.more));
    }

    /**
     * A registry in which etcd forgets a server after {@code lease} that is gone without a word; 60 s when not set, as in
     * Kitex.
     *
     * @throws IllegalArgumentException for less than 2 s
     */
    public EtcdRegistry withLease(Duration lease) {
        if (lease.compareTo(Duration.ofSeconds(2)) < 0) {
            throw new IllegalArgumentException("lease: " + lease + " (expected: 2 s or more)");
        }
        return new EtcdRegistry(new Settings(
                settings.endpoints, settings.prefix, lease, settings.user, settings.password, settings.more));
    }

    /**
     * A registry with whatever else jetcd can be told, such as TLS. The operator is called whenever a connection is to be made.
     */
    public EtcdRegistry withClient(UnaryOperator<ClientBuilder> more) {
        return new EtcdRegistry(new Settings(
                settings.endpoints, settings.prefix, settings.lease, settings.user, settings.password, more));
    }

    @Override
    public Registration register(String service, Instance self) {
        String key = folder(service) + self.address();
        client.acquire();
        EtcdLease lease = new EtcdLease(bytes(key), bytes(EtcdRecord.write(self)), settings.lease);
        return KeptRegistration.start(
                toString(),
                service,
                self,
                working -> client.attempt(connected -> lease.hold(connected, working)),
                () -> client.attempt(lease::remove),
                client::release);
    }

    @Override
    public Watch watch(String service, Listener listener) {
        String folder = folder(service);
        return EtcdWatch.start(service, folder, client, listener);
    }

    /** What the keys of a service begin with: the slash at its end keeps services apart whose names begin alike. */
    private String folder(String service) {
        if (service.isEmpty() || service.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "service: '" + service + "' (expected: a name without '/', which divides the keys in etcd)");
        }
        return settings.prefix + "/" + service + "/";
    }

    @Override
    public String describe(String service) {
        return this + " under " + folder(service);
    }

    @Override
    public String toString() {
        return "etcd " + String.join(",", settings.endpoints);
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }
}
