package io.streamx.engine;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.streamx.RpcException;
import io.streamx.engine.flow.OutboundQueue;
import io.streamx.engine.flow.ProcessMemory;
import io.streamx.engine.flow.ReadBudget;
import io.streamx.engine.flow.ReplyRoom;
import io.streamx.engine.flow.SendBudget;
import io.streamx.net.ConnectionEvents;
import io.streamx.wire.Limits;
import io.streamx.wire.Logs;
import io.streamx.wire.ReadGate;
import io.streamx.wire.SizeGuess;
import io.streamx.wire.StreamHost;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import io.streamx.wire.UnsentReplies;
import io.streamx.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that carries streams: its outgoing queue, the bounds on what waits in memory, and the streams on it.
 *
 * <p>Methods are for the event loop unless they say otherwise.
 */
public final class StreamConnection implements StreamHost, ConnectionEvents.Queues {
    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    private final Channel channel;
    private final LoopSteps steps;
    private final TimeSource time;
    private final Wire wire;
    private final Limits limits;
    private final OutboundQueue outbound;
    private final SendBudget sendBudget;
    private final ReadBudget readBudget;
    private final ReplyRoom replies;
    /** Is told what the connection holds beside these. */
    private final LongConsumer others = ProcessMemory.newHolder();

    private final AttachedStreams streams = new AttachedStreams();
    private final StallGuard stallGuard;
    private final ReaderWakes wakes = new ReaderWakes();
    private final WriteCredits credits = new WriteCredits();
    private final IdleClose idle;
    private final PeerLeaving leaving = new PeerLeaving();
    private final StreamAdmission admission;
    private final SizeGuess unaryRequests = new SizeGuess();
    private volatile @Nullable RpcException lost;
    private volatile @Nullable String closedBecause;

    /**
     * A connection on an open channel, which is written through {@code wire}. The connection is paused through {@code
     * gate}; where that is null, by not reading the channel.
     */
    public StreamConnection(Channel channel, Wire wire, Limits limits, @Nullable ReadGate gate) {
        this.channel = channel;
        admission = new StreamAdmission(channel);
        steps = new LoopSteps(channel.eventLoop(), this::fail);
        time = TimeSource.of(channel);
        idle = new IdleClose(this);
        this.wire = wire;
        this.limits = limits;
        outbound = limits.maxConcurrentStreams() == 1
                ? OutboundQueue.ofOneStream(channel.eventLoop(), wire, credits::settle, this::fail)
                : new OutboundQueue(channel.eventLoop(), wire, credits::settle, this::fail);
        sendBudget = new SendBudget(limits.connectionBufferBytes());
        replies = new ReplyRoom(limits.connectionBufferBytes(), sendBudget, ProcessMemory.shared(), time);
        stallGuard = new StallGuard(this, streams, gate != null ? gate : new AutoReadGate(channel));
        readBudget = new ReadBudget(limits.connectionBufferBytes(), this::execute, stallGuard);
        ConnectionEvents.queues(channel, this);
    }

    // ---- any thread ----

    /** The channel underneath. */
    @Override
    public Channel channel() {
        return channel;
    }

    /** What this connection may hold and carry. */
    public Limits limits() {
        return limits;
    }

    /** The engine's own class of {@code host}, which the engine has made. */
    public static StreamConnection of(StreamHost host) {
        return (StreamConnection) host;
    }

    /** By which time the limits of its streams are measured. */
    TimeSource time() {
        return time;
    }

    /** The queue of what is to be done on the wire, in order. */
    OutboundQueue outbound() {
        return outbound;
    }

    @Override
    public boolean offer(Runnable step) {
        return outbound.offer(step);
    }

    /** Takes no more streams; those under way go on. */
    @Override
    public void retire() {
        admission.retire();
    }

    @Override
    public void peerLeaves() {
        admission.retire();
        leaving.begin();
    }

    /** Whether the peer has said that it is leaving, and who wants to know. */
    public PeerLeaving leaving() {
        return leaving;
    }

    /** Whether bytes move in both directions: neither side keeps the other waiting. */
    public boolean isFlowing() {
        return !readBudget.isPaused() && channel.isWritable();
    }

    /** Whether this connection takes new streams, and how many are about to be opened. */
    public StreamAdmission admission() {
        return admission;
    }

    /** Whether a new stream may be opened. */
    @Override
    public boolean isUsable() {
        return admission.isUsable();
    }

    /** How many streams are about to be opened. */
    @Override
    public int reserved() {
        return admission.reserved();
    }

    /** Closes the connection from this side; the streams still on it are told why. */
    @Override
    public ChannelFuture close(String why) {
        closedBecause = why;
        ConnectionEvents.closedBecause(channel, why);
        return channel.close();
    }

    /** Why this side has closed the connection; null when it has not. */
    @Override
    public @Nullable String closedBecause() {
        return closedBecause;
    }

    /** Ends this connection, and no other, because of an unexpected error of this side. On the event loop. */
    private void fail(Throwable cause) {
        channel.pipeline().fireExceptionCaught(cause);
    }

    @Override
    public void logFailure(Throwable cause) {
        if (!(cause instanceof IOException)) {
            Logs.warn(LOG, "connection with {} is closed after an error", channel.remoteAddress(), cause);
        }
    }

    /** How large the requests of unary calls are. */
    SizeGuess unaryRequests() {
        return unaryRequests;
    }

    @Override
    public long unsentBytes() {
        return Math.max(0, sendBudget.unsent());
    }

    @Override
    public long unreadBytes() {
        return Math.max(0, readBudget.unread());
    }

    SendBudget sendBudget() {
        return sendBudget;
    }

    ReadBudget readBudget() {
        return readBudget;
    }

    /**
     * Runs a step on the event loop without waiting behind queued messages. The step is dropped when the loop has
     * ended.
     */
    @Override
    public void execute(Runnable step) {
        steps.execute(step);
    }

    /** Runs a step on the event loop after a time; the caller cancels a step that it does not need any more. */
    @Nullable
    Future<?> schedule(Runnable step, Duration delay) {
        return schedule(step, TimeLimit.nanos(delay));
    }

    @Nullable
    Future<?> schedule(Runnable step, long nanos) {
        return steps.schedule(time, step, nanos);
    }

    /** Runs a step of the flow of bytes, which goes by the time of the system whatever clock a test turns. */
    @Nullable
    Future<?> scheduleBySystem(Runnable step, long nanos) {
        return steps.schedule(TimeSource.SYSTEM, step, nanos);
    }

    // ---- event loop: streams ----

    /** How many streams are on the connection now. */
    @Override
    public int activeStreams() {
        return streams.size();
    }

    /** How many streams have ended with unread messages. For tests and diagnosis. */
    int endedUnreadStreams() {
        return streams.endedUnread();
    }

    @Override
    public void used() {
        idle.used();
    }

    /** Runs {@code step} whenever the last stream has ended. */
    @Override
    public void onEmpty(Runnable step) {
        streams.onEmpty(step);
    }

    /** Shows each stream that is now on this connection. */
    void forEachStream(Consumer<ConnectionStream> look) {
        streams.forEach(look);
    }

    void attach(ConnectionStream exchange) {
        streams.add(exchange);
        used();
    }

    void detach(ConnectionStream exchange) {
        // A stream that was given up before it was opened is not among the streams. Whoever waits for the connection to
        // be empty must hear of its end all the same.
        if (exchange.attached) {
            streams.remove(exchange);
            used();
        }
        streams.runIfEmpty();
    }

    /** Closes the connection when it has carried no stream for {@code timeout}. */
    @Override
    public void closeWhenIdle(Duration timeout) {
        if (lost == null) {
            idle.start(timeout);
        }
    }

    // ---- event loop: reading ----

    @Override
    public boolean wasPaused() {
        return stallGuard.wasPaused();
    }

    @Override
    public boolean isFilling() {
        return readBudget.isFilling();
    }

    @Override
    public boolean isShortOfMemory() {
        return ProcessMemory.shared().isTight();
    }

    @Override
    public boolean growWindows(int bytes) {
        return ProcessMemory.shared().grant(bytes);
    }

    @Override
    public void shrinkWindows(int bytes) {
        ProcessMemory.shared().takeBack(bytes);
    }

    @Override
    public void holds(long bytes) {
        if (lost == null) {
            others.accept(bytes);
        }
    }

    @Override
    public long mayHold() {
        return ProcessMemory.shared().mayHold(limits.connectionBufferBytes());
    }

    @Override
    public UnsentReplies replies() {
        return replies;
    }

    void wakeLater(ConnectionStream exchange) {
        wakes.add(exchange);
    }

    @Override
    public void settleRead() {
        readBudget.settle();
    }

    /** To be called when a read of the socket has been decoded: wakes each reader once. */
    @Override
    public void readComplete() {
        readBudget.settle();
        wakes.wakeAll();
    }

    // ---- event loop: writing ----

    /** To be called when the network takes bytes again. */
    @Override
    public void writable() {
        outbound.drain();
    }

    /** Sends what was written outside the queue. */
    @Override
    public void flush() {
        wire.flush();
        credits.settle();
    }

    /** Closes the connection when all that was written has been sent. */
    @Override
    public void closeAfterFlush() {
        flush();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Gives a sender its room back, soon. */
    void credit(ConnectionStream exchange, int cost) {
        credits.add(exchange, cost);
    }

    // ---- event loop: the end ----

    /** To be called when the connection has failed or closed: ends all its streams. The first reason stays. */
    @Override
    public void lost(RpcException failure) {
        if (lost != null) {
            return;
        }
        lost = failure;
        ConnectionEvents.closedBecause(channel, Thrown.text(failure));
        // A caller that learns of the loss and opens its stream anew is not to get this connection again.
        admission.retire();
        stallGuard.stop();
        streams.forEach(exchange -> exchange.onConnectionLost(failure));
        streams.forgetEnded();
        readComplete();
        outbound.drain();
        readBudget.close();
        sendBudget.close();
        others.accept(0);
    }

    /** Why the connection is gone; null while it is not. Any thread. */
    @Override
    public @Nullable RpcException lostBecause() {
        return lost;
    }
}
