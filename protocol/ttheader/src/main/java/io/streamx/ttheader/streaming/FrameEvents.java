package io.streamx.ttheader.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.streamx.RpcException;
import io.streamx.net.BatchWriter;
import io.streamx.net.FrameCutter;
import io.streamx.net.ReadTimeout;
import io.streamx.ttheader.frame.FrameType;
import io.streamx.ttheader.frame.TTHeader;
import io.streamx.ttheader.frame.TTHeaderReader;
import io.streamx.ttheader.frame.TTHeaderWriter;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.Limits;
import io.streamx.wire.StreamHost;
import io.streamx.wire.Thrown;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of both ends share: turns the bytes of a connection into frames, and each frame into one call of
 * a method of this class. On the event loop.
 */
abstract class FrameEvents extends ChannelInboundHandlerAdapter implements FrameCutter.Format {
    /** The least size of a message that is kept in an array of its own; copying a smaller one is cheaper. */
    private static final int KEPT_BYTES = 1024;

    private final StreamHost.Factory hosts;
    private final Limits limits;
    private final TTHeaderReader reader;
    private final TTHeaderWriter frameWriter;
    private final FrameCutter cutter = new FrameCutter(this);
    private @Nullable BatchWriter out;
    private @Nullable StreamHost connection;
    private boolean closed;
    private @Nullable ReadTimeout readTimeout;
    private int begunFrames;
    /** How many bytes the windows of all streams have grown beyond their first size. */
    private long grownBytes;

    FrameEvents(StreamHost.Factory hosts, Limits limits) {
        this.hosts = hosts;
        this.limits = limits;
        reader = new TTHeaderReader(
                Math.min(limits.maxAcceptedHeaderBytes(), TTHeader.MAX_HEADER_BYTES), Integer.MAX_VALUE);
        frameWriter = new TTHeaderWriter(Math.min(limits.maxSentHeaderBytes(), TTHeader.MAX_HEADER_BYTES));
    }

    // ---- what the two ends do ----

    /** A Header frame has come. */
    abstract void onHeader(int streamId, TTHeaderReader frame);

    /** Where the message of a Data frame goes. Null when the stream is not known; then the message is not made. */
    abstract @Nullable Receiver receiver(int streamId);

    /** A Trailer frame has come; {@code payload} is valid during the call alone. */
    abstract void onTrailer(int streamId, TTHeaderReader frame, ByteBuf payload);

    /** A Rst frame has come; {@code payload} is valid during the call alone. */
    abstract void onRst(int streamId, TTHeaderReader frame, ByteBuf payload);

    /** A Meta frame has come, by which proxies tell of the route; nothing in this class depends on it. */
    void onMeta(int streamId, TTHeaderReader frame, ByteBuf payload) {}

    /** The outcome of all streams when the peer has closed the connection, or it broke. */
    abstract RpcException lostFailure(String detail, @Nullable Throwable cause);

    /** The outcome of all streams when the peer has sent what is no frame. */
    abstract RpcException illegalFrame(RpcException cause);

    /** Takes the messages of a stream. */
    interface Receiver {
        /** A message has come as an object, in a frame of {@code frameBytes}. Takes ownership of the message. */
        void onMessage(InboundMessage message, int frameBytes);

        /**
         * A message has come as {@code length} bytes of {@code in}, in a frame of {@code frameBytes}. The bytes are
         * copied.
         */
        void onMessage(ByteBuf in, int index, int length, int frameBytes);

        /** A message has come that is larger than this side allows. */
        void onOversizedMessage(long bytes);
    }

    // ---- the connection ----

    final Limits limits() {
        return limits;
    }

    final TTHeaderWriter frameWriter() {
        return frameWriter;
    }

    final BatchWriter out() {
        return initialised(out);
    }

    public final StreamHost streams() {
        return initialised(connection);
    }

    private static <T> T initialised(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("handler is in no pipeline yet");
        }
        return field;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        BatchWriter writer = new BatchWriter(ctx);
        out = writer;
        connection = hosts.create(ctx.channel(), writer, limits, null);
    }

    /**
     * Ends the connection when a frame has begun and is not whole after {@code timeout}; a large frame has more time.
     */
    final void limitFrames(ChannelHandlerContext ctx, Duration timeout) {
        readTimeout = new ReadTimeout(
                ctx.channel().eventLoop(),
                timeout,
                TimeSource.of(ctx.channel()),
                () -> streams().wasPaused(),
                () -> end(
                        ctx,
                        illegalFrame(new RpcException("a frame that has begun and is not whole after "
                                + timeout.toMillis() + " ms; first bytes " + cutter.begunFrame()))));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        try {
            int count = bytes.readableBytes();
            cutter.feed(bytes);
            streams().settleRead();
            if (readTimeout != null) {
                timeFrame(readTimeout, count);
            }
        } catch (RpcException e) {
            end(ctx, illegalFrame(e));
        } finally {
            reader.clear();
            bytes.release();
        }
    }

    private void timeFrame(ReadTimeout timeout, int count) {
        if (cutter.begunFrames() != begunFrames) {
            begunFrames = cutter.begunFrames();
            timeout.messageEnded();
        }
        timeout.received(count, cutter.isWithinFrame());
    }

    /** Ends all streams with {@code failure} and closes the connection. */
    final void end(ChannelHandlerContext ctx, RpcException failure) {
        closed = true;
        streams().lost(failure);
        ctx.close();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        streams().readComplete();
        streams().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        streams().writable();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        if (readTimeout != null) {
            readTimeout.messageEnded();
        }
        streams().lost(lostFailure("", null));
        shrinkWindows((int) grownBytes);
        out().discard();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        streams().logFailure(cause);
        end(ctx, lostFailure(Thrown.text(cause), cause));
    }

    // ---- credit ----

    /** Whether the windows of streams may grow by {@code bytes} more; if so, they count as grown. */
    final boolean growWindows(int bytes) {
        if (closed
                || grownBytes + bytes > limits.connectionBufferBytes() / 2
                || !streams().growWindows(bytes)) {
            return false;
        }
        grownBytes += bytes;
        return true;
    }

    /** A window that had grown by so many bytes has not any more. */
    final void shrinkWindows(int bytes) {
        int known = (int) Math.min(bytes, grownBytes);
        if (known > 0) {
            grownBytes -= known;
            streams().shrinkWindows(known);
        }
    }

    /**
     * Tells the peer of a number of bytes on a stream in all: that it may send so many, with {@link StreamCredit#KEY}, or
     * that this end would have to be allowed so many, with {@link StreamCredit#WANT_KEY}.
     */
    final void writeCredit(StreamFrames frames, int streamId, String key, long total) {
        out().write(frames.frame(
                frameWriter(), FrameType.META, streamId, Map.of(), Map.of(key, Long.toString(total)), null));
    }

    // ---- frames ----

    @Override
    public final boolean isClosed() {
        return closed;
    }

    @Override
    public final long frameLength(ByteBuf in, int index, int readable) {
        return reader.frameLength(in, index);
    }

    @Override
    public final long maxFrameLength() {
        return (long) TTHeader.FIXED_BYTES + limits.maxAcceptedHeaderBytes() + limits.maxMessageBytes();
    }

    @Override
    public final long oversizedHeadLength(ByteBuf in, int index, int readable) {
        return readable < TTHeader.FIXED_BYTES
                ? UNKNOWN
                : TTHeader.FIXED_BYTES + 4 * in.getUnsignedShort(index + TTHeader.FIXED_BYTES - 2);
    }

    @Override
    public final void onOversizedFrame(ByteBuf in, int index, int headLength, long frameLength) {
        reader.read(in, index);
        oversized();
    }

    private void oversized() {
        FrameType type = reader.streamingFrameType();
        switch (type) {
            case DATA -> {
                Receiver receiver = receiver(reader.seqId());
                if (receiver != null) {
                    receiver.onOversizedMessage(reader.payloadLength());
                }
            }
            case HEADER, META, TRAILER, RST ->
                throw new RpcException(type + " frame with a payload of " + reader.payloadLength()
                        + " bytes (expected: at most " + limits.maxMessageBytes() + ")");
        }
    }

    @Override
    public final void onFrame(ByteBuf in, int index, int length, @Nullable InboundMessage gathered) {
        reader.read(in, index);
        if (reader.payloadLength() > limits.maxMessageBytes()) {
            oversized();
            return;
        }
        int streamId = reader.seqId();
        switch (reader.streamingFrameType()) {
            case DATA -> {
                Receiver receiver = receiver(streamId);
                if (receiver != null) {
                    onData(receiver, in, length, gathered);
                }
            }
            case HEADER -> onHeader(streamId, reader);
            case TRAILER -> onTrailer(streamId, reader, payload(in));
            case RST -> onRst(streamId, reader, payload(in));
            case META -> onMeta(streamId, reader, payload(in));
        }
    }

    private void onData(Receiver receiver, ByteBuf in, int frameBytes, @Nullable InboundMessage gathered) {
        int offset = reader.payloadOffset();
        int length = reader.payloadLength();
        if (gathered != null && length > KEPT_BYTES) {
            gathered.retain();
            gathered.setIndex(offset, offset + length);
            receiver.onMessage(gathered, frameBytes);
        } else {
            receiver.onMessage(in, offset, length, frameBytes);
        }
    }

    private ByteBuf payload(ByteBuf in) {
        return in.slice(reader.payloadOffset(), reader.payloadLength());
    }

    static Map<String, String> entries(TTHeaderReader frame) {
        Map<String, String> entries = frame.stringEntries();
        return entries == null ? Map.of() : entries;
    }
}
