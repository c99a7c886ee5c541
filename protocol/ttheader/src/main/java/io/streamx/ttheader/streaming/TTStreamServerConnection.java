package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.collection.IntObjectHashMap;
import io.streamx.ApplicationException;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.Transport;
import io.streamx.service.ServiceDefinition.BoundMethod;
import io.streamx.ttheader.EntryBytes;
import io.streamx.ttheader.TTHeaderMetainfo;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.IntKey;
import io.streamx.ttheader.frame.StringKey;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.wire.OpeningEntries;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerRuntime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server's connection: the frames of the client, and the streams they belong to. */
final class TTStreamServerConnection extends FrameEvents implements ServerRuntime.Drainable {
    /** How long no stream may be opened before a connection of a closing server counts as quiet. */
    private static final long QUIET_MILLIS = 100;

    private static final long MAX_UNREAD_ANSWER_BYTES = 1 << 20;

    private final ServerRuntime runtime;
    private final IntObjectHashMap<TTStreamServerWire> open = new IntObjectHashMap<>();
    /** Streams whose handler has returned, and whose last messages and trailer wait for credit. */
    private final IntObjectHashMap<TTStreamServerWire> ended = new IntObjectHashMap<>();

    /**
     * The frames of the first stream whose caller offered credit. Such a caller is a client of StreamX for Java, and
     * understands what only these are told.
     */
    private @Nullable StreamFrames grantedFrames;

    private int grantedStreamId;

    private long opened;
    private boolean draining;
    /** How many streams were answered or opened since the peer last read. */
    private int unreadAnswers;

    private long unreadAnswerBytes;
    /** What the heads of the open streams take, about. */
    private long headBytes;

    private final UntakenStreams untaken;

    TTStreamServerConnection(ServerRuntime runtime) {
        super(runtime.hosts(), runtime.limits());
        this.runtime = runtime;
        untaken = new UntakenStreams(this, runtime);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        streams().closeWhenIdle(runtime.idleTimeout());
        limitFrames(ctx, runtime.readTimeout());
        runtime.register(ctx.channel(), this);
    }

    void forget(TTStreamServerWire stream, boolean ending) {
        if (ending && !isClosed()) {
            TTStreamServerWire before = ended.put(stream.streamId(), stream);
            untaken.watch(stream);
            if (before != null) {
                // The caller has used the id anew, and grants nothing to the first stream any more.
                before.dropHeld();
            }
        } else {
            stream.dropHeld();
        }
        holdHead(-stream.headBytes());
        // When an id was used anew while its first stream lived, the entry belongs to the second stream and stays.
        if (open.get(stream.streamId()) == stream) {
            open.remove(stream.streamId());
        }
    }

    /** The last message of a stream has been written that waited for credit when its handler returned. */
    void ended(TTStreamServerWire stream) {
        if (ended.get(stream.streamId()) == stream) {
            ended.remove(stream.streamId());
        }
        closeIfDrained();
    }

    /** A stream that is over for its handler is given up: its caller takes nothing of what is left. */
    void giveUp(TTStreamServerWire stream, RpcException failure) {
        stream.giveUp(failure);
        ended(stream);
        streams().flush();
    }

    private void holdHead(int more) {
        headBytes += more;
        streams().holds(headBytes);
    }

    // ---- opening ----

    @Override
    void onHeader(int streamId, TTHeaderReader frame) {
        String method = frame.method();
        if (method == null || method.isEmpty()) {
            throw new RpcException("Header frame of stream " + streamId + " names no method (expected: int entry "
                    + IntKey.TO_METHOD + ")");
        }
        boundAnswers(0);
        TTStreamServerWire live = open.remove(streamId);
        if (live != null) {
            live.exchange().onReset(StreamFailures.secondHeader(streamId));
        }
        Map<String, String> entries = entries(frame);
        String service = entries.getOrDefault(StringKey.IDL_SERVICE_NAME, "");
        if (activeCalls() >= limits().maxConcurrentStreams()) {
            refuse(
                    streamId,
                    service,
                    method,
                    ApplicationException.INTERNAL_ERROR,
                    "too many concurrent streams on the connection: "
                            + activeCalls() + " (expected: at most " + limits().maxConcurrentStreams()
                            + ")");
            return;
        }
        int head = EntryBytes.of(Objects.requireNonNullElse(frame.intEntries(), Map.of()), entries);
        String refusal = refusal(head);
        if (refusal != null) {
            refuse(streamId, service, method, ApplicationException.INTERNAL_ERROR, refusal);
            return;
        }
        switch (runtime.findStream(service, method)) {
            case ServerRuntime.Lookup.Found found -> start(streamId, found, found.method(), frame, entries, head);
            // A Kitex server is silent here, and its clients wait for ever. The clients understand the answer, so it is
            // given.
            case ServerRuntime.Lookup.UnknownService unknown ->
                refuse(streamId, service, method, ApplicationException.UNKNOWN_SERVICE, "unknown service " + service);
            case ServerRuntime.Lookup.UnknownMethod unknown ->
                refuse(streamId, service, method, ApplicationException.UNKNOWN_METHOD, "unknown method " + method);
            case ServerRuntime.Lookup.Ambiguous ambiguous ->
                refuse(streamId, service, method, ApplicationException.UNKNOWN_SERVICE, ambiguous.message(service));
        }
    }

    /** Why no stream is opened now whose head takes {@code head} bytes; null where it is. */
    private @Nullable String refusal(int head) {
        if (headBytes != 0 && headBytes + head > streams().mayHold()) {
            return "the headers of " + head + " bytes, with " + headBytes
                    + " bytes of running streams, are more than the"
                    + " connection may hold (expected: at most " + streams().mayHold()
                    + " bytes; the setting buffers); the stream was not opened";
        }
        return runtime.refusal();
    }

    private <Req, Res> void start(
            int streamId,
            ServerRuntime.Lookup.Found found,
            BoundMethod<Req, Res> method,
            TTHeaderReader frame,
            Map<String, String> entries,
            int head) {
        TTHeaderMetainfo metainfo = TTHeaderMetainfo.of(entries);
        ServerCallContext context = new ServerCallContext(
                method.descriptor().service(),
                method.descriptor().name(),
                method.descriptor().mode(),
                from(frame),
                streams().channel(),
                metainfo.persistents(),
                metainfo.transients(),
                null);
        context.metadataIn(() -> Metadata.of(ofTheCaller(entries)));
        String name = method.descriptor().name();
        int firstBytes = (int) Math.min(StreamCredit.in(entries, StreamCredit.KEY), limits().connectionBufferBytes());
        TTStreamServerWire stream = new TTStreamServerWire(
                this,
                streamId,
                method.descriptor().toString(),
                found.isListed() ? StreamFrames.ofKnown(name) : StreamFrames.ofUnknown(name),
                firstBytes,
                head);
        holdHead(head);
        open.put(streamId, stream);
        opened++;
        if (firstBytes > 0 && grantedFrames == null) {
            grantedFrames = stream.frames();
            grantedStreamId = streamId;
            stream.grant(firstBytes);
        }
        OpeningEntries all = runtime.wantsOpeningEntries()
                ? new OpeningEntries(Objects.requireNonNullElse(frame.intEntries(), Map.of()), context.metadata())
                : OpeningEntries.NONE;
        stream.carry(runtime.start(streams(), stream, method, context, all));
    }

    /**
     * The name of the caller. Clients of Kitex and of StreamX for Java do not name themselves on streams, but a proxy
     * may.
     */
    private static String from(TTHeaderReader frame) {
        Map<Integer, String> ints = frame.intEntries();
        return ints == null ? "" : ints.getOrDefault(IntKey.FROM_SERVICE, "");
    }

    /** The entries that hooks are shown, which are all but those that the two ends settle between themselves. */
    private static Map<String, String> ofTheCaller(Map<String, String> entries) {
        if (!entries.containsKey(StreamCredit.KEY)) {
            return entries;
        }
        Map<String, String> others = new LinkedHashMap<>(entries);
        others.remove(StreamCredit.KEY);
        return others;
    }

    private void refuse(int streamId, String service, String method, int type, String message) {
        runtime.notRun(
                streams().channel(),
                Transport.TTHEADER,
                null,
                service,
                method,
                () -> ApplicationException.outcome(type, message));
        StreamFrames frames = StreamFrames.ofUnknown(method);
        ByteBuf trailer = frames.frame(
                frameWriter(),
                FrameType.TRAILER,
                streamId,
                Map.of(),
                Map.of(),
                ApplicationException.outcome(type, message));
        // The size is doubled because the header frame has the method's name too, and the trailer's text mostly has it
        // again.
        boundAnswers(2L * trailer.readableBytes());
        frames.writePlainHeader(out(), streamId);
        out().write(trailer);
    }

    /**
     * Bounds what waits for a peer that opens streams and does not read: the answers and ends of its streams. To be
     * called before each answer, with its size.
     */
    private void boundAnswers(long bytes) {
        if (out().isWritable()) {
            unreadAnswers = 0;
            unreadAnswerBytes = 0;
            return;
        }
        unreadAnswers++;
        unreadAnswerBytes += bytes;
        if (unreadAnswers > limits().maxConcurrentStreams() || unreadAnswerBytes > MAX_UNREAD_ANSWER_BYTES) {
            throw new RpcException(unreadAnswers + " streams opened and " + unreadAnswerBytes
                    + " bytes of answers unread by their peer (expected: at most "
                    + limits().maxConcurrentStreams() + ", and " + MAX_UNREAD_ANSWER_BYTES + ")");
        }
    }

    // ---- frames of open streams ----

    @Override
    @Nullable
    Receiver receiver(int streamId) {
        return open.get(streamId);
    }

    @Override
    void onTrailer(int streamId, TTHeaderReader frame, ByteBuf payload) {
        TTStreamServerWire stream = open.get(streamId);
        if (stream != null) {
            // Kitex clients send neither payload nor entries. Others might, and a handler is to see what they meant.
            Map<String, String> entries = Objects.requireNonNullElse(frame.stringEntries(), Map.of());
            stream.exchange().onEnd(StreamFailures.SERVER.inTrailer(entries, payload));
        }
    }

    @Override
    void onRst(int streamId, TTHeaderReader frame, ByteBuf payload) {
        TTStreamServerWire stream = open.get(streamId);
        TTStreamServerWire waiting = ended.remove(streamId);
        if (waiting != null) {
            waiting.dropHeld();
            closeIfDrained();
        }
        if (stream != null) {
            stream.exchange().onReset(Resets.read(StreamFailures.SERVER, entries(frame), payload));
        }
    }

    @Override
    void onMeta(int streamId, TTHeaderReader frame, ByteBuf payload) {
        Map<String, String> entries = entries(frame);
        TTStreamServerWire stream = open.get(streamId);
        long wanted = StreamCredit.in(entries, StreamCredit.WANT_KEY);
        if (wanted > 0 && stream != null) {
            stream.onWant(wanted);
        }
        long granted = StreamCredit.in(entries, StreamCredit.KEY);
        TTStreamServerWire waiting = stream == null ? ended.get(streamId) : stream;
        if (granted > 0 && waiting != null) {
            // A connection whose caller still takes what an ended handler has left is not idle.
            streams().used();
            waiting.onGrant(granted);
        }
    }

    // ---- the end ----

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        super.channelInactive(ctx);
        ended.values().forEach(TTStreamServerWire::dropHeld);
        ended.clear();
        // What was dropped is no longer counted as unsent.
        streams().flush();
    }

    @Override
    RpcException lostFailure(String detail, @Nullable Throwable cause) {
        return StreamFailures.connectionClosed(detail, cause);
    }

    @Override
    RpcException illegalFrame(RpcException cause) {
        runtime.refused(streams().channel(), String.valueOf(cause.getMessage()), "frames of TTHeader Streaming");
        return StreamFailures.connectionClosed(String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public int activeCalls() {
        return streams().activeStreams() + ended.size();
    }

    /**
     * Begins the end of the connection. A client of StreamX for Java is told, opens no more streams here, and closes
     * the connection when its last stream has ended. Other clients cannot be told: their connection closes when it has
     * been quiet for a moment.
     */
    @Override
    public void drain() {
        draining = true;
        StreamFrames any = grantedFrames;
        if (any != null) {
            out().write(any.frame(
                    frameWriter(),
                    FrameType.META,
                    grantedStreamId,
                    Map.of(),
                    Map.of(StreamCredit.CLOSE_KEY, "1"),
                    null));
            streams().flush();
        } else {
            streams().onEmpty(this::closeIfDrained);
            closeIfDrained();
        }
    }

    private void closeIfDrained() {
        if (draining && grantedFrames == null && activeCalls() == 0) {
            long seen = opened;
            streams()
                    .channel()
                    .eventLoop()
                    .schedule(
                            () -> {
                                if (seen == opened && activeCalls() == 0) {
                                    streams().closeAfterFlush();
                                }
                            },
                            QUIET_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }
}
