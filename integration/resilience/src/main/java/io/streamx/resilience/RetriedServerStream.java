package io.streamx.resilience;

import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.ClientStream;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request with a stream of replies, which is made again until the first reply, the header or a clean end has come: the
 * user has seen nothing of it until then.
 */
final class RetriedServerStream<Res> implements ServerStreamingClient<Res> {
    private final Supplier<ClientStream> open;
    private final Attempts attempts;
    private volatile ServerStreamingClient<Res> current;
    private volatile boolean committed;
    private @Nullable String cancelled;
    /** Who wants to know of a leaving server, with the handle at the stream that runs now. */
    private final Map<Object, Wish> wishes = new LinkedHashMap<>();

    /** A listener, and what makes the running stream forget it. */
    private record Wish(Runnable listener, CallContext.Registration told) {}

    RetriedServerStream(ServerStreamingClient<Res> first, Supplier<ClientStream> open, Attempts attempts) {
        current = first;
        this.open = open;
        this.attempts = attempts;
    }

    @Override
    public @Nullable Res recv() {
        return committed ? current.recv() : beforeFirst(ServerStreamingClient::recv);
    }

    @Override
    public Metadata headerMetadata() {
        return committed ? current.headerMetadata() : beforeFirst(ServerStreamingClient::headerMetadata);
    }

    private synchronized boolean isCancelled() {
        return cancelled != null;
    }

    private <T> T beforeFirst(Function<ServerStreamingClient<Res>, T> step) {
        while (true) {
            try {
                T result = step.apply(current);
                committed = true;
                return result;
            } catch (RpcException failure) {
                if (isCancelled()) {
                    throw failure;
                }
                attempts.next(failure);
                reopen();
            }
        }
    }

    private void reopen() {
        while (true) {
            try {
                @SuppressWarnings("unchecked") // the method's shape does not change
                ServerStreamingClient<Res> opened = (ServerStreamingClient<Res>) open.get();
                String reason;
                synchronized (this) {
                    current = opened;
                    reason = cancelled;
                    wishes.replaceAll((key, wish) -> new Wish(wish.listener(), opened.onDraining(wish.listener())));
                }
                if (reason != null) {
                    opened.cancel(reason);
                }
                return;
            } catch (RpcException failure) {
                attempts.next(failure);
            }
        }
    }

    @Override
    public Metadata trailerMetadata() {
        return current.trailerMetadata();
    }

    @Override
    public void cancel(String reason) {
        ServerStreamingClient<Res> running;
        synchronized (this) {
            cancelled = cancelled == null ? reason : cancelled;
            running = current;
        }
        running.cancel(reason);
    }

    @Override
    public void close() {
        ServerStreamingClient<Res> running;
        synchronized (this) {
            cancelled = cancelled == null ? "stream was closed" : cancelled;
            running = current;
        }
        running.close();
    }

    @Override
    public synchronized CallContext.Registration onDraining(Runnable listener) {
        Object key = new Object();
        wishes.put(key, new Wish(listener, current.onDraining(listener)));
        return () -> {
            Wish wish;
            synchronized (this) {
                wish = wishes.remove(key);
            }
            if (wish != null) {
                wish.told().close();
            }
        };
    }

    @Override
    public CallInfo call() {
        return current.call();
    }

    @Override
    public boolean isLastReceivedCompressed() {
        return current.isLastReceivedCompressed();
    }
}
