package io.streamx.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.streamx.discovery.EndlessTask;
import io.streamx.discovery.Resolver;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes as the place where clients find servers: the endpoints of a service that are ready, with their zones as the tag
 * {@link io.streamx.discovery.Instance#ZONE}, followed by watching its EndpointSlices. The client's account needs the right to
 * get, list and watch {@code endpointslices} in the namespace. Immutable settings, safe from any thread, nothing to close.
 *
 * <pre>{@code
 * Client.builder("a.b.c").resolver(KubernetesResolver.of("orders", "rpc"))     // the port of that name
 * }</pre>
 *
 * <p>Who needs neither zones nor news within a second takes the DNS name of a headless service instead.
 */
public final class KubernetesResolver implements Resolver {
    private final String service;
    private final @Nullable String portName;
    /** The number of the port, which counts where the port has no name. */
    private final int port;

    private final @Nullable String namespace;
    private final Supplier<KubernetesClient> connect;

    private KubernetesResolver(
            String service,
            @Nullable String portName,
            int port,
            @Nullable String namespace,
            Supplier<KubernetesClient> connect) {
        this.service = service;
        this.portName = portName;
        this.port = port;
        this.namespace = namespace;
        this.connect = connect;
    }

    /**
     * The endpoints of a service, at the port of that name.
     *
     * @param service its name in Kubernetes
     */
    public static KubernetesResolver of(String service, String portName) {
        return new KubernetesResolver(
                checked(service), Objects.requireNonNull(portName, "portName"), 0, null, KubernetesResolver::connect);
    }

    /** The endpoints of a service, at that port of the pods. */
    public static KubernetesResolver of(String service, int port) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
        }
        return new KubernetesResolver(checked(service), null, port, null, KubernetesResolver::connect);
    }

    private static String checked(String service) {
        if (service.isBlank()) {
            throw new IllegalArgumentException("service: '" + service + "' (expected: a name in Kubernetes)");
        }
        return service;
    }

    private static KubernetesClient connect() {
        return new KubernetesClientBuilder().build();
    }

    /** A resolver of a service in this namespace instead of the client's own. */
    public KubernetesResolver inNamespace(String other) {
        return new KubernetesResolver(service, portName, port, Objects.requireNonNull(other, "other"), connect);
    }

    /**
     * A resolver with another client of the API server. When not set, the client is set up as a pod's is, or by {@code
     * ~/.kube/config}.
     *
     * @param client asked for each watch, which closes what it got
     */
    public KubernetesResolver withClient(Supplier<KubernetesClient> client) {
        return new KubernetesResolver(service, portName, port, namespace, client);
    }

    @Override
    public Watch watch(String name, Listener listener) {
        EndlessTask task = EndlessTask.start(
                "streamx-kubernetes-watch " + service,
                working -> {
                    try (KubernetesClient client = connect.get()) {
                        new EndpointWatch(client, namespace, service, portName, port, listener).follow(working);
                    }
                },
                failure -> listener.onUnavailable(EndlessTask.reason(failure)));
        return task::close;
    }

    @Override
    public String describe(String name) {
        return toString();
    }

    @Override
    public String toString() {
        return "Kubernetes service " + (namespace == null ? "" : namespace + "/") + service + ", port "
                + (portName == null ? Integer.toString(port) : portName);
    }
}
