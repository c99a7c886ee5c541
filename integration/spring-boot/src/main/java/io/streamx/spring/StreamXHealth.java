package io.streamx.spring;

import io.streamx.client.Client;
import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.ClientStatus.InstanceStatus;
import io.streamx.server.Server;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;

/** What {@code /actuator/health} says of the server and of each client. */
final class StreamXHealth {
    private StreamXHealth() {}

    /** Up while the server takes calls; an application without services has none and is up too. */
    static HealthIndicator ofServer(StreamXServerLifecycle lifecycle) {
        return () -> {
            Server server = lifecycle.server();
            return server == null
                    ? Health.unknown().withDetail("reason", "no server runs").build()
                    : Health.up()
                            .withDetail("port", server.port())
                            .withDetail("services", lifecycle.services())
                            .build();
        };
    }

    /** One entry for each client: down where its registry knows no instance. */
    static CompositeHealthContributor ofClients(StreamXClients clients) {
        return new CompositeHealthContributor() {
            @Override
            public @Nullable HealthContributor getContributor(String name) {
                return clients.names().contains(name) ? indicator(clients, name) : null;
            }

            @Override
            public Stream<HealthContributors.Entry> stream() {
                return clients.names().stream()
                        .map(name -> new HealthContributors.Entry(name, indicator(clients, name)));
            }
        };
    }

    private static HealthIndicator indicator(StreamXClients clients, String name) {
        return () -> {
            Client known = clients.known(name);
            return known == null
                    ? Health.unknown().withDetail("reason", "not used yet").build()
                    : health(known.status());
        };
    }

    private static Health health(ClientStatus status) {
        Health.Builder health;
        if (!status.isFollowing()) {
            health = status.trouble() == null ? Health.unknown().withDetail("reason", "not called yet") : Health.down();
        } else {
            health = (status.instances().isEmpty() ? Health.down() : Health.up())
                    .withDetail(
                            "instances",
                            status.instances().stream()
                                    .map(InstanceStatus::address)
                                    .toList());
        }
        return status.trouble() == null
                ? health.build()
                : health.withDetail("registry", status.trouble()).build();
    }
}
