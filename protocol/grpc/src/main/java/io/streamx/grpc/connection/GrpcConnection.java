package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import io.streamx.RpcException;
import io.streamx.grpc.GrpcOptions;
import io.streamx.net.ReadTimeout;
import io.streamx.wire.Limits;
import io.streamx.wire.ReadGate;
import io.streamx.wire.StreamHost;
import io.streamx.wire.Thrown;
import io.streamx.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection as both ends see it: turns frames into calls of the streams they belong to, and what streams have
 * written within one turn of the event loop into one DATA frame each. Stays on the event loop.
 */
abstract class GrpcConnection extends Http2ConnectionHandler implements Wire, ReadGate {
    private final StreamHost.Factory hosts;
    private final Limits limits;
    private final GrpcOptions options;
    private final GatheringFrameWriter frames;
    private final BegunFrameReader reader;
    private final ReceiveWindows windows;
    private final IntObjectHashMap<GrpcStreamWire> open = new IntObjectHashMap<>();
    private final List<GrpcStreamWire> touched = new ArrayList<>();
    /** The streams that this side has reset. Frames for them that were under way are no fault of the peer's. */
    private final RecentStreams recentResets = new RecentStreams();

    /** The timers that run while the connection is open, which are a few at the most. */
    private final List<Future<?>> timers = new ArrayList<>();

    private final Runnable settle = this::settle;

    private @Nullable ChannelHandlerContext context;
    private @Nullable StreamHost streams;
    private volatile long maxSentHeaderList = Long.MAX_VALUE;
    private boolean peerSpoke;
    private boolean opened;
    private boolean flushing;
    private boolean settling;
    private boolean failed;
    private int lastStreamSaid = Integer.MAX_VALUE;
    private boolean closing;
    private final StreamWindows streamWindows;
    private final LingeringEnd end = new LingeringEnd(this);
    private @Nullable Keepalive keepalive;
    private @Nullable ReadTimeout frameTimeout;
    private boolean prefaceAwaited;
    private boolean frameCame;
    private int begunBytes;

    GrpcConnection(ConnectionBuilder.Parts parts, StreamHost.Factory hosts) {
        super(parts.decoder(), parts.encoder(), parts.settings(), true, true);
        this.hosts = hosts;
        limits = parts.limits();
        options = parts.options();
        frames = parts.frames();
        reader = parts.reader();
        windows = parts.windows();
        streamWindows = new StreamWindows(this, windows, limits);
        decoder().frameListener(new IncomingFrames(this));
    }

    // ---- what the two ends do ----

    /** HEADERS have come, for a stream that exists. */
    abstract void onHeaders(Http2Stream stream, Http2Headers headers, boolean end) throws Http2Exception;

    /** The peer has ended a stream that carries no call. */
    void onEndWithoutCall(Http2Stream stream) {}

    /** RST_STREAM has come, for an open stream. */
    abstract void onReset(GrpcStreamWire stream, long errorCode) throws Http2Exception;

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
    abstract void onStreamViolation(GrpcStreamWire stream, Http2Exception violation);

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

    final IntObjectHashMap<GrpcStreamWire> open() {
        return open;
    }

    final ChannelHandlerContext context() {
        return initialised(context);
    }

    /** The engine's side of the connection. */
    public final StreamHost streams() {
        return initialised(streams);
    }

    /** What the peer may send on each stream. */
    final StreamWindows streamWindows() {
        return streamWindows;
    }

    /** The peer has sent settings, and so is one that speaks HTTP/2. On the event loop. */
    final void onPeerSettings() {
        peerSpoke = true;
    }

    /** Whether the peer has sent its settings. On the event loop. */
    final boolean hasPeerSpoken() {
        return peerSpoke;
    }

    /** The largest header list the peer takes, as far as it has said so; any thread. */
    final long maxSentHeaderList() {
        return maxSentHeaderList;
    }

    /** The peer has said how large a header list it takes. */
    final void limitSentHeaderList(long bytes) {
        maxSentHeaderList = bytes;
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
        streams = hosts.create(ctx.channel(), this, limits, this);
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
        keepalive = newKeepalive(System.nanoTime());
        if (keepalive != null) {
            lookAtKeepaliveIn(keepalive);
        }
    }

    private void lookAtKeepaliveIn(Keepalive own) {
        scheduleWhileOpen(() -> lookAtKeepalive(own), own.waitNanos());
    }

    /**
     * Runs a step after a time unless the connection has ended by then. The timer ends with the connection, because
     * hours of waiting must not keep a dead connection in memory.
     */
    final void scheduleWhileOpen(Runnable step, long nanos) {
        timers.removeIf(Future::isDone);
        timers.add(context().executor().schedule(step, nanos, TimeUnit.NANOSECONDS));
    }

    private void lookAtKeepalive(Keepalive own) {
        if (!context().channel().isActive()) {
            return;
        }
        switch (own.look(System.nanoTime(), !open.isEmpty())) {
            case NOTHING -> lookAtKeepaliveIn(own);
            case PING -> {
                encoder().writePing(context(), false, Keepalive.PING, newPromise());
                flush(context());
                lookAtKeepaliveIn(own);
            }
            case CLOSE -> onSilence(options.keepAliveTimeout());
        }
    }

    // ---- writing ----

    @Override
    public final boolean isWritable() {
        // A closed channel takes everything, and drops it. A stream without window does not stop the others.
        return context().channel().isWritable() || !context().channel().isActive();
    }

    /** A stream has something to write at the next {@link #flush()}. */
    final void touch(GrpcStreamWire stream) {
        touched.add(stream);
    }

    @Override
    public final void flush() {
        boolean outermost = !flushing;
        flushing = true;
        try {
            if (!touched.isEmpty()) {
                writeTouched();
            }
            flush(context());
        } finally {
            if (outermost) {
                flushing = false;
            }
        }
    }

    /** Does what Netty's own flush does, and hands what was gathered to the channel between its two steps. */
    @Override
    public final void flush(ChannelHandlerContext ctx) {
        try {
            encoder().flowController().writePendingBytes();
            frames.submit();
            ctx.flush();
        } catch (Http2Exception e) {
            onError(ctx, true, e);
        } catch (RuntimeException e) {
            onError(ctx, true, Http2Exception.connectionError(Http2Error.INTERNAL_ERROR, e, "Error flushing"));
        }
    }

    /** Writes as much of what waits for the peer's windows as these let go now. */
    final void writeWhatMayGo() {
        try {
            encoder().flowController().writePendingBytes();
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
    }

    private void writeTouched() {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).writePending();
        }
        touched.clear();
        onMessagesWritten();
    }

    /** HEADERS or DATA of streams have been written. */
    void onMessagesWritten() {}

    /** Has the credit settled of bytes that left outside a flush by {@link StreamHost}, which would settle it. */
    final void settleSoon() {
        if (!flushing && !settling) {
            settling = true;
            streams().execute(settle);
        }
    }

    private void settle() {
        settling = false;
        streams().flush();
    }

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
        if (stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        if (!stream.isResetSent()) {
            stream.resetSent();
            if (!connection().local().created(stream) || stream.isHeadersSent()) {
                encoder()
                        .frameWriter()
                        .writeRstStream(
                                context(), stream.id(), errorCode, context().newPromise());
            }
        }
        recentResets.add(stream.id());
        closeStream(stream, context().newSucceededFuture());
    }

    // ---- reading ----

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        streams().readComplete();
        flushing = true;
        try {
            super.channelReadComplete(ctx);
        } finally {
            flushing = false;
        }
        streams().flush();
        timeFrame();
    }

    /** Has {@link #onLateFrame} run when a frame has begun and is not whole after that time, and more when it is large. */
    final void timeFrames(Duration timeout, boolean hasBegun) {
        ReadTimeout limit = new ReadTimeout(
                context().channel().eventLoop(),
                timeout,
                System::nanoTime,
                () -> streams().wasPaused(),
                this::onLateFrame);
        frameTimeout = limit;
        prefaceAwaited = hasBegun;
        limit.received(0, hasBegun);
    }

    private void timeFrame() {
        int begun = actualReadableBytes();
        if (frameTimeout != null) {
            // HTTP/2 counts no bytes here but those that wait; a frame's time grows with its bytes all the same.
            frameTimeout.received(Math.max(0, begun - begunBytes), begun > 0 || prefaceAwaited);
        }
        begunBytes = begun;
    }

    /** A frame has begun to come and is not whole. */
    abstract void onLateFrame();

    /** Whether the peer has sent a whole frame. */
    final boolean hasFrameCome() {
        return frameCame;
    }

    @Override
    public final void pause() {
        windows.pause();
    }

    @Override
    public final void resume() {
        windows.resume();
        flush(context());
    }

    @Override
    public final void filling(long allowedBytes) {
        streamWindows.share(allowedBytes);
    }

    @Override
    public final void emptied() {
        streamWindows.shareNoMore();
    }

    @Override
    public final void stopReading(boolean stop) {
        context().channel().config().setAutoRead(!stop);
    }

    @Override
    public final void glimpse() {
        if (!context().channel().config().isAutoRead()) {
            context().read();
        }
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
        ByteBuf rest = null;
        if (message instanceof ByteBuf bytes) {
            int missing = reader.missingBytes();
            if (missing > 0 && missing < bytes.readableBytes()) {
                rest = bytes.readRetainedSlice(missing);
            }
        }
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
        timers.forEach(timer -> timer.cancel(false));
        timers.clear();
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

    /**
     * Ends the connection as Netty does, but names the last stream that came, where Netty would name any. Source: RFC
     * 9113 section 5.4.1.
     */
    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception http2Ex) {
        if (failed || end.isLingering()) {
            return;
        }
        Throwable reason = http2Ex != null ? http2Ex : cause;
        if (outbound && isLossOfPeer(reason) && readsOnWhenPeerIsGone()) {
            end.readOn();
            return;
        }
        failed = true;
        if (!(reason instanceof IOException)) {
            // A peer that has gone has broken no rule; a write may be the first to find out.
            onConnectionViolation(reason);
        }
        streams().lost(lostFailure(String.valueOf(reason.getMessage()), reason));
        long code = http2Ex != null ? http2Ex.error().code() : Http2Error.INTERNAL_ERROR.code();
        // A later GOAWAY must not name more streams than an earlier one.
        int last = Math.min(connection().remote().lastStreamCreated(), lastStreamSaid);
        ByteBuf debug = ByteBufUtil.writeUtf8(ctx.alloc(), String.valueOf(reason.getMessage()));
        goAway(ctx, last, code, debug, ctx.newPromise()).addListener(done -> end.afterError());
        ctx.flush();
    }

    private static boolean isLossOfPeer(Throwable reason) {
        return reason instanceof IOException || reason.getCause() instanceof IOException;
    }

    /** Whether what has arrived is wanted of a peer that takes no more bytes. */
    abstract boolean readsOnWhenPeerIsGone();

    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        lastStreamSaid = Math.min(lastStreamSaid, lastStreamId);
        return super.goAway(ctx, lastStreamId, errorCode, debugData, promise);
    }

    /**
     * Makes the stream of a header block that could not be read, which is the end of that stream alone. Frames for the
     * stream may be under way. They are to be for a stream that was reset, since frames for a stream that never was
     * would cost the connection.
     */
    private @Nullable Http2Stream madeForReset(int id) {
        Http2Connection.Endpoint<Http2RemoteFlowController> remote =
                connection().remote();
        if (!remote.isValidStreamId(id) || id <= remote.lastStreamCreated()) {
            return null;
        }
        int allowed = remote.maxActiveStreams();
        try {
            // The limit is lifted meanwhile, because Netty may have dropped the block for the very reason that there
            // are as many streams as may be.
            remote.maxActiveStreams(Integer.MAX_VALUE);
            return remote.createStream(id, false);
        } catch (Http2Exception impossible) {
            return null;
        } finally {
            remote.maxActiveStreams(allowed);
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException violation) {
        int id = violation.streamId();
        Http2Stream stream = connection().stream(id);
        if (stream == null || stream.state() == Http2Stream.State.CLOSED) {
            // Frames that were under way when this side gave the stream up are not the peer's fault, and neither are
            // frames that this side did not write because of that.
            if (outbound || recentResets.contains(id) || connection().local().mayHaveCreatedStream(id)) {
                return;
            }
            Http2Exception fatal = fatal(id, violation);
            if (fatal != null) {
                onConnectionError(ctx, false, fatal, fatal);
                return;
            }
            Http2Stream made = stream == null && !(violation instanceof Http2Exception.HeaderListSizeException)
                    ? madeForReset(id)
                    : null;
            if (made != null) {
                recentResets.add(id);
                encoder().writeRstStream(ctx, id, violation.error().code(), ctx.newPromise());
                return;
            }
        } else {
            GrpcStreamWire wire = open.get(id);
            if (wire != null) {
                onStreamViolation(wire, violation);
            }
        }
        if (stream != null && isHeadersBehindTheEnd(stream, violation)) {
            reset(stream, Http2Error.STREAM_CLOSED.code());
            return;
        }
        super.onStreamError(ctx, outbound, cause, violation);
        recentResets.add(id);
    }

    /**
     * Whether HEADERS came behind the end of a stream. Netty takes these for too many headers, which is another error,
     * and only its message tells.
     */
    private static boolean isHeadersBehindTheEnd(Http2Stream stream, Http2Exception violation) {
        return !stream.state().remoteSideOpen()
                && String.valueOf(violation.getMessage()).contains("received too many headers");
    }

    /** A frame of whatever kind has come. */
    void onAnyRead() {
        frameCame = true;
        prefaceAwaited = false;
        if (frameTimeout != null) {
            frameTimeout.messageEnded();
        }
        if (keepalive != null) {
            keepalive.onRead(System.nanoTime());
        }
    }

    /** A promise by which a stream is told of its write. */
    final ChannelPromise newPromise() {
        return context().newPromise();
    }
}
