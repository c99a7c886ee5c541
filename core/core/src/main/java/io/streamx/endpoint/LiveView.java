package io.streamx.endpoint;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.ConnectionInfo;
import io.streamx.ConnectionInfo.Side;
import io.streamx.ConnectionListener;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What goes on in this process at the clients and servers that it is installed into: the calls that run, the connections that are
 * open, and the clients and servers themselves, which have a {@code status()}. It is what a page or an endpoint for people is
 * made of, {@code streamx-admin} and the actuator of the Spring Boot starter for instance. What policies decide is in it too.
 *
 * <p>It knows the calls, connections, clients and servers that began after it was installed. All collections are views, in no
 * order, that change while they are read. Safe from any thread.
 */
public final class LiveView implements Extension {
    private final Calls atClients = new Calls(Side.CLIENT);
    private final Calls atServers = new Calls(Side.SERVER);
    private final Connections connections = new Connections();
    private final Ends<Client> clients = new Ends<>();
    private final Ends<Server> servers = new Ends<>();
    private final DecidingPolicies policies = new DecidingPolicies();

    /** A view that is not installed anywhere yet. */
    public LiveView() {}

    @Override
    public void installInto(Client.Builder client) {
        client.callListener(atClients)
                .connectionListener(connections)
                .lifecycleListener(clients)
                .policyListener(policies);
    }

    @Override
    public void installInto(Server.Builder server) {
        server.callListener(atServers)
                .connectionListener(connections)
                .lifecycleListener(servers)
                .policyListener(policies);
    }

    /** The calls that run now. */
    public Stream<LiveCall> calls() {
        return Stream.concat(atServers.running.values().stream(), atClients.running.values().stream());
    }

    /** The connections that are open now. */
    public Collection<ConnectionInfo> connections() {
        return Collections.unmodifiableCollection(connections.open);
    }

    /** The clients that were built and not closed. */
    public Collection<Client> clients() {
        return Collections.unmodifiableCollection(clients.open);
    }

    /** The servers that were started and not closed. */
    public Collection<Server> servers() {
        return Collections.unmodifiableCollection(servers.open);
    }

    /** The circuit breakers of clients that are open, those of instances that are there alone; two may have one name. */
    public Collection<PolicyListener.Breaker> breakers() {
        return Collections.unmodifiableCollection(policies.breakers.keySet());
    }

    /** The limits of calls that policies have set for clients and servers that are open. */
    public Collection<PolicyListener.CallLimit> limits() {
        return Collections.unmodifiableCollection(policies.limits.keySet());
    }

    /** What several ends share is told of by each of them, and is counted here until the last one says that it is gone. */
    private static final class DecidingPolicies implements PolicyListener {
        private final Map<Breaker, Integer> breakers = new ConcurrentHashMap<>();
        private final Map<CallLimit, Integer> limits = new ConcurrentHashMap<>();

        private static <T> void add(Map<T, Integer> all, T one) {
            all.merge(one, 1, Integer::sum);
        }

        private static <T> void remove(Map<T, Integer> all, T one) {
            all.computeIfPresent(one, (same, ends) -> ends == 1 ? null : ends - 1);
        }

        @Override
        public void onBreaker(Breaker breaker) {
            add(breakers, breaker);
        }

        @Override
        public void onBreakerGone(Breaker breaker) {
            remove(breakers, breaker);
        }

        @Override
        public void onLimit(CallLimit limit) {
            add(limits, limit);
        }

        @Override
        public void onLimitGone(CallLimit limit) {
            remove(limits, limit);
        }
    }

    private static final class Ends<E> implements LifecycleListener<E> {
        private final Set<E> open = ConcurrentHashMap.newKeySet();

        @Override
        public void onOpen(E endpoint) {
            open.add(endpoint);
        }

        @Override
        public void onClose(E endpoint) {
            open.remove(endpoint);
        }
    }

    private static final class Connections implements ConnectionListener {
        private final Set<ConnectionInfo> open = ConcurrentHashMap.newKeySet();

        @Override
        public void onOpen(ConnectionInfo connection) {
            open.add(connection);
        }

        @Override
        public void onClose(ConnectionInfo connection, String reason) {
            open.remove(connection);
        }
    }

    private static final class Calls implements CallListener {
        private final Side side;
        private final Map<CallInfo, LiveCall> running = new ConcurrentHashMap<>();

        Calls(Side side) {
            this.side = side;
        }

        @Override
        public void onStart(CallInfo call) {
            running.put(call, new LiveCall(side, call));
        }

        @Override
        public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
            LiveCall live = running.get(call);
            if (live != null && failure == null) {
                live.sent();
            }
        }

        @Override
        public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
            LiveCall live = running.get(call);
            if (live != null && failure == null) {
                live.received();
            }
        }

        @Override
        public void onWait(CallInfo call, Wait wait) {
            LiveCall live = running.get(call);
            if (live != null) {
                live.waits(wait);
            }
        }

        @Override
        public void onWaitEnd(CallInfo call, Wait wait, long nanos) {
            LiveCall live = running.get(call);
            if (live != null) {
                live.goesOn(wait);
            }
        }

        @Override
        public void onFinish(CallInfo call, Summary summary) {
            running.remove(call);
        }
    }
}
