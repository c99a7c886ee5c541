package io.streamx.net;

import io.netty.channel.Channel;
import io.streamx.net.StalledWrites.StallTimes;
import io.streamx.wire.TimeSource;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/**
 * Gives up streams of one connection that are over for their handlers, and whose last bytes their peer lets not leave although it
 * reads its connection: it opens the stream's window no further. They are looked at from time to time, while there
 * are any. On the event loop.
 */
public final class UntakenEnds {
    /** A stream that waits for its peer. */
    public interface Stream {
        /** Whether bytes of the stream still wait. */
        boolean isWaiting();

        /** How many bytes have left so far: any number that changes when bytes leave. */
        long leftBytes();

        /** No byte has left for the timeout: drops what waits. */
        void giveUp();
    }

    private static final class Progress {
        long left;
        long sinceNanos;
    }

    private final Channel channel;
    private final TimeSource time;
    private final StallTimes times;
    private final IdentityHashMap<Stream, Progress> streams = new IdentityHashMap<>();
    private boolean looking;

    /** {@code times} says how long bytes of a stream may wait of which none leaves. */
    public UntakenEnds(Channel channel, StallTimes times) {
        this.channel = channel;
        this.times = times;
        time = TimeSource.of(channel);
    }

    /** Looks at a stream until it waits no longer. */
    public void add(Stream stream) {
        Progress progress = new Progress();
        progress.left = stream.leftBytes();
        progress.sinceNanos = time.nanoTime();
        streams.put(stream, progress);
        if (!looking) {
            lookLater();
        }
    }

    /** How many streams are looked at. */
    int size() {
        return streams.size();
    }

    private void lookLater() {
        try {
            time.schedule(channel.eventLoop(), this::look, times.shortStepNanos());
            looking = true;
        } catch (RejectedExecutionException loopHasEnded) {
            // The connection has ended with its event loop.
        }
    }

    private void look() {
        looking = false;
        if (!channel.isActive()) {
            streams.clear();
            return;
        }
        long now = time.nanoTime();
        for (Iterator<Map.Entry<Stream, Progress>> all = streams.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Stream, Progress> next = all.next();
            Stream stream = next.getKey();
            Progress progress = next.getValue();
            long left = stream.leftBytes();
            if (!stream.isWaiting()) {
                all.remove();
            } else if (left != progress.left) {
                progress.left = left;
                progress.sinceNanos = now;
            } else if (times.isOver(now - progress.sinceNanos)) {
                all.remove();
                stream.giveUp();
            }
        }
        if (!streams.isEmpty()) {
            lookLater();
        }
    }
}
