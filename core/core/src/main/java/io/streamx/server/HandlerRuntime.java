package io.streamx.server;

import io.netty.channel.Channel;
import io.streamx.BidiStreamingServer;
import io.streamx.CallListener;
import io.streamx.ClientStreamingServer;
import io.streamx.ConnectionInfo;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.ServerStream;
import io.streamx.ServerStreamingServer;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.endpoint.ServerStatus;
import io.streamx.engine.BlockingServerStream;
import io.streamx.engine.CallEvents;
import io.streamx.engine.StreamConnection;
import io.streamx.engine.flow.ProcessMemory;
import io.streamx.engine.flow.ReplyRoom;
import io.streamx.engine.flow.SendBudget;
import io.streamx.jfr.RecordedCall;
import io.streamx.middleware.ServerStreamMiddleware.StreamHandler;
import io.streamx.net.ConnectionEvents;
import io.streamx.net.NetworkMemory;
import io.streamx.net.StalledWrites;
import io.streamx.net.StalledWrites.StallTimes;
import io.streamx.service.ContextStorage;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.Draining;
import io.streamx.wire.Limits;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.ServerStreamEvents;
import io.streamx.wire.ServerWire;
import io.streamx.wire.StreamHost;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import io.streamx.wire.TransportOptionsByType;
import io.streamx.wire.UnsentReplies;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs handlers, each on a virtual thread of its own, with the middleware around them. Safe from any thread. */
final class HandlerRuntime implements ServerRuntime {
    /** What to run for the streams of one method, and what each stream is given. */
    private record StreamMethod(StreamHandler handler, BlockingServerStream.Settings settings) {}

    private final ServiceRegistry registry;
    private final ServerSettings settings;
    private final RefusalLog refusals = new RefusalLog();
    private final Draining draining = new Draining();
    /** Begins when the last connection has ended: for handlers that no connection can tell of it. */
    private final Draining closed = new Draining();

    private final OpenConnections connections = new OpenConnections();
    private final ServerMiddlewares middleware;
    private final HandlerThreads threads;
    private final UnknownMethods unknownMethods;

    /** What to run for each method, middleware included. The map is filled once and then only read. */
    private final IdentityHashMap<BoundMethod<?, ?>, StreamMethod> streamMethods = new IdentityHashMap<>();

    private final UnaryCalls unaryCalls;

    HandlerRuntime(ServiceRegistry registry, ServerSettings settings, ServerMiddlewares middleware) {
        this.registry = registry;
        this.settings = settings;
        this.middleware = middleware;
        threads = new HandlerThreads(settings);
        unknownMethods = new UnknownMethods(settings.unknownMethods(), settings.unknownUnaryMethods());
        unaryCalls = new UnaryCalls(settings, middleware, threads, closed);
        registry.forEach(method -> {
            if (method.handler() instanceof ServiceDefinition.UnaryHandler<?, ?>) {
                unaryCalls.add(method);
            } else {
                streamMethods.put(method, streamMethod(method));
            }
        });
    }

    private StreamMethod streamMethod(BoundMethod<?, ?> method) {
        MethodDescriptor<?, ?> descriptor = method.descriptor();
        return new StreamMethod(
                middleware.aroundStream(descriptor, streamHandler(method)),
                new BlockingServerStream.Settings(
                        middleware.receiver(descriptor),
                        middleware.sender(descriptor),
                        settings.listeners(),
                        settings.timeLimits()));
    }

    // ---- streams ----

    @Override
    public boolean wantsOpeningEntries() {
        return !settings.openedHooks().isEmpty();
    }

    @Override
    public <Req, Res> ServerStreamEvents start(
            StreamHost host,
            ServerWire wire,
            BoundMethod<Req, Res> method,
            MethodDescriptor<Req, Res> written,
            ServerCallContext context,
            OpeningEntries entries) {
        StreamMethod known = streamMethods.get(method);
        // A method that no service lists is composed for each of its streams: nothing is kept for what peers make up.
        StreamMethod found = known != null ? known : streamMethod(method);
        BlockingServerStream<Req, Res> stream =
                new BlockingServerStream<>(StreamConnection.of(host), wire, written, context, found.settings());
        context.drainingOf(draining);
        threads.start(method, context, () -> run(method, found.handler(), context, stream, entries));
        return stream.exchange();
    }

    private void run(
            BoundMethod<?, ?> method,
            StreamHandler handler,
            ServerCallContext context,
            BlockingServerStream<?, ?> stream,
            OpeningEntries entries) {
        Throwable failure = null;
        try (ContextStorage.Scope scope = ContextStorage.attach(context)) {
            stream.begin();
            settings.callers().check(method.descriptor(), context, threads.failures());
            settings.showOpening(context, entries);
            handler.handle(context, stream);
        } catch (Throwable t) {
            failure = t;
            threads.failures().tell(context, t);
        }
        stream.finish(failure);
    }

    private static <Req, Res> StreamHandler streamHandler(BoundMethod<Req, Res> method) {
        if (method.handler() instanceof ServiceDefinition.UnaryHandler<?, ?>) {
            return (call, stream) -> {
                throw new RpcException(
                        call.service() + "." + call.method() + " was called as a stream (expected: as a unary method)");
            };
        }
        return (call, stream) -> {
            try {
                serve(method.handler(), stream);
            } catch (Throwable t) {
                if (call instanceof ServerCallContext context) {
                    context.handlerFailed(t);
                }
                throw t;
            }
        };
    }

    @SuppressWarnings("unchecked") // a middleware that replaces the stream must give one of the method's shape
    private static <Req, Res> void serve(ServiceDefinition.Handler<Req, Res> handler, ServerStream stream)
            throws Exception {
        switch (handler) {
            case ServiceDefinition.BidiStreamingHandler<Req, Res> bidi ->
                bidi.handle((BidiStreamingServer<Req, Res>) stream);
            case ServiceDefinition.ClientStreamingHandler<Req, Res> client ->
                client.handle((ClientStreamingServer<Req, Res>) stream);
            case ServiceDefinition.ServerStreamingHandler<Req, Res> server -> {
                Req request = ((BidiStreamingServer<Req, Res>) engineStream(stream)).recv();
                if (request == null) {
                    throw new RpcException("the stream ended before its request came");
                }
                server.handle(request, (ServerStreamingServer<Res>) stream);
            }
            case ServiceDefinition.UnaryHandler<Req, Res> unary ->
                throw new IllegalStateException("a unary handler serves no stream");
        }
    }

    /** The request of server streaming is received by the engine, whatever a middleware put around the stream. */
    private static ServerStream engineStream(ServerStream stream) {
        return stream instanceof BlockingServerStream<?, ?> own ? own : ((ServerCallContext) stream.call()).stream();
    }

    // ---- unary calls ----

    @Override
    public <Req, Res> void call(
            BoundMethod<Req, Res> method,
            ServerCallContext context,
            RequestSource<Req> request,
            Consumer<Outcome<Res>> done) {
        context.drainingOf(draining);
        unaryCalls.start(method, context, request, done);
    }

    @Override
    public void notRun(ServerCallContext context, Throwable reason) {
        List<CallListener> told = RecordedCall.listeningTo(context.mode(), settings.listeners());
        if (!told.isEmpty()) {
            Thread.startVirtualThread(() -> CallEvents.tellFailed(told, context, reason));
        }
    }

    @Override
    public void notRun(
            Channel channel,
            @Nullable Transport transport,
            @Nullable PingPong carrier,
            String service,
            String method,
            Supplier<? extends Throwable> reason) {
        StreamingMode mode = carrier == null ? StreamingMode.BIDIRECTIONAL : StreamingMode.UNARY;
        if (RecordedCall.listeningTo(mode, settings.listeners()).isEmpty()) {
            return;
        }
        ServerCallContext context = new ServerCallContext(service, method, mode, "", channel, Map.of(), Map.of(), null);
        if (transport == null) {
            context.cameThrough("http");
        } else {
            context.travelsOn(transport, carrier);
        }
        context.namedByCaller();
        notRun(context, reason.get());
    }

    // ---- the rest ----

    @Override
    public Limits limits() {
        return settings.limits();
    }

    @Override
    public TransportOptionsByType transportOptions() {
        return settings.transportOptions();
    }

    @Override
    public StreamHost.Factory hosts() {
        return StreamConnection::new;
    }

    @Override
    public Duration idleTimeout() {
        return settings.idleTimeout();
    }

    @Override
    public Duration readTimeout() {
        return settings.readTimeout();
    }

    @Override
    public @Nullable Duration sendTimeout() {
        return settings.timeLimits().sendStall();
    }

    @Override
    public UnsentReplies newReplies(Channel channel) {
        SendBudget unsent = new SendBudget(limits().connectionBufferBytes());
        return new ReplyRoom(limits().connectionBufferBytes(), unsent, ProcessMemory.shared(), TimeSource.of(channel));
    }

    @Override
    public @Nullable Duration unaryTimeout() {
        return settings.unaryTimeout();
    }

    @Override
    public boolean keepsCallerTimeout() {
        return settings.callerTimeoutKept();
    }

    @Override
    public List<ServiceDefinition> services() {
        return registry.services();
    }

    @Override
    public Lookup findPath(String packageName, String service, String method, PayloadFormat format) {
        return unknownMethods.orStream(registry.findPath(packageName, service, method, format), service, method);
    }

    @Override
    public Lookup findStream(String service, String method) {
        return unknownMethods.orStream(registry.find(service, method, PayloadFormat.THRIFT), service, method);
    }

    @Override
    public Lookup findUnary(String service, String method, PayloadFormat format, boolean oneway) {
        return unknownMethods.orUnary(registry.find(service, method, format), service, method, format, oneway);
    }

    @Override
    public void register(Channel channel, Drainable connection) {
        connections.register(channel, connection);
    }

    @Override
    public void refused(Channel channel, String what, String expected) {
        ConnectionEvents.closedBecause(channel, what + " (expected: " + expected + ")");
        refusals.refused(channel.remoteAddress(), what, expected);
    }

    @Override
    public boolean isClosing() {
        return connections.isClosing();
    }

    /** Says whether the server takes one more connection; one that it does not take is closed. */
    boolean opened(Channel channel) {
        if (connections.count() >= settings.maxConnections()) {
            refusals.refused(
                    channel.remoteAddress(),
                    "one connection more than " + settings.maxConnections(),
                    "at most so many, the setting maxConnections");
            channel.close();
            return false;
        }
        NetworkMemory.opened(channel);
        connections.opened(channel);
        ConnectionEvents.follow(channel, ConnectionInfo.Side.SERVER, "", "", settings.connectionListeners());
        return true;
    }

    /** Ends a connection whose peer takes nothing of what is sent to it; null where it may do so for ever. */
    @Nullable
    StalledWrites watchWrites(Channel channel) {
        Duration limit = sendTimeout();
        return limit == null
                ? null
                : StalledWrites.watch(channel, stallTimes(limit), unsent -> {
                    refused(
                            channel,
                            "a peer that takes none of " + unsent + " unsent bytes",
                            "one that reads within " + limit.toMillis() + " ms, the setting sendTimeout, and within "
                                    + limits().stallTimeout().toMillis()
                                    + " ms, the setting stallTimeout, while memory is"
                                    + " short");
                    channel.close();
                });
    }

    @Override
    public StallTimes stallTimes(Duration limit) {
        return new StallTimes(
                TimeLimit.nanos(limit), TimeLimit.nanos(limits().stallTimeout()), ProcessMemory.shared()::isExhausted);
    }

    @Override
    public @Nullable String refusal() {
        String tooMany = threads.refusal();
        if (tooMany != null) {
            return tooMany;
        }
        ProcessMemory memory = ProcessMemory.shared();
        if (memory.isExhausted()) {
            return "out of memory for messages: " + memory.used() + " bytes are held (expected: less than "
                    + memory.limit() + "); the call was not run";
        }
        return null;
    }

    ServerStatus status(int port) {
        return new ServerStatus(
                port,
                registry.names(),
                connections.count(),
                limit(settings.maxConnections()),
                threads.running(),
                limit(settings.maxRunningCalls()),
                settings.limits().maxConcurrentStreams(),
                isClosing());
    }

    private static OptionalInt limit(int setting) {
        return setting == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(setting);
    }

    /** Serves as before for so long, or until nobody is connected. */
    void awaitNoConnection(Duration longest) {
        connections.awaitAllClosed(longest);
    }

    void shutdown(Duration window) {
        draining.begin();
        connections.shutdown(window);
        closed.begin();
    }
}
