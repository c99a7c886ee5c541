package io.streamx.client;

import io.netty.buffer.ByteBuf;
import io.streamx.CallContext;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.balancer.Balancer;
import io.streamx.balancer.Candidate;
import io.streamx.engine.BlockingClientStream;
import io.streamx.engine.CallEvents;
import io.streamx.engine.StreamConnection;
import io.streamx.middleware.ClientCall;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.NotSentException;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TimeLimit;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes unary calls as streams of one message each way, on the connections that streams use. So deadline, cancel and
 * cascade are those of streams. Safe from any thread.
 */
final class UnaryStreamCaller {
    private final ClientSettings endpoint;
    private final StreamCaller streams;
    private final ClientMiddlewares middleware;
    private final Balancer.@Nullable CallFeedback feedback;
    /** For each unary method, the descriptor of a stream that carries its calls. */
    private final Map<MethodDescriptor<?, ?>, MethodDescriptor<?, ?>> shapes = new ConcurrentHashMap<>();

    UnaryStreamCaller(
            ClientSettings endpoint, StreamCaller streams, ClientMiddlewares middleware, Candidates candidates) {
        this.endpoint = endpoint;
        this.streams = streams;
        this.middleware = middleware;
        feedback = candidates.feedback();
    }

    /**
     * A reply. An exception that the method declares is a reply too, and is thrown only when the call has ended well.
     */
    private record Reply<Res>(
            @Nullable Res result, @Nullable RpcException failure) {
        @Nullable
        Res resultOrThrow() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }

    /** Shows the header and trailer of a call to those who asked for them, and its begin and end to listeners. */
    private static final class Arrivals {
        private final CallOptions options;
        private final @Nullable CallEvents events;
        private @Nullable BlockingClientStream<?, ?> stream;

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
                BlockingClientStream<?, ?> opened = stream;
                events.finished(opened == null ? null : opened.trailerReceived().firstValues(), failure);
            }
        }

        void show() {
            showHeader();
            showTrailer();
        }

        private void showHeader() {
            BlockingClientStream<?, ?> opened = stream;
            if (options.header() != null) {
                options.header().accept(opened == null ? Metadata.EMPTY : opened.headerReceived());
            }
        }

        private void showTrailer() {
            BlockingClientStream<?, ?> opened = stream;
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

    /** Tells the balancer of one call, if the balancer wants to know. */
    private static final class Told {
        private final Balancer.@Nullable CallFeedback feedback;
        private @Nullable Candidate candidate;
        private long beganNanos;
        private @Nullable Throwable failure;

        Told(Balancer.@Nullable CallFeedback feedback) {
            this.feedback = feedback;
        }

        <S> S begun(Candidate chosen, Supplier<S> open) {
            if (feedback != null) {
                feedback.started(chosen);
                candidate = chosen;
                beganNanos = System.nanoTime();
            }
            return open.get();
        }

        void ended() {
            if (feedback != null && candidate != null) {
                feedback.ended(candidate, System.nanoTime() - beganNanos, failure);
            }
        }
    }

    private record ReplyCodec<Res>(MethodDescriptor<?, Res> method) implements MessageCodec<Reply<Res>> {
        @Override
        public void encode(Reply<Res> message, ByteBuf out) {
            throw new UnsupportedOperationException("a client sends no reply of " + method);
        }

        @Override
        public Reply<Res> decode(ByteBuf in) {
            try {
                return new Reply<>(method.resultCodec().decode(in), null);
            } catch (RpcException failure) {
                return new Reply<>(null, failure);
            }
        }
    }

    @Nullable
    Object call(ClientCallInfo info, Object request) {
        return middleware.unary(info.descriptor(), this::callAsStream).call(info, request);
    }

    private @Nullable Object callAsStream(ClientCall call, Object request) {
        if (!(call instanceof ClientCallInfo info)) {
            throw new IllegalArgumentException(
                    "call: " + call + " (expected: the call a middleware was given, or withOptions of it)");
        }
        ClientCallInfo own = endpoint.listeners().isEmpty() ? info : info.copy();
        Arrivals arrivals = new Arrivals(info.options(), CallEvents.of(endpoint.listeners(), own));
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

    private <Req, Res> @Nullable Res call(
            MethodDescriptor<Req, Res> method, ClientCallInfo info, Object request, Arrivals arrivals) {
        CallContext parent = CallContext.current();
        UnaryFailures.checkNotCancelled(parent, method);
        TimeLimit limit = endpoint.timeoutOf(info.options(), parent);
        ClientSettings.checkTimeIsLeft(method, limit);
        CallBounds bounds = CallBounds.from(parent, limit, reason -> UnaryFailures.notCalled(method, reason));
        int first = info.attempt();
        int refusals = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                return callOnce(method, info, request, arrivals, bounds, first + attempt - 1);
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

    @SuppressWarnings("unchecked") // a middleware that replaces a request must give one of the method's type
    private <Req, Res> @Nullable Res callOnce(
            MethodDescriptor<Req, Res> method,
            ClientCallInfo info,
            Object request,
            Arrivals arrivals,
            CallBounds bounds,
            int attempt) {
        CallContext parent = bounds.parent();
        MethodDescriptor<Req, Reply<Res>> shape = shape(method);
        Told told = new Told(feedback);
        try (BlockingClientStream<Req, Reply<Res>> stream = streams.onConnection(
                info,
                bounds,
                () -> UnaryFailures.checkNotCancelled(parent, method),
                (candidate, connection, wire) -> told.begun(
                        candidate,
                        () -> BlockingClientStream.openWith(
                                StreamConnection.of(connection.streams()),
                                wire,
                                shape,
                                new BlockingClientStream.Settings(
                                        placed(info, candidate, connection, arrivals, attempt),
                                        parent,
                                        null,
                                        "",
                                        bounds.limit(),
                                        bounds.beganNanos(),
                                        null,
                                        null,
                                        arrivals.events,
                                        new UnaryFailures(wire.failures(), method),
                                        false),
                                (Req) request)))) {
            arrivals.stream = stream;
            Reply<Res> reply = stream.recvMessage();
            if (reply == null) {
                throw new RpcException(method + " ended well and without a reply (expected: one)");
            }
            // How the call ended decides, whatever reply came before.
            stream.recvMessage();
            return reply.resultOrThrow();
        } catch (RuntimeException | Error e) {
            told.failure = e;
            throw e;
        } finally {
            told.ended();
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

    @SuppressWarnings("unchecked") // the map holds for each method the shape made of it
    private <Req, Res> MethodDescriptor<Req, Reply<Res>> shape(MethodDescriptor<Req, Res> method) {
        MethodDescriptor<?, ?> known = shapes.get(method);
        if (known == null) {
            known = MethodDescriptor.streaming(
                    method.service(),
                    method.name(),
                    StreamingMode.CLIENT,
                    method.requestCodec(),
                    new ReplyCodec<>(method));
            shapes.put(method, known);
        }
        return (MethodDescriptor<Req, Reply<Res>>) known;
    }
}
