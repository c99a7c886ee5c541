package io.streamx.engine;

import io.streamx.CallInfo;
import io.streamx.StreamListener;
import io.streamx.StreamListener.Summary;
import io.streamx.wire.Logs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of a stream what happens on it. Absent where there is no listener, so that none costs nothing.
 * What listeners do never runs on an event loop: what is learnt there is told on a virtual thread.
 */
final class StreamEvents {
    private static final Logger LOG = LoggerFactory.getLogger(StreamListener.class);

    private final List<StreamListener> listeners;
    private final CallInfo call;
    private final LongAdder messagesSent = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder messagesReceived = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    /** Completed when the listeners know of the header; null before it came. */
    private volatile @Nullable CompletableFuture<Void> header;

    private StreamEvents(List<StreamListener> listeners, CallInfo call) {
        this.listeners = listeners;
        this.call = call;
    }

    /** The events of a stream; null when nobody listens. */
    static @Nullable StreamEvents of(List<StreamListener> listeners, CallInfo call) {
        return listeners.isEmpty() ? null : new StreamEvents(listeners, call);
    }

    void started() {
        tell(listener -> listener.onStart(call));
    }

    /** From the event loop, once. */
    void header(Map<String, String> entries) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        header = told;
        Thread.startVirtualThread(() -> {
            tell(listener -> listener.onHeader(call, entries));
            told.complete(null);
        });
    }

    /** Waits until the listeners know of the header that came, if one did. */
    void awaitHeader() {
        CompletableFuture<Void> told = header;
        if (told != null) {
            told.join();
        }
    }

    /** A message came. From the event loop; listeners are told when it is taken. */
    void arrived(long bytes) {
        messagesReceived.increment();
        bytesReceived.add(bytes);
    }

    void received(long bytes) {
        awaitHeader();
        tell(listener -> listener.onReceive(call, bytes, null));
    }

    void receiveFailed(Throwable failure) {
        awaitHeader();
        tell(listener -> listener.onReceive(call, 0, failure));
    }

    void sent(long bytes) {
        messagesSent.increment();
        bytesSent.add(bytes);
        tell(listener -> listener.onSend(call, bytes, null));
    }

    void sendFailed(Throwable failure) {
        tell(listener -> listener.onSend(call, 0, failure));
    }

    /** On this thread, once; not for event loops. */
    void finished(@Nullable Map<String, String> trailer, @Nullable Throwable failure) {
        awaitHeader();
        Summary summary = new Summary(
                messagesSent.sum(),
                bytesSent.sum(),
                messagesReceived.sum(),
                bytesReceived.sum(),
                trailer == null || trailer.isEmpty() ? null : trailer,
                failure);
        tell(listener -> listener.onFinish(call, summary));
        finished.complete(null);
    }

    /** From an event loop, instead of {@link #finished}. */
    void finishedSoon(@Nullable Map<String, String> trailer, @Nullable Throwable failure) {
        Thread.startVirtualThread(() -> finished(trailer, failure));
    }

    /** Waits until the listeners know that the stream is over. */
    void awaitFinished() {
        finished.join();
    }

    private void tell(Consumer<StreamListener> event) {
        for (StreamListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException | Error e) {
                Logs.warn(LOG, "stream listener {} failed on {}.{}", listener, call.service(), call.method(), e);
            }
        }
    }
}
