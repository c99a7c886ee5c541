package io.streamx.grpc.protocol;

/**
 * What a path names.
 *
 * @param grpcPackage the package, which may hold dots; empty for none
 * @param service the service without its package
 * @param method the method
 */
public record GrpcPath(String grpcPackage, String service, String method) {
    /**
     * Reads a path, with or without its first slash: the method follows the last slash, the package ends at the last dot
     * before it.
     *
     * <p>Source: docs/protocol/grpc.md "3. Path".
     *
     * @throws IllegalArgumentException when no slash divides the path
     */
    public static GrpcPath parse(String path) {
        String names = path.startsWith("/") ? path.substring(1) : path;
        int slash = names.lastIndexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "malformed method name, method=\"" + names + "\" (expected: /package.Service/Method)");
        }
        int dot = names.lastIndexOf('.', slash - 1);
        return new GrpcPath(
                dot < 0 ? "" : names.substring(0, dot), names.substring(dot + 1, slash), names.substring(slash + 1));
    }

    /** The service with its package. */
    public String fullService() {
        return grpcPackage.isEmpty() ? service : grpcPackage + '.' + service;
    }

    /** The value of the header. */
    public String value() {
        return '/' + fullService() + '/' + method;
    }
}
