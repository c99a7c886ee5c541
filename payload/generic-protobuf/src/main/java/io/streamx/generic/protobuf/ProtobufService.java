package io.streamx.generic.protobuf;

import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TypeRegistry;
import io.streamx.StreamingMode;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A Protobuf service that is known from its descriptor alone, at run time. Its messages are texts in the JSON of Protobuf, in which
 * 64-bit numbers are texts and fields that have their default are left out.
 *
 * <pre>{@code
 * ProtobufService chat = ProtobufService.load(Path.of("chat.binpb"), "acme.v1.Chat");
 * String reply = chat.client(channel).call("Ask", "{\"question\": \"why?\"}");
 * }</pre>
 *
 * <p>Reading descriptors costs milliseconds: load a service once. Immutable, safe from any number of threads.
 */
public final class ProtobufService {
    private final Descriptors.ServiceDescriptor descriptor;
    private final TypeRegistry types;
    private final Map<String, MethodDescriptor<String, String>> methods;

    private ProtobufService(Descriptors.ServiceDescriptor descriptor, TypeRegistry types, boolean isIndented) {
        this.descriptor = descriptor;
        this.types = types;
        Map<String, MethodDescriptor<String, String>> byName = new LinkedHashMap<>();
        for (Descriptors.MethodDescriptor method : descriptor.getMethods()) {
            byName.put(method.getName(), method(method, types, isIndented));
        }
        methods = Collections.unmodifiableMap(byName);
    }

    /**
     * Reads one service.
     *
     * @param descriptorSet what {@code protoc --include_imports --descriptor_set_out=FILE} has written
     * @param service the service's name with its package
     * @throws IllegalArgumentException when the file cannot be read or lacks an import, or naming the services that it has
     */
    public static ProtobufService load(Path descriptorSet, String service) {
        List<ProtobufService> all = loadAll(descriptorSet);
        for (ProtobufService each : all) {
            if (each.name().equals(service)) {
                return each;
            }
        }
        String known = all.stream().map(ProtobufService::name).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("service: \"" + service + "\" (expected: a service of " + descriptorSet
                + ", " + (known.isEmpty() ? "which has none" : "one of " + known) + ")");
    }

    /**
     * Reads all services of a file.
     *
     * @param descriptorSet what {@code protoc --include_imports --descriptor_set_out=FILE} has written
     * @throws IllegalArgumentException when the file cannot be read or lacks an import
     */
    public static List<ProtobufService> loadAll(Path descriptorSet) {
        Collection<FileDescriptor> files = LinkedFiles.of(descriptorSet);
        TypeRegistry types = types(files);
        List<ProtobufService> services = new ArrayList<>();
        for (FileDescriptor file : files) {
            file.getServices().forEach(service -> services.add(of(service, types)));
        }
        return services;
    }

    /** The service of a descriptor, such as one of generated classes or one that a server's reflection has told. */
    public static ProtobufService of(Descriptors.ServiceDescriptor descriptor) {
        Set<FileDescriptor> files = new LinkedHashSet<>();
        addWithImports(descriptor.getFile(), files);
        return of(descriptor, types(files));
    }

    /**
     * The service of a descriptor.
     *
     * @param types the messages that may travel within a {@code google.protobuf.Any}
     */
    public static ProtobufService of(Descriptors.ServiceDescriptor descriptor, TypeRegistry types) {
        return new ProtobufService(descriptor, types, false);
    }

    private static void addWithImports(FileDescriptor file, Set<FileDescriptor> files) {
        if (files.add(file)) {
            file.getDependencies().forEach(imported -> addWithImports(imported, files));
        }
    }

    private static TypeRegistry types(Collection<FileDescriptor> files) {
        TypeRegistry.Builder types = TypeRegistry.newBuilder();
        files.forEach(file -> types.add(file.getMessageTypes()));
        return types.build();
    }

    private static MethodDescriptor<String, String> method(
            Descriptors.MethodDescriptor method, TypeRegistry types, boolean isIndented) {
        JsonCodec request = new JsonCodec(method.getInputType(), types, isIndented, "request");
        JsonCodec reply = new JsonCodec(method.getOutputType(), types, isIndented, "reply");
        String service = method.getService().getName();
        StreamingMode mode = mode(method);
        MethodDescriptor<String, String> made = mode == StreamingMode.UNARY
                ? MethodDescriptor.unary(service, method.getName(), request, reply)
                : MethodDescriptor.streaming(service, method.getName(), mode, request, reply);
        return made.withFormat(PayloadFormat.PROTOBUF)
                .withGrpcPackage(method.getFile().getPackage());
    }

    private static StreamingMode mode(Descriptors.MethodDescriptor method) {
        if (method.isClientStreaming()) {
            return method.isServerStreaming() ? StreamingMode.BIDIRECTIONAL : StreamingMode.CLIENT;
        }
        return method.isServerStreaming() ? StreamingMode.SERVER : StreamingMode.UNARY;
    }

    /** This service with each member of a message on a line of its own, or with a line for each message, as it is at first. */
    public ProtobufService withIndentation(boolean isIndented) {
        return new ProtobufService(descriptor, types, isIndented);
    }

    /** The name with its package. */
    public String name() {
        return descriptor.getFullName();
    }

    /** What the proto file says of the service. */
    public Descriptors.ServiceDescriptor descriptor() {
        return descriptor;
    }

    /** How all methods travel, in the order written, for programs that call through a {@link Channel} themselves. */
    public Collection<MethodDescriptor<String, String>> methods() {
        return methods.values();
    }

    /**
     * How the method of that name travels.
     *
     * @throws IllegalArgumentException naming the methods that there are
     */
    public MethodDescriptor<String, String> method(String name) {
        MethodDescriptor<String, String> method = methods.get(name);
        if (method == null) {
            throw new IllegalArgumentException("method: \"" + name + "\" (expected: a method of " + name() + ", one of "
                    + String.join(", ", methods.keySet()) + ")");
        }
        return method;
    }

    /** A client that calls this service through {@code channel}. */
    public ProtobufJsonClient client(Channel channel) {
        return ProtobufJsonClient.of(this, channel);
    }

    /** The service as a server takes it, with each method served by {@code handler}. */
    public ServiceDefinition bind(ProtobufJsonHandler handler) {
        ServiceDefinition.Builder builder = ServiceDefinition.builder(new ServiceDescriptor(
                descriptor.getName(),
                descriptor.getFile().getPackage(),
                PayloadFormat.PROTOBUF,
                List.copyOf(methods.values())));
        for (MethodDescriptor<String, String> method : methods.values()) {
            String name = method.name();
            switch (method.mode()) {
                case UNARY -> builder.unary(method, request -> handler.unary(name, request));
                case CLIENT -> builder.clientStreaming(method, stream -> handler.clientStreaming(name, stream));
                case SERVER ->
                    builder.serverStreaming(
                            method, (request, stream) -> handler.serverStreaming(name, request, stream));
                case BIDIRECTIONAL -> builder.bidiStreaming(method, stream -> handler.bidiStreaming(name, stream));
            }
        }
        return builder.build();
    }

    @Override
    public String toString() {
        return name();
    }
}
