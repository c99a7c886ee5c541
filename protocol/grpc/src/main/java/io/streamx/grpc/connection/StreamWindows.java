package io.streamx.grpc.connection;

import io.netty.handler.codec.http2.Http2Settings;
import io.streamx.wire.Limits;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * What the peer may send on each stream, as SETTINGS announce it: grows where the network carries more, and is narrow
 * while the connection holds too much of messages that have not ended. While much of what a connection may hold is
 * unread, half of that is shared out among its streams: the windows of those that nobody reads come to be negative, and
 * the connection itself goes on for all others.
 */
final class StreamWindows implements IncompleteMessages.Effects {
    /**
     * The narrow window: enough for small messages to go on while large ones are finished, and so little that 10,000
     * streams hold hardly more than the limit.
     */
    static final int NARROW_BYTES = 1024;

    private static final int UNSHARED = Integer.MAX_VALUE;
    /** A share that is not smaller by a quarter is not worth a frame. */
    private static final double WORTH_TELLING = 0.75;

    /** Windows that go to and fro faster would be a flood of SETTINGS to the peer. */
    private static final long WIDEN_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final GrpcConnection connection;
    private final ReceiveWindows windows;
    private final Duration stallTimeout;
    private final IncompleteMessages incomplete;
    private int wide;
    /** What each stream may send while much is unread. */
    private int shared = UNSHARED;

    private boolean filling;
    private int announced;
    private boolean announcedNarrow;
    private boolean widening;
    private boolean looking;
    private volatile int creditBatch;

    StreamWindows(GrpcConnection connection, ReceiveWindows windows, Limits limits) {
        this.connection = connection;
        this.windows = windows;
        stallTimeout = limits.stallTimeout();
        incomplete = new IncompleteMessages(() -> connection.streams().mayHold(), this);
        wide = WindowSizes.stream(limits);
        announced = wide;
        creditBatch = creditBatch(wide);
        windows.onStreamWindowsAcknowledged(this::acknowledged);
    }

    private void acknowledged() {
        incomplete.acknowledged(windows.initialWindowSize() <= narrow());
        if (windows.initialWindowSize() <= shared) {
            windows.narrow(false);
            if (shared != UNSHARED) {
                // Windows may be negative now: what has begun must be able to end.
                finishMessages();
            }
        }
    }

    // ---- much that nobody takes ----

    /** Much of {@code allowedBytes} is unread: the streams share half of it. */
    void share(long allowedBytes) {
        filling = true;
        int streams = Math.max(1, connection.open().size());
        int share = (int) Math.max(NARROW_BYTES, Math.min(wide, allowedBytes / 2 / streams));
        if (share < WORTH_TELLING * Math.min(shared, wide)) {
            shared = share;
            if (!announcedNarrow) {
                windows.narrow(true);
                announce(share);
                connection.flush();
            }
        }
    }

    /** Whether much of what the connection may hold is unread. */
    boolean isFilling() {
        return filling;
    }

    /** Little is unread. */
    void shareNoMore() {
        filling = false;
        if (shared != UNSHARED) {
            widenWindows();
        }
    }

    private static int creditBatch(int window) {
        return Math.max(1, window / 2);
    }

    private int narrow() {
        return Math.min(wide, NARROW_BYTES);
    }

    /** How much of a window a reader takes before the peer is told; any thread. */
    int creditBatch() {
        return creditBatch;
    }

    /** What the connection holds of messages that have not ended. */
    IncompleteMessages incomplete() {
        return incomplete;
    }

    /** Lets the peer send more on each stream than so far. */
    void growTo(int window) {
        if (window > wide) {
            wide = window;
            if (!announcedNarrow && shared == UNSHARED) {
                announce(wide);
            }
        }
    }

    private void announce(int window) {
        announced = window;
        creditBatch = creditBatch(window);
        connection
                .encoder()
                .writeSettings(
                        connection.context(), new Http2Settings().initialWindowSize(window), connection.newPromise());
    }

    // ---- too much that has not ended ----

    @Override
    public void narrowWindows() {
        if (announcedNarrow) {
            acknowledged();
        } else {
            announcedNarrow = true;
            announce(narrow());
        }
        watch();
    }

    @Override
    public void widenWindows() {
        if (!widening) {
            widening = true;
            connection.scheduleWhileOpen(this::widen, WIDEN_AFTER_NANOS);
        }
    }

    private void widen() {
        widening = false;
        if (!incomplete.isOver() && connection.context().channel().isActive()) {
            announcedNarrow = false;
            if (!filling) {
                shared = UNSHARED;
            }
            int window = Math.min(wide, shared);
            if (window != announced) {
                announce(window);
                connection.flush();
            }
        }
    }

    @Override
    public void withholdCredit() {
        windows.withhold();
    }

    @Override
    public void giveCredit() {
        windows.giveAgain();
    }

    @Override
    public void finishMessages() {
        for (MultiplexedStream stream : connection.open().values()) {
            // A reader tells of what it has taken in batches. When the window becomes smaller than what it has not told
            // of, the peer can send nothing, and no message comes after which the reader would tell.
            stream.giveBackTaken();
            stream.expectRest();
        }
    }

    // ---- messages that do not come ----

    /** Looks from now on whether the messages that others wait for make progress, since they must not take for ever. */
    void watch() {
        if (!looking && (incomplete.isOver() || windows.isAnyWaiting())) {
            look();
        }
    }

    private void look() {
        looking = true;
        incomplete.watch();
        boolean waiting = windows.isAnyWaiting();
        long letIn = windows.letIn();
        connection.scheduleWhileOpen(() -> lookedAt(waiting, letIn), TimeLimit.nanos(stallTimeout));
    }

    private void lookedAt(boolean waited, long letInBefore) {
        looking = false;
        // While unread messages keep the connection paused, nothing comes because of them, and no message is ended.
        if (incomplete.isStalled(TimeLimit.nanos(stallTimeout)) && !windows.isPaused()) {
            if (incomplete.isOver()) {
                giveUpFullest();
            } else if (waited && windows.isAnyWaiting() && windows.letIn() == letInBefore) {
                giveUpLetIn();
            }
            connection.streams().flush();
        }
        watch();
    }

    private void giveUpFullest() {
        for (MultiplexedStream stream : descending(MultiplexedStream::claimedBytes)) {
            if (!incomplete.isOver()) {
                return;
            }
            stream.giveUpIncomplete(stream.grpcFailures()
                    .tooManyIncompleteBytes(stream.missing(), incomplete.held(), incomplete.limit(), stallTimeout));
        }
    }

    private void giveUpLetIn() {
        long before = windows.letIn();
        for (MultiplexedStream stream : descending(MultiplexedStream::extraBytes)) {
            if (windows.letIn() != before) {
                return;
            }
            stream.giveUpIncomplete(stream.grpcFailures().messageStalled(stream.missing(), stallTimeout));
        }
    }

    /** The streams for which {@code bytes} is more than 0, those with the most first. */
    private List<MultiplexedStream> descending(ToIntFunction<MultiplexedStream> bytes) {
        List<MultiplexedStream> streams = new ArrayList<>();
        for (MultiplexedStream stream : connection.open().values()) {
            if (bytes.applyAsInt(stream) > 0) {
                streams.add(stream);
            }
        }
        streams.sort(Comparator.comparingInt(bytes).reversed());
        return streams;
    }
}
