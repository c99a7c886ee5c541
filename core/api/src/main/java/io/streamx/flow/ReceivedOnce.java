package io.streamx.flow;

import io.streamx.ReceivingStream;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/** The requests of a handler's stream, for one subscriber. */
final class ReceivedOnce<T> implements Flow.Publisher<T> {
    private final ReceivingStream<T> stream;
    private final AtomicBoolean taken = new AtomicBoolean();

    ReceivedOnce(ReceivingStream<T> stream) {
        this.stream = Objects.requireNonNull(stream, "stream");
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (taken.compareAndSet(false, true)) {
            Receiving.start(subscriber, () -> new Receiving.Source<>(stream, () -> {}));
            return;
        }
        Receiving.start(subscriber, () -> {
            throw new IllegalStateException("the requests of a stream have a second subscriber (expected: one)");
        });
    }
}
