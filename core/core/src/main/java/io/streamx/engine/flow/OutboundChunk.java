package io.streamx.engine.flow;

import io.streamx.wire.OutboundMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one stream side by side in one array. A sender appends to it while the event loop takes out what is there:
 * the two threads are mostly on two processors, and an array read from front to back crosses between them several times
 * cheaper than an object to a message does.
 *
 * <pre>
 * IDLE --begin--> FILLING --filled--> QUEUED --sent--> IDLE
 * IDLE --append, or the event loop has seen one at the last moment--> QUEUED
 * </pre>
 *
 * One sender at a time, which the {@link Outbox} sees to; {@link #send} belongs to the event loop.
 */
final class OutboundChunk {
    /** The chunk is in no queue. The event loop is about to leave the chunk, or has left it. */
    private static final int IDLE = 0;
    /** The chunk is in no queue. A sender begins the chunk anew. */
    private static final int FILLING = 1;
    /** The chunk is in the queue of the connection, or the event loop is taking it. */
    private static final int QUEUED = 2;

    private static final VarHandle STATE;
    private static final VarHandle LIMIT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(OutboundChunk.class, "state", int.class);
            LIMIT = lookup.findVarHandle(OutboundChunk.class, "limit", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Outbox outbox;
    private final byte[] bytes;

    @SuppressWarnings("unused") // through STATE
    private volatile int state = FILLING;

    /** Where the appended bytes end. Written by the sender. */
    private volatile int limit;
    /** Where the bytes begin that have not been taken. Written by the event loop, and by the sender while it fills. */
    private int taken;
    /**
     * What was taken last and not released at once, as a wire keeps it that waits for the peer to grant room. The place of
     * what was taken may be used again when this is released. Written before the state is; null when nothing was kept.
     */
    private @Nullable OutboundMessage held;
    /** Whether several things that were taken are held, so that the place is not used again. Written before the state is. */
    private boolean heldTwice;

    /** An empty chunk, which is being filled. */
    OutboundChunk(Outbox outbox, int capacity) {
        this.outbox = outbox;
        bytes = new byte[capacity];
    }

    int capacity() {
        return bytes.length;
    }

    /** How many bytes were appended since the chunk was last begun. For the sender. */
    int length() {
        return limit;
    }

    // ---- sender ----

    /**
     * Copies {@code message} into the chunk if there is room, and says whether there was. The owner of the message
     * keeps it.
     */
    boolean append(OutboundMessage message) {
        // An idle chunk need not be empty, because the event loop looks once more after it has set the state to idle.
        if ((int) STATE.getAcquire(this) == IDLE
                && isReleased()
                && taken == (int) LIMIT.get(this)
                && STATE.compareAndSet(this, IDLE, FILLING)) {
            held = null;
            taken = 0;
            LIMIT.set(this, 0);
        }
        int start = (int) LIMIT.get(this);
        int length = message.readableBytes();
        if (length > bytes.length - start) {
            return false;
        }
        message.getBytes(message.readerIndex(), bytes, start, length);
        LIMIT.setRelease(this, start + length);
        return true;
    }

    /** Whether nobody holds what was taken. The count of references is volatile, so who held it has read it before. */
    private boolean isReleased() {
        OutboundMessage last = held;
        return !heldTwice && (last == null || last.refCnt() == 0);
    }

    /** Whether the chunk must be put into the queue for what was appended to be sent. */
    boolean mustBeQueued() {
        if ((int) STATE.get(this) == FILLING) {
            STATE.setRelease(this, QUEUED);
            return true;
        }
        // Either the event loop sees what was appended before it leaves the chunk, or it has left and this thread sees
        // that.
        VarHandle.fullFence();
        return (int) STATE.getAcquire(this) == IDLE && STATE.compareAndSet(this, IDLE, QUEUED);
    }

    // ---- event loop ----

    /** Carries on all that has been appended. */
    void send() {
        while (true) {
            int from = taken;
            int to = (int) LIMIT.getAcquire(this);
            if (to > from) {
                taken = to;
                OutboundMessage messages = new OutboundMessage(bytes, from, to);
                outbox.send(messages);
                if (messages.refCnt() != 0) {
                    heldTwice = !isReleased();
                    held = messages;
                }
            }
            STATE.setVolatile(this, IDLE);
            VarHandle.fullFence();
            // A sender may begin an idle chunk anew. So only the thread that is first to change the state may go by
            // what it has read.
            if ((int) LIMIT.getAcquire(this) <= to || !STATE.compareAndSet(this, IDLE, QUEUED)) {
                outbox.sent(this, to);
                return;
            }
        }
    }
}
