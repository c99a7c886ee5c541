package io.streamx.server;

import io.streamx.CallListener;
import io.streamx.ConnectionListener;
import io.streamx.UnknownMethodHandler;
import io.streamx.UnknownUnaryMethodHandler;
import io.streamx.engine.ServerTimeLimits;
import io.streamx.middleware.OpenedHook;
import io.streamx.wire.Limits;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.TransportOptionsByType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server's builder has collected beside services and middleware. Immutable.
 *
 * @param handlersOnLoops whether event loops schedule the threads of handlers
 */
record ServerSettings(
        Limits limits,
        TransportOptionsByType transportOptions,
        Duration idleTimeout,
        Duration readTimeout,
        ServerTimeLimits timeLimits,
        @Nullable Duration unaryTimeout,
        boolean callerTimeoutKept,
        List<CallListener> listeners,
        List<ConnectionListener> connectionListeners,
        List<OpenedHook> openedHooks,
        CallerChecks callers,
        @Nullable UnknownMethodHandler unknownMethods,
        @Nullable UnknownUnaryMethodHandler unknownUnaryMethods,
        int maxConnections,
        int maxRunningCalls,
        boolean handlersOnLoops) {
    ServerSettings {
        listeners = List.copyOf(listeners);
        openedHooks = List.copyOf(openedHooks);
    }

    /**
     * Shows the hooks what a call was opened with.
     *
     * @throws Exception what a hook throws, which is the outcome of the call
     */
    void showOpening(ServerCallContext context, OpeningEntries entries) throws Exception {
        for (OpenedHook hook : openedHooks) {
            hook.onOpened(context, entries.ints(), entries.texts().firstValues());
        }
    }
}
