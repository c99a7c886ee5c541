package io.streamx.zookeeper;

import io.streamx.discovery.Instance;
import io.streamx.discovery.KeptRegistration;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;

/**
 * ZooKeeper as the place where servers make themselves known and clients find them, with the nodes of Kitex'
 * registry-zookeeper: an ephemeral {@code /<service>/<host>:<port>} for each server. Immutable settings, safe from any
 * thread; connects with the first registration or watch and disconnects with the last, so there is nothing to close.
 *
 * <pre>{@code
 * Server.builder().registry(ZookeeperRegistry.of("127.0.0.1:2181"))
 * Client.builder("a.b.c").resolver(ZookeeperRegistry.of("127.0.0.1:2181"))
 * }</pre>
 *
 * <p>Source: registry-zookeeper of 2021-12-17.
 */
public final class ZookeeperRegistry implements Registry, Resolver {
    private static final Duration SESSION = Duration.ofSeconds(30);
    private static final int RETRY_MILLIS = 200;

    private final String servers;
    private final Duration session;
    private final UnaryOperator<CuratorFrameworkFactory.Builder> more;
    private final SharedCurator curator;

    private ZookeeperRegistry(String servers, Duration session, UnaryOperator<CuratorFrameworkFactory.Builder> more) {
        this.servers = servers;
        this.session = session;
        this.more = more;
        curator = new SharedCurator(this::connect);
    }

    /**
     * The ZooKeeper at those addresses.
     *
     * @param servers {@code host:port}, several of one ensemble with commas between them
     */
    public static ZookeeperRegistry of(String servers) {
        if (Objects.requireNonNull(servers, "servers").isBlank()) {
            throw new IllegalArgumentException(
                    "servers: '" + servers + "' (expected: host:port, such as 127.0.0.1:2181)");
        }
        return new ZookeeperRegistry(servers, SESSION, UnaryOperator.identity());
    }

    /** A registry in which ZooKeeper forgets a server after {@code timeout} that is gone without a word; 30 s when not set. */
    public ZookeeperRegistry withSession(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("session: " + timeout + " (expected: > 0)");
        }
        return new ZookeeperRegistry(servers, timeout, more);
    }

    /**
     * A registry with whatever else Curator can be told, such as {@code authorization("digest", ...)}. The operator is called
     * whenever a connection is to be made.
     */
    public ZookeeperRegistry withClient(UnaryOperator<CuratorFrameworkFactory.Builder> more) {
        return new ZookeeperRegistry(servers, session, more);
    }

    private CuratorFramework connect() {
        CuratorFramework made = more.apply(CuratorFrameworkFactory.builder()
                        .connectString(servers)
                        .sessionTimeoutMs(Math.toIntExact(session.toMillis()))
                        .connectionTimeoutMs(Math.toIntExact(Math.min(session.toMillis(), 5000)))
                        // All callers try again by themselves. The one retry of Curator covers a connection that
                        // has broken unnoticed.
                        .retryPolicy(new RetryOneTime(RETRY_MILLIS)))
                .build();
        made.start();
        return made;
    }

    @Override
    public Registration register(String service, Instance self) {
        ZookeeperNode node =
                new ZookeeperNode(curator.acquire(), folder(service), self.address(), ZookeeperRecord.write(self));
        return KeptRegistration.start(toString(), service, self, node::hold, node::remove, curator::release);
    }

    @Override
    public Watch watch(String service, Listener listener) {
        return ZookeeperWatch.start(service, folder(service), curator, listener);
    }

    private static String folder(String service) {
        if (service.isBlank() || service.startsWith("/") || service.endsWith("/") || service.contains("//")) {
            throw new IllegalArgumentException(
                    "service: '" + service + "' (expected: a name that does not begin or end with '/')");
        }
        return "/" + service;
    }

    @Override
    public String describe(String service) {
        return this + " under " + folder(service);
    }

    @Override
    public String toString() {
        return "ZooKeeper " + servers;
    }
}
