package io.streamx.generic.protobuf;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;

/**
 * Serves all methods of a {@link ProtobufService} with JSON: one method here for each shape, which is told the name of the method
 * that is called. A shape that is not overridden answers its callers with an unknown method. May run on any number of threads at
 * once. What it throws ends the call as in any handler.
 */
public interface ProtobufJsonHandler {
    /** Serves a unary call, and returns the reply. */
    default String unary(String method, String request) throws Exception {
        throw unserved(method);
    }

    /** Serves a stream of requests with one reply; returning ends the stream. */
    default void clientStreaming(String method, ClientStreamingServer<String, String> stream) throws Exception {
        throw unserved(method);
    }

    /** Serves one request with a stream of replies; returning ends the stream. */
    default void serverStreaming(String method, String request, ServerStreamingServer<String> stream) throws Exception {
        throw unserved(method);
    }

    /** Serves a bidirectional stream; returning ends it. */
    default void bidiStreaming(String method, BidiStreamingServer<String, String> stream) throws Exception {
        throw unserved(method);
    }

    private static ApplicationException unserved(String method) {
        return new ApplicationException(
                ApplicationException.UNKNOWN_METHOD, "method " + method + " is not served (its shape has no handler)");
    }
}
