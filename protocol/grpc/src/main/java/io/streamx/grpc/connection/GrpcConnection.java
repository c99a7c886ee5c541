package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.streamx.RpcException;
import io.streamx.grpc.GrpcOptions;
import io.streamx.wire.Limits;
import io.streamx.wire.StreamHost;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeSource;
import io.streamx.wire.Wire;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection as both ends see it: turns frames into calls of the streams they belong to, and what streams have
 * written within one turn of the event loop into one DATA frame each. Stays on the event loop.
 */
abstract class GrpcConnection extends Http2ConnectionHandler implements Wire {
    private final StreamHost.Factory hosts;
    private final Limits limits;
    private final GrpcOptions options;
    private final GatheringFrameWriter frames;
    private final BegunFrameReader reader;
    private final ReceiveWindows windows;
    private final StreamWindows streamWindows;
    private final IntObjectHashMap<MultiplexedStream> open = new IntObjectHashMap<>();
    private final WriteTurns turns;
    private final PeerSettings peer = new PeerSettings();
    private final ConnectionTimers timers = new ConnectionTimers(this);
    private final FrameTimeout frameTimeout = new FrameTimeout(this);
    private final LingeringEnd end = new LingeringEnd(this);
    private final StreamResets resets = new StreamResets(this);
    private final ProtocolErrors errors = new ProtocolErrors(this, resets, end);

    private @Nullable ChannelHandlerContext context;
    private @Nullable StreamHost streams;
    private TimeSource time = TimeSource.SYSTEM;
    private final HeldBytes held = new HeldBytes(this);
    private boolean opened;
    private boolean closing;

    GrpcConnection(ConnectionBuilder.Parts parts, StreamHost.Factory hosts) {
        super(parts.decoder(), parts.encoder(), parts.settings(), true, true);
        this.hosts = hosts;
        limits = parts.limits();
        options = parts.options();
        frames = parts.frames();
        reader = parts.reader();
        windows = parts.windows();
        streamWindows = new StreamWindows(this, windows, limits);
        turns = new WriteTurns(this, frames);
        decoder().frameListener(new IncomingFrames(this));
    }

    // ---- what the two ends do ----

    /** HEADERS have come, for a stream that exists. */
    abstract void onHeaders(Http2Stream stream, Http2Headers headers, boolean end) throws Http2Exception;

    /** The peer has ended a stream that carries no call. */
    void onEndWithoutCall(Http2Stream stream) {}

    /** RST_STREAM has come, for an open stream. */
    abstract void onReset(MultiplexedStream stream, long errorCode) throws Http2Exception;

    /** GOAWAY has come. This is called before the effects on streams. */
    void onGoAway(int lastStreamId, long errorCode, ByteBuf debug) {}

    /** PING has come; the answer is to be written. */
    void onPing(long data) throws Http2Exception {
        answerPing(data);
    }

    /** The answer to a PING of this side has come; not called for PINGs that measure. */
    void onPingAnswered(long data) {}

    /** How this end pings a silent peer; null for not at all. */
    abstract @Nullable Keepalive newKeepalive(long nowNanos);

    /** The peer does not answer. */
    abstract void onSilence(Duration timeout);

    /** The peer broke the rules on one stream, which is reset after this. */
    abstract void onStreamViolation(MultiplexedStream stream, Http2Exception violation);

    /** What a frame for a stream that is not there means for the connection; null for nothing. */
    @Nullable
    Http2Exception fatal(int streamId, Http2Exception violation) {
        return null;
    }

    /** The outcome of all streams when the peer has closed the connection, or it broke. */
    abstract RpcException lostFailure(String detail, @Nullable Throwable cause);

    /** The peer broke the rules of the connection, which is closed after this. */
    abstract void onConnectionViolation(Throwable violation);

    // ---- the connection ----

    final Limits limits() {
        return limits;
    }

    final GrpcOptions options() {
        return options;
    }

    final ReceiveWindows windows() {
        return windows;
    }

    /** What writes HEADERS and DATA. */
    final GatheringFrameWriter frames() {
        return frames;
    }

    final IntObjectHashMap<MultiplexedStream> open() {
        return open;
    }

    final ChannelHandlerContext context() {
        return initialised(context);
    }

    /** By which time the limits of the connection and its calls are measured. */
    final TimeSource time() {
        return time;
    }

    /** The engine's side of the connection. */
    public final StreamHost streams() {
        return initialised(streams);
    }

    /** What the peer may send on each stream. */
    final StreamWindows streamWindows() {
        return streamWindows;
    }

    /** What the connection holds beside what streams have sent or not received. */
    final HeldBytes held() {
        return held;
    }

    /** What the peer's settings have said. */
    final PeerSettings peer() {
        return peer;
    }

    private static <T> T initialised(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("handler is in no pipeline yet");
        }
        return field;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        time = TimeSource.of(ctx.channel());
        streams = hosts.create(ctx.channel(), this, limits, new CreditGate(this));
        if (readsOnWhenPeerIsGone()) {
            // With auto-close, a failed write would close the channel, and drop what has arrived.
            ctx.channel().config().setAutoClose(false);
        }
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            announceWindow();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        announceWindow();
    }

    /** Announces the window of the connection, behind the settings. */
    private void announceWindow() {
        if (!opened) {
            opened = true;
            windows.open();
            context().flush();
            onOpen();
        }
    }

    /** The connection's first frames have been written. */
    void onOpen() {
        Keepalive keepalive = newKeepalive(time.nanoTime());
        if (keepalive != null) {
            timers.keepAlive(keepalive);
        }
    }

    /** Runs a step, which ends what has taken too long, unless the connection has ended by then. */
    final void limit(Runnable step, long nanos) {
        timers.limit(step, nanos);
    }

    /** Runs a step after a time unless the connection has ended by then. */
    final void scheduleWhileOpen(Runnable step, long nanos) {
        timers.schedule(step, nanos);
    }

    // ---- writing ----

    @Override
    public final boolean isWritable() {
        // A closed channel takes everything, and drops it. A stream without window does not stop the others.
        return context().channel().isWritable() || !context().channel().isActive();
    }

    /** What streams write through. */
    final WriteTurns turns() {
        return turns;
    }

    @Override
    public final void flush() {
        turns.end();
    }

    @Override
    public final void flush(ChannelHandlerContext ctx) {
        turns.flush(ctx);
    }

    /** HEADERS or DATA of streams have been written. */
    void onMessagesWritten() {}

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        super.channelWritabilityChanged(ctx);
        if (ctx.channel().isWritable()) {
            streams().writable();
        }
    }

    final void answerPing(long data) {
        encoder().writePing(context(), true, data, context().newPromise());
    }

    /** Resets a stream at once: nothing that waits for its window is sent any more. */
    final void reset(Http2Stream stream, long errorCode) {
        resets.reset(stream, errorCode);
    }

    // ---- reading ----

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        streams().readComplete();
        turns.flushFollows(true);
        try {
            super.channelReadComplete(ctx);
        } finally {
            turns.flushFollows(false);
        }
        streams().flush();
        frameTimeout.afterRead(actualReadableBytes());
    }

    /** A frame has begun to come and is not whole. */
    abstract void onLateFrame();

    /** What limits how long a frame may take to come. */
    final FrameTimeout frameTimeout() {
        return frameTimeout;
    }

    /** A frame of whatever kind has come. */
    final void onAnyRead() {
        frameTimeout.onFrame();
        timers.onFrame();
    }

    // ---- the end ----

    /** Tells the peer that this side is about to close the connection: a client by GOAWAY, a server by the end of its calls. */
    abstract void beforeClose();

    /** Ends the connection so that all that was written arrives. */
    final void closeAfterLinger() {
        end.begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (end.isLingering()) {
            end.onRead();
            ReferenceCountUtil.release(message);
        } else {
            read(ctx, message);
        }
    }

    /**
     * Reads a buffer. Netty waits for whole frames, and would copy everything that one read brings behind a begun
     * frame. So the rest of the begun frame is read by itself, and what follows is read where it lies.
     */
    private void read(ChannelHandlerContext ctx, Object message) throws Exception {
        ByteBuf rest = message instanceof ByteBuf bytes ? reader.restOfFrame(bytes) : null;
        try {
            if (rest != null) {
                super.channelRead(ctx, rest);
            }
        } catch (Exception e) {
            ReferenceCountUtil.release(message);
            throw e;
        }
        super.channelRead(ctx, message);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (opened && !closing && !end.isLingering() && ctx.channel().isActive()) {
            closing = true;
            beforeClose();
            flush(ctx);
        }
        ctx.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        timers.cancel();
        frames.discard();
        streams().lost(lostFailure("", null));
        onClosed();
        super.channelInactive(ctx);
    }

    /** The connection is gone, and its streams have been told. */
    void onClosed() {}

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        streams().logFailure(cause);
        streams().lost(lostFailure(Thrown.text(cause), cause));
        ctx.close();
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception http2Ex) {
        errors.onConnectionError(ctx, outbound, cause, http2Ex);
    }

    /** Whether what has arrived is wanted of a peer that takes no more bytes. */
    abstract boolean readsOnWhenPeerIsGone();

    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        errors.onGoAwaySent(lastStreamId);
        return super.goAway(ctx, lastStreamId, errorCode, debugData, promise);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException violation) {
        if (errors.onStreamError(ctx, outbound, violation)) {
            super.onStreamError(ctx, outbound, cause, violation);
            resets.add(violation.streamId());
        }
    }

    /** A promise by which a stream is told of its write. */
    final ChannelPromise newPromise() {
        return context().newPromise();
    }
}
