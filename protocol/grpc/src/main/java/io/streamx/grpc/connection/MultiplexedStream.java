package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.RpcException;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ReadProgress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a connection, whatever it carries: gathers what is written until the connection flushes, and lets the peer
 * send what the messages of the stream need.
 */
abstract class MultiplexedStream implements ReadCredit {
    /** The largest message that is copied together with others. */
    static final int COPY_LIMIT_BYTES = 16 * 1024;

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(MultiplexedStream.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final GrpcConnection connection;
    /** What each message takes of the window beside its own bytes. */
    private final int prefixBytes;

    private ReceiveWindows.@Nullable StreamWindow window;
    private boolean expecting;
    /** How many bytes the connection knows to be held by the message that has not ended. */
    private int counted;

    private @Nullable ByteBuf pending;
    private int pendingCost;
    private int expectedBatch;
    private boolean touched;
    /** How many bytes the windows have let go. */
    private long leftBytes;

    /** How many bytes readers have taken in all. One reader at a time writes it, and the event loop reads it. */
    @SuppressWarnings("unused") // through TAKEN
    private volatile long taken;
    /** How many of these bytes the event loop has been told of. Only readers touch the field. */
    private long told;
    /** How many bytes of its window the peer has been given back. Only the event loop touches the field. */
    private long givenBack;

    MultiplexedStream(GrpcConnection connection, int prefixBytes) {
        this.connection = connection;
        this.prefixBytes = prefixBytes;
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

    /** DATA has come; {@code end} says that it is the last. The caller keeps owning {@code data}. */
    abstract void onData(ByteBuf data, boolean end);

    /** How much memory a message takes that has begun to arrive and not ended. */
    abstract int heldBytes();

    /** How many bytes of a message are still to come; 0 when no message has begun, or its length is not known yet. */
    abstract int missing();

    /** Forgets what has come of a message that has not ended; nothing more is made of what comes. */
    abstract void abandonIncomplete();

    /** What the reader of the stream has taken, and whether it waits; null where the message itself starts its reader. */
    abstract @Nullable ReadProgress reading();

    /** Ends the stream with {@code failure}, because of a message that does not end. */
    abstract void giveUpIncomplete(RpcException failure);

    /** The errors of this end. */
    abstract GrpcFailures grpcFailures();

    /** Servers end a stream with HEADERS, which need no window; callers with DATA. */
    final void leaveRoomForEnd() {
        ReceiveWindows.StreamWindow own = connection.connection().isServer() ? window() : null;
        if (own != null) {
            connection.windows().leaveRoomForEnd(own);
        }
    }

    /** Tells the connection how much more is held of a message that has not ended, now that {@code came} bytes have come. */
    final void countIncomplete(int came) {
        int held = heldBytes();
        if (held != 0 || counted != 0) {
            int more = held - counted;
            counted = held;
            connection.streamWindows().incomplete().changed(more, came);
            connection.held().tell();
        }
    }

    /** Drops what has come of a message that has not ended, because nobody takes what comes from now on. */
    final void dropIncomplete() {
        abandonIncomplete();
        expectNoMore();
        countIncomplete(0);
    }

    /** The message for which the peer was given more room has come, or is not waited for any more. */
    final void expectNoMore() {
        if (expecting && window != null) {
            expecting = false;
            connection.windows().arrived(window);
        }
    }

    /** Whether the peer has been given more room for the message that is arriving. */
    final boolean isExpecting() {
        return expecting;
    }

    /** How many bytes were granted, beyond the window of the stream, for the message that is arriving. */
    final int extraBytes() {
        return window == null ? 0 : window.extra();
    }

    /**
     * How much a message that has not ended takes of the connection: memory, and credit beyond what other streams get.
     */
    final int claimedBytes() {
        return heldBytes() + extraBytes();
    }

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
            connection.windows().expect(Objects.requireNonNull(window()), missing());
            connection.streamWindows().watch();
        }
    }

    /** Whether the message which is arriving needs more than the window of the stream has left. */
    private boolean isWithoutRoom() {
        int missing = missing();
        ReceiveWindows.StreamWindow own = missing > 0 ? window() : null;
        return own != null && missing > own.window();
    }

    /** What the peer may send on the stream; null when the stream is closed, or does not exist yet. */
    final ReceiveWindows.@Nullable StreamWindow window() {
        if (window == null) {
            Http2Stream stream = stream();
            if (stream != null) {
                window = connection.windows().window(stream);
            }
        }
        return window;
    }

    /**
     * The reader has taken a message. One thread at a time. The event loop is told when a good part of a window can
     * be given back.
     */
    @Override
    public final void taken(int messageBytes) {
        long all = (long) TAKEN.get(this) + messageBytes + prefixBytes;
        TAKEN.setRelease(this, all);
        if (all - told >= connection.streamWindows().creditBatch()) {
            told = all;
            connection.streams().execute(() -> {
                giveBackTaken();
                connection.flush(connection.context());
            });
        }
    }

    /** How many bytes readers have taken, those before messages among them. On the event loop. */
    final long takenBytes() {
        return (long) TAKEN.getAcquire(this);
    }

    /** How many bytes that have come are in nobody's hands any more. On the event loop. */
    long freeBytes() {
        return takenBytes();
    }

    /** Lets the peer send again as much as is in nobody's hands any more. On the event loop. */
    final void giveBackTaken() {
        long all = freeBytes();
        int bytes = (int) (all - givenBack);
        ReceiveWindows.StreamWindow own = window();
        if (bytes > 0 && own != null) {
            givenBack = all;
            connection.windows().taken(own, bytes);
        }
    }

    // ---- writing ----

    /** Bytes that count {@code cost} have left, or never will. */
    abstract void written(int cost);

    /** Writes what was gathered, now that the connection flushes. */
    abstract void writePending();

    /** The last DATA of the stream has been written, and the stream may be closed. */
    void endWritten(Http2Stream stream) {}

    /** Adds messages to what is written at the next flush. Takes ownership. */
    final void append(OutboundMessage messages) {
        append(messages, messages.cost());
    }

    /**
     * Adds bytes to what is written at the next flush.
     *
     * @param bytes owned by this from now on, and able to grow unless they are an {@link OutboundMessage} or longer than
     *     {@link #COPY_LIMIT_BYTES}
     * @param cost what the stream is told when they have left
     */
    final void append(ByteBuf bytes, int cost) {
        ByteBuf before = pending;
        if (before != null && before.readableBytes() + bytes.readableBytes() > COPY_LIMIT_BYTES) {
            writeData(false);
            before = null;
        }
        if (before == null) {
            pending = bytes;
        } else {
            pending = gathered(before, bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
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

    /** The windows have let {@code bytes} go. */
    final void leaves(int bytes) {
        leftBytes += bytes;
    }

    /** How many bytes the windows have let go so far. */
    final long leftBytes() {
        return leftBytes;
    }

    /** Whether bytes wait for the windows. */
    final boolean isHeldByWindows() {
        Http2Stream stream = stream();
        return stream != null && connection.encoder().flowController().hasFlowControlled(stream);
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
