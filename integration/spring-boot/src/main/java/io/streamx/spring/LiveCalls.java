package io.streamx.spring;

import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.server.Server;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keeps which calls run now, at clients and at the server. */
final class LiveCalls implements Extension {
    private final Listener atClients = new Listener("client");
    private final Listener atServer = new Listener("server");

    /** A call that runs. */
    static final class LiveCall {
        private final String side;
        private final CallInfo call;
        private final LongAdder sent = new LongAdder();
        private final LongAdder received = new LongAdder();

        LiveCall(String side, CallInfo call) {
            this.side = side;
            this.call = call;
        }

        String side() {
            return side;
        }

        CallInfo call() {
            return call;
        }

        long messagesSent() {
            return sent.sum();
        }

        long messagesReceived() {
            return received.sum();
        }
    }

    @Override
    public void installInto(Client.Builder client) {
        client.callListener(atClients);
    }

    @Override
    public void installInto(Server.Builder server) {
        server.callListener(atServer);
    }

    /** All that run now, in no order. */
    Stream<LiveCall> all() {
        return Stream.concat(atServer.calls.values().stream(), atClients.calls.values().stream());
    }

    private static final class Listener implements CallListener {
        private final String side;
        private final Map<CallInfo, LiveCall> calls = new ConcurrentHashMap<>();

        Listener(String side) {
            this.side = side;
        }

        @Override
        public void onStart(CallInfo call) {
            calls.put(call, new LiveCall(side, call));
        }

        @Override
        public void onSend(CallInfo call, long bytes, @Nullable Throwable failure) {
            LiveCall live = calls.get(call);
            if (live != null && failure == null) {
                live.sent.increment();
            }
        }

        @Override
        public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
            LiveCall live = calls.get(call);
            if (live != null && failure == null) {
                live.received.increment();
            }
        }

        @Override
        public void onFinish(CallInfo call, Summary summary) {
            calls.remove(call);
        }
    }
}
