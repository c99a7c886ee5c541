package io.streamx.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.streamx.RpcException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The engine's side of one connection that carries streams: the queue of what is to be written, and the bounds on what
 * waits in memory. A wire module makes one for each connection with a {@link Factory} and tells it what happens on the
 * socket. All methods are for the event loop of the connection, but for those that say "any thread". The engine implements
 * it, once, so that calls of it are as fast as calls of a class.
 */
public interface StreamHost {
    /**
     * Makes the engine's side of a connection. Clients get their factory with their settings, and servers from their
     * runtime.
     */
    @FunctionalInterface
    interface Factory {
        /**
         * The engine's side of an open channel. On the event loop.
         *
         * @param wire writes to the channel
         * @param gate stops and starts what the peer sends; where it is null, the channel is not read instead
         */
        StreamHost create(Channel channel, Wire wire, Limits limits, @Nullable ReadGate gate);
    }

    /** The channel underneath. Any thread. */
    Channel channel();

    /**
     * Queues a step that is to be taken on the event loop after all that was queued before. Any thread.
     *
     * @return false when the event loop has ended, and the connection with it: the step will not be taken
     */
    boolean offer(Runnable step);

    /** Runs a step on the event loop without waiting behind queued messages; drops it when the loop has ended. Any thread. */
    void execute(Runnable step);

    /** Whether a new stream may be opened. Any thread. */
    boolean isUsable();

    /** Takes no more streams; those under way go on. Any thread. */
    void retire();

    /** The peer has said that it is leaving: takes no more streams, and tells those under way, which go on. */
    void peerLeaves();

    /** Something happened on the connection that shows it to be in use although no stream begins or ends. */
    void used();

    /** How many streams are about to be opened: callers have chosen this connection for them. Any thread. */
    int reserved();

    /** Closes the connection from this side and tells the streams still on it why. Any thread. */
    ChannelFuture close(String why);

    /** Why this side has closed the connection; null when it has not. Any thread. */
    @Nullable
    String closedBecause();

    /** How many bytes of the connection's streams and replies wait to be sent. Any thread. */
    long unsentBytes();

    /** How many streams are on the connection now. */
    int activeStreams();

    /** Runs {@code step} whenever the last stream has ended. A second call replaces the step of the first. */
    void onEmpty(Runnable step);

    /** Closes the connection when it has carried no stream for {@code timeout}. */
    void closeWhenIdle(Duration timeout);

    /** To be called when one of the buffers of a read has been decoded, so that a read of many stops where it should. */
    void settleRead();

    /** Whether reading was paused at any time since this was last asked, or is paused still. */
    boolean wasPaused();

    /** Whether more than a quarter of what this connection may hold unread is unread. */
    boolean isFilling();

    /** Whether the connections of the process hold so much that nobody should be granted more than the least. */
    boolean isShortOfMemory();

    /**
     * Whether the process has memory for peers to send so many bytes more than at first; if so, they count as granted until
     * {@link #shrinkWindows}.
     */
    boolean growWindows(int bytes);

    /**
     * Tells how many bytes the connection holds now beside what streams have sent or not received: heads of calls, and messages that
     * are not whole or whose call has not begun. They count in the memory of the process.
     */
    void holds(long bytes);

    /** How many bytes the connection may hold now for each reason that {@link Limits} lists: fewer where the process holds much. */
    long mayHold();

    /** The whole replies of the connection. Any thread. */
    UnsentReplies replies();

    /** Gives back what {@link #growWindows} has granted. */
    void shrinkWindows(int bytes);

    /** To be told what the channel's pipeline has caught, which is logged unless it comes from the network. */
    void logFailure(Throwable cause);

    /** To be called when all that was read from the socket at once has been decoded: wakes each reader once. */
    void readComplete();

    /** To be called when the network takes bytes again. */
    void writable();

    /** Sends what was written outside the queue. */
    void flush();

    /** Closes the connection when all that was written has been sent. */
    void closeAfterFlush();

    /** To be called when the connection has failed or closed: ends all its streams with {@code failure}. The first reason stays. */
    void lost(RpcException failure);

    /** Why the connection is gone; null while it is not. Any thread. */
    @Nullable
    RpcException lostBecause();
}
