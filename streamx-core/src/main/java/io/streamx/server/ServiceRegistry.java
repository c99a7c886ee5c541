package io.streamx.server;

import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.transport.ServerRuntime.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The services of a server and how a call finds its method. Immutable.
 *
 * <p>Source: spec ttheader-streaming section 15.
 */
final class ServiceRegistry {
    private final Map<String, ServiceDefinition> services = new LinkedHashMap<>();
    /** By method name, every service that has it. */
    private final Map<String, List<BoundMethod<?, ?>>> methods = new LinkedHashMap<>();

    private final boolean strict;

    /** {@code strict}: a call must name its service. */
    ServiceRegistry(List<ServiceDefinition> definitions, boolean strict) {
        this.strict = strict;
        for (ServiceDefinition definition : definitions) {
            String name = definition.descriptor().name();
            if (services.putIfAbsent(name, definition) != null) {
                throw new IllegalArgumentException("service: " + name + " was given twice (expected: once)");
            }
            for (String method : definition.methodNames()) {
                BoundMethod<?, ?> bound = definition.method(method);
                if (bound != null) {
                    methods.computeIfAbsent(method, m -> new ArrayList<>()).add(bound);
                }
            }
        }
    }

    /** Shows each method once. */
    void forEach(Consumer<BoundMethod<?, ?>> consumer) {
        methods.values().forEach(sameName -> sameName.forEach(consumer));
    }

    /**
     * The method of that service; without a service name the first that has the method; with an unknown one the only one
     * that has it.
     */
    Lookup find(String service, String method) {
        ServiceDefinition known = services.get(service);
        if (known != null) {
            BoundMethod<?, ?> bound = known.method(method);
            return bound == null ? new Lookup.UnknownMethod() : new Lookup.Found(bound, true);
        }
        BoundMethod<?, ?> bound = strict ? null : anyWith(method, service.isEmpty());
        return bound == null ? new Lookup.UnknownService() : new Lookup.Found(bound, true);
    }

    private @Nullable BoundMethod<?, ?> anyWith(String method, boolean firstWillDo) {
        List<BoundMethod<?, ?>> candidates = methods.get(method);
        if (candidates == null || (candidates.size() > 1 && !firstWillDo)) {
            return null;
        }
        return candidates.getFirst();
    }
}
