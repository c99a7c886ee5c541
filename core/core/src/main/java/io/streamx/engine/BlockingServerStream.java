package io.streamx.engine;

import io.streamx.BidiStreamingServer;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.ClientStreamingServer;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.ServerStreamingServer;
import io.streamx.jfr.RecordedCall;
import io.streamx.middleware.RecvMiddleware;
import io.streamx.middleware.SendMiddleware;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.Checks;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.LateHandlers;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerWire;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The serving end of a stream as its handler sees it, in all three shapes.
 *
 * <p>Sending and receiving may run at once; one thread at a time receives.
 *
 * @param <Req> the message received
 * @param <Res> the message sent
 */
public final class BlockingServerStream<Req, Res>
        implements BidiStreamingServer<Req, Res>, ClientStreamingServer<Req, Res>, ServerStreamingServer<Res> {
    /**
     * What a server gives each of its streams.
     *
     * @param limits how long the streams may take
     */
    public record Settings(
            RecvMiddleware.@Nullable Receiver receiver,
            SendMiddleware.@Nullable Sender sender,
            List<CallListener> listeners,
            ServerTimeLimits limits) {}

    private final MethodDescriptor<Req, Res> method;
    private final ServerCallContext context;
    private final ServerExchange exchange;
    private final Settings settings;
    private final @Nullable CallEvents events;
    private final ServerStreamTimers timers;
    private final MessageDecoder<Req> decoder;
    private final AtomicReference<@Nullable RpcException> ended = new AtomicReference<>();

    // Header and trailer are guarded by {@code this}. The event loop reads them only for a step that was queued after
    // the change.
    private Metadata header = Metadata.EMPTY;
    private Metadata trailer = Metadata.EMPTY;

    private volatile boolean headerSent;
    private volatile @Nullable Thread handlerThread;

    /** A stream whose opening has just been read, on the event loop. */
    public BlockingServerStream(
            StreamConnection connection,
            ServerWire wire,
            MethodDescriptor<Req, Res> method,
            ServerCallContext context,
            Settings settings) {
        this.method = method;
        this.context = context;
        this.settings = settings;
        this.events = CallEvents.of(RecordedCall.listeningTo(method.mode(), settings.listeners()), context);
        this.exchange = new ServerExchange(connection, wire, new Listener());
        exchange.observedBy(events);
        this.decoder = new Decoder();
        this.timers = new ServerStreamTimers(exchange, settings.limits());
        connection.attach(exchange);
        context.carriedBy(this, settings.limits().total(), timers.beganNanos());
        timers.start();
    }

    /** What the wire module reports to. */
    public ServerExchange exchange() {
        return exchange;
    }

    @Override
    public ServerCallContext call() {
        return context;
    }

    // ---- running ----

    /** Says that this thread runs the handler, to be interrupted when the call is cancelled. */
    public void begin() {
        handlerThread = Thread.currentThread();
        if (events != null) {
            events.started();
        }
        if (ended.get() != null) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the stream, well or with a failure, when handler and middleware have returned. */
    public void finish(@Nullable Throwable failure) {
        handlerThread = null;
        RpcException returned = exchange.failures().handlerReturned();
        boolean first = settle(returned);
        exchange.inbound().abort(returned);
        exchange.window().close();
        exchange.finish(failure);
        if (events != null) {
            events.finished(null, first ? failure : ended.get());
        }
    }

    /**
     * Notes that the stream is over, and says whether this is the first end, which counts. The stream knows of the end
     * before the context does, so that whoever sees the context cancelled cannot use the stream any more.
     */
    private boolean settle(RpcException reason) {
        boolean first = ended.compareAndSet(null, reason);
        context.cancel(Objects.requireNonNull(ended.get()));
        return first;
    }

    // ---- receiving ----

    @Override
    public @Nullable Req recv() {
        try {
            return recvThroughMiddleware();
        } catch (RuntimeException | Error e) {
            if (events != null) {
                events.receiveFailed(e);
            }
            throw e;
        }
    }

    private @Nullable Req recvThroughMiddleware() {
        RecvMiddleware.Receiver receiver = settings.receiver();
        if (receiver == null) {
            return recvMessage();
        }
        @SuppressWarnings("unchecked") // a middleware that replaces a message must give one of the stream's type
        Req message = (Req) receiver.recv(this);
        return message;
    }

    /** Receives a message without middleware. This is the innermost step of the middleware. */
    public @Nullable Req recvMessage() {
        Duration timeout = settings.limits().recv();
        if (timeout != null && !timers.isRecvStarted()) {
            timers.startRecv(timeout);
        }
        InboundMessage message;
        try {
            message = exchange.inbound().take(timeout != null);
        } catch (InterruptedException e) {
            throw interrupted("recv", e);
        }
        if (message != null) {
            return decoder.decode(message);
        }
        if (timeout == null || exchange.inbound().isAtEnd()) {
            // The stream knows of a cancel before the context does, and the queue after it. So a handler that was told
            // of the cancel does not take the end of the messages for the end of the call.
            checkRunning();
            return null;
        }
        // The timer ends the stream too, maybe later. Whoever has seen the failure must not be able to go on.
        ended.compareAndSet(null, timers.recvTimedOut(timeout));
        RpcException failure = Objects.requireNonNull(ended.get());
        exchange.inbound().abort(failure);
        // The timer does this too, but maybe only after the handler has made something else of the failure.
        exchange.finish(failure);
        throw failure.onThisThread();
    }

    @Override
    public boolean isLastReceivedCompressed() {
        return exchange.inbound().isLastTakenCompressed();
    }

    // ---- sending ----

    @Override
    public void send(Res message) {
        try {
            sendThroughMiddleware(message);
        } catch (RuntimeException | Error e) {
            if (events != null) {
                events.sendFailed(e);
            }
            throw e;
        }
    }

    private void sendThroughMiddleware(Res message) {
        Object unused = Checks.message(message, method, method.responseCodec());
        SendMiddleware.Sender sender = settings.sender();
        if (sender == null) {
            sendMessage(message);
        } else {
            sender.send(this, message);
        }
    }

    @Override
    public void sendAndClose(Res reply) {
        send(reply);
    }

    /** Sends a message without middleware. This is the innermost step of the middleware. */
    public void sendMessage(Res message) {
        checkRunning();
        try {
            Duration limit = settings.limits().sendStall();
            if (!exchange.awaitRoom(limit == null ? Long.MAX_VALUE : TimeLimit.nanos(limit))) {
                throw sendStalled(Objects.requireNonNull(limit));
            }
        } catch (InterruptedException e) {
            throw interrupted("send", e);
        }
        checkRunning();
        OutboundMessage encoded = exchange.encode(message, method.responseCodec());
        int bytes = encoded.payloadBytes();
        if (!headerSent) {
            freezeHeader();
        }
        exchange.enqueue(encoded);
        if (events != null) {
            events.sent(bytes);
        }
    }

    /**
     * Ends the stream, because a caller that has taken nothing for so long would take nothing after a longer wait
     * either.
     */
    private RpcException sendStalled(Duration limit) {
        RpcException failure = exchange.failures()
                .sendTimeout(
                        new TimeLimit(limit, "the server"), exchange.window().unsent());
        ended.compareAndSet(null, failure);
        exchange.giveUp(failure);
        return Objects.requireNonNull(ended.get()).onThisThread();
    }

    @Override
    public void setMessageCompression(boolean compress) {
        exchange.wire().compressMessages(compress);
    }

    private void checkRunning() {
        RpcException failure = ended.get();
        if (failure != null) {
            throw failure.onThisThread();
        }
    }

    /** Takes no more header entries, because entries that are added from now on would come too late. */
    private synchronized void freezeHeader() {
        headerSent = true;
    }

    @Override
    public void setHeader(Metadata entries) {
        checkRunning();
        synchronized (this) {
            addToHeader(entries);
        }
    }

    @Override
    public void sendHeader(Metadata entries) {
        checkRunning();
        synchronized (this) {
            addToHeader(entries);
            headerSent = true;
        }
        exchange.sendHeader();
    }

    private void addToHeader(Metadata entries) {
        if (headerSent) {
            throw exchange.failures().headerAlreadySent().onThisThread();
        }
        header = merged(header, entries);
    }

    @Override
    public synchronized void setTrailer(Metadata entries) {
        checkRunning();
        trailer = merged(trailer, entries);
    }

    private Metadata merged(Metadata old, Metadata entries) {
        Metadata merged = old.replacedBy(entries);
        exchange.wire().checkEntries(merged);
        return merged;
    }

    private RpcException interrupted(String what, InterruptedException cause) {
        Thread.currentThread().interrupt();
        RpcException failure = ended.get();
        return failure != null
                ? failure.onThisThread()
                : new RpcException("thread was interrupted in " + what + " of " + method, cause);
    }

    private final class Decoder extends MessageDecoder<Req> {
        Decoder() {
            super(exchange, method.requestCodec(), events);
        }

        @Override
        RpcException decompressionFailed(RpcException failure) {
            exchange.inbound().abort(failure);
            return failure.onThisThread();
        }

        @Override
        void decodingFailed(RuntimeException failure) {
            context.decodingFailed(failure);
        }
    }

    private final class Listener implements ServerExchange.Listener {
        @Override
        public CallInfo call() {
            return context;
        }

        @Override
        public Metadata headerEntries() {
            synchronized (BlockingServerStream.this) {
                headerSent = true;
                return header;
            }
        }

        @Override
        public Metadata trailerEntries() {
            synchronized (BlockingServerStream.this) {
                return trailer;
            }
        }

        @Override
        public boolean isHandlerFailure(Throwable failure) {
            return context.isHandlerFailure(failure);
        }

        @Override
        public void onFinished() {
            timers.stop();
        }

        @Override
        public void onInterrupt(RpcException failure) {
            settle(failure);
            Thread thread = handlerThread;
            if (thread != null) {
                thread.interrupt();
                LateHandlers.watch(method, thread, settings.limits().lateHandler());
            }
        }
    }
}
