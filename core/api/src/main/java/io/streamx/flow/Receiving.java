package io.streamx.flow;

import io.streamx.CallContext;
import io.streamx.ReceivingStream;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One subscription to the messages of a stream: a virtual thread that receives and tells the subscriber, one signal after
 * another. {@link #request} and {@link #cancel} only leave a note for that thread and wake it.
 */
final class Receiving<T> implements Flow.Subscription, Runnable {
    /**
     * The stream that is received from, and what goes with it.
     *
     * @param stream the messages
     * @param close ends the stream; must not throw or wait
     * @param requests sends at the same time; null where nothing is sent
     */
    record Source<T>(
            ReceivingStream<T> stream,
            Runnable close,
            @Nullable Requests<?> requests) {
        Source(ReceivingStream<T> stream, Runnable close) {
            this(stream, close, null);
        }
    }

    private final Flow.Subscriber<? super T> subscriber;
    private final Supplier<Source<T>> opening;
    private final Thread thread;
    private final AtomicLong demand = new AtomicLong();
    /**
     * Why the subscriber gets an error although the stream may be well: it asked for no messages, or for a negative
     * number.
     */
    private volatile @Nullable IllegalArgumentException misuse;

    private volatile boolean cancelled;
    /** The stream, once it is open. */
    private volatile @Nullable Source<T> source;

    private Receiving(Flow.Subscriber<? super T> subscriber, Supplier<Source<T>> opening) {
        this.subscriber = subscriber;
        this.opening = opening;
        thread = Thread.ofVirtual()
                .name("streamx-flow")
                .unstarted(CallContext.current().wrap(this));
    }

    /** Begins a subscription; the stream is opened on the subscription's own thread. */
    static <T> void start(Flow.Subscriber<? super T> subscriber, Supplier<Source<T>> opening) {
        Objects.requireNonNull(subscriber, "subscriber");
        Receiving<T> receiving = new Receiving<>(subscriber, opening);
        subscriber.onSubscribe(receiving);
        receiving.thread.start();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            misuse = new IllegalArgumentException("request: " + n + " (expected: > 0, Reactive Streams 3.9)");
            end();
            return;
        }
        demand.accumulateAndGet(n, (before, more) -> before + more < 0 ? Long.MAX_VALUE : before + more);
        LockSupport.unpark(thread);
    }

    @Override
    public void cancel() {
        cancelled = true;
        end();
    }

    /** Wakes the thread from whatever it waits for: demand, or a message. */
    private void end() {
        Source<T> open = source;
        if (open != null) {
            open.close().run();
        }
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        Throwable failure = null;
        try {
            Source<T> open = opening.get();
            source = open;
            try {
                // A cancel that came while the stream was being opened has not seen it.
                if (!isOver()) {
                    receive(open);
                }
            } finally {
                open.close().run();
            }
        } catch (Throwable t) {
            failure = t;
        }
        tellEnd(failure);
    }

    private void receive(Source<T> open) {
        Requests<?> requests = open.requests();
        if (requests != null) {
            requests.start();
        }
        try {
            // One message is received ahead of demand, because the end has to be told without any demand.
            for (T message = open.stream().recv();
                    message != null;
                    message = open.stream().recv()) {
                if (!awaitDemand()) {
                    return;
                }
                subscriber.onNext(message);
            }
        } catch (RuntimeException | Error e) {
            // Requests that failed have cancelled the call. The subscriber is to see why they failed, and not the
            // cancel.
            Throwable reason = requests == null ? null : requests.failure();
            if (reason != null) {
                throw new RequestsFailed(reason);
            }
            throw e;
        } finally {
            if (requests != null) {
                requests.stop();
            }
        }
    }

    /** Carries what the requests failed with past the outcome of the call, which is only a consequence of it. */
    private static final class RequestsFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RequestsFailed(Throwable reason) {
            super(reason);
        }
    }

    /** Waits until one more message was asked for; false when the subscription is over. */
    private boolean awaitDemand() {
        while (!isOver()) {
            long asked = demand.get();
            if (asked > 0) {
                if (asked != Long.MAX_VALUE) {
                    demand.decrementAndGet();
                }
                return true;
            }
            LockSupport.park(this);
        }
        return false;
    }

    private boolean isOver() {
        return cancelled || misuse != null;
    }

    private void tellEnd(@Nullable Throwable failure) {
        IllegalArgumentException wrongRequest = misuse;
        if (cancelled) {
            return;
        }
        if (wrongRequest != null) {
            subscriber.onError(wrongRequest);
        } else if (failure instanceof RequestsFailed requests && requests.getCause() != null) {
            subscriber.onError(requests.getCause());
        } else if (failure != null) {
            subscriber.onError(failure);
        } else {
            subscriber.onComplete();
        }
    }
}
