package io.streamx.client;

import io.streamx.ClientStream;
import io.streamx.endpoint.ForMethods;
import io.streamx.engine.BlockingClientStream;
import io.streamx.middleware.ClientMiddleware;
import io.streamx.middleware.ClientStreamMiddleware;
import io.streamx.middleware.ClientStreamMiddleware.Opener;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.middleware.UnaryMiddleware;
import io.streamx.service.MethodDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The middleware of a client, composed once for each method at its first call. The first registered middleware is the
 * outermost, and middleware for one kind of call stands around middleware for both kinds. A step is null where no
 * middleware is registered, so that calls without middleware pay nothing.
 *
 * <p>Source: docs/protocol/semantics.md "7.1 Clients".
 */
final class ClientMiddlewares {
    /** What a builder has collected. */
    record Registered(
            List<ForMethods<ClientStreamMiddleware>> stream,
            List<ForMethods<UnaryMiddleware>> unary,
            List<ForMethods<ClientMiddleware>> both,
            List<ForMethods<RecvMiddleware>> recv,
            List<ForMethods<SendMiddleware>> send) {}

    /** The steps of the streams of one method. */
    record StreamSteps(
            Opener opener, RecvMiddleware.@Nullable Receiver receiver, SendMiddleware.@Nullable Sender sender) {}

    private final Registered registered;
    private final Map<MethodDescriptor<?, ?>, StreamSteps> streams = new ConcurrentHashMap<>();
    private final Map<MethodDescriptor<?, ?>, UnaryMiddleware.Caller> callers = new ConcurrentHashMap<>();

    ClientMiddlewares(Registered registered) {
        this.registered = registered;
    }

    /** The steps of the streams of {@code method}; {@code innermost} opens a stream on a connection. */
    StreamSteps streams(MethodDescriptor<?, ?> method, Opener innermost) {
        StreamSteps steps = streams.get(method);
        return steps != null ? steps : streams.computeIfAbsent(method, m -> compose(m, innermost));
    }

    private StreamSteps compose(MethodDescriptor<?, ?> method, Opener innermost) {
        Opener opener = innermost;
        List<ClientMiddleware> both = ForMethods.matching(method, registered.both());
        if (!both.isEmpty()) {
            Opener inner = opener;
            ClientMiddleware.Step step = around(both, (call, request) -> inner.open(call));
            opener = call -> (ClientStream) Objects.requireNonNull(step.proceed(call, null), "stream");
        }
        for (ClientStreamMiddleware outer :
                ForMethods.matching(method, registered.stream()).reversed()) {
            opener = outer.apply(opener);
        }
        return new StreamSteps(
                opener,
                receiver(ForMethods.matching(method, registered.recv())),
                sender(ForMethods.matching(method, registered.send())));
    }

    /** The way of the unary calls of {@code method}; {@code innermost} makes a call on a connection. */
    UnaryMiddleware.Caller unary(MethodDescriptor<?, ?> method, UnaryMiddleware.Caller innermost) {
        if (registered.unary().isEmpty() && registered.both().isEmpty()) {
            return innermost;
        }
        UnaryMiddleware.Caller caller = callers.get(method);
        return caller != null ? caller : callers.computeIfAbsent(method, m -> composeUnary(m, innermost));
    }

    private UnaryMiddleware.Caller composeUnary(MethodDescriptor<?, ?> method, UnaryMiddleware.Caller innermost) {
        UnaryMiddleware.Caller caller = innermost;
        List<ClientMiddleware> both = ForMethods.matching(method, registered.both());
        if (!both.isEmpty()) {
            UnaryMiddleware.Caller inner = caller;
            ClientMiddleware.Step step =
                    around(both, (call, request) -> inner.call(call, Objects.requireNonNull(request, "request")));
            caller = step::proceed;
        }
        for (UnaryMiddleware outer :
                ForMethods.matching(method, registered.unary()).reversed()) {
            caller = outer.apply(caller);
        }
        return caller;
    }

    private static ClientMiddleware.Step around(List<ClientMiddleware> both, ClientMiddleware.Step innermost) {
        ClientMiddleware.Step step = innermost;
        for (ClientMiddleware outer : both.reversed()) {
            step = outer.apply(step);
        }
        return step;
    }

    private static RecvMiddleware.@Nullable Receiver receiver(List<RecvMiddleware> recv) {
        if (recv.isEmpty()) {
            return null;
        }
        RecvMiddleware.Receiver next = stream -> ((BlockingClientStream<?, ?>) stream).recvMessage();
        for (RecvMiddleware outer : recv.reversed()) {
            next = outer.apply(next);
        }
        return next;
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a message must give one of the stream's type
    private static SendMiddleware.@Nullable Sender sender(List<SendMiddleware> send) {
        if (send.isEmpty()) {
            return null;
        }
        SendMiddleware.Sender next =
                (stream, message) -> ((BlockingClientStream<Object, ?>) stream).sendMessage(message);
        for (SendMiddleware outer : send.reversed()) {
            next = outer.apply(next);
        }
        return next;
    }
}
