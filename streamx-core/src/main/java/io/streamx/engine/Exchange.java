package io.streamx.engine;

import io.streamx.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * One stream on its connection: between the wire module, which calls it on the event loop, and the blocking stream of
 * caller or handler. Holds the state machine, the queue of received messages and the window of unsent ones.
 */
public abstract sealed class Exchange permits ClientExchange, ServerExchange {
    private final StreamConnection connection;
    private final InboundQueue inbound;
    private final SendWindow window;

    // Owned by the connection, on the event loop.
    @Nullable
    Exchange previous;

    @Nullable
    Exchange next;

    private @Nullable StreamEvents events;
    boolean attached;
    boolean toBeWoken;
    long credit;

    Exchange(StreamConnection connection, @Nullable ReadCredit credit) {
        this.connection = connection;
        inbound = new InboundQueue(connection.readBudget(), credit);
        window = new SendWindow(connection.limits().streamBufferBytes(), connection.sendBudget());
    }

    final StreamConnection connection() {
        return connection;
    }

    final InboundQueue inbound() {
        return inbound;
    }

    final SendWindow window() {
        return window;
    }

    /** Says who counts what comes; before the stream is opened. */
    final void observedBy(@Nullable StreamEvents observer) {
        events = observer;
    }

    /** Queues a complete message. Takes ownership. Any thread. */
    final void enqueue(OutboundMessage message) {
        message.belongTo(this);
        window.take(message.cost());
        connection.outbound().offer(message);
    }

    /** Reported by the wire when a message of that {@link OutboundMessage#cost} has left. On the event loop. */
    public final void written(int cost) {
        connection.credit(this, cost);
    }

    /** Drops a message that is not to be written any more. On the event loop. */
    final void drop(OutboundMessage message) {
        int cost = message.cost();
        message.release();
        written(cost);
    }

    /** Queues a received message for the reader, who is woken at the end of the read. On the event loop. */
    final void queue(InboundMessage message) {
        if (events != null) {
            events.arrived(message.readableBytes());
        }
        inbound.offer(message);
        connection.wakeLater(this);
    }

    /** Carries a queued message on. On the event loop. */
    abstract void send(OutboundMessage message);

    /** The connection is gone. On the event loop. */
    public abstract void onConnectionLost(RpcException failure);

    /** Ends the stream because it holds up its connection. On the event loop. */
    abstract void endStalled(RpcException failure);

    /** The errors of the stream's wire. */
    abstract Failures failures();
}
