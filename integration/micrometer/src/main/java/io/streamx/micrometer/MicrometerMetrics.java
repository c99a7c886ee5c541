package io.streamx.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.server.Server;
import java.util.Objects;

/**
 * Counts and times the calls of clients and servers, streams and unary ones, in a Micrometer registry. One line for each end:
 *
 * <pre>{@code
 * MicrometerMetrics metrics = MicrometerMetrics.to(registry);
 * Server.builder().install(metrics);
 * Client.builder("echo").install(metrics);
 * }</pre>
 *
 * <p>The meters, and with which tags, are listed in docs/observability.md; {@link MeterNames} has their names. The service
 * and the method of a call that no service lists are {@code unknown}, because peers choose such names. One object may be
 * installed into any number of clients and servers, by threads beside each other; there is nothing to close. Make one object for a
 * registry: of two, the first whose clients and servers have closed takes gauges away that the other still fills.
 */
public final class MicrometerMetrics implements Extension {
    private final CallMetrics atClients;
    private final CallMetrics atServers;
    private final ConnectionMetrics connections;
    private final EndpointMetrics endpoints;
    private final PolicyMetrics policies;

    private MicrometerMetrics(MeterRegistry registry) {
        policies = new PolicyMetrics(registry);
        atClients = new CallMetrics(registry, "client", policies);
        atServers = new CallMetrics(registry, "server", policies);
        connections = new ConnectionMetrics(registry);
        endpoints = new EndpointMetrics(registry);
    }

    /** Metrics that go to {@code registry}, which the caller keeps and closes. */
    public static MicrometerMetrics to(MeterRegistry registry) {
        return new MicrometerMetrics(Objects.requireNonNull(registry, "registry"));
    }

    @Override
    public void installInto(Client.Builder client) {
        client.callListener(atClients)
                .connectionListener(connections)
                .lifecycleListener(endpoints.ofClients())
                .policyListener(policies);
    }

    @Override
    public void installInto(Server.Builder server) {
        server.callListener(atServers)
                .connectionListener(connections)
                .lifecycleListener(endpoints.ofServers())
                .policyListener(policies);
    }
}
