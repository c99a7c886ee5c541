package io.streamx.engine;

import io.netty.buffer.ByteBuf;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.engine.flow.InboundQueue;
import io.streamx.engine.flow.Outbox;
import io.streamx.engine.flow.SendWindow;
import io.streamx.engine.flow.WaitObserver;
import io.streamx.jfr.Stalls;
import io.streamx.service.MessageCodec;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.StreamWire;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stream on its connection. It stands between the wire module, which calls it on the event loop, and the blocking
 * stream of the caller or handler. It holds the state machine, the queue of received messages and the window of unsent
 * ones.
 */
public abstract sealed class Exchange extends ConnectionStream implements WaitObserver
        permits ClientExchange, ServerExchange {
    private final InboundQueue inbound;
    private final SendWindow window;
    private final Outbox outbox;

    private @Nullable CallEvents events;

    /** The wait of the reader, of which somebody is told. Only the reader touches this. */
    private @Nullable ObservedWait readerWait;

    /** How many threads wait for header or trailer. */
    private final AtomicInteger waitingForEntries = new AtomicInteger();

    Exchange(StreamConnection connection, @Nullable ReadCredit credit) {
        super(connection);
        inbound = new InboundQueue(connection.readBudget(), credit, this, connection.time());
        window = new SendWindow(connection.limits().streamBufferBytes(), connection.sendBudget(), connection.time());
        outbox = new Outbox(this::send, connection.outbound(), window);
    }

    final InboundQueue inbound() {
        return inbound;
    }

    final SendWindow window() {
        return window;
    }

    final Outbox outbox() {
        return outbox;
    }

    /** Says who counts the messages that come. To be called before the stream is opened. */
    final void observedBy(@Nullable CallEvents observer) {
        events = observer;
    }

    /**
     * Frames and encodes a message, to be given to {@link #enqueue}. Any thread.
     *
     * @throws RuntimeException when the message cannot be encoded, or is larger than allowed
     */
    final <T> OutboundMessage encode(T message, MessageCodec<T> codec) {
        OutboundMessage buffer = outbox.buffer();
        boolean complete = false;
        try {
            wire().begin(buffer);
            buffer.framed();
            codec.encode(message, buffer);
            wire().complete(buffer);
            complete = true;
            return buffer;
        } finally {
            if (!complete) {
                outbox.giveBack(buffer);
            }
        }
    }

    /**
     * Waits until there is room to send or the stream has ended, but only as long as bytes of the stream leave.
     *
     * @param stallNanos how long the wait goes on without a byte that leaves; {@link Long#MAX_VALUE} for no limit
     * @return false when no byte has left for {@code stallNanos}, and there is no room yet
     */
    final boolean awaitRoom(long stallNanos) throws InterruptedException {
        if (window.isOpen()) {
            return true;
        }
        ObservedWait wait = ObservedWait.begin(CallListener.Wait.SEND, Stalls.sendBegins(), events);
        try {
            return window.awaitRoom(stallNanos);
        } finally {
            if (wait != null) {
                wait.over(call());
            }
        }
    }

    @Override
    public final void readerWaits() {
        readerWait = ObservedWait.begin(CallListener.Wait.RECEIVE, Stalls.receiveBegins(), events);
    }

    @Override
    public final void readerGoesOn() {
        ObservedWait wait = readerWait;
        if (wait != null) {
            readerWait = null;
            wait.over(call());
        }
    }

    /** Queues an encoded message. Takes ownership. Any thread. */
    final void enqueue(OutboundMessage message) {
        outbox.add(message);
    }

    @Override
    final void giveBack(long bytes) {
        window.giveBack(bytes);
    }

    @Override
    final boolean mayStayUnread() {
        return true;
    }

    @Override
    final void wakeReader() {
        inbound.wake();
    }

    /** Queues a received message for the reader, who is woken at the end of the read. On the event loop. */
    final void queue(InboundMessage message) {
        if (events != null) {
            events.arrived(message.readableBytes());
        }
        inbound.offer(message);
        connection().wakeLater(this);
    }

    /** Queues a copy of {@code length} bytes of {@code in}, which are a message, for the reader. On the event loop. */
    final void queue(ByteBuf in, int index, int length) {
        if (events != null) {
            events.arrived(length);
        }
        inbound.offer(in, index, length);
        connection().wakeLater(this);
    }

    /** Says that a thread begins to wait for the header or trailer. */
    final void beginWait() {
        waitingForEntries.incrementAndGet();
    }

    /** Says that a wait for the header or trailer is over. */
    final void endWait() {
        waitingForEntries.decrementAndGet();
    }

    @Override
    public final boolean isAwaited() {
        return inbound.isAwaited() || waitingForEntries.get() > 0;
    }

    @Override
    public final long takenCost() {
        return inbound.takenCost();
    }

    @Override
    public final long unread() {
        return inbound.unread();
    }

    /** As {@link io.streamx.wire.ReadProgress} describes it. */
    public final long unreadBytes() {
        return inbound.unread();
    }

    /** As {@link io.streamx.wire.ReadProgress} describes it. */
    public final void whenTaken(Runnable step) {
        inbound.whenTaken(() -> connection().execute(step));
    }

    /** As {@link io.streamx.wire.ReadProgress} describes it. */
    public final void whenAwaited(Runnable step) {
        inbound.whenAwaited(() -> connection().execute(step));
    }

    /** Carries queued messages on. Takes ownership. On the event loop. */
    abstract void send(OutboundMessage messages);

    abstract StreamWire wire();

    /** The call that the stream carries. */
    public abstract CallInfo call();

    @Override
    final Failures failures() {
        return wire().failures();
    }
}
