package io.streamx.spring;

import io.streamx.CallInfo;
import io.streamx.ConnectionInfo.Side;
import io.streamx.client.Client;
import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.LiveCall;
import io.streamx.endpoint.LiveView;
import io.streamx.server.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code /actuator/streamx}: the server, the clients with their instances, and the calls that run now, the oldest first. */
@Endpoint(id = "streamx")
final class StreamXEndpoint {
    private static final int MOST_CALLS = 1000;
    private final LiveView live;
    private final ObjectProvider<StreamXServerLifecycle> lifecycle;
    private final ObjectProvider<StreamXClients> clients;

    /**
     * What is shown.
     *
     * @param server null while none runs
     * @param callCount how many calls run
     * @param calls at most the 1000 oldest of them
     */
    record Report(@Nullable ServerReport server, Map<String, ClientReport> clients, int callCount, List<Call> calls) {}

    /** The server of the application. */
    record ServerReport(int port, List<String> services) {}

    /**
     * A client of the application.
     *
     * @param built whether anything has asked for it
     * @param instances as far as the registry has told
     * @param trouble why the registry could not be asked last
     */
    record ClientReport(
            boolean built,
            List<InstanceReport> instances,
            @Nullable String trouble) {}

    /**
     * An instance of a client's service.
     *
     * @param address its host and port
     * @param avoided whether calls go elsewhere for now, because it could not be connected to or leaves
     */
    record InstanceReport(String address, boolean avoided) {}

    /**
     * A call that runs.
     *
     * @param sendWaitMillis for how long a send has waited for room; null when none waits
     * @param receiveWaitMillis for how long a recv has waited for a message; null when none waits
     */
    record Call(
            String side,
            String service,
            String method,
            String mode,
            @Nullable String transport,
            String from,
            @Nullable String remote,
            Instant startedAt,
            Duration age,
            long messagesSent,
            long messagesReceived,
            @Nullable Long sendWaitMillis,
            @Nullable Long receiveWaitMillis) {}

    StreamXEndpoint(
            LiveView live, ObjectProvider<StreamXServerLifecycle> lifecycle, ObjectProvider<StreamXClients> clients) {
        this.live = live;
        this.lifecycle = lifecycle;
        this.clients = clients;
    }

    @ReadOperation
    Report report() {
        Instant now = Instant.now();
        List<Call> calls = live.calls()
                .map(call -> call(call, now))
                .sorted(Comparator.comparing(Call::startedAt))
                .toList();
        return new Report(server(), clients(), calls.size(), calls.subList(0, Math.min(MOST_CALLS, calls.size())));
    }

    private @Nullable ServerReport server() {
        StreamXServerLifecycle known = lifecycle.getIfAvailable();
        Server server = known == null ? null : known.server();
        return known == null || server == null ? null : new ServerReport(server.port(), known.services());
    }

    private Map<String, ClientReport> clients() {
        Map<String, ClientReport> all = new LinkedHashMap<>();
        clients.ifAvailable(known -> known.names().forEach(name -> all.put(name, client(known.known(name)))));
        return all;
    }

    private static ClientReport client(@Nullable Client known) {
        if (known == null) {
            return new ClientReport(false, List.of(), null);
        }
        ClientStatus status = known.status();
        return new ClientReport(
                true,
                status.instances().stream()
                        .map(instance -> new InstanceReport(instance.address(), instance.isAvoided()))
                        .toList(),
                status.trouble());
    }

    private static Call call(LiveCall live, Instant now) {
        CallInfo call = live.call();
        return new Call(
                live.side() == Side.CLIENT ? "client" : "server",
                call.service(),
                call.method(),
                call.mode().name(),
                call.transport() == null ? call.protocol() : call.transport().title(),
                call.from(),
                call.remoteAddress() == null ? null : call.remoteAddress().toString(),
                call.startedAt(),
                Duration.between(call.startedAt(), now),
                live.messagesSent(),
                live.messagesReceived(),
                orNull(live.sendWaitMillis()),
                orNull(live.receiveWaitMillis()));
    }

    private static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
