package io.streamx.benchmarks.sse;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongFunction;

/**
 * One source for all readers, as blocking code has it: a thread that puts each event into the queue of every reader, and waits
 * where a queue is full. Any number of threads.
 */
final class Source<E> {
    /** As many events may wait for a reader as the publisher of Reactor lets wait for one. */
    static final int QUEUED = 256;

    private final List<BlockingQueue<E>> readers = new CopyOnWriteArrayList<>();
    private final Object first = new Object();

    /** Starts a thread that makes an event after each {@code pace}, which may be zero. */
    Source(Duration pace, LongFunction<E> events) {
        Thread.ofPlatform().daemon().name("source").start(() -> publish(pace, events));
    }

    private void publish(Duration pace, LongFunction<E> events) {
        try {
            for (long number = 1; ; number++) {
                awaitReader();
                Thread.sleep(pace);
                E event = events.apply(number);
                for (BlockingQueue<E> reader : readers) {
                    reader.put(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReader() throws InterruptedException {
        if (readers.isEmpty()) {
            synchronized (first) {
                while (readers.isEmpty()) {
                    first.wait();
                }
            }
        }
    }

    /** The queue of one more reader. */
    BlockingQueue<E> join() {
        BlockingQueue<E> queue = new ArrayBlockingQueue<>(QUEUED);
        readers.add(queue);
        synchronized (first) {
            first.notifyAll();
        }
        return queue;
    }

    /** A reader has left. */
    void leave(BlockingQueue<E> queue) {
        readers.remove(queue);
        // The source may wait for room in it.
        queue.clear();
    }
}
