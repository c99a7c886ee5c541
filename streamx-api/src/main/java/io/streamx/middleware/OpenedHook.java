package io.streamx.middleware;

import io.streamx.CallContext;
import java.util.Map;

/**
 * Sees all entries a stream was opened with, at the server. On the handler's thread, before any middleware; an exception
 * it throws is the outcome of the stream, whose handler is not run.
 *
 * <p>Source: kitex pkg/remote/trans/ttstream/server_handler_option.go.
 */
@FunctionalInterface
public interface OpenedHook {
    /** Called once for each stream. */
    void onOpened(CallContext call, Map<Integer, String> intEntries, Map<String, String> entries) throws Exception;
}
