package io.streamx.micrometer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.streamx.client.Client;
import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.LifecycleListener;
import io.streamx.endpoint.MemoryStatus;
import io.streamx.endpoint.ServerStatus;
import io.streamx.server.Server;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Gauges of what clients know and servers may have, which are asked when somebody scrapes. */
final class EndpointMetrics {
    private final MeterRegistry registry;
    /** The clients by the service that they call. Guarded by {@code this}. */
    private final Map<String, Knowing> knowing = new HashMap<>();
    /** The servers by the tags of their gauges. Guarded by {@code this}. */
    private final Map<Tags, Limited> limited = new HashMap<>();

    /** The clients of one service, and the gauges of the instances that they know. */
    private record Knowing(Set<Client> clients, List<Meter> gauges) {}

    /** Servers with one set of tags, and the gauges of their sums: those within the process have no port to tell them apart. */
    private record Limited(Set<Server> servers, Meter most, Meter used) {}

    EndpointMetrics(MeterRegistry registry) {
        this.registry = registry;
        gauge(
                MeterNames.MEMORY_HELD,
                "What messages that wait hold",
                "bytes",
                this,
                Tags.empty(),
                self -> MemoryStatus.now().heldBytes());
        gauge(
                MeterNames.MEMORY_LIMIT,
                "What messages that wait may hold",
                "bytes",
                this,
                Tags.empty(),
                self -> MemoryStatus.now().limitBytes());
    }

    LifecycleListener<Client> ofClients() {
        return new LifecycleListener<>() {
            @Override
            public void onOpen(Client client) {
                add(client);
            }

            @Override
            public void onClose(Client client) {
                forget(client);
            }
        };
    }

    private synchronized void add(Client client) {
        knowing.computeIfAbsent(client.status().service(), this::instances)
                .clients
                .add(client);
    }

    private synchronized void forget(Client client) {
        String service = client.status().service();
        Knowing known = knowing.get(service);
        if (known != null && known.clients.remove(client) && known.clients.isEmpty()) {
            knowing.remove(service);
            known.gauges.forEach(registry::remove);
        }
    }

    private Knowing instances(String service) {
        Set<Client> all = ConcurrentHashMap.newKeySet();
        return new Knowing(
                all,
                List.of(
                        instances(
                                all,
                                service,
                                "known",
                                status -> status.instances().size()),
                        instances(all, service, "usable", ClientStatus::usable),
                        instances(all, service, "avoided", ClientStatus::avoided)));
    }

    /** Of several clients of one service the one that knows most is shown: the sum would count instances twice. */
    private Meter instances(Set<Client> all, String service, String state, ToIntFunction<ClientStatus> count) {
        Tags tags = Tags.of(MeterNames.SERVICE, service, MeterNames.STATE, state);
        return gauge(
                MeterNames.INSTANCES,
                "Instances that clients know",
                null,
                all,
                tags,
                each -> each.stream().map(Client::status).mapToInt(count).max().orElse(0));
    }

    LifecycleListener<Server> ofServers() {
        return new LifecycleListener<>() {
            @Override
            public void onOpen(Server server) {
                limit(server, "connections", ServerStatus::maxConnections, ServerStatus::connections);
                limit(
                        server,
                        "running_calls",
                        ServerStatus::maxRunningCalls,
                        status -> status.runningCalls().orElse(0));
            }

            @Override
            public void onClose(Server server) {
                forget(server);
            }
        };
    }

    private synchronized void limit(
            Server server, String name, Function<ServerStatus, OptionalInt> most, ToIntFunction<ServerStatus> used) {
        ServerStatus status = server.status();
        if (most.apply(status).isEmpty()) {
            return;
        }
        String port = status.port() == 0 ? MeterNames.IN_PROCESS : Integer.toString(status.port());
        Tags tags = Tags.of(MeterNames.PORT, port, MeterNames.LIMIT, name);
        limited.computeIfAbsent(
                        tags, same -> limited(same, each -> most.apply(each).orElse(0), used))
                .servers
                .add(server);
    }

    private Limited limited(Tags tags, ToIntFunction<ServerStatus> most, ToIntFunction<ServerStatus> used) {
        Set<Server> all = ConcurrentHashMap.newKeySet();
        return new Limited(
                all,
                gauge(MeterNames.SERVER_LIMIT, "What a server may have", null, all, tags, each -> sum(each, most)),
                gauge(
                        MeterNames.SERVER_LIMIT_USED,
                        "What a server has of what it may have",
                        null,
                        all,
                        tags,
                        each -> sum(each, used)));
    }

    private static int sum(Set<Server> servers, ToIntFunction<ServerStatus> number) {
        return servers.stream().map(Server::status).mapToInt(number).sum();
    }

    private synchronized void forget(Server server) {
        limited.values().removeIf(one -> {
            boolean wasLast = one.servers.remove(server) && one.servers.isEmpty();
            if (wasLast) {
                registry.remove(one.most);
                registry.remove(one.used);
            }
            return wasLast;
        });
    }

    private <T> Meter gauge(
            String name, String description, @Nullable String unit, T of, Tags tags, ToDoubleFunction<T> value) {
        return Gauge.builder(name, of, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }
}
