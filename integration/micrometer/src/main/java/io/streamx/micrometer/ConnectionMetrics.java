package io.streamx.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** Counts the connections of both sides. */
final class ConnectionMetrics implements ConnectionListener {
    /** The services of a server share its connections. */
    private static final String ALL_SERVICES = "all";

    private final MeterRegistry registry;
    private final Map<Id, Meters> meters = new ConcurrentHashMap<>();

    ConnectionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private record Id(ConnectionInfo.Side side, String service) {
        static Id of(ConnectionInfo connection) {
            return new Id(connection.side(), connection.service());
        }
    }

    private static final class Meters {
        private final Set<ConnectionInfo> open = ConcurrentHashMap.newKeySet();
        private final Counter opened;

        Meters(MeterRegistry registry, Id id) {
            Tags tags = Tags.of(
                    MeterNames.SIDE,
                    id.side.name().toLowerCase(Locale.ROOT),
                    MeterNames.SERVICE,
                    id.service.isEmpty() ? ALL_SERVICES : id.service);
            // The gauge keeps a strong reference, since a registry alone would let the set of connections be collected.
            Gauge.builder(MeterNames.CONNECTIONS, open, Set::size)
                    .description("Connections that are open")
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
            queue(registry, tags.and(MeterNames.DIRECTION, "sent"), ConnectionInfo::unsentBytes);
            queue(registry, tags.and(MeterNames.DIRECTION, "received"), ConnectionInfo::unreadBytes);
            opened = Counter.builder(MeterNames.CONNECTIONS_OPENED)
                    .description("Connections that were made")
                    .tags(tags)
                    .register(registry);
        }

        private void queue(MeterRegistry registry, Tags tags, ToLongFunction<ConnectionInfo> waiting) {
            Gauge.builder(MeterNames.QUEUE, open, all ->
                            (double) all.stream().mapToLong(waiting).sum())
                    .description("Messages that wait on open connections")
                    .baseUnit("bytes")
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        }
    }

    @Override
    public void onOpen(ConnectionInfo connection) {
        Meters known = meters.computeIfAbsent(Id.of(connection), id -> new Meters(registry, id));
        known.open.add(connection);
        known.opened.increment();
    }

    @Override
    public void onClose(ConnectionInfo connection, String reason) {
        Meters known = meters.get(Id.of(connection));
        if (known != null) {
            known.open.remove(connection);
        }
    }
}
