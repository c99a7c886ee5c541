package io.streamx.engine.flow;

import io.netty.channel.EventLoop;
import io.streamx.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jctools.queues.atomic.unpadded.MpscUnboundedAtomicUnpaddedArrayQueue;

/**
 * What callers and handlers want done on one connection, in the order they asked for it. Any thread offers, and one
 * task on the event loop takes all that is there and flushes once. Under load that turns many small messages into one
 * system call; writing from the offering thread was measured to be ten to thirty times slower.
 *
 * <p>While the network takes no bytes nothing is taken out. So what waits in the queue is what senders are bounded by.
 */
public final class OutboundQueue {
    private static final int CHUNK = 256;
    /** One stream rarely has more in the queue than a chunk of messages and its trailer. */
    private static final int CHUNK_OF_ONE_STREAM = 8;
    /** After how many elements other work of the event loop gets its turn. */
    private static final int MAX_BATCH = 1024;
    /** A stream that sends nothing for this time is idle, which is noticed after twice this time at the latest. */
    private static final long IDLE_MILLIS = 1000;

    private final Queue<Object> queue;
    private final EventLoop loop;
    private final Wire wire;
    private final Runnable drain = this::drain;
    private final Runnable settle;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private boolean draining;
    /** Streams that keep memory for their next messages. Only the event loop uses the list. */
    private final List<Outbox> keeping = new ArrayList<>();

    /**
     * {@code settle} runs on the event loop when a part of the queue has been written; {@code failed} is told, on the
     * event loop too, what a step has thrown, after which the queue goes on.
     */
    public OutboundQueue(EventLoop loop, Wire wire, Runnable settle, Consumer<Throwable> failed) {
        this(loop, wire, settle, failed, new MpscUnboundedAtomicArrayQueue<>(CHUNK));
    }

    private OutboundQueue(EventLoop loop, Wire wire, Runnable settle, Consumer<Throwable> failed, Queue<Object> queue) {
        this.queue = queue;
        this.loop = loop;
        this.wire = wire;
        this.settle = settle;
        this.failed = failed;
    }

    /**
     * A queue for a connection that never has more than one stream: it takes a tenth of the memory, since thousands of such
     * connections may each have a reader that waits, and spares the space that keeps many senders out of each other's way.
     */
    public static OutboundQueue ofOneStream(EventLoop loop, Wire wire, Runnable settle, Consumer<Throwable> failed) {
        return new OutboundQueue(
                loop, wire, settle, failed, new MpscUnboundedAtomicUnpaddedArrayQueue<>(CHUNK_OF_ONE_STREAM));
    }

    /** Queues what a stream has gathered. Any thread. */
    void offer(OutboundChunk chunk) {
        queue.offer(chunk);
        schedule();
    }

    /**
     * Queues a step that is to be taken after all that was offered before. Any thread.
     *
     * @return false when the event loop has ended, and the connection with it: the step will not be taken
     */
    public boolean offer(Runnable step) {
        queue.offer(step);
        schedule();
        return !loop.isShutdown();
    }

    private void schedule() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(drain);
            } catch (RejectedExecutionException loopHasEnded) {
                // The event loop has ended, and the connection and its streams before it. What is left in the queue is
                // dropped with the connection.
            }
        }
    }

    /** Asks a stream from now on whether it is idle, until it lets go the memory that it keeps. On the event loop. */
    void look(Outbox outbox) {
        keeping.add(outbox);
        if (keeping.size() == 1) {
            lookLater();
        }
    }

    private void lookLater() {
        try {
            loop.schedule(this::lookAtAll, IDLE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException loopHasEnded) {
            // The event loop has ended, and the streams with it, so no stream has to be asked.
        }
    }

    private void lookAtAll() {
        keeping.removeIf(Outbox::letGoWhenIdle);
        if (!keeping.isEmpty()) {
            lookLater();
        }
    }

    /** Takes out and writes as much as the network takes. On the event loop. */
    public void drain() {
        if (draining) {
            // A flush within a drain has made the network writable. That drain goes on by itself.
            return;
        }
        draining = true;
        try {
            drainAndFlush();
        } finally {
            draining = false;
        }
    }

    private void take(Object element) {
        try {
            if (element instanceof OutboundChunk chunk) {
                chunk.send();
            } else {
                ((Runnable) element).run();
            }
        } catch (Throwable t) {
            failed.accept(t);
        }
    }

    private void drainAndFlush() {
        int taken = 0;
        while (true) {
            while (taken < MAX_BATCH && wire.isWritable()) {
                Object element = queue.poll();
                if (element == null) {
                    break;
                }
                taken++;
                take(element);
            }
            wire.flush();
            settle.run();
            if (taken >= MAX_BATCH) {
                scheduled.set(true);
                loop.execute(drain);
                return;
            }
            if (!wire.isWritable()) {
                // The queue counts as scheduled while the network takes no bytes, so that offering schedules nothing.
                // When the network takes bytes again, drain is called.
                scheduled.set(true);
                if (!wire.isWritable()) {
                    return;
                }
                continue;
            }
            scheduled.set(false);
            if (queue.isEmpty() || !scheduled.compareAndSet(false, true)) {
                return;
            }
        }
    }
}
