package io.streamx.engine;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.ClientStreamingClient;
import io.streamx.Metadata;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.TimeLimit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
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
            Failures failures) {}

    /** How the stream ended; a null failure is the clean end. */
    private record Outcome(@Nullable RpcException failure) {}

    private static final Outcome CLEAN = new Outcome(null);

    private final MethodDescriptor<Req, Res> method;
    private final Settings settings;
    private final ClientExchange exchange;
    private final @Nullable CallEvents events;
    private final ClientStreamTimers timers;
    private final MessageDecoder<Res> decoder;
    private final CompletableFuture<Metadata> header = new CompletableFuture<>();
    private final CompletableFuture<Metadata> trailer = new CompletableFuture<>();
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
    private final AtomicReference<@Nullable Registration> parentRegistration = new AtomicReference<>();

    private volatile boolean sendClosed;
    private volatile boolean replied;

    /** For {@link #parentRegistration}: a named type for the parent's handle. */
    private record Registration(CallContext.Registration handle) {}

    private static final Registration ENDED = new Registration(() -> {});

    private BlockingClientStream(
            StreamConnection connection, ClientWire wire, MethodDescriptor<Req, Res> method, Settings settings) {
        this.method = method;
        this.settings = settings;
        this.events = settings.events();
        this.exchange = new ClientExchange(connection, settings.call(), wire, new Listener());
        exchange.observedBy(events);
        decoder = new Decoder();
        timers = new ClientStreamTimers(exchange, settings, this::failAfterMessages);
    }

    /** Opens a stream: its opening is queued on return. */
    public static <Req, Res> BlockingClientStream<Req, Res> open(
            StreamConnection connection, ClientWire wire, MethodDescriptor<Req, Res> method, Settings settings) {
        BlockingClientStream<Req, Res> stream = new BlockingClientStream<>(connection, wire, method, settings);
        if (stream.events != null) {
            stream.events.started();
        }
        stream.exchange.open();
        stream.opened();
        return stream;
    }

    /**
     * Opens a stream with the one message that it sends, without middleware.
     *
     * @throws RuntimeException when the message cannot be encoded or is too large; nothing was opened then
     */
    public static <Req, Res> BlockingClientStream<Req, Res> openWith(
            StreamConnection connection,
            ClientWire wire,
            MethodDescriptor<Req, Res> method,
            Settings settings,
            Req onlyMessage) {
        BlockingClientStream<Req, Res> stream = new BlockingClientStream<>(connection, wire, method, settings);
        OutboundMessage encoded = stream.exchange.encode(onlyMessage, method.requestCodec());
        int bytes = encoded.payloadBytes();
        stream.sendClosed = true;
        stream.exchange.openWith(encoded);
        if (stream.events != null) {
            stream.events.sent(bytes);
        }
        stream.opened();
        return stream;
    }

    private void opened() {
        TimeLimit timeout = settings.timeout();
        if (timeout != null) {
            timers.startTotal(timeout);
        }
        followParent();
    }

    /** The stream on its connection. For tests and diagnosis. */
    ClientExchange exchange() {
        return exchange;
    }

    private void followParent() {
        CallContext parent = settings.parent();
        CallContext.Registration handle = parent.onCancel(() -> {
            RpcException reason = parent.cancellation();
            if (reason != null) {
                failAfterMessages(settings.failures().canceledByParent(reason));
            }
        });
        if (!parentRegistration.compareAndSet(null, new Registration(handle))) {
            handle.close();
        }
    }

    // ---- sending ----

    @Override
    public void send(Req message) {
        CallEvents told = events;
        if (told == null) {
            sendThroughMiddleware(message);
            return;
        }
        try {
            sendThroughMiddleware(message);
        } catch (RuntimeException | Error e) {
            told.sendFailed(e);
            awaitFinishedIfOver(told);
            throw e;
        }
    }

    private void sendThroughMiddleware(Req message) {
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
            exchange.window().awaitRoom();
        } catch (InterruptedException e) {
            throw interrupted("send");
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
        if (sendClosed) {
            throw outcomeFailureOr(settings.failures().sendAfterCloseSend());
        }
        Outcome ended = outcome.get();
        if (ended != null) {
            throw outcomeFailureOr(settings.failures().sendAfterEnd());
        }
    }

    private RpcException outcomeFailureOr(RpcException other) {
        Outcome ended = outcome.get();
        return (ended == null || ended.failure == null ? other : ended.failure).onThisThread();
    }

    @Override
    public void closeSend() {
        if (!sendClosed) {
            sendClosed = true;
            exchange.closeSend();
        }
    }

    // ---- receiving ----

    @Override
    public @Nullable Res recv() {
        CallEvents told = events;
        if (told == null) {
            return recvThroughMiddleware();
        }
        try {
            Res message = recvThroughMiddleware();
            if (message == null) {
                awaitFinishedIfOver(told);
                told.released();
            }
            return message;
        } catch (RuntimeException | Error e) {
            told.receiveFailed(e);
            if (awaitFinishedIfOver(told)) {
                told.released();
            }
            throw e;
        }
    }

    /**
     * Waits, when the stream is over, until the listeners know, so that the outcome reaches the caller after the
     * listeners.
     */
    private boolean awaitFinishedIfOver(CallEvents told) {
        if (outcome.get() == null) {
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
        if (timeout != null && !timers.isRecvStarted()) {
            timers.startRecv(timeout);
        }
        InboundMessage message;
        try {
            message = exchange.inbound().take(timeout != null);
        } catch (InterruptedException e) {
            throw interrupted("recv");
        }
        if (message != null) {
            return decoder.decode(message);
        }
        if (timeout == null || exchange.inbound().isAtEnd()) {
            checkEndedWell();
            return null;
        }
        RpcException timedOut = timers.recvTimedOut(timeout);
        if (timeout.cancelsRemote()) {
            // The timer ends the stream too, maybe later. Whoever has seen the failure must find the stream over.
            fail(timedOut);
            Outcome ended = outcome.get();
            if (ended != null && ended.failure == null) {
                // The clean end came before the timeout, and with it the messages that are still to be received.
                return recvMessage();
            }
        }
        throw outcomeFailureOr(timedOut);
    }

    /**
     * Throws the failure of the stream if it has one. The queue of a stream that was closed in the moment it failed
     * knows of no failure, and the stream does.
     */
    private void checkEndedWell() {
        Outcome ended = outcome.get();
        if (ended != null && ended.failure != null) {
            throw ended.failure.onThisThread();
        }
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
        replied = true;
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
        }
    }

    @Override
    public Metadata headerMetadata() {
        try {
            return await(header, "header");
        } finally {
            if (events != null) {
                events.awaitHeader();
            }
        }
    }

    @Override
    public Metadata trailerMetadata() {
        return await(trailer, "trailer");
    }

    /** The header as far as it has come, without waiting; empty when none came. For calls that have ended. */
    public Metadata headerReceived() {
        return received(header);
    }

    /** The trailer as far as it has come, without waiting; empty when the stream ended without one. */
    public Metadata trailerReceived() {
        return received(trailer);
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
            throw interrupted(what);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RpcException failure) {
                throw failure.onThisThread();
            }
            throw new IllegalStateException(what + " of " + method, e.getCause());
        } finally {
            if (events != null) {
                awaitFinishedIfOver(events);
            }
        }
    }

    // ---- ending ----

    @Override
    public CallInfo call() {
        return settings.call();
    }

    @Override
    public void cancel(String reason) {
        if (outcome.get() == null) {
            fail(settings.failures().canceled(reason));
        }
        if (events != null) {
            events.released();
        }
    }

    @Override
    public void close() {
        if (outcome.get() == null && !replied) {
            fail(settings.failures().canceled(""));
        }
        if (events != null) {
            events.released();
        }
        // What came before the end and was not taken would hold up the connection.
        exchange.inbound().close();
    }

    /**
     * A thread that was interrupted while it waited gives the stream up, and stays interrupted. Where the enclosing
     * call was cancelled, that is the reason: the interrupt comes from that cancel, and may arrive before it.
     */
    private RpcException interrupted(String what) {
        RpcException cancelled = settings.parent().cancellation();
        RpcException failure = cancelled != null
                ? settings.failures().canceledByParent(cancelled)
                : settings.failures().canceled("thread was interrupted in " + what + " of " + method);
        fail(failure);
        Thread.currentThread().interrupt();
        return outcomeFailureOr(failure);
    }

    /** Ends the stream because its user has no use for what came: messages not yet taken are dropped. */
    private void fail(RpcException failure) {
        end(failure, true);
    }

    /** Ends the stream for a reason its user did not choose: recv gives what has come, then the failure. */
    private void failAfterMessages(RpcException failure) {
        end(failure, false);
    }

    /** Ends the stream from this side: at once for all its users, and on the wire as soon as possible. */
    private void end(RpcException failure, boolean dropsMessages) {
        if (!outcome.compareAndSet(null, new Outcome(failure))) {
            return;
        }
        if (events != null) {
            events.finishedSoon(null, failure);
        }
        if (dropsMessages) {
            exchange.inbound().abort(failure);
        } else {
            exchange.inbound().end(failure);
        }
        exchange.window().close();
        header.completeExceptionally(failure);
        trailer.completeExceptionally(failure);
        release();
        exchange.cancel(failure);
    }

    private void release() {
        Registration registration = parentRegistration.getAndSet(ENDED);
        if (registration != null) {
            registration.handle.close();
        }
        timers.stop();
    }

    private final class Decoder extends MessageDecoder<Res> {
        Decoder() {
            super(exchange, method.responseCodec(), events);
        }

        @Override
        RpcException decompressionFailed(RpcException failure) {
            fail(failure);
            return outcomeFailureOr(failure);
        }
    }

    private final class Listener implements ClientExchange.Listener {
        @Override
        public void onHeader(Metadata entries) {
            if (events != null) {
                events.header(entries.firstValues());
            }
            header.complete(entries);
        }

        @Override
        public void onStalled(RpcException failure) {
            fail(failure);
        }

        @Override
        public void onFinish(@Nullable Metadata entries, @Nullable RpcException failure) {
            if (!outcome.compareAndSet(null, failure == null ? CLEAN : new Outcome(failure))) {
                return;
            }
            if (entries == null && failure != null) {
                header.completeExceptionally(failure);
                trailer.completeExceptionally(failure);
            } else {
                header.complete(Metadata.EMPTY);
                trailer.complete(entries == null ? Metadata.EMPTY : entries);
            }
            if (events != null) {
                events.finishedSoon(entries == null ? null : entries.firstValues(), failure);
            }
            release();
        }
    }
}
