package io.streamx.engine;

import io.streamx.RpcException;
import io.streamx.wire.Failures;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/** What a connection knows of a stream on it: where it stands in the connection's lists, and how it is woken and ended. */
abstract sealed class ConnectionStream implements HeldUpStreams.Stream permits Exchange, ReplySlot {
    private final StreamConnection connection;
    private final long beganNanos = System.nanoTime();

    // The following fields belong to the connection, on the event loop.
    @Nullable
    ConnectionStream previous;

    @Nullable
    ConnectionStream next;

    boolean attached;
    boolean toBeWoken;
    long credit;

    /** This is made when the connection first looks for streams that hold up the others. */
    private HeldUpStreams.@Nullable Progress progress;

    /** These are made when {@link SilenceWatch} first looks at the stream. */
    private SilenceWatch.@Nullable Looks looks;

    ConnectionStream(StreamConnection connection) {
        this.connection = connection;
    }

    final StreamConnection connection() {
        return connection;
    }

    /** Gives the sender its room back. The wire calls this on the event loop when bytes have left. */
    public final void written(int cost) {
        connection.credit(this, cost);
    }

    /** Drops messages that are not to be written any more. On the event loop. */
    final void drop(OutboundMessage messages) {
        int cost = messages.cost();
        messages.release();
        written(cost);
    }

    @Override
    public final long ageNanos() {
        return System.nanoTime() - beganNanos;
    }

    @Override
    public final HeldUpStreams.Progress progress() {
        HeldUpStreams.Progress seen = progress;
        if (seen == null) {
            seen = new HeldUpStreams.Progress();
            progress = seen;
        }
        return seen;
    }

    /** The looks at the reader of this stream. On the event loop. */
    final SilenceWatch.Looks looks() {
        SilenceWatch.Looks made = looks;
        if (made == null) {
            made = new SilenceWatch.Looks();
            looks = made;
        }
        return made;
    }

    /** Whether what has come may stay unread when the stream has ended, for as long as its user likes. */
    abstract boolean mayStayUnread();

    /** Wakes the reader if it waits. On the event loop. */
    abstract void wakeReader();

    /** Gives the sender the room of {@code bytes} back, which have left. On the event loop. */
    abstract void giveBack(long bytes);

    /** The connection is gone. On the event loop. */
    abstract void onConnectionLost(RpcException failure);

    /** Ends the stream because it holds up its connection. On the event loop. */
    abstract void endStalled(RpcException failure);

    /** The errors of the stream's wire. */
    abstract Failures failures();
}
