package io.streamx.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Follows the EndpointSlices of one service, on one connection. For one thread. */
final class EndpointWatch {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    /**
     * How often the API server is asked something. The library connects again silently, and only a question tells that the
     * server is away.
     */
    private static final long QUESTION_SECONDS = 10;

    private final FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> slices;
    private final @Nullable String portName;
    private final int port;
    private final Resolver.Listener listener;
    /** The EndpointSlices by their names, as last heard of. */
    private final Map<String, EndpointSlice> known = new TreeMap<>();

    EndpointWatch(
            KubernetesClient client,
            @Nullable String namespace,
            String service,
            @Nullable String portName,
            int port,
            Resolver.Listener listener) {
        var all = client.discovery().v1().endpointSlices();
        slices = namespace == null
                ? all.withLabel(SERVICE_LABEL, service)
                : all.inNamespace(namespace).withLabel(SERVICE_LABEL, service);
        this.portName = portName;
        this.port = port;
        this.listener = listener;
    }

    /** What the API server reports: a change of a slice, or why there are no more. */
    private record Heard(
            Watcher.@Nullable Action action,
            @Nullable EndpointSlice slice,
            @Nullable WatcherException failure) {}

    void follow(Runnable working) throws Exception {
        BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
        EndpointSliceList all = slices.list();
        known.clear();
        all.getItems().forEach(slice -> known.put(slice.getMetadata().getName(), slice));
        tell();
        working.run();
        try (Watch watch = slices.watch(new Watcher<EndpointSlice>() {
            @Override
            public void eventReceived(Action action, EndpointSlice slice) {
                heard.add(new Heard(action, slice, null));
            }

            @Override
            public void onClose(WatcherException cause) {
                heard.add(new Heard(null, null, cause));
            }
        })) {
            while (true) {
                Heard next = heard.poll(QUESTION_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    if (!slices.list().getItems().equals(List.copyOf(known.values()))) {
                        return;
                    }
                } else if (next.failure() != null || next.slice() == null || next.action() == null) {
                    throw new IOException("the API server ended the watch", next.failure());
                } else {
                    apply(next.action(), next.slice());
                }
            }
        }
    }

    private void apply(Watcher.Action action, EndpointSlice slice) throws IOException {
        String name = slice.getMetadata().getName();
        switch (action) {
            case ADDED, MODIFIED -> {
                if (slice.equals(known.put(name, slice))) {
                    return;
                }
            }
            case DELETED -> known.remove(name);
            case ERROR -> throw new IOException("the API server reported an error of the watch");
            case BOOKMARK -> {
                return;
            }
        }
        tell();
    }

    private void tell() {
        List<Instance> instances = new ArrayList<>();
        known.forEach((name, slice) -> {
            try {
                add(slice, instances);
            } catch (IllegalArgumentException e) {
                listener.onSkipped("EndpointSlice " + name, String.valueOf(e.getMessage()));
            }
        });
        listener.onInstances(instances);
    }

    private void add(EndpointSlice slice, List<Instance> instances) {
        List<Endpoint> endpoints = slice.getEndpoints();
        if (endpoints == null || endpoints.isEmpty()) {
            return;
        }
        int number = portOf(slice);
        for (Endpoint endpoint : endpoints) {
            if (isReady(endpoint)) {
                Map<String, String> tags =
                        endpoint.getZone() == null ? Map.of() : Map.of(Instance.ZONE, endpoint.getZone());
                for (String address : endpoint.getAddresses()) {
                    instances.add(new Instance(address, number, Instance.DEFAULT_WEIGHT, tags));
                }
            }
        }
    }

    private int portOf(EndpointSlice slice) {
        if (portName == null) {
            return port;
        }
        List<String> names = new ArrayList<>();
        for (EndpointPort one : slice.getPorts()) {
            String name = one.getName() == null ? "" : one.getName();
            if (name.equals(portName) && one.getPort() != null) {
                return one.getPort();
            }
            names.add("'" + name + "'");
        }
        throw new IllegalArgumentException("ports: " + names + " (expected: one of the name '" + portName + "')");
    }

    /** Whether an endpoint is ready. By the API's description it is where nothing is said of that. */
    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }
}
