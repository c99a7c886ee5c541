package io.streamx.server;

import io.streamx.endpoint.ExpectedType;
import io.streamx.endpoint.ForMethods;
import io.streamx.engine.BlockingServerStream;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.middleware.ServerMiddleware;
import io.streamx.middleware.ServerStreamMiddleware;
import io.streamx.middleware.ServerStreamMiddleware.StreamHandler;
import io.streamx.middleware.ServerUnaryMiddleware;
import io.streamx.middleware.ServerUnaryMiddleware.UnaryHandler;
import io.streamx.service.MethodDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The middleware of a server, composed for each method when the server is built. The first registered middleware is the
 * outermost, and middleware for both kinds of call stands around middleware for one kind. A step is null where no
 * middleware is registered, so that calls without middleware pay nothing.
 *
 * <p>Source: docs/protocol/semantics.md "7.2 Servers".
 */
final class ServerMiddlewares {
    private final List<ForMethods<ServerMiddleware>> both;
    private final List<ForMethods<ServerStreamMiddleware>> stream;
    private final List<ForMethods<ServerUnaryMiddleware>> unary;
    private final List<ForMethods<RecvMiddleware>> recv;
    private final List<ForMethods<SendMiddleware>> send;

    ServerMiddlewares(
            List<ForMethods<ServerMiddleware>> both,
            List<ForMethods<ServerStreamMiddleware>> stream,
            List<ForMethods<ServerUnaryMiddleware>> unary,
            List<ForMethods<RecvMiddleware>> recv,
            List<ForMethods<SendMiddleware>> send) {
        this.both = List.copyOf(both);
        this.stream = List.copyOf(stream);
        this.unary = List.copyOf(unary);
        this.recv = recv;
        this.send = send;
    }

    /** The handler of a stream with all that stands around it. */
    StreamHandler aroundStream(MethodDescriptor<?, ?> method, StreamHandler handler) {
        StreamHandler inner = handler;
        for (ServerStreamMiddleware outer : ForMethods.matching(method, stream).reversed()) {
            inner = outer.apply(inner);
        }
        List<ServerMiddleware> general = ForMethods.matching(method, both);
        if (general.isEmpty()) {
            return inner;
        }
        StreamHandler innermost = inner;
        ServerMiddleware.Step step = around(general, ExpectedType.result(method), (call, requestOrStream) -> {
            innermost.handle(call, (io.streamx.ServerStream) requestOrStream);
            return null;
        });
        return step::proceed;
    }

    /** The handler of a unary call with all that stands around it. */
    UnaryHandler aroundUnary(MethodDescriptor<?, ?> method, UnaryHandler handler) {
        ExpectedType result = ExpectedType.result(method);
        UnaryHandler inner = handler;
        for (ServerUnaryMiddleware outer : ForMethods.matching(method, unary).reversed()) {
            UnaryHandler wrapped = outer.apply(inner);
            inner = (call, request) -> result.from(outer, wrapped.handle(call, request));
        }
        List<ServerMiddleware> general = ForMethods.matching(method, both);
        return general.isEmpty() ? inner : around(general, result, inner::handle)::proceed;
    }

    private static ServerMiddleware.Step around(
            List<ServerMiddleware> general, ExpectedType result, ServerMiddleware.Step innermost) {
        ServerMiddleware.Step step = innermost;
        for (ServerMiddleware outer : general.reversed()) {
            ServerMiddleware.Step wrapped = outer.apply(step);
            step = (call, request) -> result.from(outer, wrapped.proceed(call, request));
        }
        return step;
    }

    RecvMiddleware.@Nullable Receiver receiver(MethodDescriptor<?, ?> method) {
        List<RecvMiddleware> matching = ForMethods.matching(method, recv);
        if (matching.isEmpty()) {
            return null;
        }
        ExpectedType message = ExpectedType.request(method);
        RecvMiddleware.Receiver next = stream -> ((BlockingServerStream<?, ?>) stream).recvMessage();
        for (RecvMiddleware outer : matching.reversed()) {
            RecvMiddleware.Receiver wrapped = outer.apply(next);
            next = stream -> message.from(outer, wrapped.recv(stream));
        }
        return next;
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a message must give one of the stream's type
    SendMiddleware.@Nullable Sender sender(MethodDescriptor<?, ?> method) {
        List<SendMiddleware> matching = ForMethods.matching(method, send);
        if (matching.isEmpty()) {
            return null;
        }
        SendMiddleware.Sender next =
                (stream, message) -> ((BlockingServerStream<?, Object>) stream).sendMessage(message);
        for (SendMiddleware outer : matching.reversed()) {
            next = outer.apply(next);
        }
        return next;
    }
}
