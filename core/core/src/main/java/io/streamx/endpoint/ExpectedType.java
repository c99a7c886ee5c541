package io.streamx.endpoint;

import io.streamx.BidiStreamingClient;
import io.streamx.ClientStreamingClient;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamingMode;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ResultCodec;
import org.jspecify.annotations.Nullable;

/**
 * What a middleware has to return or pass on, so that one which gives something else is named at once: later, a cast that
 * fails somewhere in generated code names nobody.
 *
 * @param what such as "result"
 * @param type null where nothing is known, and nothing is checked
 */
public record ExpectedType(
        MethodDescriptor<?, ?> method,
        String what,
        @Nullable Class<?> type) {
    /** The result of a unary method. */
    public static ExpectedType result(MethodDescriptor<?, ?> method) {
        ResultCodec<?> codec = method.mode() == StreamingMode.UNARY ? method.resultCodec() : null;
        return new ExpectedType(method, "result", codec == null ? null : codec.resultType());
    }

    /** What a client sends. */
    public static ExpectedType request(MethodDescriptor<?, ?> method) {
        return new ExpectedType(method, "request", method.requestCodec().messageType());
    }

    /** What a server sends in a stream. */
    public static ExpectedType response(MethodDescriptor<?, ?> method) {
        return new ExpectedType(method, "message", method.responseCodec().messageType());
    }

    /** The stream that a client opens. */
    public static ExpectedType stream(MethodDescriptor<?, ?> method) {
        return new ExpectedType(
                method,
                "stream",
                switch (method.mode()) {
                    case CLIENT -> ClientStreamingClient.class;
                    case SERVER -> ServerStreamingClient.class;
                    case BIDIRECTIONAL -> BidiStreamingClient.class;
                    case UNARY -> null;
                });
    }

    /**
     * What {@code middleware} has returned.
     *
     * @throws IllegalStateException naming the middleware when it is of another class
     */
    public @Nullable Object from(Object middleware, @Nullable Object value) {
        if (type != null && value != null && !type.isInstance(value)) {
            throw new IllegalStateException(what + " of " + method + " from middleware " + name(middleware) + ": a "
                    + value.getClass().getName() + " (expected: a " + type.getName() + ")");
        }
        return value;
    }

    /** The class of a lambda ends in digits that tell nobody anything. */
    private static String name(Object middleware) {
        String name = middleware.getClass().getName();
        int lambda = name.indexOf("$$Lambda");
        return lambda < 0 ? name : "a lambda of " + name.substring(0, lambda);
    }
}
