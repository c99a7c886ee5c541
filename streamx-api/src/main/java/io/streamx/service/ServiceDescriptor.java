package io.streamx.service;

import java.util.List;

/**
 * A service as its IDL names it.
 *
 * @param name the IDL service name, sent as {@code isn}
 * @param grpcPackage the package in a gRPC path, empty when there is none
 * @param format what its messages are written in
 * @param methods all methods, inherited ones first
 */
public record ServiceDescriptor(
        String name, String grpcPackage, PayloadFormat format, List<MethodDescriptor<?, ?>> methods) {
    /** Copies the list. */
    public ServiceDescriptor {
        methods = List.copyOf(methods);
    }
}
