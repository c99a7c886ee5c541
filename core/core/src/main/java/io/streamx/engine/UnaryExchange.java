package io.streamx.engine;

import io.netty.buffer.ByteBuf;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.engine.flow.SendWindow;
import io.streamx.net.Inflating;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientStreamEvents;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.SizeGuess;
import io.streamx.wire.TimeLimit;
import org.jspecify.annotations.Nullable;

/**
 * A unary call of a client that travels as a stream of one message each way. Wire modules report to it what came, and the
 * caller's thread waits on it, so that a call costs one such object and none of what streams need to carry many messages:
 * no queues, windows and futures. What happens at each end of a call is what happens at that end of a stream
 * ({@code docs/architecture.md}, "Ends of a stream").
 *
 * <p>{@link #open} and {@link #await} belong to the caller's thread, all else to the event loop unless it says otherwise.
 *
 * @param <Res> the result
 */
public final class UnaryExchange<Res> extends UnaryEnd implements ClientStreamEvents, SilenceWatch.Waiting {
    /** Who makes a call, and within what bounds. */
    public interface Caller {
        /** The call as it is on its connection. */
        CallInfo call();

        /** The enclosing call, whose cancel ends this one. */
        CallContext parent();

        /** The longest that the call may take; null for no limit. */
        @Nullable
        TimeLimit limit();

        /** When the call was made, by the {@link io.streamx.wire.TimeSource} of the client. */
        long beganNanos();

        /** The events of the call; null when nobody listens. */
        @Nullable
        CallEvents events();

        /** The errors raised at the calling end. */
        Failures failures();
    }

    private final ClientWire wire;
    private final MethodDescriptor<?, Res> method;
    private final Effects<Res> effects;
    private final ClientStreamCore core;

    private volatile Metadata header = Metadata.EMPTY;
    /** How many bytes of the request have left. Only the event loop touches this. */
    private long left;

    // Only the caller's thread uses the following fields.
    private boolean replied;
    private @Nullable Res result;
    /** The outcome that the reply tells of instead of a result. */
    private @Nullable RpcException toldByReply;

    private UnaryExchange(
            StreamConnection connection, ClientWire wire, MethodDescriptor<?, Res> method, Caller caller) {
        super(connection, caller);
        this.wire = wire;
        this.method = method;
        effects = new Effects<>(this, wire);
        core = effects.core();
    }

    // ---- the caller's thread ----

    /**
     * Begins a call: its request is queued on return.
     *
     * @throws RuntimeException when the request cannot be encoded or is too large; nothing was begun then
     */
    public static <Req, Res> UnaryExchange<Res> open(
            StreamConnection connection,
            ClientWire wire,
            MethodDescriptor<Req, Res> method,
            Caller caller,
            Req request) {
        UnaryExchange<Res> exchange = new UnaryExchange<>(connection, wire, method, caller);
        OutboundMessage encoded = encode(connection.unaryRequests(), wire, method, request);
        int bytes = encoded.payloadBytes();
        exchange.begin(encoded);
        CallEvents told = caller.events();
        if (told != null) {
            told.sent(bytes);
        }
        exchange.follow();
        return exchange;
    }

    private static <Req> OutboundMessage encode(
            SizeGuess size, ClientWire wire, MethodDescriptor<Req, ?> method, Req request) {
        OutboundMessage message = new OutboundMessage(size.next());
        boolean complete = false;
        try {
            wire.begin(message);
            message.framed();
            method.requestCodec().encode(request, message);
            size.was(message.readableBytes());
            wire.complete(message);
            complete = true;
            return message;
        } finally {
            if (!complete) {
                message.release();
            }
        }
    }

    private void begin(OutboundMessage request) {
        request.freeze();
        long counted = SendWindow.countedByConnection(request.cost());
        if (counted != 0) {
            connection().sendBudget().take(counted);
        }
        if (!connection().outbound().offer(() -> openNow(request))) {
            end(effects.loopHasEnded(), Metadata.EMPTY);
        }
    }

    /**
     * Waits until the call has ended. To be called once.
     *
     * @return the result; null for void
     * @throws RpcException how the call ended when it did not end well, and otherwise what the reply tells of instead of
     *     a result
     */
    public @Nullable Res await() {
        try {
            awaitEnd();
        } catch (RuntimeException | Error failure) {
            abandon();
            throw failure;
        }
        // How the call ended decides, whatever reply came before.
        if (!replied) {
            throw new RpcException(method + " ended well and without a reply (expected: one)");
        }
        if (toldByReply != null) {
            throw toldByReply;
        }
        return result;
    }

    private void awaitEnd() {
        while (true) {
            checkNotAborted();
            Outcome ended = outcome(); // read before the reply: a reply that came before the end is then seen
            InboundMessage message = takeReply();
            if (message != null) {
                replied = true;
                decode(message);
            } else if (ended == null) {
                if (!awaitNews()) {
                    throw interrupted(method);
                }
            } else if (ended.failure() == null) {
                return;
            } else {
                throw ended.failure().onThisThread();
            }
        }
    }

    private void decode(InboundMessage message) {
        int bytes = message.readableBytes();
        try {
            if (message.isCompressed()) {
                try (Inflating.Room room =
                        Inflating.shared().enter(bytes, connection().limits().maxMessageBytes())) {
                    decodePlain(decompressed(message));
                }
            } else {
                decodePlain(message);
            }
        } catch (RuntimeException | Error unreadable) {
            if (!hasEnded()) {
                giveUp(caller().failures().canceled(""));
            }
            throw unreadable;
        } finally {
            message.release();
        }
        CallEvents told = caller().events();
        if (told != null) {
            told.received(bytes);
        }
    }

    private void decodePlain(InboundMessage message) {
        try {
            result = method.resultCodec().decode(message);
        } catch (RpcException outcomeOfCall) {
            toldByReply = outcomeOfCall;
        }
    }

    private InboundMessage decompressed(InboundMessage message) {
        try {
            return wire.decompress(message);
        } catch (RpcException failure) {
            throw giveUpHere(failure);
        }
    }

    // ---- any thread ----

    /** The header as far as it has come; empty when none came. */
    public Metadata headerReceived() {
        return header;
    }

    @Override
    Failures failures() {
        return wire.failures();
    }

    @Override
    void cancelSoon(RpcException failure) {
        effects.cancelSoon(failure);
    }

    @Override
    public long unreadBytes() {
        return unread();
    }

    // ---- event loop ----

    private void openNow(OutboundMessage request) {
        effects.open();
        core.send(request);
        core.closeSend();
    }

    @Override
    public boolean onHeader(Metadata entries) {
        return core.onHeader(entries);
    }

    @Override
    public void onMessage(InboundMessage message) {
        core.onMessage(message);
    }

    @Override
    public void onMessage(ByteBuf in, int index, int length) {
        if (core.receives()) {
            queue(InboundMessage.copyOf(in, index, length));
        }
    }

    private void queue(InboundMessage message) {
        CallEvents told = caller().events();
        if (told != null) {
            told.arrived(message.readableBytes());
        }
        put(message);
    }

    @Override
    public void onEnd(Metadata trailer, @Nullable RpcException failure) {
        core.onEnd(trailer, failure);
    }

    @Override
    public void onReset(RpcException failure) {
        core.onReset(failure);
    }

    @Override
    public void fail(RpcException failure) {
        core.cancel(failure);
    }

    @Override
    void onConnectionLost(RpcException failure) {
        effects.onConnectionLost(failure);
    }

    @Override
    void giveBack(long bytes) {
        long before = left;
        left = before + bytes;
        long counted = SendWindow.countedByConnection(left) - SendWindow.countedByConnection(before);
        if (counted != 0) {
            connection().sendBudget().giveBack(counted);
        }
    }

    /** Runs {@code step} at once: a wire that grants its peer more as messages are taken has nothing to grant to a call of one. */
    @Override
    public void whenTaken(Runnable step) {
        step.run();
    }

    /** Runs {@code step} at once: whoever has made the call waits for its reply. */
    @Override
    public void whenAwaited(Runnable step) {
        step.run();
    }

    @Override
    public boolean waitsInVain() {
        return caller().limit() == null;
    }

    private void onHeaderEntries(Metadata entries) {
        CallEvents told = caller().events();
        if (told != null) {
            told.header(entries.firstValues());
        }
        if (!hasEnded()) {
            header = entries;
        }
    }

    private void onFinish(@Nullable Metadata trailer, @Nullable RpcException failure) {
        Metadata entries = trailer == null ? Metadata.EMPTY : trailer;
        end(failure, entries);
        if (!toBeWoken) {
            wakeReader();
        }
    }

    private static final class Effects<Res> extends ClientWireEffects<UnaryExchange<Res>> {
        Effects(UnaryExchange<Res> call, ClientWire wire) {
            super(call, wire);
        }

        @Override
        public void header(Metadata entries) {
            stream.onHeaderEntries(entries);
        }

        @Override
        public void deliver(InboundMessage message) {
            stream.queue(message);
        }

        @Override
        void onFinish(@Nullable Metadata trailer, @Nullable RpcException failure) {
            stream.onFinish(trailer, failure);
        }
    }
}
