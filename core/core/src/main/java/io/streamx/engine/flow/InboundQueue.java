package io.streamx.engine.flow;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The received messages of one stream, and its ends. There is one producer, the event loop, and one reader at a time, which
 * {@link ReaderWait} lets wait. Messages are offered one by one and the reader is woken once for all that one read of the
 * socket brought.
 *
 * <p>Two ends are told apart: {@link #end} comes after the messages, {@link #abort} overtakes them and drops them.
 * {@link #close} drops the messages too and leaves the end as it is. A reader that has been told a failure gets nothing
 * else any more. Which event of a stream is which kind of end stands in {@code docs/architecture.md}, "Ends of a
 * stream".
 */
public final class InboundQueue extends ReaderWait {
    /** What follows the last message; a null failure is the clean end. */
    private record End(@Nullable RpcException failure) {}

    private static final End CLEAN = new End(null);
    /** {@link #tellAt} when nobody asks to be told. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final VarHandle READING;
    private static final VarHandle TAKEN_COST;
    private static final VarHandle TELL_AT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            READING = lookup.findVarHandle(InboundQueue.class, "reading", boolean.class);
            TAKEN_COST = lookup.findVarHandle(InboundQueue.class, "takenCost", long.class);
            TELL_AT = lookup.findVarHandle(InboundQueue.class, "tellAt", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ReadBudget budget;
    private final @Nullable ReadCredit credit;

    private final InboundMessages messages = new InboundMessages();

    private volatile @Nullable End end;
    private volatile @Nullable RpcException aborted;
    /** Whether nobody takes the messages that are left. */
    private volatile boolean closed;

    @SuppressWarnings("unused") // through READING: true while a thread takes or drops messages
    private volatile boolean reading;

    /** How much was offered, and in takenCost how much of that was taken. Each counter is written by one side alone. */
    private long offeredCost;

    private volatile long takenCost;

    /** The {@link #takenCost} at which {@link #onTaken} is to run; {@link #NEVER} when nobody asks. */
    private volatile long tellAt = NEVER;

    private @Nullable Runnable onTaken;

    /** How much was taken and not yet given back to the budget. Only readers touch the field. */
    private int untold;

    /** Whether the reader has seen the clean end. Only readers touch the field. */
    private boolean atEnd;

    /** Readers write this only when it changes, because the messages of a stream are mostly alike. */
    private volatile boolean lastTakenCompressed;

    /**
     * {@code credit} is told what the reader takes; null where the wire has no flow control of its own. {@code observer} is
     * null where nobody wants to know of waits.
     */
    public InboundQueue(ReadBudget budget, @Nullable ReadCredit credit, @Nullable WaitObserver observer) {
        this(budget, credit, observer, TimeSource.SYSTEM);
    }

    /** {@code time} measures how long a reader waits whose wait is limited. */
    public InboundQueue(
            ReadBudget budget, @Nullable ReadCredit credit, @Nullable WaitObserver observer, TimeSource time) {
        super(observer, time);
        this.budget = budget;
        this.credit = credit;
    }

    // ---- event loop ----

    /** Appends a message and takes ownership of it. The reader sees it now or, if it waits, after {@link #wake}. */
    public void offer(InboundMessage message) {
        if (isRefusing()) {
            message.release();
            return;
        }
        count(InboundMessages.costOf(message));
        messages.append(message);
    }

    /** Appends a copy of {@code length} bytes of {@code in}, whose indices do not move. */
    public void offer(ByteBuf in, int index, int length) {
        if (length > InboundMessages.MAX_COPIED_BYTES) {
            offer(InboundMessage.copyOf(in, index, length));
        } else if (!isRefusing()) {
            count(InboundMessages.costOf(length));
            messages.append(in, index, length);
        }
    }

    private void count(int cost) {
        offeredCost += cost;
        budget.received(cost);
    }

    /** Runs {@code step} once, on this thread or a reader's, when all that was offered by now has been taken or dropped. */
    public void whenTaken(Runnable step) {
        tellAt = NEVER;
        onTaken = step;
        tellAt = offeredCost;
        tellIfTaken();
    }

    private void tellIfTaken() {
        long at = tellAt;
        Runnable step = onTaken;
        if (takenCost >= at && at != NEVER && step != null && TELL_AT.compareAndSet(this, at, NEVER)) {
            step.run();
        }
    }

    /** How much was taken or dropped so far, as the limits count it. The number only grows. Any thread. */
    public long takenCost() {
        return takenCost;
    }

    /** How many bytes were offered and not taken. */
    @Override
    public long unread() {
        return offeredCost - takenCost;
    }

    // ---- any thread ----

    /**
     * Says what comes after the messages; messages that are offered later are dropped. The first failure stays. A
     * failure takes the place of a clean end, since a call that is given up must not look complete to a reader that has
     * messages left.
     */
    public void end(@Nullable RpcException failure) {
        synchronized (this) {
            End before = end;
            if (before == null) {
                end = failure == null ? CLEAN : new End(failure);
            } else if (before.failure == null && failure != null) {
                end = new End(failure);
            }
        }
        wake();
    }

    /** Ends the stream for its reader at once, and drops what the reader has not taken. The first failure stays. */
    public void abort(RpcException failure) {
        synchronized (this) {
            if (aborted == null) {
                aborted = failure;
            }
        }
        wake();
        dropUnread();
    }

    /** Drops what the reader has not taken and does not want any more; the end of the stream stays what it is. */
    public void close() {
        closed = true;
        wake();
        dropUnread();
    }

    private boolean isDropping() {
        return closed || aborted != null;
    }

    private boolean isRefusing() {
        return isDropping() || end != null;
    }

    /** Drops what is left after an abort or a close. A reader that is taking just now drops it instead. */
    public void dropUnread() {
        while (isDropping() && !messages.isEmpty() && READING.compareAndSet(this, false, true)) {
            try {
                while (poll() != null) {
                    messages.done();
                }
            } finally {
                reading = false;
            }
        }
    }

    // ---- reader ----

    /**
     * Waits for the next message.
     *
     * @param limited whether a timer calls {@link #expireWait} meanwhile
     * @return the message, which is valid until the caller says {@link #done}, as it must; null when there is no
     *     message: {@link #isAtEnd} tells the end from a wait that took too long
     * @throws RpcException the failure at the end of the queue, or the one it was aborted with
     * @throws InterruptedException with the thread's interrupt flag cleared
     * @throws IllegalStateException when another thread is taking
     */
    @Nullable
    public InboundMessage take(boolean limited) throws InterruptedException {
        if (!READING.compareAndSet(this, false, true)) {
            RpcException failure = aborted;
            if (failure != null) {
                throw failure.onThisThread();
            }
            if (closed) {
                return null;
            }
            throw new IllegalStateException("recv is already running on another thread");
        }
        InboundMessage message = null;
        try {
            message = ready();
            if (message == null && !atEnd) {
                message = awaitMessage(limited);
            }
            if (message != null && message.isCompressed() != lastTakenCompressed) {
                lastTakenCompressed = message.isCompressed();
            }
            return message;
        } finally {
            if (message == null) {
                leave();
            }
        }
    }

    /** Says that the reader has done with the message that it took, so that another may be taken. */
    public void done() {
        messages.done();
        leave();
    }

    private void leave() {
        reading = false;
        if (isDropping()) {
            dropUnread();
        }
    }

    @Override
    boolean hasReaderEnded() {
        return atEnd;
    }

    /** Whether the last {@link #take} that returned null came to the clean end. For the reader. */
    public boolean isAtEnd() {
        return atEnd || closed;
    }

    /** Whether the last message that {@link #take} returned was compressed. Any thread. */
    public boolean isLastTakenCompressed() {
        return lastTakenCompressed;
    }

    /** The next message if there is one, looking at the ends in the order that loses nothing. */
    @Override
    @Nullable
    InboundMessage ready() {
        RpcException failure = aborted;
        if (failure != null) {
            throw failure.onThisThread();
        }
        End after = end; // read before the queue: what was offered before it is then seen
        InboundMessage message = closed ? null : poll();
        if (message == null && after != null && after.failure != null) {
            // The failure is final, so a message that was being offered while it came is dropped.
            abort(after.failure);
            throw after.failure.onThisThread();
        }
        atEnd = message == null && (after != null || closed);
        return message;
    }

    private @Nullable InboundMessage poll() {
        InboundMessage message = messages.poll();
        if (message == null) {
            return null;
        }
        int cost = messages.cost();
        TAKEN_COST.setRelease(this, takenCost + cost);
        untold += cost;
        // All streams of a connection share its counter. While messages wait the counter is told seldom, and of the
        // last message it is told at once, so that an empty queue counts for nothing.
        if (untold >= SendWindow.GRANULE_BYTES || messages.isEmpty()) {
            int told = untold;
            untold = 0;
            budget.taken(told);
            // Behind a full fence either this thread sees what the event loop asks for, or the event loop sees what was
            // taken.
            if (takenCost >= tellAt) {
                tellIfTaken();
            }
        }
        if (credit != null) {
            credit.taken(message.readableBytes());
        }
        return message;
    }
}
