package io.streamx.grpc.connection;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Bounds what a connection holds of messages that have begun to arrive and not ended. No reader can take such messages,
 * so withholding the connection's credit alone would leave all of them as they are for ever. When the limit is passed,
 * the windows of all streams are made narrow, and no more credit is given until the peer has acknowledged that. From
 * then on messages are finished one after another, as {@link ReceiveWindows#expect} lets them in, until half of the
 * limit is free.
 *
 * <pre>
 * FEW --over the limit--> NARROWING --narrow windows acknowledged--> ONE_BY_ONE
 *  ^                       |     ^                                     |   |
 *  |                       |     +------wider ones acknowledged--------+   |
 *  +---half of it is free--+-----------------------------------------------+
 * </pre>
 *
 * <p>The way from ONE_BY_ONE to NARROWING is for a peer that acknowledges late, so that windows were wide again in
 * between.
 *
 * <p>This class knows no I/O, clock or thread.
 */
final class IncompleteMessages {
    /** What follows from the state. */
    interface Effects {
        /** Announces narrow windows; {@link #acknowledged} is called when they hold. */
        void narrowWindows();

        /** Announces the windows that were usual before, unless there is too much again by then. */
        void widenWindows();

        /** Gives the peer no more credit of the connection. */
        void withholdCredit();

        /** Gives the peer credit again, and with it what was withheld. */
        void giveCredit();

        /** Lets the rest of each incomplete message in, as room comes. */
        void finishMessages();
    }

    private enum State {
        FEW,
        NARROWING,
        ONE_BY_ONE
    }

    /** The least speed of a message, which holds in all other places too. */
    private static final long LEAST_BYTES_PER_SECOND = 64 * 1024;

    private final LongSupplier limit;
    private final Effects effects;
    private State state = State.FEW;
    private long held;
    private long arrived;

    /** Holds such messages within as many bytes as {@code limit} says, which may change. */
    IncompleteMessages(LongSupplier limit, Effects effects) {
        this.limit = limit;
        this.effects = effects;
    }

    /**
     * The bytes that a stream holds of unfinished messages changed by {@code heldMore}; {@code came} bytes arrived just
     * now.
     */
    void changed(int heldMore, int came) {
        held += heldMore;
        arrived += came;
        if (state == State.FEW) {
            if (heldMore > 0 && held > limit.getAsLong()) {
                state = State.NARROWING;
                arrived = 0;
                effects.withholdCredit();
                effects.narrowWindows();
            }
        } else if (held <= limit.getAsLong() / 2) {
            boolean withheld = state == State.NARROWING;
            state = State.FEW;
            effects.widenWindows();
            if (withheld) {
                effects.giveCredit();
            }
        }
    }

    /** The peer has acknowledged windows: all that it sends from now on keeps to them. */
    void acknowledged(boolean narrow) {
        if (state == State.NARROWING && narrow) {
            state = State.ONE_BY_ONE;
            // Bytes that were under way before the windows became narrow are no progress.
            arrived = 0;
            effects.giveCredit();
            effects.finishMessages();
        } else if (state == State.ONE_BY_ONE && !narrow) {
            state = State.NARROWING;
            effects.withholdCredit();
        }
    }

    /** Whether the connection holds too much. */
    boolean isOver() {
        return state != State.FEW;
    }

    /** Begins the time that {@link #isStalled} looks at. */
    void watch() {
        arrived = 0;
    }

    /** Whether next to nothing of unfinished messages came in the {@code nanos} since {@link #watch}. */
    boolean isStalled(long nanos) {
        return arrived < LEAST_BYTES_PER_SECOND * nanos / TimeUnit.SECONDS.toNanos(1);
    }

    long held() {
        return held;
    }

    long limit() {
        return limit.getAsLong();
    }
}
