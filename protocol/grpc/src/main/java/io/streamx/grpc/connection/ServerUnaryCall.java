package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.grpc.protocol.Dialect;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.HandlerStatus;
import io.streamx.grpc.protocol.RequestHead;
import io.streamx.net.Inflating;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.ReplyEntries;
import io.streamx.wire.ReplyTurn;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.ServerRuntime.Outcome;
import io.streamx.wire.ServerRuntime.Stage;
import io.streamx.wire.SizeGuess;
import io.streamx.wire.Thrown;
import io.streamx.wire.UnsentReplies;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A unary call at its server: the handler runs when the request has come and nothing else can follow, as grpc-java does it.
 * Source: docs/protocol/grpc.md "4. Messages"; gRPC's statuscodes.md for a request of no message or of several.
 */
final class ServerUnaryCall<Req, Res> extends ServerCall
        implements ServerRuntime.RequestSource<Req>, Consumer<Outcome<Res>> {
    private enum State {
        AWAITING_REQUEST,
        RUNNING,
        OVER
    }

    private final ServerRuntime runtime;
    private final BoundMethod<Req, Res> bound;
    private final OpeningEntries entries;
    private final ReplyEntries replyEntries = new ReplyEntries(this::checkEntries, this::sendEarly);
    private final ReplyTurn turn = new ReplyTurn();
    private State state = State.AWAITING_REQUEST;
    /** The request that has come, until its handler runs or the call is over. */
    private @Nullable InboundMessage request;
    /** The request whose handler runs. It is written before the thread of the handler starts, and is that thread's own then. */
    private @Nullable InboundMessage handled;

    ServerUnaryCall(
            GrpcServerConnection connection,
            ServerRuntime runtime,
            BoundMethod<Req, Res> bound,
            Http2Stream stream,
            RequestHead head,
            Dialect dialect,
            ServerCallContext context,
            OpeningEntries entries) {
        super(connection, stream, head, dialect, context);
        this.runtime = runtime;
        this.bound = bound;
        this.entries = entries;
        context.replyEntries(replyEntries);
    }

    private MethodDescriptor<Req, Res> method() {
        return bound.descriptor();
    }

    // ---- event loop: what came ----

    @Override
    @Nullable
    ReadProgress reading() {
        return null;
    }

    @Override
    void onMessage(InboundMessage message) {
        if (state != State.AWAITING_REQUEST) {
            message.release();
        } else if (request == null) {
            request = message;
        } else {
            message.release();
            refuse(GrpcFailures.SERVER.secondMessage());
        }
    }

    @Override
    void onEndOfRequests(@Nullable RpcException failure) {
        if (state != State.AWAITING_REQUEST) {
            return;
        }
        InboundMessage message = request;
        if (failure != null || message == null) {
            refuse(failure != null ? failure : GrpcFailures.SERVER.messageMissing());
            return;
        }
        request = null;
        state = State.RUNNING;
        if (message.isCompressed()) {
            callContext().requestCameCompressed();
        }
        handled = message;
        runtime.call(bound, callContext(), this, this);
    }

    @Override
    @Nullable
    Duration serverLimit() {
        return runtime.unaryTimeout();
    }

    private void refuse(RpcException reason) {
        runtime.notRun(callContext(), reason);
        answer(null, status(reason, false), ReplyEntries.Sealed.NONE);
    }

    /** A request that is whole is held until nothing can follow it. */
    @Override
    int wholeBytes() {
        InboundMessage message = request;
        return message == null ? 0 : message.readableBytes();
    }

    private void dropRequest() {
        InboundMessage message = request;
        if (message != null) {
            request = null;
            message.release();
        }
    }

    @Override
    public void interrupt(RpcException reason) {
        if (state != State.OVER) {
            if (state == State.AWAITING_REQUEST) {
                runtime.notRun(callContext(), reason);
            }
            state = State.OVER;
            turn.giveUp();
            callContext().cancel(reason);
            dropRequest();
            over();
        }
    }

    // ---- the handler's thread ----

    private void sendEarly(Metadata header) {
        server().streams().offer(() -> {
            if (state == State.RUNNING) {
                header(header);
            }
        });
    }

    private InboundMessage handled() {
        InboundMessage message = handled;
        if (message == null) {
            throw new IllegalStateException("the request of " + fullMethod() + " has not come whole");
        }
        return message;
    }

    @Override
    public Req decode() {
        return decode(handled());
    }

    @Override
    public void discard() {
        InboundMessage message = handled();
        handled = null;
        message.release();
    }

    @Override
    public int payloadBytes() {
        return handled().readableBytes();
    }

    @Override
    public OpeningEntries opening() {
        return entries;
    }

    private Req decode(InboundMessage message) {
        try {
            if (!message.isCompressed()) {
                return method().requestCodec().decode(message);
            }
            int maxBytes = server().limits().maxMessageBytes();
            try (Inflating.Room room = Inflating.shared().enter(message.readableBytes(), maxBytes)) {
                return method().requestCodec().decode(decompress(message));
            }
        } finally {
            handled = null;
            message.release();
        }
    }

    /** The handler has ended, or could not be run: answers the caller. */
    @Override
    public void accept(Outcome<Res> outcome) {
        ReplyEntries.Sealed sealed = replyEntries.seal();
        Throwable failure = outcome.failure();
        OutboundMessage reply = null;
        UnsentReplies replies = server().streams().replies();
        try {
            if (turn.await(replies, runtime.sendTimeout())) {
                reply = reply(outcome);
                if (reply != null) {
                    reply.freeze();
                    replies.made(reply.cost());
                }
            } else {
                failure = StatusException.outcome(
                        StatusCode.RESOURCE_EXHAUSTED,
                        ReplyTurn.refusal(replies.held(), runtime.sendTimeout()),
                        List.of(),
                        null);
            }
        } catch (Throwable unencodable) {
            // A codec in Kotlin may throw any exception without declaring it.
            failure = unencodable;
        } finally {
            // A turn that is not given back would keep replies of all connections waiting.
            turn.done(replies);
        }
        HandlerStatus status = reply != null ? HandlerStatus.OK : anyStatus(failure, outcome.stage() == Stage.HANDLER);
        callContext().replied(reply == null ? -1 : reply.payloadBytes(), reply == null ? failure : outcome.failure());
        OutboundMessage message = reply;
        if (!server().streams().offer(() -> answer(message, status, sealed)) && message != null) {
            replies.left(message.cost());
        }
    }

    /**
     * The status of the call, whatever happens on the way: without one the caller would wait for ever. An exception
     * here may come from a method of the handler's own exception.
     */
    private HandlerStatus anyStatus(@Nullable Throwable failure, boolean fromHandler) {
        try {
            return status(failure, fromHandler);
        } catch (RuntimeException | Error untold) {
            return HandlerStatus.of(StatusCode.INTERNAL, "the outcome cannot be told: " + Thrown.text(untold));
        }
    }

    /** The result, or the exception that the method declares; null for any other failure. */
    private @Nullable OutboundMessage reply(Outcome<Res> outcome) {
        SizeGuess size = server().unaryReplies();
        OutboundMessage message = new OutboundMessage(size.next());
        try {
            MessagePrefix.begin(message);
            message.framed();
            Throwable failure = outcome.failure();
            if (failure == null) {
                method().resultCodec().encodeResult(outcome.result(), message);
            } else if (!method().resultCodec().encodeException(failure, message)) {
                message.release();
                return null;
            }
            size.was(message.readableBytes());
            completeReply(message);
        } catch (Throwable e) {
            message.release();
            throw e;
        }
        return message;
    }

    // ---- event loop: the answer ----

    private void answer(@Nullable OutboundMessage reply, HandlerStatus status, ReplyEntries.Sealed sealed) {
        if (state == State.OVER) {
            if (reply != null) {
                int cost = reply.cost();
                reply.release();
                written(cost);
            }
            return;
        }
        state = State.OVER;
        dropRequest();
        if (sealed.header() != null) {
            header(sealed.header());
        }
        if (reply != null) {
            append(reply);
        }
        trailer(sealed.trailer(), status);
        over();
    }

    @Override
    void written(int cost) {
        server().streams().replies().left(cost);
    }
}
