package io.streamx.grpc.services;

import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.grpc.services.health.v1.Health;
import io.streamx.grpc.services.health.v1.HealthCheckRequest;
import io.streamx.grpc.services.health.v1.HealthCheckResponse;
import io.streamx.grpc.services.health.v1.HealthCheckResponse.ServingStatus;
import io.streamx.grpc.services.health.v1.HealthListRequest;
import io.streamx.grpc.services.health.v1.HealthListResponse;
import io.streamx.service.ServiceDefinition;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The service {@code grpc.health.v1.Health}: tells load balancers and orchestrators whether services can be called.
 *
 * <pre>{@code
 * HealthService health = new HealthService();
 * Server.builder().service(health.definition()).service(Echo.bind(handler))...
 * health.set("acme.Echo", HealthService.Status.SERVING);
 * }</pre>
 *
 * <p>Services are named as in gRPC paths, with their package. The server as a whole has the empty name and serves from
 * the start; of other services nothing is known until it is said. Safe from any number of threads.
 *
 * <p>Whoever watches a service is told its status now and each later one, but for those that a slow watcher's next
 * status has overtaken.
 */
public final class HealthService {
    /** The name of the server as a whole. */
    public static final String SERVER = "";

    /** Whether a service can be called. */
    public enum Status {
        /** Nobody can say yet whether the service can be called. */
        UNKNOWN,
        /** The service can be called. */
        SERVING,
        /** The service cannot be called, for now or for good. */
        NOT_SERVING
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by lock.
    private final Map<String, Status> statuses = new HashMap<>();
    private boolean shutDown;

    /** The server as a whole serves. */
    public HealthService() {
        statuses.put(SERVER, Status.SERVING);
    }

    /** The service, for a server. */
    public ServiceDefinition definition() {
        return Health.bind(new Handler());
    }

    /** Sets the status of a service, {@code acme.Echo}, or of the {@link #SERVER}. Nothing after {@link #shutDown}. */
    public void set(String service, Status status) {
        Objects.requireNonNull(status, "status");
        change(() -> statuses.put(Objects.requireNonNull(service, "service"), status));
    }

    /** Forgets a service. Checking it is an error from now on, and whoever watches it is told that it is unknown. */
    public void forget(String service) {
        change(() -> statuses.remove(service));
    }

    /**
     * Tells all who watch that nothing serves any more, and ends their calls with {@code UNAVAILABLE}, so that they do
     * not keep a closing server from its end. To be called before {@code Server.close}; for good.
     */
    public void shutDown() {
        change(() -> {
            statuses.replaceAll((service, status) -> Status.NOT_SERVING);
            shutDown = true;
        });
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            if (!shutDown) {
                change.run();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static ServingStatus onTheWire(@Nullable Status status) {
        return status == null
                ? ServingStatus.SERVICE_UNKNOWN
                : switch (status) {
                    case UNKNOWN -> ServingStatus.UNKNOWN;
                    case SERVING -> ServingStatus.SERVING;
                    case NOT_SERVING -> ServingStatus.NOT_SERVING;
                };
    }

    private static HealthCheckResponse response(@Nullable Status status) {
        return HealthCheckResponse.newBuilder().setStatus(onTheWire(status)).build();
    }

    private final class Handler implements Health {
        @Override
        public HealthCheckResponse check(HealthCheckRequest request) {
            Status status;
            lock.lock();
            try {
                status = statuses.get(request.getService());
            } finally {
                lock.unlock();
            }
            if (status == null) {
                throw new StatusException(StatusCode.NOT_FOUND, "unknown service " + request.getService());
            }
            return response(status);
        }

        @Override
        public HealthListResponse list(HealthListRequest request) {
            HealthListResponse.Builder all = HealthListResponse.newBuilder();
            lock.lock();
            try {
                statuses.forEach((service, status) -> all.putStatuses(service, response(status)));
            } finally {
                lock.unlock();
            }
            return all.build();
        }

        @Override
        public void watch(HealthCheckRequest request, ServerStreamingServer<HealthCheckResponse> stream)
                throws InterruptedException {
            ServingStatus told = null;
            while (true) {
                ServingStatus next;
                boolean last;
                lock.lock();
                try {
                    next = onTheWire(statuses.get(request.getService()));
                    while (next == told && !shutDown) {
                        changed.await();
                        next = onTheWire(statuses.get(request.getService()));
                    }
                    last = shutDown;
                } finally {
                    lock.unlock();
                }
                // The status is sent outside the lock, so that a watcher that does not read holds up nobody but itself.
                if (next != told) {
                    stream.send(HealthCheckResponse.newBuilder().setStatus(next).build());
                    told = next;
                }
                if (last) {
                    throw new StatusException(StatusCode.UNAVAILABLE, "the server shuts down");
                }
            }
        }
    }
}
