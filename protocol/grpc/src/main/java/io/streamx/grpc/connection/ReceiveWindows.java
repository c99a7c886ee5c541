package io.streamx.grpc.connection;

import static io.netty.handler.codec.http2.Http2CodecUtil.DEFAULT_WINDOW_SIZE;
import static io.netty.handler.codec.http2.Http2Error.FLOW_CONTROL_ERROR;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Says how much the peer may send. On each stream that is as much as the user has room for, and it is given back as the
 * user takes messages. On the connection it is as much as keeps the network busy, and it is given back as bytes arrive,
 * so that a stream that nobody reads does not stop the others. A message that is larger than what its stream may still
 * send is let in whole: the missing part is granted at once, for one message after another where many such messages
 * come together.
 *
 * <p>Source: docs/protocol/grpc.md "10. Flow control".
 */
final class ReceiveWindows implements Http2LocalFlowController {
    /** The window of one stream. */
    static final class StreamWindow {
        private final Http2Stream stream;
        /** How much the peer may still send. */
        private int window;
        /**
         * How much the user has taken without the peer being told; negative while a large message was let in on top.
         */
        private int owed;
        /** How much was granted on top for the message that is arriving. */
        private int extra;

        private int wanted;
        /** Whether a byte was lent so that the peer can end the stream, and the user has taken nothing since. */
        private boolean lent;

        private StreamWindow(Http2Stream stream, int window) {
            this.stream = stream;
            this.window = window;
        }

        int window() {
            return window;
        }

        /** How much was granted on top for the message that is arriving. */
        int extra() {
            return extra;
        }
    }

    /** This fraction of the connection's window is taken before it is given back. */
    private static final int UPDATE_FRACTION = 4;

    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final long maxExtraBytes;
    private final SequencedSet<StreamWindow> waiting = new LinkedHashSet<>();
    private long extraBytes;
    private long letIn;

    private int initialStreamWindow = DEFAULT_WINDOW_SIZE;
    private int connectionTarget;
    private int connectionWindow = DEFAULT_WINDOW_SIZE;
    private int connectionOwed;
    private boolean paused;
    private boolean withheld;
    private boolean narrowing;
    private int holds;
    private Runnable onStreamWindowsAcknowledged = () -> {};

    private @Nullable Http2FrameWriter writer;
    private @Nullable ChannelHandlerContext ctx;

    /**
     * The windows of a new connection.
     *
     * @param connectionTarget how much the peer may send on the connection before any of it is given back
     * @param maxExtraBytes how much is granted at once for messages that are larger than their windows; one message is
     *     always let in
     */
    ReceiveWindows(Http2Connection connection, int connectionTarget, long maxExtraBytes) {
        this.connection = connection;
        this.connectionTarget = Math.max(connectionTarget, DEFAULT_WINDOW_SIZE);
        this.maxExtraBytes = maxExtraBytes;
        key = connection.newKey();
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamAdded(Http2Stream stream) {
                stream.setProperty(key, new StreamWindow(stream, initialStreamWindow));
            }

            @Override
            public void onStreamActive(Http2Stream stream) {
                // The stream may have been added before the first settings were acknowledged.
                window(stream).window = initialStreamWindow;
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                arrived(window(stream));
            }
        });
    }

    /** The window of a stream. */
    StreamWindow window(Http2Stream stream) {
        StreamWindow window = stream.getProperty(key);
        if (window == null) {
            throw new IllegalStateException("stream " + stream.id() + " has no window");
        }
        return window;
    }

    // ---- as Netty uses it ----

    @Override
    public void channelHandlerContext(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public Http2LocalFlowController frameWriter(Http2FrameWriter frameWriter) {
        writer = frameWriter;
        return this;
    }

    /** The peer has acknowledged the settings of this side, so the windows of all streams change by the difference. */
    @Override
    public void initialWindowSize(int newWindowSize) throws Http2Exception {
        int delta = newWindowSize - initialStreamWindow;
        initialStreamWindow = newWindowSize;
        connection.forEachActiveStream(stream -> {
            window(stream).window += delta;
            return true;
        });
        onStreamWindowsAcknowledged.run();
    }

    /**
     * Runs {@code step} whenever the peer has acknowledged what each stream may send: the peer keeps to that from then
     * on.
     */
    void onStreamWindowsAcknowledged(Runnable step) {
        onStreamWindowsAcknowledged = step;
    }

    @Override
    public int initialWindowSize() {
        return initialStreamWindow;
    }

    @Override
    public int windowSize(Http2Stream stream) {
        return stream.id() == 0 ? connectionWindow : window(stream).window;
    }

    @Override
    public int initialWindowSize(Http2Stream stream) {
        return stream.id() == 0 ? connectionTarget : initialStreamWindow;
    }

    @Override
    public void incrementWindowSize(Http2Stream stream, int delta) {
        throw new UnsupportedOperationException("windows grow by taken() and grow()");
    }

    @Override
    public void receiveFlowControlledFrame(@Nullable Http2Stream stream, ByteBuf data, int padding, boolean endOfStream)
            throws Http2Exception {
        int bytes = data.readableBytes() + padding;
        if (bytes > connectionWindow) {
            throw Http2Exception.connectionError(
                    FLOW_CONTROL_ERROR,
                    "DATA of %d bytes (expected: at most the %d left of the connection's window)",
                    bytes,
                    connectionWindow);
        }
        connectionWindow -= bytes;
        connectionOwed += bytes;
        if (connectionOwed >= connectionTarget / UPDATE_FRACTION) {
            giveBackConnection();
        }
        if (stream == null || stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        StreamWindow window = window(stream);
        if (bytes > window.window) {
            throw Http2Exception.streamError(
                    stream.id(),
                    FLOW_CONTROL_ERROR,
                    "DATA of %d bytes (expected: at most the %d left of the stream's window)",
                    bytes,
                    window.window);
        }
        window.window -= bytes;
        if (padding > 0 && !endOfStream) {
            taken(window, padding);
        }
    }

    /** Does nothing: bytes of the connection are given back on arrival, those of a stream by {@link #taken}. */
    @Override
    public boolean consumeBytes(Http2Stream stream, int numBytes) {
        return false;
    }

    @Override
    public int unconsumedBytes(Http2Stream stream) {
        return 0;
    }

    // ---- the connection ----

    /** Announces the connection's window, which HTTP/2 lets begin smaller. */
    void open() {
        increment(connectionTarget - connectionWindow);
    }

    /** Gives back the bytes of the connection that were not given back, unless that is to wait. */
    void giveBackConnection() {
        if (!paused && !withheld && !narrowing && connectionOwed > 0) {
            int bytes = connectionOwed;
            connectionOwed = 0;
            increment(bytes);
        }
    }

    private void increment(int bytes) {
        if (bytes > 0) {
            connectionWindow += bytes;
            writeUpdate(0, bytes);
        }
    }

    /** Gives the peer no more credit. It may send what is left of the connection's window. */
    void pause() {
        paused = true;
        holds++;
    }

    void resume() {
        paused = false;
        giveBackConnection();
    }

    /** Whether the peer gets no more credit, because of what users have not taken. */
    boolean isPaused() {
        return paused;
    }

    /**
     * Gives the peer no more credit, for another reason than {@link #pause}. Credit is given again when both reasons
     * are over.
     */
    void withhold() {
        withheld = true;
        holds++;
    }

    void giveAgain() {
        withheld = false;
        giveBackConnection();
    }

    /** As {@link #pause}, while the peer has not acknowledged that each stream may send less. */
    void narrow(boolean notAcknowledged) {
        if (narrowing != notAcknowledged) {
            narrowing = notAcknowledged;
            holds++;
            giveBackConnection();
        }
    }

    /** Changes whenever the peer begins to get no more credit, for whatever reason. */
    int holds() {
        return holds;
    }

    /** What the peer may send on the connection before any of it is given back. */
    int connectionTarget() {
        return connectionTarget;
    }

    /** Lets the peer send more on the connection than so far. */
    void growConnection(int newTarget) {
        int more = newTarget - connectionTarget;
        connectionTarget = newTarget;
        connectionOwed += more;
        giveBackConnection();
    }

    // ---- streams ----

    /** The user has taken bytes of a stream: the peer may send as many again. */
    void taken(StreamWindow window, int bytes) {
        window.lent = false;
        window.owed += bytes;
        if (window.owed > 0 && window.stream.state().remoteSideOpen()) {
            int more = window.owed;
            window.owed = 0;
            window.window += more;
            writeUpdate(window.stream.id(), more);
        }
    }

    /**
     * A message is here and has used up the window of its stream: the peer gets one byte more. Many peers (those on nghttp2,
     * among them Node, curl and Envoy) send an empty DATA frame with END_STREAM only while they may send at least one byte,
     * though it takes none; and a unary call is not run before its end has come.
     */
    void leaveRoomForEnd(StreamWindow window) {
        if (window.window == 0 && !window.lent) {
            window.lent = true;
            window.owed--;
            window.window++;
            writeUpdate(window.stream.id(), 1);
        }
    }

    /** A message is arriving of which so many bytes are missing: they may come, whatever its user has taken. */
    void expect(StreamWindow window, int missing) {
        if (missing <= window.window) {
            return;
        }
        // This is computed anew when the message waits already, because its window may have become narrower meanwhile.
        window.wanted = missing - window.window;
        if (window.extra > 0) {
            // The message was let in already. If it waited for the messages before it, these would wait for what it
            // holds.
            grant(window);
            return;
        }
        waiting.add(window);
        grantExtra();
    }

    /** The message that {@link #expect} was called for has arrived, or is not waited for any more. */
    void arrived(StreamWindow window) {
        if (window.wanted > 0) {
            window.wanted = 0;
            waiting.remove(window);
        }
        if (window.extra > 0) {
            extraBytes -= window.extra;
            window.extra = 0;
            grantExtra();
        }
    }

    /** Whether a message waits to be let in. */
    boolean isAnyWaiting() {
        return !waiting.isEmpty();
    }

    /** How many messages have been let in so far. */
    long letIn() {
        return letIn;
    }

    private void grantExtra() {
        while (!waiting.isEmpty()) {
            StreamWindow next = waiting.getFirst();
            if (extraBytes > 0 && extraBytes + next.wanted > maxExtraBytes) {
                return;
            }
            waiting.removeFirst();
            letIn++;
            grant(next);
        }
    }

    private void grant(StreamWindow window) {
        int more = window.wanted;
        window.wanted = 0;
        extraBytes += more;
        window.extra += more;
        window.owed -= more;
        window.window += more;
        writeUpdate(window.stream.id(), more);
    }

    private void writeUpdate(int streamId, int bytes) {
        ChannelHandlerContext context = ctx;
        Http2FrameWriter frames = writer;
        if (context == null || frames == null) {
            throw new IllegalStateException("windows belong to no connection yet");
        }
        frames.writeWindowUpdate(context, streamId, bytes, context.newPromise());
    }
}
