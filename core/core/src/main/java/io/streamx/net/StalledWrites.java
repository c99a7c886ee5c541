package io.streamx.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.streamx.wire.TimeSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose peer takes no byte of what waits for it, whatever its protocol. A connection has one timer, which looks
 * whether bytes have left: four times within the timeout, so that a connection ends after that and at most a quarter more; and more
 * often while its network takes no bytes, because then much may wait that a process without memory needs. On the event loop.
 */
public final class StalledWrites {
    private static final int LOOKS = 4;

    private final Channel channel;
    private final TimeSource time;
    private final StallTimes times;
    private final LongConsumer end;
    /** What stood first in the queue of the network when it was looked at last; null for nothing. */
    private @Nullable Object first;
    /** How much of {@link #first} had left. */
    private long progress;

    private long progressNanos;
    private boolean hurrying;
    private volatile @Nullable Future<?> next;

    /**
     * How long bytes may wait of which none leaves.
     *
     * @param nanos at most, whatever else
     * @param nanosWhenShort at most while {@code isShort}
     * @param isShort whether the process has no memory left for messages
     */
    public record StallTimes(long nanos, long nanosWhenShort, BooleanSupplier isShort) {
        /** Whether bytes have waited too long that have waited for {@code stalledNanos}. */
        boolean isOver(long stalledNanos) {
            return stalledNanos >= nanos || (stalledNanos >= nanosWhenShort && isShort.getAsBoolean());
        }

        /** After what time to look again. */
        long stepNanos() {
            return Math.max(1, nanos / LOOKS);
        }

        /** After what time to look again while much may wait. */
        long shortStepNanos() {
            return Math.max(1, Math.min(nanos, nanosWhenShort) / LOOKS);
        }
    }

    private StalledWrites(Channel channel, StallTimes times, LongConsumer end) {
        this.channel = channel;
        this.times = times;
        this.end = end;
        time = TimeSource.of(channel);
        progressNanos = time.nanoTime();
    }

    /**
     * Watches an open connection until it closes.
     *
     * @param end closes the connection; it is given how many bytes wait, and is called on the event loop
     */
    public static StalledWrites watch(Channel channel, StallTimes times, LongConsumer end) {
        StalledWrites watch = new StalledWrites(channel, times, end);
        watch.lookIn(times.stepNanos());
        channel.closeFuture().addListener(closed -> watch.stop());
        return watch;
    }

    /** The network takes no more bytes for now. */
    void hurry() {
        if (!hurrying && channel.isOpen()) {
            hurrying = true;
            stop();
            look();
        }
    }

    private void stop() {
        Future<?> armed = next;
        if (armed != null) {
            armed.cancel(false);
        }
    }

    private void lookIn(long nanos) {
        try {
            next = time.schedule(channel.eventLoop(), this::look, nanos);
        } catch (RejectedExecutionException loopHasEnded) {
            // The connection has ended with its event loop.
        }
    }

    private void look() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting == null || !channel.isOpen()) {
            return;
        }
        long now = time.nanoTime();
        Object current = waiting.current();
        if (current == null || !isFirst(current) || waiting.currentProgress() != progress) {
            first = current;
            progress = current == null ? 0 : waiting.currentProgress();
            progressNanos = now;
        } else if (times.isOver(now - progressNanos)) {
            first = null;
            end.accept(waiting.totalPendingWriteBytes() + PacedWrites.keptBytes(channel));
            return;
        }
        hurrying = !channel.isWritable();
        lookIn(hurrying ? times.shortStepNanos() : times.stepNanos());
    }

    @SuppressWarnings("ReferenceEquality") // whether it is that very buffer
    private boolean isFirst(Object message) {
        return message == first;
    }
}
