package io.streamx.dns;

import io.streamx.discovery.Address;
import io.streamx.discovery.EndlessTask;
import io.streamx.discovery.Resolver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DNS as the place where clients find servers: each address of a name is an instance, or each target of an SRV record. It is
 * asked again when its answer has lived its time. Immutable settings, safe from any thread, nothing to close.
 *
 * <pre>{@code
 * Client.builder("a.b.c").resolver(DnsResolver.of("orders.example:8888"))      // all A and AAAA records
 * Client.builder("a.b.c").resolver(DnsResolver.srv("_orders._tcp.example"))    // ports and weights of SRV records
 * }</pre>
 *
 * <p>In Kubernetes the name of a headless service has a record for each pod that is ready. Who only gives an address to
 * {@code Client.Builder.address} has its name looked up for each connection, and one of its addresses taken.
 */
public final class DnsResolver implements Resolver {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final String name;
    /** The port of all instances; 0 where SRV records have the ports. */
    private final int port;

    private final @Nullable List<InetSocketAddress> servers;
    private final Duration longest;

    private DnsResolver(String name, int port, @Nullable List<InetSocketAddress> servers, Duration longest) {
        this.name = name;
        this.port = port;
        this.servers = servers;
        this.longest = longest;
    }

    /**
     * All A and AAAA records of a name, each with that port.
     *
     * @param nameAndPort {@code name:port}
     * @throws IllegalArgumentException naming the value and what was expected
     */
    public static DnsResolver of(String nameAndPort) {
        Address address = Address.parse(nameAndPort);
        return new DnsResolver(address.host(), address.port(), null, LONGEST);
    }

    /**
     * The targets of SRV records, with their ports and weights; of several priorities those of the first, which is the
     * smallest number. A weight of 0 counts as 1.
     *
     * @param name such as {@code _orders._tcp.example}
     */
    public static DnsResolver srv(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: '" + name + "' (expected: such as _orders._tcp.example)");
        }
        return new DnsResolver(name, 0, null, LONGEST);
    }

    /** A resolver that asks these name servers instead of the system's. */
    public DnsResolver withServers(InetSocketAddress... nameServers) {
        return new DnsResolver(name, port, List.of(nameServers), longest);
    }

    /**
     * A resolver that asks again after {@code interval} at the latest, though records may live longer: 30 s when not set, and
     * never less than 1 s.
     */
    public DnsResolver withLongestInterval(Duration interval) {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: 1 s or more)");
        }
        return new DnsResolver(name, port, servers, interval);
    }

    @Override
    public Watch watch(String service, Listener listener) {
        EndlessTask task = EndlessTask.start(
                "streamx-dns-watch " + name,
                working -> {
                    try (DnsQuestions questions = new DnsQuestions(servers)) {
                        while (true) {
                            DnsQuestions.Answer answer =
                                    port == 0 ? questions.targets(name) : questions.addresses(name, port);
                            listener.onInstances(answer.instances());
                            working.run();
                            Thread.sleep(interval(answer.secondsToLive()));
                        }
                    }
                },
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        return task::close;
    }

    private Duration interval(long secondsToLive) {
        Duration lives = Duration.ofSeconds(secondsToLive);
        return lives.compareTo(SHORTEST) < 0 ? SHORTEST : lives.compareTo(longest) > 0 ? longest : lives;
    }

    @Override
    public String describe(String service) {
        return toString();
    }

    @Override
    public String toString() {
        return port == 0 ? "DNS SRV " + name : "DNS " + name + ":" + port;
    }
}
