package io.streamx.server;

import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.engine.CallEvents;
import io.streamx.jfr.RecordedCall;
import io.streamx.middleware.ServerUnaryMiddleware.UnaryHandler;
import io.streamx.service.ContextStorage;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.Draining;
import io.streamx.wire.LateHandlers;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime.Outcome;
import io.streamx.wire.ServerRuntime.RequestSource;
import io.streamx.wire.ServerRuntime.Stage;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the handlers of unary methods: decodes the request, calls the handler within its middleware, interrupts the handler
 * when its call is cancelled, and tells listeners. Safe from any thread once all methods were added.
 */
final class UnaryCalls {
    private static final CallContext.Registration NONE = () -> {};

    private final ServerSettings settings;
    private final ServerMiddlewares middleware;
    private final HandlerThreads threads;
    private final Draining closed;
    /** The handler of each method, middleware included. */
    private final IdentityHashMap<BoundMethod<?, ?>, UnaryHandler> unaryHandlers = new IdentityHashMap<>();

    /** {@code closed} begins when the server has closed. */
    UnaryCalls(ServerSettings settings, ServerMiddlewares middleware, HandlerThreads threads, Draining closed) {
        this.closed = closed;
        this.settings = settings;
        this.middleware = middleware;
        this.threads = threads;
    }

    /** Composes the handler of a method that is served, before any call is run. */
    void add(BoundMethod<?, ?> method) {
        unaryHandlers.put(method, middleware.aroundUnary(method.descriptor(), unaryHandler(method)));
    }

    /** Runs the handler of {@code method} on a thread of its own, and tells {@code done} what came of it. */
    <Req, Res> void start(
            BoundMethod<Req, Res> method,
            ServerCallContext context,
            RequestSource<Req> request,
            Consumer<Outcome<Res>> done) {
        CallEvents events = CallEvents.of(RecordedCall.listeningTo(StreamingMode.UNARY, settings.listeners()), context);
        threads.start(
                method,
                context,
                events == null
                        ? () -> done.accept(anyOutcome(method, context, request))
                        : () -> callObserved(method, context, request, done, events));
    }

    private <Req, Res> void callObserved(
            BoundMethod<Req, Res> method,
            ServerCallContext context,
            RequestSource<Req> request,
            Consumer<Outcome<Res>> done,
            CallEvents events) {
        events.started();
        Outcome<Res> outcome = anyOutcome(method, context, new ObservedSource<>(request, events));
        done.accept(outcome);
        if (context.replyBytes() >= 0) {
            events.sent(context.replyBytes());
        }
        events.finished(null, failureOf(context, outcome));
    }

    /** What the caller is told, or why nobody is told anything; null when all is well. */
    private static @Nullable Throwable failureOf(ServerCallContext context, Outcome<?> outcome) {
        Throwable insteadOfOutcome = context.replyFailure();
        if (insteadOfOutcome != null) {
            return insteadOfOutcome;
        }
        RpcException cancelled = context.cancellation();
        return cancelled == null || cancelled instanceof HandlerReturned ? outcome.failure() : cancelled;
    }

    /** Tells the listeners when the request has been decoded, or that it could not be. */
    private record ObservedSource<Req>(RequestSource<Req> source, CallEvents events) implements RequestSource<Req> {
        @Override
        public Req decode() {
            int bytes = source.payloadBytes();
            Req request;
            try {
                request = source.decode();
            } catch (Throwable failure) {
                events.receiveFailed(failure);
                throw failure;
            }
            events.arrivedAndReceived(bytes);
            return request;
        }

        @Override
        public void discard() {
            source.discard();
        }

        @Override
        public int payloadBytes() {
            return source.payloadBytes();
        }

        @Override
        public @Nullable OpeningEntries opening() {
            return source.opening();
        }
    }

    /**
     * Runs a call, and makes whatever is thrown on the way its outcome. Without an outcome the caller would wait for
     * ever.
     */
    private <Req, Res> Outcome<Res> anyOutcome(
            BoundMethod<Req, Res> method, ServerCallContext context, RequestSource<Req> source) {
        try {
            return outcome(method, context, source);
        } catch (Throwable t) {
            return new Outcome<>(null, t, Stage.MIDDLEWARE);
        }
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a result must give one of the method's type
    private <Req, Res> Outcome<Res> outcome(
            BoundMethod<Req, Res> method, ServerCallContext context, RequestSource<Req> source) {
        UnaryHandler handler = unaryHandlerOf(method);
        Thread thread = Thread.currentThread();
        // These are closed before the finally block runs, in reverse order, so that the end of the call no longer
        // interrupts the thread.
        try (ContextStorage.Scope scope = ContextStorage.attach(context);
                CallContext.Registration following = context.onCancel(
                        () -> interrupt(method, thread, settings.timeLimits().lateHandler()));
                CallContext.Registration outliving = outliving(method, thread)) {
            try {
                settings.callers().check(method.descriptor(), context, threads.failures());
            } catch (Throwable refusal) {
                source.discard();
                throw refusal;
            }
            Req request;
            try {
                request = source.decode();
            } catch (Throwable t) {
                context.decodingFailed(t);
                threads.failures().tell(context, t);
                return new Outcome<>(null, t, Stage.DECODING);
            }
            if (handler == null) {
                throw new RpcException(method.descriptor() + " was called as a unary method (expected: as a stream)");
            }
            OpeningEntries opening = source.opening();
            if (opening != null) {
                settings.showOpening(context, opening);
            }
            return new Outcome<>((Res) handler.handle(context, request), null, Stage.HANDLER);
        } catch (Throwable t) {
            threads.failures().tell(context, t);
            return new Outcome<>(null, t, context.isHandlerFailure(t) ? Stage.HANDLER : Stage.MIDDLEWARE);
        } finally {
            context.cancel(new HandlerReturned(method.descriptor()));
        }
    }

    /**
     * A oneway handler is neither cancelled nor interrupted when its connection ends, with the server or before it: it runs on, and
     * is named when it does so for long after the server has closed.
     */
    private CallContext.Registration outliving(BoundMethod<?, ?> method, Thread thread) {
        return method.descriptor().isOneway()
                ? closed.onBegin(() -> LateHandlers.watchAfterClose(
                        method.descriptor(), thread, settings.timeLimits().lateHandler()))
                : NONE;
    }

    private static void interrupt(BoundMethod<?, ?> method, Thread thread, Duration lateHandler) {
        thread.interrupt();
        LateHandlers.watch(method.descriptor(), thread, lateHandler);
    }

    /** A method that no service lists is composed for each of its calls: nothing is kept for what peers make up. */
    private @Nullable UnaryHandler unaryHandlerOf(BoundMethod<?, ?> method) {
        UnaryHandler known = unaryHandlers.get(method);
        return known == null && method.handler() instanceof ServiceDefinition.UnaryHandler<?, ?>
                ? middleware.aroundUnary(method.descriptor(), unaryHandler(method))
                : known;
    }

    /**
     * The reason for which the calls end that a unary handler has left running. It is made for every call, and so has
     * no stack trace.
     */
    private static final class HandlerReturned extends RpcException {
        private static final long serialVersionUID = 1L;

        private final transient MethodDescriptor<?, ?> method;

        HandlerReturned(MethodDescriptor<?, ?> method) {
            super("", null, false);
            this.method = method;
        }

        @Override
        public String getMessage() {
            return method + " has returned";
        }
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a request must give one of the method's type
    private static <Req, Res> UnaryHandler unaryHandler(BoundMethod<Req, Res> method) {
        ServiceDefinition.UnaryHandler<Req, Res> handler = (ServiceDefinition.UnaryHandler<Req, Res>) method.handler();
        return (call, request) -> {
            try {
                return handler.handle((Req) request);
            } catch (Throwable t) {
                if (call instanceof ServerCallContext context) {
                    context.handlerFailed(t);
                }
                throw t;
            }
        };
    }
}
