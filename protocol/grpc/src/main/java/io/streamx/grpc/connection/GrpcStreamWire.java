package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.Compressor;
import io.streamx.RpcException;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ReadProgress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection, as both ends see it: gathers what is written until the connection flushes, and cuts what
 * comes into messages.
 */
abstract class GrpcStreamWire implements MessageCutter.Receiver, ReadCredit {
    /** The largest message that is copied together with others. */
    static final int COPY_LIMIT_BYTES = 16 * 1024;

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(GrpcStreamWire.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final GrpcConnection connection;
    private final MessageCutter cutter;
    private ReceiveWindows.@Nullable StreamWindow window;
    private boolean expecting;
    /** How many bytes the connection knows to be held by the message that has not ended. */
    private int counted;

    private @Nullable ByteBuf pending;
    private int pendingCost;
    private int expectedBatch;
    private boolean touched;
    private volatile boolean compressing = true;

    /** How many bytes readers have taken in all. One reader at a time writes it, and the event loop reads it. */
    @SuppressWarnings("unused") // through TAKEN
    private volatile long taken;
    /** How many of these bytes the event loop has been told of. Only readers touch the field. */
    private long told;
    /** How many of these bytes the peer may send again. Only the event loop touches the field. */
    private long givenBack;

    GrpcStreamWire(GrpcConnection connection) {
        this.connection = connection;
        cutter = new MessageCutter(connection.limits().maxMessageBytes(), this);
    }

    GrpcConnection connection() {
        return connection;
    }

    /** The stream's id; 0 before it has one. */
    abstract int id();

    /** Netty's side of the stream; null when it is closed, or does not exist yet. */
    final @Nullable Http2Stream stream() {
        return connection.connection().stream(id());
    }

    // ---- reading ----

    /** A message has come as {@code length} bytes of {@code in}, which the caller keeps owning. */
    void onMessage(ByteBuf in, int index, int length) {
        onMessage(InboundMessage.copyOf(in, index, length));
    }

    /** A whole message has come. Takes ownership. */
    abstract void onMessage(InboundMessage message);

    /** A message has come that says it is compressed, and there is nothing to decompress it with. */
    abstract void onUnreadableMessage();

    /** What decompresses the messages that came; null when nothing does. */
    abstract @Nullable Compressor decompressor();

    /** The errors of this end. */
    abstract GrpcFailures grpcFailures();

    /** The peer has ended its messages with its last DATA; {@code missing} says that it ended them within a message. */
    abstract void onDataEnd(boolean missing);

    final void onData(ByteBuf data, boolean end) {
        int bytes = data.readableBytes();
        cutter.feed(data);
        countIncomplete(bytes);
        if (end) {
            onDataEnd(cutter.isWithinMessage());
        } else if (cutter.isWithinMessage()) {
            expectRest();
        } else {
            leaveRoomForEnd();
        }
    }

    /** Servers end a stream with HEADERS, which need no window; callers with DATA. */
    private void leaveRoomForEnd() {
        ReceiveWindows.StreamWindow own = connection.connection().isServer() ? window() : null;
        if (own != null) {
            connection.windows().leaveRoomForEnd(own);
        }
    }

    private void countIncomplete(int came) {
        int held = cutter.heldBytes();
        if (held != 0 || counted != 0) {
            int more = held - counted;
            counted = held;
            connection.streamWindows().incomplete().changed(more, came);
        }
    }

    /** Drops what has come of a message that has not ended, because nobody takes what comes from now on. */
    final void dropIncomplete() {
        cutter.abandon();
        expectNoMore();
        countIncomplete(0);
    }

    private void expectNoMore() {
        if (expecting && window != null) {
            expecting = false;
            connection.windows().arrived(window);
        }
    }

    /** How many bytes were granted, beyond the window of the stream, for the message that is arriving. */
    final int extraBytes() {
        return window == null ? 0 : window.extra();
    }

    /**
     * How much a message that has not ended takes of the connection: memory, and credit beyond what other streams get.
     */
    final int claimedBytes() {
        return cutter.heldBytes() + extraBytes();
    }

    /** Ends the stream with {@code failure}, because of a message that does not end. */
    abstract void giveUpIncomplete(RpcException failure);

    /** What the reader of the stream has taken, and whether it waits; null where the message itself starts its reader. */
    abstract @Nullable ReadProgress reading();

    /**
     * Sees to it that the message which is arriving can come whole: now, or while much is unread when the reader of the
     * stream waits for the message. A message that nobody takes would stay, and so many may have begun that they are more
     * than the connection may hold.
     */
    final void expectRest() {
        ReadProgress reading = reading();
        if (reading == null || !connection.streamWindows().isFilling()) {
            expectRestNow();
        } else if (isWithoutRoom()) {
            reading.whenAwaited(() -> {
                expectRestNow();
                connection.flush(connection.context());
            });
        }
    }

    private void expectRestNow() {
        if (isWithoutRoom()) {
            expecting = true;
            connection.windows().expect(Objects.requireNonNull(window()), cutter.missing());
            connection.streamWindows().watch();
        }
    }

    /** Whether the message which is arriving needs more than the window of the stream has left. */
    private boolean isWithoutRoom() {
        int missing = cutter.missing();
        ReceiveWindows.StreamWindow own = missing > 0 ? window() : null;
        return own != null && missing > own.window();
    }

    /** Whether a message has begun to arrive and not ended. */
    final boolean isWithinMessage() {
        return cutter.isWithinMessage();
    }

    /** How many bytes of a message whose length is known are still to come. */
    final int missing() {
        return cutter.missing();
    }

    private ReceiveWindows.@Nullable StreamWindow window() {
        if (window == null) {
            Http2Stream stream = stream();
            if (stream != null) {
                window = connection.windows().window(stream);
            }
        }
        return window;
    }

    @Override
    public final void onMessage(ByteBuf in, int index, int length, boolean compressed) {
        if (compressed || expecting) {
            onMessage(InboundMessage.copyOf(in, index, length), compressed);
        } else {
            onMessage(in, index, length);
        }
    }

    @Override
    public final void onMessage(InboundMessage message, boolean compressed) {
        expectNoMore();
        if (!compressed) {
            onMessage(message);
        } else if (decompressor() != null) {
            message.markCompressed();
            onMessage(message);
        } else {
            message.release();
            onUnreadableMessage();
        }
    }

    /** Decompresses a message. On the reader's thread; the caller keeps owning {@code compressed}. */
    public final InboundMessage decompress(InboundMessage compressed) {
        Compressor compressor = decompressor();
        if (compressor == null) {
            throw new IllegalStateException("a compressed message, and nothing to decompress it with, came this far");
        }
        return MessageCompression.decompress(
                compressed, compressor, connection.limits().maxMessageBytes(), grpcFailures());
    }

    /**
     * The reader has taken a message. One thread at a time. The event loop is told when a good part of a window can
     * be given back.
     */
    @Override
    public final void taken(int messageBytes) {
        long all = (long) TAKEN.get(this) + messageBytes + MessagePrefix.BYTES;
        TAKEN.setRelease(this, all);
        if (all - told >= connection.streamWindows().creditBatch()) {
            told = all;
            connection.streams().execute(() -> {
                giveBackTaken();
                connection.flush(connection.context());
            });
        }
    }

    /** Lets the peer send again as much as the reader has taken. On the event loop. */
    final void giveBackTaken() {
        long all = (long) TAKEN.getAcquire(this);
        int bytes = (int) (all - givenBack);
        ReceiveWindows.StreamWindow own = window();
        if (bytes > 0 && own != null) {
            givenBack = all;
            connection.windows().taken(own, bytes);
        }
    }

    // ---- the sender's thread ----

    /** Whether messages completed from now on are compressed. */
    public final void compressMessages(boolean compress) {
        compressing = compress;
    }

    /**
     * Completes an encoded message. Where there is a compressor the message is compressed, unless its sender said
     * otherwise.
     */
    final void complete(OutboundMessage message, @Nullable Compressor compressor, String method) {
        MessagePrefix.complete(message, connection.limits().maxMessageBytes(), method);
        if (compressor != null && compressing) {
            MessageCompression.compress(message, compressor, grpcFailures());
        }
    }

    // ---- writing ----

    /** Bytes that count {@code cost} have left, or never will. */
    abstract void written(int cost);

    /** Writes what was gathered, now that the connection flushes. */
    abstract void writePending();

    /** Adds messages to what is written at the next flush. Takes ownership. */
    final void append(OutboundMessage messages) {
        int cost = messages.cost();
        ByteBuf before = pending;
        if (before != null && before.readableBytes() + messages.readableBytes() > COPY_LIMIT_BYTES) {
            writeData(false);
            before = null;
        }
        if (before == null) {
            pending = messages;
        } else {
            pending = gathered(before, messages.readableBytes()).writeBytes(messages);
            messages.release();
        }
        pendingCost += cost;
        touch();
    }

    /** What {@code before} holds, in a buffer of this stream's own with room for {@code more}. Takes ownership. */
    final ByteBuf gathered(ByteBuf before, int more) {
        if (!(before instanceof OutboundMessage)) {
            return before;
        }
        int bytes = before.readableBytes() + more;
        ByteBuf gathered = connection.context().alloc().ioBuffer(Math.max(expectedBatch, bytes));
        gathered.writeBytes(before);
        before.release();
        return gathered;
    }

    final void touch() {
        if (!touched) {
            touched = true;
            connection.turns().touch(this);
        }
    }

    final void untouched() {
        touched = false;
    }

    final boolean hasData() {
        return pending != null;
    }

    /** Writes the header if there is one that has not been written, since no data may leave before it. */
    void sendHeader() {}

    /** Hands what was gathered to HTTP/2 as one piece; {@code end} says that it is the last one. */
    final void writeData(boolean end) {
        ByteBuf data = pending;
        if (data == null && !end) {
            return;
        }
        int cost = pendingCost;
        pending = null;
        pendingCost = 0;
        sendHeader();
        if (data == null) {
            data = Unpooled.EMPTY_BUFFER;
        } else {
            expectedBatch = Math.min(data.readableBytes(), COPY_LIMIT_BYTES);
        }
        Http2Stream stream = stream();
        if (stream != null && stream.state().localSideOpen()) {
            connection
                    .encoder()
                    .flowController()
                    .addFlowControlled(stream, new DataPiece(this, stream, data, cost, end));
        } else {
            // The stream waits for others to end, or is closed: Netty keeps or drops what is to be sent.
            ChannelPromise promise = connection.newPromise();
            promise.addListener(done -> left(cost));
            connection.encoder().writeData(connection.context(), id(), data, 0, end, promise);
        }
    }

    /** Bytes that count {@code cost} have been handed to the channel, or never will be. */
    final void left(int cost) {
        if (cost != 0) {
            written(cost);
            connection.turns().settleSoon();
        }
    }

    /** Drops what was gathered. */
    final void discardPending() {
        ByteBuf data = pending;
        if (data != null) {
            pending = null;
            data.release();
            int cost = pendingCost;
            pendingCost = 0;
            written(cost);
        }
    }
}
