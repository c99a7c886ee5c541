package io.streamx.engine.flow;

import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where the reader of a queue waits when there is no message for it. The event loop wakes it, the timer of the recv timeout ends
 * a wait that takes too long, and an interrupt ends any wait.
 *
 * <p>{@link InboundQueue} extends this class, and does not hold one, so that a message on its way to the reader costs no step
 * from object to object.
 */
public abstract sealed class ReaderWait permits InboundQueue {
    /** {@link #waitingSince} when nobody waits with a limit. */
    private static final long NOT_WAITING = 0;
    /** {@link #waitingSince} when the timer found the limit passed. */
    private static final long EXPIRED = Long.MIN_VALUE;

    private static final VarHandle WAITING_SINCE;
    private static final VarHandle ON_AWAITED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WAITING_SINCE = lookup.findVarHandle(ReaderWait.class, "waitingSince", long.class);
            ON_AWAITED = lookup.findVarHandle(ReaderWait.class, "onAwaited", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable WaitObserver observer;
    private final TimeSource time;

    private volatile @Nullable Thread waiter;
    private volatile long waitingSince;
    private volatile long lastWaitNanos;

    /** Runs when a reader waits; null when nobody asks. */
    private volatile @Nullable Runnable onAwaited;

    /** {@code time} measures limited waits; {@code observer} is null where nobody wants to know of waits. */
    ReaderWait(@Nullable WaitObserver observer, TimeSource time) {
        this.observer = observer;
        this.time = time;
    }

    // ---- what the reader waits for ----

    /**
     * Takes the next message if there is one; on the reader's thread.
     *
     * @throws RpcException the failure that there is instead of a message
     */
    @Nullable
    abstract InboundMessage ready();

    /** Whether {@link #ready} has come to the clean end, after which nothing comes; on the reader's thread. */
    abstract boolean hasReaderEnded();

    /** How many bytes there are for the reader that it has not taken; on the event loop. */
    abstract long unread();

    // ---- event loop ----

    /** Wakes the reader if it waits. */
    public final void wake() {
        VarHandle.fullFence();
        Thread thread = waiter;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Runs {@code step} once, on this thread or a reader's, when a reader waits for a message and none is there. */
    public final void whenAwaited(Runnable step) {
        onAwaited = step;
        // Either this thread sees the reader that waits, or that reader sees the step before it is parked.
        VarHandle.fullFence();
        // A reader that has not been woken yet may have what it waits for, and then waits for no other message.
        if (waiter != null && unread() == 0) {
            tellAwaited();
        }
    }

    private void tellAwaited() {
        Runnable step = (Runnable) ON_AWAITED.getAndSet(this, null);
        if (step != null) {
            step.run();
        }
    }

    /** How long the reader had waited when {@link #expireWait} last ended a wait. Any thread. */
    public final long lastWaitNanos() {
        return lastWaitNanos;
    }

    /** The thread that is parked here; null when none is. Any thread. */
    public final @Nullable Thread waiter() {
        return waiter;
    }

    /** Whether a reader is parked in {@link InboundQueue#take}. */
    public final boolean isAwaited() {
        return waiter != null;
    }

    /**
     * Called by the timer of recv. Ends the wait of a reader that has waited for {@code limitNanos}. The reader's
     * {@link InboundQueue#take} then returns null, unless a message came just now.
     *
     * @return 0 when the wait was ended; otherwise after how many nanoseconds the timer is to call again
     */
    public final long expireWait(long nowNanos, long limitNanos) {
        long since = waitingSince;
        if (since == NOT_WAITING || since == EXPIRED) {
            return limitNanos;
        }
        long left = since + limitNanos - nowNanos;
        if (left > 0) {
            return left;
        }
        lastWaitNanos = nowNanos - since;
        if (!WAITING_SINCE.compareAndSet(this, since, EXPIRED)) {
            return limitNanos;
        }
        wake();
        return 0;
    }

    // ---- reader ----

    /**
     * Waits until {@link #ready} has a message or the reader has ended, and tells the observer of the wait.
     *
     * @param limited whether a timer calls {@link #expireWait} meanwhile
     * @return null when there is no message: the reader has ended, or the timer has ended its wait
     */
    @Nullable
    final InboundMessage awaitMessage(boolean limited) throws InterruptedException {
        WaitObserver told = observer;
        if (told == null) {
            return await(limited);
        }
        told.readerWaits();
        try {
            return await(limited);
        } finally {
            told.readerGoesOn();
        }
    }

    private @Nullable InboundMessage await(boolean limited) throws InterruptedException {
        if (limited) {
            long now = time.nanoTime();
            // A clock value that equals one of the two marks is moved by a nanosecond.
            waitingSince = now == NOT_WAITING || now == EXPIRED ? now + 1 : now;
        }
        waiter = Thread.currentThread();
        try {
            while (true) {
                // The event loop must be able to see the waiter before the queue is looked at here. Otherwise the loop
                // could add a message that neither side notices.
                VarHandle.fullFence();
                InboundMessage message = ready();
                if (message != null || hasReaderEnded() || waitingSince == EXPIRED) {
                    return message;
                }
                if (onAwaited != null) {
                    tellAwaited();
                }
                LockSupport.park(this);
                if (Thread.interrupted()) {
                    return messageOrInterrupt();
                }
            }
        } finally {
            waiter = null;
            if (limited) {
                waitingSince = NOT_WAITING;
            }
        }
    }

    /**
     * Decides what an interrupted wait comes to. A message or the end that has come meanwhile goes first: the event
     * loop interrupts the thread of a handler whose caller gave up, and the messages that came before belong to the
     * handler. The thread then stays interrupted.
     */
    private @Nullable InboundMessage messageOrInterrupt() throws InterruptedException {
        Thread.currentThread().interrupt();
        InboundMessage message = ready();
        if (message == null && !hasReaderEnded()) {
            Thread.interrupted();
            throw new InterruptedException();
        }
        return message;
    }
}
