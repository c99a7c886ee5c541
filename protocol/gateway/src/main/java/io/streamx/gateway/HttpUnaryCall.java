package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ReplyEntries;
import io.streamx.wire.ReplyTurn;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.ServerRuntime.Outcome;
import io.streamx.wire.ServerRuntime.Stage;
import io.streamx.wire.Thrown;
import io.streamx.wire.UnsentReplies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A unary call: its handler runs when the request is whole. */
final class HttpUnaryCall<Req, Res> extends HttpCall {
    private enum State {
        AWAITING_REQUEST,
        RUNNING,
        OVER
    }

    private final ServerRuntime runtime;
    private final BoundMethod<Req, Res> bound;
    private final UnaryStyle<Req, Res> style;
    private final RequestBody body;
    private final @Nullable OpeningEntries opening;
    private final ReplyEntries replyEntries = new ReplyEntries(HttpEntries::check, this::keepHeader);
    /** A header that the handler wanted to go ahead of the reply, which HTTP cannot do: the status stands before it. */
    private volatile Metadata early = Metadata.EMPTY;

    private final ReplyTurn turn = new ReplyTurn();
    private State state = State.AWAITING_REQUEST;

    HttpUnaryCall(
            HttpResponder responder,
            ServerRuntime runtime,
            BoundMethod<Req, Res> bound,
            ServerCallContext context,
            UnaryStyle<Req, Res> style,
            RequestBody body,
            @Nullable OpeningEntries opening) {
        super(responder, context);
        this.runtime = runtime;
        this.bound = bound;
        this.style = style;
        this.opening = opening;
        this.body = body;
        context.replyEntries(replyEntries);
    }

    private void keepHeader(Metadata header) {
        early = header;
    }

    @Override
    boolean isStreaming() {
        return false;
    }

    @Override
    void onContent(ByteBuf piece) throws HttpRefusal {
        if (state == State.AWAITING_REQUEST) {
            body.add(piece);
        }
    }

    @Override
    void onRequestEnd() {
        if (state == State.AWAITING_REQUEST) {
            run(body.take());
        }
    }

    @Override
    int heldBytes() {
        return body.heldBytes();
    }

    @Override
    int missingBytes() {
        return state == State.AWAITING_REQUEST ? body.missingBytes() : 0;
    }

    @Override
    long handedOnBytes() {
        return 0;
    }

    /** Runs the handler with a request that came by another way than the body. Takes ownership. */
    void run(InboundMessage request) {
        state = State.RUNNING;
        runtime.call(bound, context(), new Source(request), this::finish);
    }

    @Override
    void onLeft(RpcException reason) {
        if (state == State.OVER) {
            return;
        }
        boolean waits = state == State.AWAITING_REQUEST;
        state = State.OVER;
        turn.giveUp();
        stopDeadline();
        if (waits) {
            // The body is given up here, because the connection refers to the call until its response has left,
            // which may take long.
            body.drop();
            runtime.notRun(context(), reason);
        }
        if (!bound.descriptor().isOneway()) {
            context().cancel(reason);
        }
    }

    @Override
    void onTimeout(RpcException reason) {
        if (state != State.OVER) {
            CallError error = style.error(reason, false, context());
            onLeft(reason);
            responder().reply(style.failure(error, Metadata.EMPTY, Metadata.EMPTY));
            responder().flush();
        }
    }

    private final class Source implements ServerRuntime.RequestSource<Req> {
        private final InboundMessage request;

        Source(InboundMessage request) {
            this.request = request;
        }

        @Override
        public Req decode() {
            try {
                return style.decode(request);
            } finally {
                request.release();
            }
        }

        @Override
        public void discard() {
            request.release();
        }

        @Override
        public int payloadBytes() {
            return request.readableBytes();
        }

        @Override
        public @Nullable OpeningEntries opening() {
            return opening;
        }
    }

    // ---- the handler's thread ----

    @Override
    void written(int cost) {
        responder().host().replies().left(cost);
    }

    private void finish(Outcome<Res> outcome) {
        ReplyEntries.Sealed sealed = replyEntries.seal();
        Metadata sealedHeader = sealed.header();
        Metadata header = sealedHeader == null ? early : sealedHeader;
        Throwable failure = outcome.failure();
        HttpReply reply = null;
        UnsentReplies replies = responder().host().replies();
        try {
            if (failure == null && !turn.await(replies, runtime.sendTimeout())) {
                failure = StatusException.outcome(
                        StatusCode.RESOURCE_EXHAUSTED,
                        ReplyTurn.refusal(replies.held(), runtime.sendTimeout()),
                        List.of(),
                        null);
            }
            if (failure == null) {
                reply = style.success(outcome.result(), header, sealed.trailer());
                context().replied(reply.body().readableBytes(), null);
                replies.made(reply.body().readableBytes());
            }
        } catch (Throwable unencodable) {
            // A codec in Kotlin may throw any exception without declaring it.
            failure = unencodable;
        } finally {
            // A turn that is not given back would keep replies of all connections waiting.
            turn.done(replies);
        }
        if (reply == null) {
            boolean fromHandler = outcome.stage() == Stage.HANDLER && outcome.failure() != null;
            reply = failed(failure, fromHandler, header, sealed.trailer());
            context().replied(-1, failure);
            replies.made(reply.body().readableBytes());
        }
        HttpReply made = reply;
        int cost = made.body().readableBytes();
        if (!responder().host().offer(() -> answer(made, cost))) {
            made.body().release();
            replies.left(cost);
        }
    }

    /**
     * The answer to a failure, whatever happens on the way: without one the caller would wait for ever. An exception here may
     * come from a method of the handler's own exception.
     */
    private HttpReply failed(@Nullable Throwable failure, boolean fromHandler, Metadata header, Metadata trailer) {
        CallError error;
        try {
            error = style.error(failure == null ? new RpcException("no outcome") : failure, fromHandler, context());
            return style.failure(error, header, trailer);
        } catch (RuntimeException | Error untold) {
            error = style.error(
                    new RpcException("the outcome cannot be told: " + Thrown.text(untold)), false, context());
            return style.failure(error, Metadata.EMPTY, Metadata.EMPTY);
        }
    }

    // ---- event loop ----

    private void answer(HttpReply reply, int cost) {
        if (state == State.OVER) {
            reply.body().release();
            written(cost);
            return;
        }
        state = State.OVER;
        stopDeadline();
        if (responder().reply(reply, cost)) {
            written(cost);
        }
    }
}
