package io.streamx.engine;

import io.streamx.CallContext;
import io.streamx.wire.Draining;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the user of one client's stream wants to have run when the server leaves. It ends with the stream, so that a
 * connection does not keep what an ended stream has left. Safe from any thread.
 */
final class DrainingListeners {
    private final ClientStreamEnd end;
    private final Set<CallContext.Registration> registered = ConcurrentHashMap.newKeySet();

    DrainingListeners(ClientStreamEnd end) {
        this.end = end;
        Set<CallContext.Registration> all = registered;
        end.trailer().whenComplete((entries, failure) -> all.forEach(CallContext.Registration::close));
    }

    /** Runs {@code listener} when the server leaves while the stream goes on. */
    CallContext.Registration add(Runnable listener) {
        // What the connection keeps does not keep the user's stream: streams that nobody holds any more are given up.
        ClientStreamEnd ofStream = end;
        Draining draining = end.exchange().connection().leaving().draining();
        CallContext.Registration told = draining.onBegin(() -> {
            if (!ofStream.isKnown()) {
                listener.run();
            }
        });
        registered.add(told);
        if (end.isKnown()) {
            told.close();
        }
        return () -> {
            told.close();
            // A stream may live for days, and a listener for a moment of it.
            registered.remove(told);
        };
    }
}
