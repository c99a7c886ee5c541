package io.streamx.ttheader.unary;

import io.netty.channel.EventLoop;
import io.streamx.net.FrameCutter;
import io.streamx.net.ReadTimeout;
import io.streamx.wire.Defaults;
import io.streamx.wire.TimeSource;

/** The time that a reply has once its first bytes have come to a client. On the event loop. */
final class ReplyTimeout {
    /** What a caller is told. */
    static final String EXPIRED =
            "got a part of a reply, and not the rest of it within " + Defaults.READ_TIMEOUT.toMillis() + " ms";

    private final FrameCutter cutter;
    private final ReadTimeout timeout;
    private int begunFrames;

    /** {@code expired} is run when a reply is late by {@code time}. */
    ReplyTimeout(EventLoop loop, TimeSource time, FrameCutter cutter, Runnable expired) {
        this.cutter = cutter;
        timeout = new ReadTimeout(loop, Defaults.READ_TIMEOUT, time, expired);
    }

    /** So many bytes have come, and been cut. */
    void received(int bytes) {
        if (cutter.begunFrames() != begunFrames) {
            begunFrames = cutter.begunFrames();
            timeout.messageEnded();
        }
        timeout.received(bytes, cutter.isWithinFrame());
    }
}
