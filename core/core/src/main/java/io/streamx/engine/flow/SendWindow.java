package io.streamx.engine.flow;

import io.streamx.wire.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The unsent bytes of one stream, and where its senders wait for room. A message is let in whole whenever anything of
 * the limit is left, so the largest message always fits. Any number of senders may wait, and one at a time takes. The
 * event loop gives bytes back when they have left for the network.
 */
public final class SendWindow {
    public static final int GRANULE_BYTES = 1024;

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(SendWindow.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long limit;
    private final SendBudget connection;
    private final TimeSource time;
    // Each of the two counters has one writer at a time, so that neither needs an atomic step.
    private volatile long taken;
    private volatile long givenBack;
    private final WaitList waiters = new WaitList();
    private volatile boolean closed;

    public SendWindow(long limit, SendBudget connection) {
        this(limit, connection, TimeSource.SYSTEM);
    }

    /** {@code time} measures how long a sender waits whose wait is limited. */
    public SendWindow(long limit, SendBudget connection, TimeSource time) {
        this.time = time;
        this.limit = limit;
        this.connection = connection;
    }

    /** Whether {@link #awaitRoom} would return at once. */
    public boolean isOpen() {
        return closed || hasRoom();
    }

    private boolean hasRoom() {
        long own = unsent();
        return own < limit && connection.hasRoomFor(own);
    }

    /**
     * Waits until there is room or the stream has ended. The caller finds out which of both it was.
     *
     * @throws InterruptedException with the thread's interrupt flag cleared
     */
    public void awaitRoom() throws InterruptedException {
        boolean unused = awaitRoom(Long.MAX_VALUE);
    }

    /**
     * Waits until there is room or the stream has ended, but only as long as bytes of the stream leave.
     *
     * @param stallNanos how long the wait goes on without a byte that leaves
     * @return false when no byte has left for {@code stallNanos}, and there is no room yet
     * @throws InterruptedException with the thread's interrupt flag cleared
     */
    public boolean awaitRoom(long stallNanos) throws InterruptedException {
        if (isOpen()) {
            return true;
        }
        boolean forEver = stallNanos == Long.MAX_VALUE;
        long progress = givenBack;
        long progressNanos = forEver ? 0 : time.nanoTime();
        Thread self = Thread.currentThread();
        waiters.add(self);
        // Looked at behind that step: what is given back from now on wakes this thread.
        boolean holdsNothing = unsent() == 0;
        connection.beginWait(self, holdsNothing);
        try {
            while (!closed && !hasRoom()) {
                if (forEver) {
                    LockSupport.park(this);
                } else {
                    long now = time.nanoTime();
                    if (givenBack != progress) {
                        progress = givenBack;
                        progressNanos = now;
                    }
                    long left = stallNanos - (now - progressNanos);
                    if (left <= 0) {
                        return false;
                    }
                    time.parkNanos(this, left);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!holdsNothing && unsent() == 0) {
                    // All that it held has left meanwhile: it now waits as those do that hold nothing.
                    connection.endWait(self, false);
                    connection.beginWait(self, true);
                    holdsNothing = true;
                }
            }
            return true;
        } finally {
            connection.endWait(self, holdsNothing);
            waiters.remove(self);
        }
    }

    /** Counts a message that is about to be queued. One thread at a time. */
    public void take(int bytes) {
        long before = taken;
        TAKEN.setRelease(this, before + bytes);
        long granules = granules(before + bytes) - granules(before);
        if (granules != 0) {
            connection.take(granules * GRANULE_BYTES);
        }
    }

    /** Gives bytes back, of this stream and its connection. On the event loop. */
    public void giveBack(long bytes) {
        long before = givenBack;
        // A sender that is about to wait puts itself on the list and then looks at this counter. The list is looked at
        // below, after the counter was written.
        givenBack = before + bytes;
        long granules = granules(before + bytes) - granules(before);
        // The connection is given its bytes first, because a sender that its stream lets go must not find the
        // connection still full.
        if (granules != 0) {
            connection.giveBack(granules * GRANULE_BYTES);
        }
        if (unsent() <= limit / 2) {
            waiters.wakeAll();
        }
    }

    /**
     * What the connection counts of a stream: whole granules, so that small messages seldom touch its counter, which
     * all its streams share. The count misses less than one granule of each stream.
     */
    private static long granules(long bytes) {
        return bytes / GRANULE_BYTES;
    }

    /** How many of a stream's first {@code bytes} its connection counts. */
    public static long countedByConnection(long bytes) {
        return granules(bytes) * GRANULE_BYTES;
    }

    /** Lets all waiting senders go, and all senders that come later. Safe from any thread. */
    public void close() {
        closed = true;
        waiters.wakeAll();
    }

    public long unsent() {
        return taken - givenBack;
    }
}
