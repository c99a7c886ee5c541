package io.streamx.client;

import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.balancer.Balancer;
import io.streamx.balancer.Candidate;
import io.streamx.engine.CallEvents;
import io.streamx.engine.StreamConnection;
import io.streamx.engine.UnaryExchange;
import io.streamx.jfr.RecordedCall;
import io.streamx.middleware.ClientCall;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.NotSentException;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TimeLimit;
import java.net.SocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes unary calls as streams of one message each way, on the connections that streams use. So deadline, cancel and
 * cascade are those of streams; what carries a call is a {@link UnaryExchange}. Safe from any thread.
 */
final class UnaryStreamCaller {
    private final ClientSettings endpoint;
    private final StreamCaller streams;
    private final ClientMiddlewares middleware;
    private final Balancer.@Nullable CallFeedback feedback;

    UnaryStreamCaller(
            ClientSettings endpoint, StreamCaller streams, ClientMiddlewares middleware, Candidates candidates) {
        this.endpoint = endpoint;
        this.streams = streams;
        this.middleware = middleware;
        feedback = candidates.feedback();
    }

    /** Shows the header and trailer of a call to those who asked for them, and its begin and end to listeners. */
    private static final class Arrivals {
        private final CallOptions options;
        private final @Nullable CallEvents events;
        private @Nullable UnaryExchange<?> exchange;

        Arrivals(CallOptions options, @Nullable CallEvents events) {
            this.options = options;
            this.events = events;
        }

        void begin() {
            if (events != null) {
                events.started();
            }
        }

        void end(@Nullable Throwable failure) {
            if (events != null) {
                UnaryExchange<?> opened = exchange;
                events.finished(opened == null ? null : opened.trailerReceived().firstValues(), failure);
            }
        }

        void show() {
            showHeader();
            showTrailer();
        }

        private void showHeader() {
            UnaryExchange<?> opened = exchange;
            if (options.header() != null) {
                options.header().accept(opened == null ? Metadata.EMPTY : opened.headerReceived());
            }
        }

        private void showTrailer() {
            UnaryExchange<?> opened = exchange;
            if (options.trailer() != null) {
                options.trailer().accept(opened == null ? Metadata.EMPTY : opened.trailerReceived());
            }
        }

        /**
         * Shows header and trailer of a failed call. The caller is to see why the call failed, so an exception of a
         * receiver is added to {@code failure} and not thrown.
         */
        void showBeside(Throwable failure) {
            beside(failure, this::showHeader);
            beside(failure, this::showTrailer);
        }

        private static void beside(Throwable failure, Runnable step) {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** One attempt of a call. It tells the balancer of itself, if the balancer wants to know. */
    private final class Attempt<Req, Res>
            implements StreamCaller.Opener<UnaryExchange<Res>>, UnaryExchange.Caller, Runnable {
        private final MethodDescriptor<Req, Res> method;
        private final Req request;
        private final Arrivals arrivals;
        private final CallBounds bounds;
        private final int number;
        /** The call, from {@link #open} on with the instance that it goes to. */
        private ClientCallInfo info;

        private @Nullable Failures wireFailures;
        private @Nullable Candidate told;
        private long toldNanos;

        Attempt(
                MethodDescriptor<Req, Res> method,
                ClientCallInfo info,
                Req request,
                Arrivals arrivals,
                CallBounds bounds,
                int number) {
            this.method = method;
            this.info = info;
            this.request = request;
            this.arrivals = arrivals;
            this.bounds = bounds;
            this.number = number;
        }

        @Nullable
        Res result() {
            Throwable failure = null;
            try {
                UnaryExchange<Res> exchange = streams.onConnection(info, bounds, this, this);
                arrivals.exchange = exchange;
                return exchange.await();
            } catch (RuntimeException | Error e) {
                failure = e;
                throw e;
            } finally {
                if (feedback != null && told != null) {
                    feedback.ended(told, System.nanoTime() - toldNanos, failure);
                }
            }
        }

        /** The last look before the call is opened. */
        @Override
        public void run() {
            UnaryFailures.checkNotCancelled(bounds.parent(), method);
        }

        @Override
        public UnaryExchange<Res> open(Candidate candidate, StreamProtocol.Connection connection, ClientWire wire) {
            if (feedback != null) {
                feedback.started(candidate);
                told = candidate;
                toldNanos = System.nanoTime();
            }
            wireFailures = wire.failures();
            info = placed(info, candidate, connection, arrivals, number);
            return UnaryExchange.open(StreamConnection.of(connection.streams()), wire, method, this, request);
        }

        @Override
        public CallInfo call() {
            return info;
        }

        @Override
        public CallContext parent() {
            return bounds.parent();
        }

        @Override
        public @Nullable TimeLimit limit() {
            return bounds.limit();
        }

        @Override
        public long beganNanos() {
            return bounds.beganNanos();
        }

        @Override
        public @Nullable CallEvents events() {
            return arrivals.events;
        }

        @Override
        public Failures failures() {
            return new UnaryFailures(Objects.requireNonNull(wireFailures, "not opened"), method);
        }
    }

    @Nullable
    Object call(ClientCallInfo info, Object request) {
        return middleware.unary(info.descriptor(), this::callAsStream).call(info, request);
    }

    private @Nullable Object callAsStream(ClientCall call, Object request) {
        ClientCallInfo info = endpoint.withCredentials(call);
        List<CallListener> told = RecordedCall.listeningTo(StreamingMode.UNARY, endpoint.listenersOf(info));
        ClientCallInfo own = told.isEmpty() ? info : info.copy();
        Arrivals arrivals = new Arrivals(info.options(), CallEvents.of(told, own));
        @Nullable Object result;
        arrivals.begin();
        try {
            result = call(info.descriptor(), own, request, arrivals);
        } catch (RuntimeException | Error failure) {
            arrivals.end(failure);
            arrivals.showBeside(failure);
            throw failure;
        }
        arrivals.end(null);
        arrivals.show();
        return result;
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a request must give one of the method's type
    private <Req, Res> @Nullable Res call(
            MethodDescriptor<Req, Res> method, ClientCallInfo info, Object request, Arrivals arrivals) {
        CallContext parent = CallContext.current();
        UnaryFailures.checkNotCancelled(parent, method);
        TimeLimit limit = endpoint.timeoutOf(info.options(), parent);
        ClientSettings.checkTimeIsLeft(method, limit);
        CallBounds bounds =
                CallBounds.from(parent, limit, endpoint.time(), reason -> UnaryFailures.notCalled(method, reason));
        int first = info.attempt();
        int refusals = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                return new Attempt<>(method, info, (Req) request, arrivals, bounds, first + attempt - 1).result();
            } catch (RpcException failure) {
                NotSentException reason = NotSentException.reasonOf(failure);
                if (reason == null || bounds.leftNanos() == 0) {
                    throw failure;
                }
                if (reason.isConnectionEnded()) {
                    if (bounds.limit() == null && attempt - refusals == Retries.ENDED_CONNECTIONS) {
                        throw failure;
                    }
                } else if (++refusals == Retries.STREAM_UNARY_ATTEMPTS) {
                    throw failure;
                }
                pause(method, Retries.pauseNanos(attempt), bounds, failure);
            }
        }
    }

    /**
     * Waits before the next attempt.
     *
     * @throws RpcException when the call is over meanwhile: cancelled, out of time, or its thread interrupted, which it stays
     */
    private static void pause(MethodDescriptor<?, ?> method, long nanos, CallBounds bounds, RpcException failure) {
        if (nanos == 0) {
            return;
        }
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        try (CallContext.Registration following = bounds.parent().onCancel(() -> cancelled.complete(null))) {
            cancelled.get(Math.min(nanos, bounds.leftNanos()), TimeUnit.NANOSECONDS);
            throw bounds.cancelled();
        } catch (TimeoutException passed) {
            if (bounds.leftNanos() == 0) {
                throw UnaryFailures.timedOut(method, Objects.requireNonNull(bounds.limit()), "", failure);
            }
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw bounds.parent().isCancelled()
                    ? bounds.cancelled()
                    : new RpcException("thread was interrupted while it waited to make " + method + " again", failure);
        }
    }

    /** The call with the instance that it goes to. Listeners are given one object for all attempts. */
    private static ClientCallInfo placed(
            ClientCallInfo info,
            Candidate candidate,
            StreamProtocol.Connection connection,
            Arrivals arrivals,
            int attempt) {
        SocketAddress address = connection.streams().channel().remoteAddress();
        if (arrivals.events == null) {
            return info.at(candidate.instance(), address, attempt);
        }
        info.moveTo(candidate.instance(), address, attempt);
        return info;
    }
}
