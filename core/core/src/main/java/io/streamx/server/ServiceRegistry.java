package io.streamx.server;

import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.service.ServiceDescriptor;
import io.streamx.wire.ServerRuntime.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The services of a server, and how a call finds its method, or is found to name an unknown method or service.
 * Immutable.
 *
 * <p>A service is told from others by its full name, package included. Most calls carry the simple name alone, and
 * Kitex servers know no other: where several services share that name, the format of the call and its method decide,
 * and a call that fits several services is refused.
 *
 * <p>Source: docs/protocol/ttheader-streaming.md "15. Detection and lookup", docs/protocol/grpc.md "3. Path".
 */
final class ServiceRegistry {
    /** Names of one kind that an answer lists. */
    private static final int SHOWN = 8;

    /** The services by their simple names, in the order given. */
    private final Map<String, List<ServiceDefinition>> services = new LinkedHashMap<>();
    /** For each method name, the method of every service that has it. */
    private final Map<String, List<BoundMethod<?, ?>>> methods = new LinkedHashMap<>();

    private final boolean strict;
    /** What callers of unknown services are told. */
    private final String served;

    /** {@code strict} says that a call must name its service. */
    ServiceRegistry(List<ServiceDefinition> definitions, boolean strict) {
        this.strict = strict;
        served = served(definitions);
        for (ServiceDefinition definition : definitions) {
            ServiceDescriptor descriptor = definition.descriptor();
            List<ServiceDefinition> sameName = services.computeIfAbsent(descriptor.name(), name -> new ArrayList<>(1));
            if (inPackage(sameName, descriptor.grpcPackage()) != null) {
                throw new IllegalArgumentException(
                        "service: " + descriptor.fullName() + " was given twice (expected: once)");
            }
            sameName.add(definition);
            for (String method : definition.methodNames()) {
                BoundMethod<?, ?> bound = definition.method(method);
                if (bound != null) {
                    methods.computeIfAbsent(method, m -> new ArrayList<>()).add(bound);
                }
            }
        }
    }

    /** The services, those of one name beside each other. */
    List<ServiceDefinition> services() {
        return services.values().stream().flatMap(List::stream).toList();
    }

    private static String served(List<ServiceDefinition> definitions) {
        return some(
                definitions,
                service -> {
                    List<String> names = new ArrayList<>();
                    service.methodNames().forEach(names::add);
                    return service.descriptor().fullName() + " with " + some(names, name -> name, ", ");
                },
                "; ");
    }

    /** Enough to see what one is talking to; an answer is no directory. */
    private static <T> String some(List<T> things, Function<T, String> text, String between) {
        String shown = things.stream().limit(SHOWN).map(text).collect(Collectors.joining(between));
        int more = things.size() - SHOWN;
        return more > 0 ? shown + between + "and " + more + " more" : shown;
    }

    /** The full names of all services, in the order given. */
    List<String> names() {
        return services.values().stream()
                .flatMap(List::stream)
                .map(service -> service.descriptor().fullName())
                .toList();
    }

    /** Shows each method of each service once. */
    void forEach(Consumer<BoundMethod<?, ?>> consumer) {
        methods.values().forEach(sameName -> sameName.forEach(consumer));
    }

    /**
     * The method that a path of package, service and method names: a method of the service with that full name, or else
     * of the service with that simple name.
     */
    Lookup findPath(String packageName, String service, String method, PayloadFormat format) {
        List<ServiceDefinition> sameName = services.get(service);
        if (sameName == null) {
            return new Lookup.UnknownService(served);
        }
        ServiceDefinition exact = inPackage(sameName, packageName);
        return exact == null ? among(sameName, method, format) : in(exact, method);
    }

    /**
     * The method of the service whose simple name is {@code service}. Where that is empty, the method is that of the
     * first service that has it; where no service has the name, that of the only service that has the method.
     */
    Lookup find(String service, String method, PayloadFormat format) {
        List<ServiceDefinition> sameName = services.get(service);
        if (sameName != null) {
            return among(sameName, method, format);
        }
        BoundMethod<?, ?> bound = strict ? null : anyWith(method, format, service.isEmpty());
        return bound == null ? new Lookup.UnknownService(served) : new Lookup.Found(bound, true);
    }

    private static @Nullable ServiceDefinition inPackage(List<ServiceDefinition> sameName, String packageName) {
        for (ServiceDefinition service : sameName) {
            if (service.descriptor().grpcPackage().equals(packageName)) {
                return service;
            }
        }
        return null;
    }

    private static Lookup in(ServiceDefinition service, String method) {
        BoundMethod<?, ?> bound = service.method(method);
        return bound == null ? new Lookup.UnknownMethod() : new Lookup.Found(bound, true);
    }

    private Lookup among(List<ServiceDefinition> sameName, String method, PayloadFormat format) {
        if (sameName.size() == 1) {
            return in(sameName.getFirst(), method);
        }
        List<ServiceDefinition> fitting =
                written(sameName, service -> service.descriptor().format(), format);
        if (!strict) {
            fitting = fitting.stream()
                    .filter(service -> service.method(method) != null)
                    .toList();
        }
        return switch (fitting.size()) {
            case 0 -> new Lookup.UnknownMethod();
            case 1 -> in(fitting.getFirst(), method);
            default ->
                new Lookup.Ambiguous(fitting.stream()
                        .map(service -> service.descriptor().fullName())
                        .toList());
        };
    }

    private @Nullable BoundMethod<?, ?> anyWith(String method, PayloadFormat format, boolean firstWillDo) {
        List<BoundMethod<?, ?>> candidates = methods.get(method);
        if (candidates == null) {
            return null;
        }
        List<BoundMethod<?, ?>> fitting =
                written(candidates, bound -> bound.descriptor().format(), format);
        return fitting.size() == 1 || firstWillDo ? fitting.getFirst() : null;
    }

    /**
     * The candidates whose messages are of {@code format}; or all when there are none, so that the call is told what is
     * wrong with it.
     */
    private static <T> List<T> written(List<T> candidates, Function<T, PayloadFormat> formatOf, PayloadFormat format) {
        if (candidates.size() == 1) {
            return candidates;
        }
        List<T> fitting = candidates.stream()
                .filter(candidate -> formatOf.apply(candidate) == format)
                .toList();
        return fitting.isEmpty() ? candidates : fitting;
    }
}
