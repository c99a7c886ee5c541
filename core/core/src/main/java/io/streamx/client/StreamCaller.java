package io.streamx.client;

import io.netty.channel.Channel;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.ClientStream;
import io.streamx.RpcException;
import io.streamx.Transport;
import io.streamx.balancer.Balancer;
import io.streamx.balancer.Candidate;
import io.streamx.engine.BlockingClientStream;
import io.streamx.engine.CallEvents;
import io.streamx.engine.ForgottenStreams;
import io.streamx.engine.PeerLeaving;
import io.streamx.engine.SilenceWatch;
import io.streamx.engine.StreamConnection;
import io.streamx.jfr.RecordedCall;
import io.streamx.middleware.ClientCall;
import io.streamx.net.EventLoops;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.Providers;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TimeLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens streams: runs the middleware, finds a connection, and opens the stream on it. Safe from any thread. */
final class StreamCaller {
    private final ClientSettings endpoint;
    private final EventLoops loops;
    private final ForgottenStreams forgotten;
    private final SilenceWatch silence;
    private final Instances<StreamPool> instances;
    private final ClientMiddlewares middleware;
    private final Failures failures;
    private final Balancer.@Nullable CallFeedback feedback;

    /** {@code callers} is null where event loops schedule no callers. */
    StreamCaller(
            ClientSettings endpoint,
            ClientMiddlewares middleware,
            Candidates candidates,
            @Nullable CallerLoops callers,
            Transport transport) {
        this.endpoint = endpoint;
        this.middleware = middleware;
        StreamProtocol protocol = Providers.streams(transport);
        failures = protocol.failures();
        loops = EventLoops.acquire();
        forgotten = ForgottenStreams.acquire();
        silence = new SilenceWatch(endpoint.silenceWarning());
        Connector connector = new Connector(loops.group(), callers, endpoint, protocol.applicationProtocol());
        instances = new Instances<>(
                endpoint.service(),
                candidates,
                address ->
                        pool(callers, slot -> connector.connect(address, slot, channel -> watched(protocol, channel))),
                StreamPool::isInUse);
        feedback = candidates.feedback();
    }

    private StreamProtocol.Connection watched(StreamProtocol protocol, Channel channel) {
        StreamProtocol.Connection connection = protocol.connect(channel, endpoint.connectionSettings());
        silence.watch(StreamConnection.of(connection.streams()));
        return connection;
    }

    private StreamPool pool(
            @Nullable CallerLoops callers, IntFunction<CompletableFuture<StreamProtocol.Connection>> connect) {
        Supplier<CompletableFuture<StreamProtocol.Connection>> exclusive = () -> connect.apply(Connector.ANY_SLOT);
        return switch (endpoint.mode()) {
            case MUX ->
                new SharedStreamPool(
                        endpoint.connections(), callers, endpoint.idleTimeout(), endpoint.waiter(), connect);
            case LONG -> new ExclusiveStreamPool(true, endpoint.idleTimeout(), endpoint.waiter(), exclusive);
            case SHORT -> new ExclusiveStreamPool(false, endpoint.idleTimeout(), endpoint.waiter(), exclusive);
        };
    }

    /** Makes the connections of every instance now, so that the first stream need not wait. */
    void warmUp() {
        CallBounds bounds = CallBounds.from(CallContext.current(), null, endpoint.time(), failures::canceledByParent);
        for (StreamPool pool : instances.all(bounds)) {
            try {
                pool.warmUp(bounds);
            } catch (ConnectException e) {
                throw e.failure().onThisThread();
            }
        }
    }

    ClientStream open(ClientCallInfo call) {
        return middleware
                .streams(call.descriptor(), this::openOnConnection)
                .opener()
                .open(call);
    }

    private ClientStream openOnConnection(ClientCall call) {
        ClientCallInfo info = endpoint.withCredentials(call);
        return open(info.descriptor(), info);
    }

    private <Req, Res> ClientStream open(MethodDescriptor<Req, Res> method, ClientCallInfo info) {
        BlockingClientStream<Req, Res> stream;
        try {
            stream = openStream(method, info);
        } catch (RuntimeException | Error failure) {
            CallEvents.tellFailed(RecordedCall.listeningTo(method.mode(), endpoint.listeners()), info.copy(), failure);
            throw failure;
        }
        if (info.request() != null) {
            sendOnly(stream, info.request());
        }
        return stream;
    }

    private <Req, Res> BlockingClientStream<Req, Res> openStream(
            MethodDescriptor<Req, Res> method, ClientCallInfo info) {
        CallContext parent = CallContext.current();
        CallOptions options = info.options();
        checkNotCancelled(parent);
        TimeLimit timeout = endpoint.timeoutOf(options, parent);
        ClientSettings.checkTimeIsLeft(method, timeout);
        CallBounds bounds = CallBounds.from(
                parent,
                timeout,
                endpoint.time(),
                reason -> failures.canceledByParent(reason).onThisThread());
        ClientMiddlewares.StreamSteps steps = middleware.streams(method, this::openOnConnection);
        return onConnection(info, bounds, () -> checkNotCancelled(parent), (candidate, connection, wire) -> {
            ClientCallInfo own =
                    info.at(candidate.instance(), connection.streams().channel().remoteAddress(), info.attempt());
            return BlockingClientStream.open(
                    StreamConnection.of(connection.streams()),
                    wire,
                    method,
                    new BlockingClientStream.Settings(
                            own,
                            parent,
                            endpoint.recvTimeoutOf(options),
                            ClientSettings.recvTimeoutSetBy(options),
                            timeout,
                            bounds.beganNanos(),
                            steps.receiver(),
                            steps.sender(),
                            CallEvents.ofClientStream(
                                    RecordedCall.listeningTo(method.mode(), listeners(candidate, info)), own),
                            wire.failures(),
                            endpoint.recordsOpeningLines()));
        });
    }

    /** The listeners of the client, and one that tells the balancer if the balancer wants to know. */
    private List<CallListener> listeners(Candidate candidate, CallInfo info) {
        List<CallListener> told = endpoint.listenersOf(info);
        if (feedback == null) {
            return told;
        }
        List<CallListener> all = new ArrayList<>(told);
        all.add(new StreamFeedback(feedback, candidate));
        return all;
    }

    private record StreamFeedback(Balancer.CallFeedback feedback, Candidate candidate) implements CallListener {
        @Override
        public void onStart(CallInfo call) {
            feedback.started(candidate);
        }

        @Override
        public void onFinish(CallInfo call, Summary summary) {
            feedback.ended(candidate, -1, summary.failure());
        }
    }

    /** Opens a stream on a connection that takes the stream. */
    interface Opener<S> {
        /** Opens the stream. When this throws, the connection is given back. */
        S open(Candidate candidate, StreamProtocol.Connection connection, ClientWire wire);
    }

    /** Finds a connection for a call and opens its stream there; {@code check} is the last look before that. */
    <S> S onConnection(ClientCallInfo info, CallBounds bounds, Runnable check, Opener<S> opener) {
        StreamProtocol.Opening opening = new StreamProtocol.Opening(
                info.descriptor(),
                endpoint.service(),
                ClientSettings.persistentsOf(info.options(), bounds.parent()),
                info.options().transients(),
                bounds.deadlineNanos(),
                endpoint.openingEntries(info),
                info.options().compression());
        return instances.connect(info, bounds, (pool, candidate) -> {
            StreamProtocol.Connection connection = pool.acquire(bounds);
            try {
                PeerLeaving leaving = StreamConnection.of(connection.streams()).leaving();
                if (!leaving.isFollowed()) {
                    leaving.follow(() -> candidate.leaving(System.nanoTime()));
                }
                ClientWire wire = connection.newStream(opening);
                check.run();
                return opener.open(candidate, connection, wire);
            } catch (RuntimeException | Error e) {
                pool.unused(connection);
                throw e;
            }
        });
    }

    /** Refuses to open a stream whose enclosing call has ended. */
    private void checkNotCancelled(CallContext parent) {
        RpcException cancelled = parent.cancellation();
        if (cancelled != null) {
            throw failures.canceledByParent(cancelled).onThisThread();
        }
    }

    /** Server streaming: the request and the end of the requests go out before the stream is handed to the caller. */
    @SuppressWarnings("unchecked") // the channel's signature made it one of the method's type
    private static <Req> void sendOnly(BlockingClientStream<Req, ?> stream, Object request) {
        try {
            stream.sendOnly((Req) request);
        } catch (Throwable t) {
            stream.close();
            throw t;
        }
    }

    void close() {
        instances.close(StreamPool::close);
        forgotten.close();
        loops.close();
    }
}
