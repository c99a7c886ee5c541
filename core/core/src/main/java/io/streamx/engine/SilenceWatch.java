package io.streamx.engine;

import io.netty.channel.Channel;
import io.netty.util.concurrent.ScheduledFuture;
import io.streamx.CallInfo;
import io.streamx.StreamingMode;
import io.streamx.wire.Logs;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.UnaryProtocol;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names calls of one client that wait for a silent server and have no limit of time: unary calls, the one reply of client
 * streams, and bidirectional streams whose requests were not ended, since then both ends may wait for each other. One line
 * in the log for each method, with where the waiting thread stands. Streams that wait for messages of a server that may
 * rightly be silent for long are left alone.
 *
 * <p>Each connection is looked at a few times in the period, so that a call costs nothing: one that is found waiting for the
 * very message at {@value #LOOKS} looks and more has waited that long. Safe from any thread.
 */
public final class SilenceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SilenceWatch.class);

    /** Looks within the period. */
    static final int LOOKS = 4;
    /** More methods than that are no methods but names that somebody makes up. */
    private static final int MAX_METHODS = 1000;

    /** A stream of a client whose reader may wait for a silent server. On the event loop. */
    interface Waiting {
        /** Whether a reader that waits now waits without a limit, for what should have come or cannot come. */
        boolean waitsInVain();

        /** The thread that waits for what the server sends; null when none does. */
        @Nullable
        Thread waiter();

        /** Which call the stream carries. */
        CallInfo call();
    }

    /** The looks in a row that have found the reader of one stream waiting for the very message. */
    static final class Looks {
        private int inVain;
        private long takenBefore;

        /**
         * Counts one more look.
         *
         * @param taken how much was taken of the stream so far
         * @param waits whether the reader waits
         * @return whether the reader has, at this look for the first time, waited for the whole period
         */
        boolean fillPeriod(long taken, boolean waits) {
            int before = taken == takenBefore ? inVain : 0;
            takenBefore = taken;
            inVain = waits ? before + 1 : 0;
            // The wait may have begun just before the first of these looks, so one more makes up the whole period.
            return inVain == LOOKS + 1;
        }
    }

    private final Duration period;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** {@code period} is how long a call may wait before it is named; zero for never naming any. */
    public SilenceWatch(Duration period) {
        this.period = period;
    }

    /** Looks at the streams of a connection until that is closed. */
    public void watch(StreamConnection connection) {
        lookAt(connection.channel(), () -> connection.forEachStream(this::look));
    }

    /** Looks at the unary calls of a connection until that is closed. */
    public void watch(UnaryProtocol.Connection connection) {
        lookAt(connection.channel(), () -> connection.forEachCall(call -> look(call, connection)));
    }

    private void lookAt(Channel channel, Runnable look) {
        if (period.isZero()) {
            return;
        }
        long nanos = Math.max(1, TimeLimit.nanos(period) / LOOKS);
        ScheduledFuture<?> looking =
                channel.eventLoop().scheduleWithFixedDelay(look, nanos, nanos, TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> looking.cancel(false));
    }

    private void look(ConnectionStream exchange) {
        if (exchange instanceof Waiting stream) {
            Thread waiting = stream.waiter();
            boolean silent = exchange.looks().fillPeriod(exchange.takenCost(), waiting != null);
            if (silent && waiting != null && stream.waitsInVain() && told.size() < MAX_METHODS) {
                Thread.startVirtualThread(() -> tell(stream, waiting));
            }
        }
    }

    private void tell(Waiting stream, Thread waiting) {
        String method = stream.call().service() + "." + stream.call().method();
        if (!told.add(method)) {
            return;
        }
        boolean both = stream.call().mode() == StreamingMode.BIDIRECTIONAL;
        Logs.warn(
                LOG,
                "{} at {} has waited {} s for a message, has no limit of time,{} (expected: {}). It waits here:{}",
                method,
                stream.call().remoteAddress(),
                period.toSeconds(),
                both
                        ? " and closeSend() was not called: the server may be waiting for the next message in turn"
                        : " and the server says nothing",
                both
                        ? "closeSend() after the last message, or withRecvTimeout(...)"
                        : "a reply, or a limit: timeout(...) of the client, withTimeout(...) of the call",
                CallerLines.whereItWaits(waiting));
    }

    private void look(UnaryProtocol.Pending<?> call, UnaryProtocol.Connection connection) {
        Thread waiting = call.foundWaiting(LOOKS);
        if (waiting != null && told.size() < MAX_METHODS) {
            String hint = connection.hintForSilence();
            @Nullable Object peer = connection.channel().remoteAddress();
            Thread.startVirtualThread(() -> tell(call, waiting, peer, hint));
        }
    }

    private void tell(UnaryProtocol.Pending<?> call, Thread waiting, @Nullable Object peer, String hint) {
        if (told.add(call.method().toString())) {
            Logs.warn(
                    LOG,
                    "{}, called at {}, has waited {} s for its reply and has no limit of time (expected: a reply, or a"
                            + " limit: timeout(...) of the client, withTimeout(...) of the call){}. It waits here:{}",
                    call.method(),
                    peer,
                    period.toSeconds(),
                    hint,
                    CallerLines.whereItWaits(waiting));
        }
    }
}
