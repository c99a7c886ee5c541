package io.streamx;

/**
 * A server has a method that it does not implement. Methods of generated interfaces that a handler does not override throw
 * this; a handler may throw it too. A caller sees what it sees of an unknown method: on gRPC status 12 UNIMPLEMENTED, on a
 * TTHeader stream {@link StreamException#APPLICATION} with an {@link ApplicationException} of type {@link
 * ApplicationException#UNKNOWN_METHOD} as its cause, on unary Thrift calls that exception itself. So {@link #statusCode} is
 * {@link StatusCode#UNIMPLEMENTED} at each of them.
 */
public final class UnimplementedException extends RpcException {
    private static final long serialVersionUID = 1L;

    private final String service;
    private final String method;

    /** Names the method of a service, both as callers write them. */
    public UnimplementedException(String service, String method) {
        super("unknown method " + method + " (service " + service + " does not implement it)", null, false);
        this.service = service;
        this.method = method;
    }

    /** The service. */
    public String service() {
        return service;
    }

    /** The method. */
    public String method() {
        return method;
    }

    @Override
    public int statusCode() {
        return StatusCode.UNIMPLEMENTED;
    }
}
