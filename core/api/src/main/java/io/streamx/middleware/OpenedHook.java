package io.streamx.middleware;

import io.streamx.CallContext;
import java.util.Map;

/**
 * Sees, at the server, all entries that a stream was opened with, and those of a unary call on gRPC. A hook runs on the
 * handler's thread, before any middleware. An exception that it throws is the outcome of the stream or call, whose
 * handler is not run.
 *
 * <p>Source: kitex pkg/remote/trans/ttstream/server_handler_option.go.
 */
@FunctionalInterface
public interface OpenedHook {
    /** Called once for each stream, and for each unary call on gRPC. */
    void onOpened(CallContext call, Map<Integer, String> intEntries, Map<String, String> entries) throws Exception;
}
