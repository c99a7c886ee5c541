package io.streamx.client;

import io.streamx.ClientStream;
import io.streamx.endpoint.ExpectedType;
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
        ExpectedType stream = ExpectedType.stream(method);
        Opener opener = innermost;
        List<ClientMiddleware> both = ForMethods.matching(method, registered.both());
        if (!both.isEmpty()) {
            Opener inner = opener;
            ClientMiddleware.Step step = around(both, stream, (call, request) -> inner.open(call));
            opener = call -> (ClientStream) Objects.requireNonNull(step.proceed(call, null), "stream");
        }
        for (ClientStreamMiddleware outer :
                ForMethods.matching(method, registered.stream()).reversed()) {
            Opener wrapped = outer.apply(opener);
            opener = call -> (ClientStream) Objects.requireNonNull(stream.from(outer, wrapped.open(call)), "stream");
        }
        return new StreamSteps(
                opener,
                receiver(ForMethods.matching(method, registered.recv()), ExpectedType.response(method)),
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
        ExpectedType result = ExpectedType.result(method);
        UnaryMiddleware.Caller caller = innermost;
        List<ClientMiddleware> both = ForMethods.matching(method, registered.both());
        if (!both.isEmpty()) {
            UnaryMiddleware.Caller inner = caller;
            ClientMiddleware.Step step = around(
                    both, result, (call, request) -> inner.call(call, Objects.requireNonNull(request, "request")));
            caller = step::proceed;
        }
        for (UnaryMiddleware outer :
                ForMethods.matching(method, registered.unary()).reversed()) {
            UnaryMiddleware.Caller wrapped = outer.apply(caller);
            caller = (call, request) -> result.from(outer, wrapped.call(call, request));
        }
        return caller;
    }

    private static ClientMiddleware.Step around(
            List<ClientMiddleware> both, ExpectedType expected, ClientMiddleware.Step innermost) {
        ClientMiddleware.Step step = innermost;
        for (ClientMiddleware outer : both.reversed()) {
            ClientMiddleware.Step wrapped = outer.apply(step);
            step = (call, request) -> expected.from(outer, wrapped.proceed(call, request));
        }
        return step;
    }

    private static RecvMiddleware.@Nullable Receiver receiver(List<RecvMiddleware> recv, ExpectedType message) {
        if (recv.isEmpty()) {
            return null;
        }
        RecvMiddleware.Receiver next = stream -> ((BlockingClientStream<?, ?>) stream).recvMessage();
        for (RecvMiddleware outer : recv.reversed()) {
            RecvMiddleware.Receiver wrapped = outer.apply(next);
            next = stream -> message.from(outer, wrapped.recv(stream));
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
