package io.streamx.generic;

import io.streamx.StreamingMode;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.Document;
import io.streamx.idl.Function;
import io.streamx.idl.IdlResult;
import io.streamx.idl.Service;
import io.streamx.idl.ThriftIdl;
import io.streamx.service.Channel;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Thrift service that is known from its IDL alone, at run time.
 *
 * <pre>{@code
 * GenericService chat = GenericService.load(Path.of("chat.thrift"), "Chat");
 * GenericClient<String> client = chat.client(channel, Form.json());
 * String reply = client.call("Ask", "{\"question\": \"why?\"}");
 * }</pre>
 *
 * <p>The request of a unary method with one argument is that argument; with several it is an object of them by name, with
 * none it is null or an empty object. The messages of streams are their structs. Reading an IDL costs milliseconds: load a
 * service once. Immutable, safe from any number of threads.
 */
public final class GenericService {
    private final Service service;
    private final Map<String, GenericMethod> methods;

    private GenericService(Service service) {
        this.service = service;
        Codecs codecs = new Codecs();
        Map<String, GenericMethod> byName = new LinkedHashMap<>();
        for (Function function : service.allFunctions()) {
            GenericMethod method = new GenericMethod(function, codecs);
            if (method.mode() != StreamingMode.UNARY) {
                // The codecs are made now, on this thread. Later they are only looked up, from whatever thread.
                method.requestCodec();
                method.responseCodec();
            }
            byName.put(function.name(), method);
        }
        methods = Collections.unmodifiableMap(byName);
    }

    /**
     * Reads one service.
     *
     * @param idl the file, which is found with its includes from the working directory and from its own folder
     * @param service the service's name in that file
     * @param includeDirs further folders to look for includes in
     * @throws IllegalArgumentException naming each mistake of the IDL with file, line and column, or the services that the
     *     file has where none has that name
     */
    public static GenericService load(Path idl, String service, Path... includeDirs) {
        List<GenericService> all = loadAll(idl, includeDirs);
        for (GenericService each : all) {
            if (each.name().equals(service)) {
                return each;
            }
        }
        String known = all.stream().map(GenericService::name).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("service: \"" + service + "\" (expected: a service of " + idl + ", "
                + (known.isEmpty() ? "which has none" : "one of " + known) + ")");
    }

    /**
     * Reads all services of a file, in the order written.
     *
     * @throws IllegalArgumentException naming each mistake of the IDL with file, line and column
     */
    public static List<GenericService> loadAll(Path idl, Path... includeDirs) {
        IdlResult result = ThriftIdl.load(List.of(idl), List.of(includeDirs));
        if (result.hasErrors()) {
            throw new IllegalArgumentException(
                    result.errors().stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
        }
        List<GenericService> services = new ArrayList<>();
        for (Document document : result.documents()) {
            document.definitions(Service.class).forEach(service -> services.add(new GenericService(service)));
        }
        return services;
    }

    /** The name as the IDL has it, which is also the name on the wire. */
    public String name() {
        return service.name();
    }

    /** What the IDL says of the service: comments, annotations, the file. */
    public Service service() {
        return service;
    }

    /** All methods, those of the services that this one extends first. */
    public Collection<GenericMethod> methods() {
        return methods.values();
    }

    /**
     * The method of that name.
     *
     * @throws IllegalArgumentException naming the methods that there are
     */
    public GenericMethod method(String name) {
        GenericMethod method = methods.get(name);
        if (method == null) {
            throw new IllegalArgumentException("method: \"" + name + "\" (expected: a method of " + name() + ", one of "
                    + String.join(", ", methods.keySet()) + ")");
        }
        return method;
    }

    /** The package in a gRPC path: as in Kitex, the last part of the Go namespace in lower case. */
    String grpcPackage() {
        Document document = service.document();
        String namespace = document.namespace("go");
        String full = namespace == null ? document.defaultNamespace() : namespace;
        return full.substring(full.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** A client that calls this service through {@code channel} with messages of that form. */
    public <T> GenericClient<T> client(Channel channel, Form<T> form) {
        return GenericClient.of(this, channel, form);
    }

    /**
     * How a method travels with messages of that form, for programs that call through a {@link Channel} themselves.
     *
     * @param method one of {@link #methods}
     */
    public <T> MethodDescriptor<T, T> descriptor(GenericMethod method, Form<T> form) {
        if (methods.get(method.name()) != method) {
            throw new IllegalArgumentException(
                    "method: " + method + " of another service (expected: one of " + name() + ")");
        }
        return FormCodecs.descriptor(this, method, form);
    }

    /** The service as a server takes it, with each method served by {@code handler} and messages of that form. */
    public <T> ServiceDefinition bind(Form<T> form, GenericHandler<T> handler) {
        Map<GenericMethod, MethodDescriptor<T, T>> descriptors = new LinkedHashMap<>();
        for (GenericMethod method : methods()) {
            descriptors.put(method, FormCodecs.descriptor(this, method, form));
        }
        ServiceDefinition.Builder builder = ServiceDefinition.builder(
                new ServiceDescriptor(name(), grpcPackage(), PayloadFormat.THRIFT, List.copyOf(descriptors.values())));
        descriptors.forEach((method, descriptor) -> {
            switch (method.mode()) {
                case UNARY -> builder.unary(descriptor, request -> handler.unary(method, request));
                case CLIENT -> builder.clientStreaming(descriptor, stream -> handler.clientStreaming(method, stream));
                case SERVER ->
                    builder.serverStreaming(
                            descriptor, (request, stream) -> handler.serverStreaming(method, request, stream));
                case BIDIRECTIONAL ->
                    builder.bidiStreaming(descriptor, stream -> handler.bidiStreaming(method, stream));
            }
        });
        return builder.build();
    }

    @Override
    public String toString() {
        return name();
    }
}
