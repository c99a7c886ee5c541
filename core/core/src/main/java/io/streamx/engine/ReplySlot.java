package io.streamx.engine;

import io.streamx.wire.InboundMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one reply of a unary call, which the event loop puts here and the thread of the caller takes; and that thread, while
 * it waits. This is the superclass of {@link UnaryExchange} and no object of its own, because calls are many.
 */
abstract sealed class ReplySlot extends ConnectionStream permits UnaryEnd {
    private static final VarHandle REPLY;

    static {
        try {
            REPLY = MethodHandles.lookup().findVarHandle(ReplySlot.class, "reply", InboundMessage.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The reply that has come and that nobody has taken. */
    private volatile @Nullable InboundMessage reply;

    /** Whether nobody takes a reply that comes from now on. */
    private volatile boolean abandoned;

    private volatile boolean taken;
    private volatile @Nullable Thread waiter;

    /** What the reply counts for. Only the event loop writes this, before the reply can be seen. */
    private int replyCost;

    ReplySlot(StreamConnection connection) {
        super(connection);
    }

    /** Whether the call has ended, with a reply or without one. Any thread. */
    abstract boolean hasEnded();

    // ---- the caller's thread ----

    /**
     * Waits until the reply or the end of the call is there.
     *
     * @return false when the thread was interrupted before either came; it stays interrupted
     */
    final boolean awaitNews() {
        waiter = Thread.currentThread();
        try {
            while (!hasEnded() && reply == null) {
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    Thread.currentThread().interrupt();
                    if (!hasEnded() && reply == null) {
                        return false;
                    }
                }
            }
            return true;
        } finally {
            waiter = null;
        }
    }

    /** Takes nothing more: a reply that is here, or that comes later, is dropped. */
    final void abandon() {
        abandoned = true;
        dropReply();
    }

    // ---- any thread ----

    /** The reply, which belongs to the caller of this method; null when none is here. */
    final @Nullable InboundMessage takeReply() {
        if (reply == null) {
            return null;
        }
        InboundMessage message = (InboundMessage) REPLY.getAndSet(this, null);
        if (message != null) {
            taken = true;
            connection().readBudget().taken(replyCost);
        }
        return message;
    }

    /** Drops the reply, if it is here. */
    final void dropReply() {
        InboundMessage message = takeReply();
        if (message != null) {
            message.release();
        }
    }

    @Override
    public final boolean isAwaited() {
        return waiter != null;
    }

    /** The thread that waits for the reply; null when none does. */
    public final @Nullable Thread waiter() {
        return waiter;
    }

    @Override
    public final long takenCost() {
        return taken ? replyCost : 0;
    }

    @Override
    public final long unread() {
        return reply == null ? 0 : replyCost;
    }

    // ---- event loop ----

    /** Puts a reply here, which is the one that counts unless another was here before. Takes ownership. */
    final void put(InboundMessage message) {
        if (hasEnded() || reply != null || taken) {
            message.release();
            return;
        }
        replyCost = message.capacity() + InboundMessage.OVERHEAD_BYTES;
        connection().readBudget().received(replyCost);
        reply = message;
        if (abandoned) {
            dropReply();
        }
        connection().wakeLater(this);
    }

    /** Says no: the caller's thread waits, and takes or drops the reply as soon as it runs. */
    @Override
    final boolean mayStayUnread() {
        return false;
    }

    @Override
    final void wakeReader() {
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }
}
