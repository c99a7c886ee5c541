package io.streamx.client;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.CallCancelledException;
import io.streamx.CallContext;
import io.streamx.CallListener;
import io.streamx.DeclaredException;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.Transport;
import io.streamx.balancer.Balancer;
import io.streamx.balancer.Candidate;
import io.streamx.discovery.Address;
import io.streamx.engine.CallEvents;
import io.streamx.engine.SilenceWatch;
import io.streamx.jfr.RecordedCall;
import io.streamx.middleware.ClientCall;
import io.streamx.net.EventLoops;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Defaults;
import io.streamx.wire.NotSentException;
import io.streamx.wire.Providers;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.UnaryProtocol;
import io.streamx.wire.UnaryProtocol.Reply;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes unary calls: runs the middleware, and then sends the request on a connection, which the call has alone or
 * shares. Safe from any thread.
 */
final class UnaryCaller {
    private final ClientSettings endpoint;
    private final UnaryProtocol protocol;
    private final EventLoops loops;
    private final SilenceWatch silence;
    private final Instances<UnaryPool> instances;
    private final ClientMiddlewares middleware;
    private final Balancer.@Nullable CallFeedback feedback;

    /** {@code callers} is null where event loops schedule no callers. */
    UnaryCaller(
            ClientSettings endpoint,
            ClientMiddlewares middleware,
            Candidates candidates,
            @Nullable CallerLoops callers) {
        this.endpoint = endpoint;
        this.middleware = middleware;
        protocol = Providers.unary(endpoint.carrier());
        loops = EventLoops.acquire();
        silence = new SilenceWatch(endpoint.silenceWarning());
        Connector connector = new Connector(loops.group(), callers, endpoint, null);
        feedback = candidates.feedback();
        instances = new Instances<>(
                endpoint.service(), candidates, address -> pool(connector, callers, address), UnaryPool::isInUse);
    }

    /**
     * Makes sure that calls on {@code carrier} can be multiplexed.
     *
     * @throws IllegalStateException when calls on {@code carrier} cannot be multiplexed, naming it
     */
    static void checkShareable(PingPong carrier) {
        if (!Providers.unary(carrier).isShareable()) {
            throw new IllegalStateException("multiplexed calls on carrier " + carrier
                    + " (expected: a carrier that tells replies apart, TTHEADER or TTHEADER_FRAMED)");
        }
    }

    private UnaryPool pool(Connector connector, @Nullable CallerLoops callers, Address address) {
        if (endpoint.multiplexCalls()) {
            return new SharedUnaryPool(
                    endpoint.connections(),
                    callers,
                    endpoint.idleTimeout(),
                    endpoint.waiter(),
                    slot -> connector.connect(
                            address,
                            slot,
                            channel -> watched(
                                    protocol.connectShared(channel, endpoint.limits(), endpoint.callerName()))));
        }
        return new ExclusiveUnaryPool(
                endpoint.mode() == ConnectionMode.SHORT ? 0 : Defaults.MAX_IDLE_CONNECTIONS,
                endpoint.idleTimeout(),
                endpoint.waiter(),
                () -> connector.connect(
                        address,
                        Connector.ANY_SLOT,
                        channel -> watched(protocol.connect(channel, endpoint.limits(), endpoint.callerName()))));
    }

    private UnaryProtocol.Connection watched(UnaryProtocol.Connection connection) {
        silence.watch(connection);
        return connection;
    }

    @Nullable
    Object call(ClientCallInfo info, Object request) {
        return middleware.unary(info.descriptor(), this::callOnConnection).call(info, request);
    }

    private @Nullable Object callOnConnection(ClientCall call, Object request) {
        ClientCallInfo info = endpoint.withCredentials(call);
        List<CallListener> told = RecordedCall.listeningTo(StreamingMode.UNARY, endpoint.listenersOf(info));
        if (told.isEmpty()) {
            return call(info.descriptor(), info, request, null);
        }
        ClientCallInfo own = info.copy();
        CallEvents events = Objects.requireNonNull(CallEvents.of(told, own));
        events.started();
        @Nullable Object result;
        try {
            result = call(own.descriptor(), own, request, events);
        } catch (RuntimeException | Error failure) {
            events.finished(null, failure);
            throw failure;
        }
        events.finished(null, null);
        return result;
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a request must give one of the method's type
    private <Req, Res> @Nullable Object call(
            MethodDescriptor<Req, Res> method, ClientCallInfo info, Object request, @Nullable CallEvents events) {
        CallContext parent = CallContext.current();
        UnaryFailures.checkNotCancelled(parent, method);
        CallOptions options = info.options();
        if (!options.metadata().isEmpty()) {
            throw new IllegalArgumentException(
                    "metadata " + options.metadata().names() + " of " + method + ", called on "
                            + endpoint.carrier() + ", which has no room for it (expected: "
                            + Transport.GRPC + " as the transport, or metainfo)");
        }
        TimeLimit limit = endpoint.timeoutOf(options, parent);
        ClientSettings.checkTimeIsLeft(method, limit);
        CallBounds bounds =
                CallBounds.from(parent, limit, endpoint.time(), reason -> UnaryFailures.notCalled(method, reason));
        int first = info.attempt();
        for (int attempt = 1; ; attempt++) {
            Chosen chosen =
                    instances.connect(info, bounds, (pool, candidate) -> new Chosen(candidate, pool.acquire(bounds)));
            if (events != null) {
                info.moveTo(
                        chosen.candidate().instance(),
                        chosen.lease().connection().channel().remoteAddress(),
                        first + attempt - 1);
            }
            try {
                return call(method, options, (Req) request, bounds, chosen, events);
            } catch (NotSentException e) {
                if (attempt == Retries.UNARY_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** An instance, and the right to make one call on a connection to it. */
    private record Chosen(Candidate candidate, UnaryPool.Lease lease) {}

    private <Req, Res> @Nullable Res call(
            MethodDescriptor<Req, Res> method,
            CallOptions options,
            Req request,
            CallBounds bounds,
            Chosen chosen,
            @Nullable CallEvents events) {
        if (feedback == null) {
            return call(method, options, request, bounds, chosen.lease(), events);
        }
        feedback.started(chosen.candidate());
        long began = System.nanoTime();
        Throwable failure = null;
        try {
            return call(method, options, request, bounds, chosen.lease(), events);
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            feedback.ended(chosen.candidate(), System.nanoTime() - began, failure);
        }
    }

    private <Req, Res> @Nullable Res call(
            MethodDescriptor<Req, Res> method,
            CallOptions options,
            Req request,
            CallBounds bounds,
            UnaryPool.Lease lease,
            @Nullable CallEvents events) {
        UnaryProtocol.Pending<Res> reply = null;
        boolean clean = true;
        try {
            UnaryProtocol.Head head = new UnaryProtocol.Head(
                    endpoint.service(),
                    ClientSettings.persistentsOf(options, bounds.parent()),
                    options.transients(),
                    bounds.remaining(),
                    endpoint.connectTimeoutToTell());
            reply = lease.connection().call(method, request, head);
            clean = false;
            if (events != null) {
                events.sent(reply.requestBytes());
            }
            Reply<Res> answer = await(method, reply, bounds, lease.connection());
            if (events != null && !method.isOneway()) {
                events.arrivedAndReceived(answer.payloadBytes());
            }
            if (options.backward() != null && !answer.entries().isEmpty()) {
                options.backward().accept(answer.entries());
            }
            Res result = answer.decode();
            clean = true;
            return result;
        } catch (RpcException failure) {
            clean |= leavesConnectionClean(failure);
            throw failure;
        } finally {
            if (clean || reply == null) {
                lease.release();
            } else {
                lease.abandon(reply);
            }
        }
    }

    /**
     * Whether the connection can be used again after a call that ended so. Servers keep it after the errors of handlers
     * and close it after others; after a timeout the reply may still come.
     */
    private static boolean leavesConnectionClean(RpcException failure) {
        return failure instanceof DeclaredException
                || failure instanceof BizStatusException
                || (failure instanceof ApplicationException remote
                        // A type that Thrift and Kitex do not define is one that a handler has chosen.
                        && (remote.type() == ApplicationException.INTERNAL_ERROR
                                || remote.type() > ApplicationException.NO_SERVICE_NAME));
    }

    private static <Res> Reply<Res> await(
            MethodDescriptor<?, Res> method,
            UnaryProtocol.Pending<Res> reply,
            CallBounds bounds,
            UnaryProtocol.Connection connection) {
        CallContext parent = bounds.parent();
        if (bounds.limit() == null) {
            reply.awaitedWithoutLimit();
        }
        try (CallContext.Registration following = parent.onCancel(() -> {
            RpcException reason = parent.cancellation();
            if (reason != null) {
                reply.completeExceptionally(UnaryFailures.givenUp(method, reason));
            }
        })) {
            // Calls without a limit wait without one, because a limited wait of a virtual thread costs a timer.
            return bounds.limit() == null ? reply.get() : bounds.time().await(reply, bounds.leftNanos());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RpcException failure) {
                throw failure.onThisThread();
            }
            throw new RpcException(method + " failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw UnaryFailures.timedOut(
                    method, Objects.requireNonNull(bounds.limit()), connection.hintForSilence(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            RpcException cancelled = parent.cancellation();
            if (cancelled != null) {
                throw UnaryFailures.givenUp(method, cancelled);
            }
            throw new CallCancelledException("thread was interrupted while it waited for the reply of " + method, e);
        }
    }

    void close() {
        instances.close(UnaryPool::close);
        loops.close();
    }
}
