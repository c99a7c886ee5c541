package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A call from its request's head to the end of its response. On the event loop, unless a method says otherwise. */
abstract class HttpCall {
    private final HttpResponder responder;
    private final ServerCallContext context;
    private @Nullable Future<?> deadline;

    HttpCall(HttpResponder responder, ServerCallContext context) {
        this.responder = responder;
        this.context = context;
    }

    final HttpResponder responder() {
        return responder;
    }

    final ServerCallContext context() {
        return context;
    }

    /** A piece of the request's body, which the caller keeps owning. */
    abstract void onContent(ByteBuf piece) throws HttpRefusal;

    /** The request is whole. */
    abstract void onRequestEnd() throws HttpRefusal;

    /** Nobody waits for the response any more. */
    abstract void onLeft(RpcException reason);

    /** A limit of time has passed, and the caller is told so. */
    abstract void onTimeout(RpcException reason);

    /** Whether the bytes of the request are messages of a stream, between which its sender may take any time. */
    abstract boolean isStreaming();

    /** What the latest bytes of the request have left of the messages of a stream. */
    RequestMessages.Progress progress() {
        return RequestMessages.Progress.WHOLE;
    }

    /** How much memory is held of messages of the request that are not whole. */
    abstract int heldBytes();

    /** How many bytes may come of the message that has begun; 0 where none has. */
    abstract int missingBytes();

    /** How many bytes of messages have been handed on to be read, in all. */
    abstract long handedOnBytes();

    /** What the reader of the request's messages has taken; null where none reads before the request is whole. */
    @Nullable
    ReadProgress reading() {
        return null;
    }

    /** Messages whose costs add up to {@code cost} have left, where {@link HttpResponder#messages} did not say so at once. */
    void written(int cost) {}

    /** Begins to watch the time that the caller allows and the server's own limit; null where there is none. */
    final void startDeadline(@Nullable Duration callers, @Nullable Duration own, String header) {
        boolean callersFirst = callers != null && (own == null || callers.compareTo(own) <= 0);
        Duration timeout = callersFirst ? callers : own;
        if (timeout == null) {
            return;
        }
        TimeLimit limit = new TimeLimit(timeout, callersFirst ? "the caller, with " + header : "the server");
        long begun = context.time().nanoTime();
        deadline = context.time()
                .schedule(
                        context.loop(),
                        () -> onTimeout(GrpcFailures.SERVER.streamTimeout(
                                limit, Duration.ofNanos(context.time().nanoTime() - begun))),
                        limit.nanos());
    }

    final void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
