package io.streamx.generic;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import org.jspecify.annotations.Nullable;

/**
 * Serves all methods of a {@link GenericService}: one method here for each shape, which is told which method of the
 * service is called. A shape that is not overridden answers its callers with an unknown method. May run on any number of
 * threads at once. What it throws ends the call as in any handler; {@link GenericException} is an exception of the IDL.
 *
 * @param <T> the class of requests and replies, by the {@link Form} that the service was bound with
 */
public interface GenericHandler<T> {
    /**
     * Serves a unary call.
     *
     * @param request null where the caller sent no argument
     * @return the reply; null for a method that returns nothing
     */
    default @Nullable T unary(GenericMethod method, @Nullable T request) throws Exception {
        throw unserved(method);
    }

    /** Serves a stream of requests with one reply; returning ends the stream. */
    default void clientStreaming(GenericMethod method, ClientStreamingServer<T, T> stream) throws Exception {
        throw unserved(method);
    }

    /** Serves one request with a stream of replies; returning ends the stream. */
    default void serverStreaming(GenericMethod method, T request, ServerStreamingServer<T> stream) throws Exception {
        throw unserved(method);
    }

    /** Serves a bidirectional stream; returning ends it. */
    default void bidiStreaming(GenericMethod method, BidiStreamingServer<T, T> stream) throws Exception {
        throw unserved(method);
    }

    private static ApplicationException unserved(GenericMethod method) {
        return new ApplicationException(
                ApplicationException.UNKNOWN_METHOD,
                "method " + method + " is not served (its " + method.mode() + " shape has no handler)");
    }
}
