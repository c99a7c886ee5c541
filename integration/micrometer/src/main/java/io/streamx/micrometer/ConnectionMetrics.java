package io.streamx.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

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
        private final LongAdder open = new LongAdder();
        private final Counter opened;

        Meters(MeterRegistry registry, Id id) {
            Tags tags = Tags.of(
                    MeterNames.SIDE,
                    id.side.name().toLowerCase(Locale.ROOT),
                    MeterNames.SERVICE,
                    id.service.isEmpty() ? ALL_SERVICES : id.service);
            // Kept strongly: a registry alone would let the counter go.
            Gauge.builder(MeterNames.CONNECTIONS, open, LongAdder::sum)
                    .description("Connections that are open")
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
            opened = Counter.builder(MeterNames.CONNECTIONS_OPENED)
                    .description("Connections that were made")
                    .tags(tags)
                    .register(registry);
        }
    }

    @Override
    public void onOpen(ConnectionInfo connection) {
        Meters known = meters.computeIfAbsent(Id.of(connection), id -> new Meters(registry, id));
        known.open.increment();
        known.opened.increment();
    }

    @Override
    public void onClose(ConnectionInfo connection, String reason) {
        Meters known = meters.get(Id.of(connection));
        if (known != null) {
            known.open.decrement();
        }
    }
}
