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
 * How much the peer may send on each stream, as SETTINGS announce it. It grows where the network carries more, and is
 * narrow while the connection holds too much of messages that have not ended.
 */
final class StreamWindows implements IncompleteMessages.Effects {
    /**
     * The narrow window: enough for small messages to go on while large ones are finished, and so little that 10,000
     * streams hold hardly more than the limit.
     */
    static final int NARROW_BYTES = 1024;

    /** How long windows stay narrow at the least. If they changed faster, the peer would get a flood of SETTINGS. */
    private static final long WIDEN_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final GrpcConnection connection;
    private final ReceiveWindows windows;
    private final Duration stallTimeout;
    private final IncompleteMessages incomplete;
    private int wide;
    private boolean announcedNarrow;
    private boolean widening;
    private boolean looking;
    private volatile int creditBatch;

    StreamWindows(GrpcConnection connection, ReceiveWindows windows, Limits limits) {
        this.connection = connection;
        this.windows = windows;
        stallTimeout = limits.stallTimeout();
        incomplete = new IncompleteMessages(limits.connectionBufferBytes(), this);
        wide = limits.streamBufferBytes();
        creditBatch = creditBatch(wide);
        windows.onStreamWindowsAcknowledged(this::acknowledged);
    }

    private void acknowledged() {
        incomplete.acknowledged(windows.initialWindowSize() <= narrow());
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
            if (!announcedNarrow) {
                announce(wide);
            }
        }
    }

    private void announce(int window) {
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
            announce(wide);
            connection.flush();
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
        for (GrpcStreamWire stream : connection.open().values()) {
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
        for (GrpcStreamWire stream : descending(GrpcStreamWire::claimedBytes)) {
            if (!incomplete.isOver()) {
                return;
            }
            stream.giveUpIncomplete(stream.grpcFailures()
                    .tooManyIncompleteBytes(stream.missing(), incomplete.held(), incomplete.limit(), stallTimeout));
        }
    }

    private void giveUpLetIn() {
        long before = windows.letIn();
        for (GrpcStreamWire stream : descending(GrpcStreamWire::extraBytes)) {
            if (windows.letIn() != before) {
                return;
            }
            stream.giveUpIncomplete(stream.grpcFailures().messageStalled(stream.missing(), stallTimeout));
        }
    }

    /** The streams for which {@code bytes} is more than 0, those with the most first. */
    private List<GrpcStreamWire> descending(ToIntFunction<GrpcStreamWire> bytes) {
        List<GrpcStreamWire> streams = new ArrayList<>();
        for (GrpcStreamWire stream : connection.open().values()) {
            if (bytes.applyAsInt(stream) > 0) {
                streams.add(stream);
            }
        }
        streams.sort(Comparator.comparingInt(bytes).reversed());
        return streams;
    }
}
