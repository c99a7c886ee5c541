package io.streamx.endpoint;

import io.streamx.CallListener;
import io.streamx.ConnectionListener;
import io.streamx.StreamThreads;
import io.streamx.TransportOptions;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Limits;
import io.streamx.wire.TimeSource;
import io.streamx.wire.TransportOptionsByType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What can be set at clients and at servers. Use {@link io.streamx.client.Client#builder} and {@link
 * io.streamx.server.Server#builder}, whose builders extend this class. A builder is for one thread at a time.
 *
 * @param <B> the builder itself, which every method returns
 */
public abstract class EndpointBuilder<B extends EndpointBuilder<B>> {
    private final List<ForMethods<RecvMiddleware>> recvMiddleware = new ArrayList<>();
    private final List<ForMethods<SendMiddleware>> sendMiddleware = new ArrayList<>();
    private final List<CallListener> listeners = new ArrayList<>();
    private final List<ConnectionListener> connectionListeners = new ArrayList<>();
    private final PolicyEvents policyEvents = new PolicyEvents();
    private Predicate<MethodDescriptor<?, ?>> methods = method -> true;
    private StreamThreads streamThreads = StreamThreads.VIRTUAL;
    private Limits limits = Limits.DEFAULT;
    private TimeSource timeSource = TimeSource.SYSTEM;
    private TransportOptionsByType transportOptions = TransportOptionsByType.NONE;

    /** A builder in which nothing is set yet, so that all has its default. */
    protected EndpointBuilder() {}

    /** This builder, as its own class. */
    protected abstract B self();

    // ---- what is called on the way ----

    /** Wraps each recv of a stream; the first registered is the outermost. */
    public final B recvMiddleware(RecvMiddleware middleware) {
        recvMiddleware.add(selected(middleware));
        return self();
    }

    /** Wraps each send of a stream; the first registered is the outermost. */
    public final B sendMiddleware(SendMiddleware middleware) {
        sendMiddleware.add(selected(middleware));
        return self();
    }

    /** Registers middleware for some methods alone: what {@code registration} registers is used for those. */
    public final B forMethods(Predicate<MethodDescriptor<?, ?>> selection, Consumer<B> registration) {
        Predicate<MethodDescriptor<?, ?>> outer = methods;
        methods = outer.and(selection);
        try {
            registration.accept(self());
        } finally {
            methods = outer;
        }
        return self();
    }

    /** Tells a listener what happens on calls, streams and unary ones. */
    public final B callListener(CallListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return self();
    }

    /** Tells a listener when connections are made and end. */
    public final B connectionListener(ConnectionListener listener) {
        connectionListeners.add(Objects.requireNonNull(listener, "listener"));
        return self();
    }

    /** Tells a listener what policies around calls decide, such as those of {@code streamx-resilience}. */
    public final B policyListener(PolicyListener listener) {
        policyEvents.add(Objects.requireNonNull(listener, "listener"));
        return self();
    }

    /**
     * For extensions that have policies: whom to tell of what they decide. It passes everything on to all listeners of this end,
     * also to those that are registered later, and may be kept. Safe from any thread.
     */
    public final PolicyListener policyEvents() {
        return policyEvents;
    }

    /** Takes a bundle of settings that belong together. */
    public final B with(Consumer<B> suite) {
        suite.accept(self());
        return self();
    }

    /**
     * Lets an extension register what it needs at this end. Within {@link #forMethods} its middleware is for those methods
     * alone.
     */
    public abstract B install(Extension extension);

    // ---- limits and transports ----

    /** The largest message in either direction, in bytes; 16 MiB when not set. */
    public final B maxMessageBytes(int bytes) {
        limits = limits.withMaxMessageBytes(bytes);
        return self();
    }

    /**
     * How many bytes may wait in memory, in each direction, of one stream and of all streams of a connection together;
     * 256 KiB and 8 MiB when not set.
     */
    public final B buffers(int bytesPerStream, int bytesPerConnection) {
        limits = limits.withBuffers(bytesPerStream, bytesPerConnection);
        return self();
    }

    /** How long an unread stream may hold up its connection while another waits for a message; 5 s when not set. */
    public final B stallTimeout(Duration timeout) {
        limits = limits.withStallTimeout(timeout);
        return self();
    }

    /**
     * Sets what one transport alone has, such as {@code GrpcOptions}. Options of several transports may be set one
     * after the other; of several objects of one class the one set last counts.
     */
    public final B transportOptions(TransportOptions options) {
        transportOptions = transportOptions.with(options);
        return self();
    }

    /**
     * What schedules the threads of a server's handlers, and those that a client makes for its callers; the JDK when not set.
     */
    public final B streamThreads(StreamThreads threads) {
        streamThreads = Objects.requireNonNull(threads, "threads");
        return self();
    }

    /**
     * By which time the limits of time of this end are measured: that of the system when not set. For tests, which hand it a
     * {@code ManualClock} of streamx-testing and turn that.
     */
    public final B timeSource(TimeSource time) {
        timeSource = Objects.requireNonNull(time, "time");
        return self();
    }

    // ---- for the builders of the two ends ----

    /** By which time limits are measured, as set so far. */
    protected final TimeSource chosenTimeSource() {
        return timeSource;
    }

    /** What schedules threads, as set so far. */
    protected final StreamThreads chosenStreamThreads() {
        return streamThreads;
    }

    /** The middleware with the methods that {@link #forMethods} has chosen for it. */
    protected final <M> ForMethods<M> selected(M middleware) {
        return new ForMethods<>(methods, Objects.requireNonNull(middleware, "middleware"));
    }

    /** What {@link #recvMiddleware} has registered so far. */
    protected final List<ForMethods<RecvMiddleware>> recvMiddlewares() {
        return List.copyOf(recvMiddleware);
    }

    /** What {@link #sendMiddleware} has registered so far. */
    protected final List<ForMethods<SendMiddleware>> sendMiddlewares() {
        return List.copyOf(sendMiddleware);
    }

    /** What {@link #callListener} has registered so far. */
    protected final List<CallListener> listeners() {
        return List.copyOf(listeners);
    }

    /** What {@link #connectionListener} has registered so far. */
    protected final List<ConnectionListener> connectionListeners() {
        return List.copyOf(connectionListeners);
    }

    /** The limits as set so far. */
    protected final Limits limits() {
        return limits;
    }

    /** Changes the limits in a way that one end alone offers. */
    protected final void limits(Limits changed) {
        limits = changed;
    }

    /** The options of single transports as set so far. */
    protected final TransportOptionsByType chosenTransportOptions() {
        return transportOptions;
    }
}
