package io.streamx.admin;

import io.streamx.CallInfo;
import io.streamx.ConnectionInfo;
import io.streamx.client.Client;
import io.streamx.endpoint.ClientStatus;
import io.streamx.endpoint.LiveCall;
import io.streamx.endpoint.LiveView;
import io.streamx.endpoint.MemoryStatus;
import io.streamx.endpoint.PolicyListener.CallLimit;
import io.streamx.endpoint.ServerStatus;
import io.streamx.server.Server;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a process did at one moment.
 *
 * @param callCount how many calls ran; the list has the oldest {@value #MOST_ROWS} of them
 * @param connectionCount how many connections were open; the list has the oldest {@value #MOST_ROWS} of them
 * @param clients one for each client, in the order of what they call
 * @param servers one for each server, in the order of their ports
 * @param limits what is limited, and how much of it is used
 * @param breakers circuit breakers, by what they count
 */
record Snapshot(
        Instant at,
        int callCount,
        List<Call> calls,
        int connectionCount,
        List<Connection> connections,
        List<ClientStatus> clients,
        List<ServerStatus> servers,
        List<Limit> limits,
        List<Breaker> breakers) {
    static final int MOST_ROWS = 1000;

    /** A call; times in milliseconds, of waits empty where nobody waits. */
    record Call(
            String side,
            String method,
            String mode,
            String transport,
            String peer,
            String instance,
            long ageMillis,
            long sent,
            long received,
            OptionalLong sendWaitMillis,
            OptionalLong receiveWaitMillis) {
        static Call of(LiveCall running) {
            CallInfo call = running.call();
            return new Call(
                    lower(running.side()),
                    call.service() + "." + call.method(),
                    lower(call.mode()),
                    call.protocol(),
                    call.remoteAddress() == null ? "" : call.remoteAddress().toString(),
                    call.instance(),
                    running.age().toMillis(),
                    running.messagesSent(),
                    running.messagesReceived(),
                    running.sendWaitMillis(),
                    running.receiveWaitMillis());
        }
    }

    /**
     * A connection.
     *
     * @param instance where a client's leads to; empty at a server
     * @param unsentBytes what waits to be sent
     * @param unreadBytes what came and was not taken
     */
    record Connection(
            String side,
            String service,
            String instance,
            String local,
            String peer,
            long ageMillis,
            long unsentBytes,
            long unreadBytes) {
        static Connection of(ConnectionInfo connection, Instant now) {
            return new Connection(
                    lower(connection.side()),
                    connection.service(),
                    connection.instance(),
                    String.valueOf(connection.localAddress()),
                    String.valueOf(connection.remoteAddress()),
                    Duration.between(connection.openedAt(), now).toMillis(),
                    connection.unsentBytes(),
                    connection.unreadBytes());
        }
    }

    /**
     * Something that is limited.
     *
     * @param used how much of it is used
     * @param most how much of it may be
     */
    record Limit(String of, String what, long used, long most) {}

    /** A circuit breaker. */
    record Breaker(String name, String state) {}

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** What runs now, of the calls those alone whose method contains {@code filter}, the oldest first. */
    static Snapshot of(LiveView live, String filter) {
        Instant now = Instant.now();
        List<Call> running = live.calls()
                .map(Call::of)
                .filter(call -> call.method().contains(filter))
                .sorted(Comparator.comparingLong(Call::ageMillis).reversed())
                .toList();
        List<Connection> open = live.connections().stream()
                .map(connection -> Connection.of(connection, now))
                .sorted(Comparator.comparingLong(Connection::ageMillis).reversed())
                .toList();
        List<ServerStatus> servers = live.servers().stream()
                .map(Server::status)
                .sorted(Comparator.comparingInt(ServerStatus::port))
                .toList();
        return new Snapshot(
                now,
                running.size(),
                first(running),
                open.size(),
                first(open),
                live.clients().stream()
                        .map(Client::status)
                        .sorted(Comparator.comparing(ClientStatus::service))
                        .toList(),
                servers,
                limits(live, servers),
                live.breakers().stream()
                        .map(breaker -> new Breaker(breaker.name(), lower(breaker.state())))
                        .sorted(Comparator.comparing(Breaker::name))
                        .toList());
    }

    private static List<Limit> limits(LiveView live, List<ServerStatus> servers) {
        MemoryStatus memory = MemoryStatus.now();
        List<Limit> all = new ArrayList<>();
        all.add(new Limit("process", "bytes of messages that wait", memory.heldBytes(), memory.limitBytes()));
        for (ServerStatus server : servers) {
            String of = named(server);
            server.maxConnections()
                    .ifPresent(most -> all.add(new Limit(of, "connections", server.connections(), most)));
            server.maxRunningCalls()
                    .ifPresent(most -> all.add(
                            new Limit(of, "running calls", server.runningCalls().orElse(0), most)));
        }
        for (CallLimit limit : live.limits()) {
            if (limit.concurrent() > 0) {
                all.add(new Limit(
                        "policy of a " + lower(limit.side()), "calls at once", limit.running(), limit.concurrent()));
            }
        }
        fullest(live, servers).forEach((port, streams) -> all.add(streams));
        return all;
    }

    private static String named(ServerStatus server) {
        return server.port() == 0 ? "server within the process" : "server on port " + server.port();
    }

    /** Finds for each server the connection with the most calls. Its limit is how many streams one connection may carry. */
    private static Map<Integer, Limit> fullest(LiveView live, List<ServerStatus> servers) {
        Map<SocketAddress, Integer> calls = new HashMap<>();
        live.calls().filter(call -> call.side() == ConnectionInfo.Side.SERVER).forEach(call -> {
            @Nullable SocketAddress peer = call.call().remoteAddress();
            if (peer != null) {
                calls.merge(peer, 1, Integer::sum);
            }
        });
        Map<Integer, Limit> all = new HashMap<>();
        for (ServerStatus server : servers) {
            int most = live.connections().stream()
                    .filter(connection -> connection.side() == ConnectionInfo.Side.SERVER)
                    .filter(connection ->
                            String.valueOf(connection.localAddress()).endsWith(":" + server.port()))
                    .mapToInt(connection ->
                            connection.remoteAddress() == null ? 0 : calls.getOrDefault(connection.remoteAddress(), 0))
                    .max()
                    .orElse(0);
            all.put(
                    server.port(),
                    new Limit(named(server), "calls of its fullest connection", most, server.maxConcurrentStreams()));
        }
        return all;
    }

    private static <T> List<T> first(List<T> all) {
        return all.subList(0, Math.min(MOST_ROWS, all.size()));
    }
}
