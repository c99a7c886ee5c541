package io.streamx.server;

import io.streamx.engine.BlockingServerStream;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.middleware.ServerStreamMiddleware;
import io.streamx.middleware.ServerStreamMiddleware.StreamHandler;
import io.streamx.middleware.ServerUnaryMiddleware;
import io.streamx.middleware.ServerUnaryMiddleware.UnaryHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The middleware of a server, composed when it is built; null where there is none, so that none costs nothing. */
final class MiddlewareChain {
    private final List<ServerStreamMiddleware> stream;
    private final List<ServerUnaryMiddleware> unary;
    private final RecvMiddleware.@Nullable Receiver receiver;
    private final SendMiddleware.@Nullable Sender sender;

    MiddlewareChain(
            List<ServerStreamMiddleware> stream,
            List<ServerUnaryMiddleware> unary,
            List<RecvMiddleware> recv,
            List<SendMiddleware> send) {
        this.stream = List.copyOf(stream);
        this.unary = List.copyOf(unary);
        receiver = recv.isEmpty() ? null : receiver(recv);
        sender = send.isEmpty() ? null : sender(send);
    }

    private static RecvMiddleware.Receiver receiver(List<RecvMiddleware> recv) {
        RecvMiddleware.Receiver next = stream -> ((BlockingServerStream<?, ?>) stream).recvMessage();
        for (RecvMiddleware middleware : recv.reversed()) {
            next = middleware.apply(next);
        }
        return next;
    }

    @SuppressWarnings("unchecked") // a middleware that replaces a message must give one of the stream's type
    private static SendMiddleware.Sender sender(List<SendMiddleware> send) {
        SendMiddleware.Sender next =
                (stream, message) -> ((BlockingServerStream<?, Object>) stream).sendMessage(message);
        for (SendMiddleware middleware : send.reversed()) {
            next = middleware.apply(next);
        }
        return next;
    }

    RecvMiddleware.@Nullable Receiver receiver() {
        return receiver;
    }

    SendMiddleware.@Nullable Sender sender() {
        return sender;
    }

    /** The handler with the stream middleware around it. */
    StreamHandler aroundStream(StreamHandler handler) {
        StreamHandler next = handler;
        for (ServerStreamMiddleware middleware : stream.reversed()) {
            next = middleware.apply(next);
        }
        return next;
    }

    /** The handler with the unary middleware around it. */
    UnaryHandler aroundUnary(UnaryHandler handler) {
        UnaryHandler next = handler;
        for (ServerUnaryMiddleware middleware : unary.reversed()) {
            next = middleware.apply(next);
        }
        return next;
    }
}
