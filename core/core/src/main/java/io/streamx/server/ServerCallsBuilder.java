package io.streamx.server;

import io.streamx.StreamThreads;
import io.streamx.UnknownMethodHandler;
import io.streamx.UnknownUnaryMethodHandler;
import io.streamx.auth.Authenticator;
import io.streamx.endpoint.EndpointBuilder;
import io.streamx.endpoint.ForMethods;
import io.streamx.engine.ServerTimeLimits;
import io.streamx.middleware.OpenedHook;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.middleware.ServerStreamMiddleware;
import io.streamx.middleware.ServerUnaryMiddleware;
import io.streamx.net.LoopThreads;
import io.streamx.wire.Checks;
import io.streamx.wire.Defaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be set at a server about the calls that it handles: what stands around them, methods that no service has, and
 * limits of time and number. Use {@link Server#builder}, whose builder extends this class. A builder is for one thread at
 * a time.
 */
public abstract sealed class ServerCallsBuilder extends EndpointBuilder<Server.Builder>
        permits ServerConnectionsBuilder {
    private final List<ForMethods<ServerStreamMiddleware>> streamMiddleware = new ArrayList<>();
    private final List<ForMethods<ServerUnaryMiddleware>> unaryMiddleware = new ArrayList<>();
    private final List<ForMethods<ServerMiddleware>> bothMiddleware = new ArrayList<>();
    private final List<OpenedHook> openedHooks = new ArrayList<>();
    private final List<ForMethods<Authenticator>> authenticators = new ArrayList<>();
    private @Nullable UnknownMethodHandler unknownMethods;
    private @Nullable UnknownUnaryMethodHandler unknownUnaryMethods;
    private boolean serviceNameRequired;
    private @Nullable Duration recvTimeout;
    private @Nullable Duration streamIdleTimeout;
    private @Nullable Duration streamTimeout;
    private Duration sendTimeout = Defaults.SEND_TIMEOUT;
    private @Nullable Duration unaryTimeout;
    private Duration lateHandlerWarning = Defaults.LATE_HANDLER;
    private boolean callerTimeoutKept = true;
    private int maxRunningCalls = Integer.MAX_VALUE;

    ServerCallsBuilder() {}

    /** Wraps the handling of each stream; the first registered is the outermost. */
    public final Server.Builder streamMiddleware(ServerStreamMiddleware middleware) {
        this.streamMiddleware.add(selected(middleware));
        return self();
    }

    /** Wraps each unary call; the first registered is the outermost. */
    public final Server.Builder unaryMiddleware(ServerUnaryMiddleware middleware) {
        this.unaryMiddleware.add(selected(middleware));
        return self();
    }

    /** Wraps each call of either kind, around the middleware for one kind. */
    public final Server.Builder middleware(ServerMiddleware middleware) {
        this.bothMiddleware.add(selected(middleware));
        return self();
    }

    /**
     * Finds out who makes each call, and refuses those who may not, before anything of the call is decoded or run. Within
     * {@link #forMethods} the check is for those methods alone, such as all but the health service's. Where several are for a
     * method each of them has to know the caller, and {@link io.streamx.CallContext#principal} is whom the last has found;
     * {@link Authenticator#or} is for callers that come with one of several credentials.
     */
    public final Server.Builder authenticator(Authenticator authenticator) {
        authenticators.add(selected(authenticator));
        return self();
    }

    /** Shows a hook the entries each stream is opened with. */
    public final Server.Builder openedHook(OpenedHook hook) {
        openedHooks.add(Objects.requireNonNull(hook, "hook"));
        return self();
    }

    /** Serves streams of methods that no service has, instead of answering that they are unknown. */
    public final Server.Builder unknownMethodHandler(UnknownMethodHandler handler) {
        unknownMethods = Objects.requireNonNull(handler, "handler");
        return self();
    }

    /** Serves unary calls of methods that no service has, instead of answering that they are unknown. */
    public final Server.Builder unknownUnaryMethodHandler(UnknownUnaryMethodHandler handler) {
        unknownUnaryMethods = Objects.requireNonNull(handler, "handler");
        return self();
    }

    /**
     * Refuses calls that do not name one service of this server; otherwise the method's name may do, also among services
     * of one simple name.
     */
    public final Server.Builder requireServiceName() {
        serviceNameRequired = true;
        return self();
    }

    /**
     * The limit of each recv of a handler. A stream whose recv waits longer ends. There is no limit when not set.
     */
    public final Server.Builder recvTimeout(Duration timeout) {
        recvTimeout = Checks.positive("recvTimeout", timeout);
        return self();
    }

    /**
     * The longest time without a message in either direction, after which a stream ends. There is no limit when not
     * set.
     */
    public final Server.Builder streamIdleTimeout(Duration timeout) {
        streamIdleTimeout = Checks.positive("streamIdleTimeout", timeout);
        return self();
    }

    /**
     * How long a send of a handler waits while its caller takes nothing of the stream; then the stream ends, and the send
     * throws. A caller that has stopped reading without saying so would hold its handler until its process ends. 5 minutes
     * when not set.
     */
    public final Server.Builder sendTimeout(Duration timeout) {
        sendTimeout = Checks.positive("sendTimeout", timeout);
        return self();
    }

    /** The limit of each whole stream. There is none when not set. */
    public final Server.Builder streamTimeout(Duration timeout) {
        streamTimeout = Checks.positive("streamTimeout", timeout);
        return self();
    }

    /**
     * The limit of each handler of a unary method, on every carrier. When it passes, the call is cancelled, the
     * handler's thread is interrupted, and the caller is told of the limit though the handler may run on. There is
     * none when not set.
     */
    public final Server.Builder unaryTimeout(Duration timeout) {
        unaryTimeout = Checks.positive("unaryTimeout", timeout);
        return self();
    }

    /**
     * After what time the log names a handler that runs on although its call has ended, by a cancel, a limit or the close of
     * the server: one line with the stack of its thread. 10 s when not set, zero for never.
     */
    public final Server.Builder lateHandlerWarning(Duration time) {
        lateHandlerWarning = Checks.notNegative("lateHandlerWarning", time);
        return self();
    }

    /**
     * Whether handlers of unary TTHeader calls are held to the time that their caller allows, which int key 12
     * says: past that time the call is cancelled and the handler's thread interrupted, as at the deadline of a gRPC
     * call. True when not set; false, as in Kitex where nothing is set, leaves the key unused.
     */
    public final Server.Builder keepCallerTimeout(boolean keep) {
        callerTimeoutKept = keep;
        return self();
    }

    /**
     * How many streams one connection carries at once; further ones are refused with an answer. 10,000 when not
     * set.
     */
    public final Server.Builder maxConcurrentStreams(int streams) {
        limits(limits().withMaxConcurrentStreams(streams));
        return self();
    }

    /**
     * How many handlers run at once, those of streams and those of unary calls; a call beyond that is refused with
     * an answer. Any number when not set.
     */
    public final Server.Builder maxRunningCalls(int calls) {
        maxRunningCalls = Checks.positive("maxRunningCalls", calls);
        return self();
    }

    // ---- for the server ----

    /** Whether a handler takes calls of methods that no service has. */
    final boolean takesUnknownMethods() {
        return unknownMethods != null || unknownUnaryMethods != null;
    }

    /** Whether calls have to name their service. */
    final boolean isServiceNameRequired() {
        return serviceNameRequired;
    }

    /** The middleware as registered so far. */
    final ServerMiddlewares middlewares() {
        return new ServerMiddlewares(
                bothMiddleware, streamMiddleware, unaryMiddleware, recvMiddlewares(), sendMiddlewares());
    }

    /** The settings as made so far, with those of connections, which {@link ServerConnectionsBuilder} has. */
    final ServerSettings settings(Duration idleTimeout, Duration readTimeout, int maxConnections) {
        return new ServerSettings(
                limits(),
                chosenTransportOptions(),
                idleTimeout,
                readTimeout,
                new ServerTimeLimits(recvTimeout, streamIdleTimeout, streamTimeout, sendTimeout, lateHandlerWarning),
                unaryTimeout,
                callerTimeoutKept,
                listeners(),
                connectionListeners(),
                openedHooks,
                new CallerChecks(authenticators),
                unknownMethods,
                unknownUnaryMethods,
                maxConnections,
                maxRunningCalls,
                chosenStreamThreads() == StreamThreads.EVENT_LOOP && LoopThreads.isAvailable());
    }
}
