package io.streamx.client;

import io.streamx.Transport;
import io.streamx.endpoint.ClientStatus;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * What opens the streams and makes the unary calls of a client. Each of them is made when it is first used, so that a
 * client needs no module for what it does not call. Safe from any thread.
 */
final class ClientCallers {
    private static final ThreadFactory ORDINARY_THREADS =
            Thread.ofVirtual().name("caller").factory();

    private final String service;
    private final ClientSettings settings;
    private final ClientMiddlewares middleware;
    private final Candidates candidates;
    private final @Nullable CallerLoops loops;
    private final Map<Transport, StreamCaller> streams = new ConcurrentHashMap<>();

    private volatile @Nullable UnaryCaller unary;
    private volatile @Nullable UnaryStreamCaller unaryOverStreams;
    private volatile boolean closed;

    /** {@code loops} is null where event loops schedule no callers; the loops are closed with all else. */
    ClientCallers(String service, ClientSettings settings, ClientMiddlewares middleware, @Nullable CallerLoops loops) {
        this.service = service;
        this.settings = settings;
        this.middleware = middleware;
        this.loops = loops;
        candidates = new Candidates(
                new KnownInstances(service, settings.resolver(), settings.connectionWait(), settings.time()),
                settings.balancer());
    }

    /** Makes threads for callers. */
    ThreadFactory threads() {
        return loops != null ? loops : ORDINARY_THREADS;
    }

    /**
     * What opens streams on {@code transport}.
     *
     * @throws IllegalStateException when the client is closed, or no module on the class path carries the transport
     */
    StreamCaller streams(Transport transport) {
        StreamCaller made = streams.get(transport);
        return made != null && !closed ? made : makeStreams(transport);
    }

    private synchronized StreamCaller makeStreams(Transport transport) {
        checkOpen();
        StreamCaller made = streams.get(transport);
        if (made == null) {
            made = new StreamCaller(settings, middleware, candidates, loops, transport);
            streams.put(transport, made);
        }
        return made;
    }

    /** What makes unary calls that are not carried by streams. */
    UnaryCaller unary() {
        UnaryCaller made = unary;
        return made != null && !closed ? made : makeUnary();
    }

    private synchronized UnaryCaller makeUnary() {
        checkOpen();
        UnaryCaller made = unary;
        if (made == null) {
            made = new UnaryCaller(settings, middleware, candidates, loops);
            unary = made;
        }
        return made;
    }

    /** What makes unary calls as streams of one message each way. */
    UnaryStreamCaller unaryOverStreams() {
        UnaryStreamCaller made = unaryOverStreams;
        return made != null && !closed ? made : makeUnaryOverStreams();
    }

    private synchronized UnaryStreamCaller makeUnaryOverStreams() {
        StreamCaller carrier = makeStreams(Transport.GRPC);
        UnaryStreamCaller made = unaryOverStreams;
        if (made == null) {
            made = new UnaryStreamCaller(settings, carrier, middleware, candidates);
            unaryOverStreams = made;
        }
        return made;
    }

    ClientStatus status() {
        return candidates.status(service);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("client for " + service + " is closed");
        }
    }

    void close() {
        UnaryCaller made;
        synchronized (this) {
            closed = true;
            made = unary;
        }
        streams.values().forEach(StreamCaller::close);
        if (made != null) {
            made.close();
        }
        candidates.close();
        if (loops != null) {
            loops.close();
        }
    }
}
