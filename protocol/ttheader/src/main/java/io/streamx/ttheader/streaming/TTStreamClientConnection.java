package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.collection.IntObjectHashMap;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StreamException;
import io.streamx.middleware.MetaListener;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Defaults;
import io.streamx.wire.Logs;
import io.streamx.wire.StreamProtocol;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's connection: the frames of the server, and the streams they belong to. */
final class TTStreamClientConnection extends FrameEvents implements StreamProtocol.Connection {
    private static final Logger LOG = LoggerFactory.getLogger(TTStreamClientConnection.class);

    /**
     * The id of the last stream. One counter serves all connections of the process, as in Kitex. It counts up from 1,
     * wraps around past the largest number, and leaves 0 out.
     */
    private static final AtomicInteger LAST_STREAM_ID = new AtomicInteger();

    private static final long UNUSED_CHECK_MILLIS = 20;
    /**
     * How long what goes beyond the first window of a new connection waits for the server to say that it grants credit.
     * A server that grants nothing causes this delay once.
     */
    private static final long GRANT_WAIT_MILLIS = 100;

    private final StreamProtocol.Settings settings;
    private final IntObjectHashMap<TTStreamClientWire> open = new IntObjectHashMap<>();
    private volatile int streamCount;
    private boolean peerGrants;
    private boolean mayGrantYet = true;
    private boolean waiting;

    TTStreamClientConnection(StreamProtocol.Settings settings) {
        super(settings.hosts(), settings.limits());
        this.settings = settings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        limitFrames(ctx, Defaults.READ_TIMEOUT);
    }

    // ---- callers' threads ----

    @Override
    public boolean isUsable() {
        return streams().isUsable();
    }

    @Override
    public ClientWire newStream(StreamProtocol.Opening opening) {
        return new TTStreamClientWire(this, nextStreamId(), opening);
    }

    private static int nextStreamId() {
        int id = LAST_STREAM_ID.incrementAndGet();
        return id == 0 ? LAST_STREAM_ID.incrementAndGet() : id;
    }

    String clientName() {
        return settings.clientName();
    }

    // ---- event loop ----

    void opened(TTStreamClientWire stream) {
        if (mayGrantYet && !waiting) {
            waiting = true;
            streams().channel().eventLoop().schedule(this::grantsNothing, GRANT_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        }
        open.put(stream.streamId(), stream);
        streamCount = open.size();
    }

    void forget(TTStreamClientWire stream) {
        open.remove(stream.streamId());
        streamCount = open.size();
    }

    /**
     * How many streams were on this connection a moment ago, and how many are about to be opened: many callers may open
     * theirs at once. Any thread.
     */
    int streamCount() {
        return streamCount + streams().reserved();
    }

    /** Whether the server has said that it grants credit and waits for credit. */
    boolean peerGrants() {
        return peerGrants;
    }

    /**
     * Closes the connection when it is unused. Running streams go on, and so do those whose callers have chosen this
     * connection a moment ago.
     */
    private void closeWhenUnused() {
        Channel channel = streams().channel();
        if (!channel.isActive()) {
            return;
        }
        if (streams().activeStreams() == 0 && streams().reserved() == 0) {
            streams().closeAfterFlush();
        } else {
            channel.eventLoop().schedule(this::closeWhenUnused, UNUSED_CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Whether the server may still say that it grants credit, which it does as soon as the first stream is there. */
    boolean mayGrantYet() {
        return mayGrantYet;
    }

    private void grantsNothing() {
        mayGrantYet = false;
        if (!peerGrants) {
            open.values().forEach(stream -> stream.credit().letGo());
        }
    }

    private void onGrant(int streamId, long total) {
        if (!peerGrants) {
            peerGrants = true;
            open.values().forEach(stream -> stream.credit().begin());
        }
        TTStreamClientWire stream = open.get(streamId);
        if (stream != null) {
            stream.credit().onGrant(total);
        }
    }

    @Override
    void onHeader(int streamId, TTHeaderReader frame) {
        TTStreamClientWire stream = open.get(streamId);
        if (stream != null && !stream.exchange().onHeader(Metadata.of(entries(frame)))) {
            throw StreamFailures.secondHeader(streamId);
        }
    }

    @Override
    @Nullable
    Receiver receiver(int streamId) {
        return open.get(streamId);
    }

    @Override
    void onTrailer(int streamId, TTHeaderReader frame, ByteBuf payload) {
        TTStreamClientWire stream = open.get(streamId);
        if (stream != null) {
            Map<String, String> entries = entries(frame);
            stream.exchange().onEnd(Metadata.of(entries), StreamFailures.CLIENT.inTrailer(entries, payload));
        }
    }

    @Override
    void onRst(int streamId, TTHeaderReader frame, ByteBuf payload) {
        TTStreamClientWire stream = open.get(streamId);
        if (stream != null) {
            stream.exchange().onReset(Resets.read(StreamFailures.CLIENT, entries(frame), payload));
        }
    }

    @Override
    void onMeta(int streamId, TTHeaderReader frame, ByteBuf payload) {
        Map<String, String> texts = entries(frame);
        if (texts.containsKey(StreamCredit.CLOSE_KEY)) {
            streams().peerLeaves();
            closeWhenUnused();
            return;
        }
        long granted = StreamCredit.in(texts, StreamCredit.KEY);
        if (granted > 0) {
            onGrant(streamId, granted);
            return;
        }
        TTStreamClientWire stream = open.get(streamId);
        long wanted = StreamCredit.in(texts, StreamCredit.WANT_KEY);
        if (wanted > 0) {
            if (stream != null) {
                stream.credit().onWant(wanted);
            }
            return;
        }
        MetaListener listener = settings.metaListener();
        if (listener == null || stream == null) {
            return;
        }
        CallInfo call = stream.exchange().call();
        Map<Integer, String> ints = Objects.requireNonNullElse(frame.intEntries(), Map.of());
        byte[] bytes = ByteBufUtil.getBytes(payload);
        Thread.startVirtualThread(() -> {
            try {
                listener.onMeta(call, ints, texts, bytes);
            } catch (RuntimeException | Error e) {
                Logs.warn(LOG, "meta listener failed on {}.{}", call.service(), call.method(), e);
            }
        });
    }

    @Override
    RpcException lostFailure(String detail, @Nullable Throwable cause) {
        String own = streams().closedBecause();
        if (own != null) {
            return StreamFailures.transportClosing(own, cause);
        }
        return StreamFailures.transportClosing(
                detail.isEmpty() ? "connection closed by peer" : "connection failed: " + detail, cause);
    }

    @Override
    RpcException illegalFrame(RpcException cause) {
        return cause instanceof StreamException own ? own : StreamFailures.illegalFrame(cause);
    }
}
