package io.streamx.flow;

import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.SendingStream;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher publishes, on the thread that calls {@link #run}: the publisher's own threads never wait for
 * the peer. What waits between the publisher and that thread is bounded by what was asked for.
 */
final class Sending<T> implements Flow.Subscriber<T> {
    /** How many messages are asked for beyond those that were sent. */
    static final int WINDOW = 16;

    /** What the publisher said: a message, or the end, with a failure or without. */
    private sealed interface Signal<T> {
        record Message<T>(T message) implements Signal<T> {}

        record End<T>(@Nullable Throwable failure) implements Signal<T> {}
    }

    private final SendingStream<? super T> stream;
    private final LinkedBlockingQueue<Signal<T>> signals = new LinkedBlockingQueue<>();
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean over;

    Sending(SendingStream<? super T> stream) {
        this.stream = Objects.requireNonNull(stream, "stream");
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "subscription");
        if (subscription != null || over) {
            given.cancel();
            return;
        }
        subscription = given;
        given.request(WINDOW);
    }

    @Override
    public void onNext(T message) {
        signals.add(new Signal.Message<>(Objects.requireNonNull(message, "message")));
    }

    @Override
    public void onError(Throwable failure) {
        signals.add(new Signal.End<>(Objects.requireNonNull(failure, "failure")));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End<>(null));
    }

    /** Sends until the publisher has ended. */
    void run() {
        boolean ended = false;
        try {
            int sent = 0;
            while (true) {
                switch (signals.take()) {
                    case Signal.Message<T> next -> {
                        stream.send(next.message());
                        if (++sent == WINDOW / 2) {
                            sent = 0;
                            askForMore();
                        }
                    }
                    case Signal.End<T> end -> {
                        ended = true;
                        throwIfFailed(end.failure());
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            RpcException cancelled = CallContext.current().cancellation();
            throw cancelled != null
                    ? cancelled.onThisThread()
                    : new RpcException("thread was interrupted while it waited for what a publisher publishes", e);
        } finally {
            over = true;
            if (!ended) {
                cancel();
            }
        }
    }

    private void askForMore() {
        Flow.Subscription asked = subscription;
        if (asked != null) {
            asked.request(WINDOW / 2);
        }
    }

    private void cancel() {
        Flow.Subscription given = subscription;
        if (given != null) {
            given.cancel();
        }
        signals.clear();
    }

    private static void throwIfFailed(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            default -> throw new RpcException("the publisher failed: " + failure, failure);
        }
    }
}
