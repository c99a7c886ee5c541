package io.streamx.engine;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.ClientStreamingClient;
import io.streamx.Metadata;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.StreamEndedException;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Checks;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.TimeLimit;
import java.lang.ref.Reference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The calling end of a stream as user code sees it, in all three shapes: it blocks and wakes user threads, and reports
 * the one outcome.
 *
 * <p>Any thread may send, receive and cancel; one thread at a time receives.
 *
 * @param <Req> the message sent
 * @param <Res> the message received
 */
public final class BlockingClientStream<Req, Res>
        implements BidiStreamingClient<Req, Res>, ClientStreamingClient<Req, Res>, ServerStreamingClient<Res> {
    /**
     * What a stream is opened with beside its method and wire.
     *
     * @param beganNanos when the call was made, from which its timeout counts
     * @param events the events of the call; null when nobody listens
     * @param failures the errors raised at the calling end
     * @param recordsOpeningLine whether the line that opens the stream is recorded, for the report of a forgotten one
     */
    public record Settings(
            CallInfo call,
            CallContext parent,
            @Nullable RecvTimeout recvTimeout,
            String recvTimeoutSetBy,
            @Nullable TimeLimit timeout,
            long beganNanos,
            RecvMiddleware.@Nullable Receiver receiver,
            SendMiddleware.@Nullable Sender sender,
            @Nullable CallEvents events,
            Failures failures,
            boolean recordsOpeningLine) {}

    private final MethodDescriptor<Req, Res> method;
    private final Settings settings;
    private final ClientStreamEnd end;

    private final ClientExchange exchange;
    private final @Nullable CallEvents events;
    private final MessageDecoder<Res> decoder;

    private BlockingClientStream(
            StreamConnection connection, ClientWire wire, MethodDescriptor<Req, Res> method, Settings settings) {
        this.method = method;
        this.settings = settings;
        events = settings.events();
        end = new ClientStreamEnd(connection, wire, settings);
        exchange = end.exchange();
        decoder = new Decoder();
    }

    /**
     * Opens a stream: its opening is queued on return. A stream that its user forgets is found and given up
     * ({@link ForgottenStreams}).
     */
    public static <Req, Res> BlockingClientStream<Req, Res> open(
            StreamConnection connection, ClientWire wire, MethodDescriptor<Req, Res> method, Settings settings) {
        BlockingClientStream<Req, Res> stream = new BlockingClientStream<>(connection, wire, method, settings);
        stream.end.watchFor(stream);
        if (stream.events != null) {
            stream.events.started();
        }
        stream.exchange.open();
        stream.end.opened();
        return stream;
    }

    /** For tests and diagnosis. */
    ClientExchange exchange() {
        return exchange;
    }

    // ---- sending ----

    @Override
    public void send(Req message) {
        CallEvents told = events;
        try {
            sendThroughMiddleware(message);
        } catch (RuntimeException | Error e) {
            if (told != null) {
                told.sendFailed(e);
                awaitFinishedIfOver(told);
            }
            throw e;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void sendThroughMiddleware(Req message) {
        Object unused = Checks.message(message, method, method.requestCodec());
        SendMiddleware.Sender sender = settings.sender();
        if (sender == null) {
            sendMessage(message);
        } else {
            sender.send(this, message);
        }
    }

    /** Sends a message without middleware. This is the innermost step of the middleware. */
    public void sendMessage(Req message) {
        checkSendable();
        try {
            boolean unused = exchange.awaitRoom(Long.MAX_VALUE);
        } catch (InterruptedException e) {
            throw end.interrupted("send", method);
        }
        checkSendable();
        OutboundMessage encoded = exchange.encode(message, method.requestCodec());
        int bytes = encoded.payloadBytes();
        exchange.enqueue(encoded);
        CallEvents told = events;
        if (told != null) {
            told.sent(bytes);
        }
    }

    @Override
    public void setMessageCompression(boolean compress) {
        exchange.wire().compressMessages(compress);
    }

    private void checkSendable() {
        if (end.isSendClosed()) {
            throw end.failureOr(settings.failures().sendAfterCloseSend());
        }
        if (end.isKnown()) {
            end.throwFailure();
            throw new StreamEndedException(settings.failures().sendAfterEnd());
        }
    }

    /**
     * Sends the one request of a stream and ends the requests. A peer that has ended the stream before it saw the request is
     * no failure here: whoever receives gets what the peer sent and how the peer ended the stream.
     */
    public void sendOnly(Req message) {
        try {
            send(message);
        } catch (RpcException failure) {
            if (!end.isFromPeer()) {
                throw failure;
            }
        }
        closeSend();
    }

    @Override
    public void closeSend() {
        if (end.closeSend()) {
            exchange.closeSend();
        }
    }

    // ---- receiving ----

    @Override
    public @Nullable Res recv() {
        CallEvents told = events;
        try {
            Res message = recvThroughMiddleware();
            if (message == null && told != null) {
                awaitFinishedIfOver(told);
                told.released();
            }
            return message;
        } catch (RuntimeException | Error e) {
            if (told != null) {
                told.receiveFailed(e);
                if (awaitFinishedIfOver(told)) {
                    told.released();
                }
            }
            throw e;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Waits, when the stream is over, until the listeners know, so that the outcome reaches the caller after the
     * listeners.
     */
    private boolean awaitFinishedIfOver(CallEvents told) {
        if (!end.isKnown()) {
            return false;
        }
        told.awaitFinished();
        return true;
    }

    private @Nullable Res recvThroughMiddleware() {
        RecvMiddleware.Receiver receiver = settings.receiver();
        if (receiver == null) {
            return recvMessage();
        }
        @SuppressWarnings("unchecked") // a middleware that replaces a message must give one of the stream's type
        Res message = (Res) receiver.recv(this);
        return message;
    }

    /** Receives a message without middleware. This is the innermost step of the middleware. */
    public @Nullable Res recvMessage() {
        RecvTimeout timeout = settings.recvTimeout();
        if (timeout != null) {
            end.limitRecv(timeout);
        }
        InboundMessage message;
        try {
            message = exchange.inbound().take(timeout != null);
        } catch (InterruptedException e) {
            throw end.interrupted("recv", method);
        }
        if (message != null) {
            return decoder.decode(message);
        }
        if (timeout == null || exchange.inbound().isAtEnd()) {
            // The queue of a stream that was closed in the moment it failed knows no failure; the stream does.
            end.throwFailure();
            return null;
        }
        RpcException timedOut = end.recvTimedOut(timeout);
        if (timeout.cancelsRemote()) {
            // The timer does so too; whoever has seen the failure must find the stream over.
            end.fail(timedOut);
            if (end.isClean()) {
                // The end came first, and with it what there is to receive.
                return recvMessage();
            }
        }
        throw end.failureOr(timedOut);
    }

    @Override
    public boolean isLastReceivedCompressed() {
        return exchange.inbound().isLastTakenCompressed();
    }

    @Override
    public @Nullable Res closeAndRecv() {
        closeSend();
        Res reply = recv();
        if (reply != null && exchange.wire().endDecides()) {
            awaitEnd();
        }
        // The server's end may still be on its way; closing this side must not cancel a call that has succeeded.
        end.replied();
        if (events != null) {
            events.released();
        }
        return reply;
    }

    /** Waits until the stream has ended, and throws the failure when it did not end well. */
    private void awaitEnd() {
        CallEvents told = events;
        try {
            @Nullable Object unused = recvMessage();
            if (told != null) {
                awaitFinishedIfOver(told);
            }
        } catch (RuntimeException | Error e) {
            if (told != null) {
                told.receiveFailed(e);
                awaitFinishedIfOver(told);
                told.released();
            }
            throw e;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Metadata headerMetadata() {
        try {
            return await(end.header(), "header");
        } finally {
            if (events != null) {
                events.awaitHeader();
            }
        }
    }

    @Override
    public Metadata trailerMetadata() {
        return await(end.trailer(), "trailer");
    }

    /** The header as far as it has come, without waiting; empty when none came. For calls that have ended. */
    public Metadata headerReceived() {
        return received(end.header());
    }

    /** The trailer as far as it has come, without waiting; empty when the stream ended without one. */
    public Metadata trailerReceived() {
        return received(end.trailer());
    }

    private static Metadata received(CompletableFuture<Metadata> entries) {
        return entries.isDone() && !entries.isCompletedExceptionally() ? entries.join() : Metadata.EMPTY;
    }

    private Metadata await(CompletableFuture<Metadata> entries, String what) {
        if (!entries.isDone()) {
            exchange.beginWait();
            entries.whenComplete((came, failure) -> exchange.endWait());
        }
        try {
            return entries.get();
        } catch (InterruptedException e) {
            throw end.interrupted(what, method);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RpcException failure) {
                throw failure.onThisThread();
            }
            throw new IllegalStateException(what + " of " + method, e.getCause());
        } finally {
            if (events != null) {
                awaitFinishedIfOver(events);
            }
            Reference.reachabilityFence(this);
        }
    }

    // ---- ending ----

    @Override
    public CallInfo call() {
        return settings.call();
    }

    @Override
    public CallContext.Registration onDraining(Runnable listener) {
        return end.drainingListeners().add(listener);
    }

    @Override
    public void cancel(String reason) {
        if (!end.isKnown()) {
            end.fail(settings.failures().canceled(reason));
        }
        if (events != null) {
            events.released();
        }
    }

    @Override
    public void close() {
        if (!end.isKnown() && !end.isReplied()) {
            end.closeHere(CallerLines.callerOfThisThread());
        }
        end.letGo();
    }

    private final class Decoder extends MessageDecoder<Res> {
        Decoder() {
            super(exchange, method.responseCodec(), events);
        }

        @Override
        RpcException decompressionFailed(RpcException failure) {
            end.fail(failure);
            return end.failureOr(failure);
        }
    }
}
