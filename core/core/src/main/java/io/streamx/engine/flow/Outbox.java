package io.streamx.engine.flow;

import io.streamx.wire.OutboundMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the senders of one stream leave their messages for the event loop: small ones side by side in a chunk, large
 * ones as they are. Any thread may call the methods that do not say otherwise; the messages of one thread stay in their
 * order.
 */
public final class Outbox {
    private static final int MIN_CHUNK_BYTES = 256;
    private static final int MAX_CHUNK_BYTES = 16 * 1024;
    /** The largest message that is copied into a chunk. A larger one costs more to copy than to hand over. */
    private static final int MAX_COPIED_BYTES = 4 * 1024;
    /** How much memory a stream keeps for its next messages when all are sent, as long as it goes on sending. */
    private static final int MAX_KEPT_BYTES = 4 * 1024;
    /** How much memory an idle stream keeps, which may be one of many. */
    private static final int MAX_IDLE_BYTES = MIN_CHUNK_BYTES;

    private static final VarHandle SCRATCH;
    private static final VarHandle CURRENT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SCRATCH = lookup.findVarHandle(Outbox.class, "scratch", OutboundMessage.class);
            CURRENT = lookup.findVarHandle(Outbox.class, "current", OutboundChunk.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Consumer<OutboundMessage> stream;
    private final OutboundQueue queue;
    private final SendWindow window;

    @SuppressWarnings("unused") // through SCRATCH
    private volatile @Nullable OutboundMessage scratch;

    @SuppressWarnings("unused") // through CURRENT: changed by a sender under the lock, let go by the event loop
    private volatile @Nullable OutboundChunk current;

    /** How large the next chunk should be, going by what the last one held: a guess, which races do no harm to. */
    private volatile int nextChunkBytes;
    /** How large the next message will be: a guess too. */
    private int expectedBytes;

    // Only the event loop uses the following fields.
    private int sendings;
    private int sendingsSeen;
    private boolean looksForward;

    /** {@code stream} is given the messages on the event loop and takes ownership. */
    public Outbox(Consumer<OutboundMessage> stream, OutboundQueue queue, SendWindow window) {
        this.stream = stream;
        this.queue = queue;
        this.window = window;
    }

    /** An empty buffer for a message, to be given to {@link #add} or {@link #giveBack}. */
    public OutboundMessage buffer() {
        OutboundMessage kept = (OutboundMessage) SCRATCH.getAndSet(this, null);
        return kept != null ? kept : new OutboundMessage(Math.max(expectedBytes, MIN_CHUNK_BYTES));
    }

    /** Takes back a buffer whose message is not to be sent. */
    public void giveBack(OutboundMessage buffer) {
        if (buffer.capacity() <= MAX_KEPT_BYTES) {
            buffer.clear();
            SCRATCH.setRelease(this, buffer);
        } else {
            buffer.release();
        }
    }

    /** Queues a complete message. Takes ownership. */
    public void add(OutboundMessage message) {
        message.freeze();
        expectedBytes = message.cost();
        if (message.cost() > MAX_COPIED_BYTES) {
            addWhole(message);
        } else {
            append(message);
            giveBack(message);
        }
    }

    private synchronized void addWhole(OutboundMessage message) {
        window.take(message.cost());
        // Messages that come after this one must not get into a chunk that is queued before it.
        CURRENT.set(this, null);
        queue.offer(() -> send(message));
    }

    private synchronized void append(OutboundMessage message) {
        window.take(message.cost());
        OutboundChunk chunk = (OutboundChunk) CURRENT.getAcquire(this);
        if (chunk == null || !chunk.append(message)) {
            if (chunk != null) {
                nextChunkBytes = 2 * chunk.length();
            }
            chunk = new OutboundChunk(
                    this, Math.max(message.cost(), Math.clamp(nextChunkBytes, MIN_CHUNK_BYTES, MAX_CHUNK_BYTES)));
            chunk.append(message);
            CURRENT.setRelease(this, chunk);
        }
        if (chunk.mustBeQueued()) {
            queue.offer(chunk);
        }
    }

    // ---- event loop ----

    void send(OutboundMessage messages) {
        stream.accept(messages);
    }

    /** All of {@code chunk} has been sent, which held {@code length} bytes. */
    void sent(OutboundChunk chunk, int length) {
        if (chunk.capacity() > MAX_KEPT_BYTES) {
            nextChunkBytes = 2 * length;
            CURRENT.compareAndSet(this, chunk, null);
        } else if (chunk.capacity() > MAX_IDLE_BYTES) {
            sendings++;
            if (!looksForward) {
                looksForward = true;
                queue.look(this);
            }
        }
    }

    /**
     * Lets go the memory that is kept, unless the stream has sent something since this was last called. Called from
     * time to time.
     *
     * @return whether the memory was let go, so that this need not be called again
     */
    boolean letGoWhenIdle() {
        if (sendings != sendingsSeen) {
            sendingsSeen = sendings;
            return false;
        }
        looksForward = false;
        OutboundMessage kept = (OutboundMessage) SCRATCH.getAndSet(this, null);
        if (kept != null) {
            kept.release();
        }
        // A sender may be about to append to the chunk. Then the chunk is sent like any other, and the next message
        // begins another one.
        CURRENT.setVolatile(this, null);
        return true;
    }

    /** Bytes kept for the next messages. For tests. */
    int keptBytes() {
        OutboundMessage buffer = (OutboundMessage) SCRATCH.getVolatile(this);
        OutboundChunk chunk = (OutboundChunk) CURRENT.getVolatile(this);
        return (buffer == null ? 0 : buffer.capacity()) + (chunk == null ? 0 : chunk.capacity());
    }
}
