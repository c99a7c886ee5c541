package io.streamx.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as its IDL names it.
 *
 * @param name the IDL service name, sent as {@code isn}
 * @param grpcPackage the package in a gRPC path, empty when there is none
 * @param format what its messages are written in
 * @param methods all methods, inherited ones first
 * @param schema what the library of the format knows the service by, for tools that describe services to others: a
 *     {@code com.google.protobuf.Descriptors.ServiceDescriptor} for Protobuf; null when there is none
 */
public record ServiceDescriptor(
        String name,
        String grpcPackage,
        PayloadFormat format,
        List<MethodDescriptor<?, ?>> methods,
        @Nullable Object schema) {
    /** Copies the list. */
    public ServiceDescriptor {
        methods = List.copyOf(methods);
    }

    /** A service without a schema. */
    public ServiceDescriptor(
            String name, String grpcPackage, PayloadFormat format, List<MethodDescriptor<?, ?>> methods) {
        this(name, grpcPackage, format, methods, null);
    }

    /**
     * The name with the package before it, {@code acme.v1.Echo}, which tells this service from other services of one
     * server.
     */
    public String fullName() {
        return grpcPackage.isEmpty() ? name : grpcPackage + '.' + name;
    }
}
