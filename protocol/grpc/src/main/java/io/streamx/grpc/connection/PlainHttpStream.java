package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.RpcException;
import io.streamx.grpc.http.HttpRequest;
import io.streamx.grpc.http.HttpRequests;
import io.streamx.grpc.http.HttpStream;
import io.streamx.grpc.protocol.ContentType;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.HeaderListSize;
import io.streamx.grpc.protocol.ResetCodes;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.StreamHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request that is no call of gRPC, on a connection beside such calls. Its bytes are those that its {@link HttpRequest} makes of them. */
final class PlainHttpStream extends MultiplexedStream implements HttpStream, ServedStream {
    private final GrpcServerConnection server;
    private final int id;
    private final String source;
    private @Nullable HttpRequest request;
    private final int headBytes;
    private boolean over;
    private long cameBytes;
    private int holdsSeen;

    PlainHttpStream(GrpcServerConnection server, Http2Stream stream, Http2Headers head) {
        super(server, 0);
        this.server = server;
        id = stream.id();
        CharSequence from = head.get("source-service");
        source = from == null ? "" : from.toString();
        holdsSeen = server.windows().holds();
        headBytes = (int) HeaderListSize.of(head);
        server.held().heads(headBytes);
    }

    /** Whether a head is that of a request as HTTP/2 has them, and not of gRPC. */
    static boolean isHead(Http2Headers head) {
        return ContentType.parse(head.get(HttpHeaderNames.CONTENT_TYPE)) == null
                && isOne(head, Http2Headers.PseudoHeaderName.METHOD)
                && isOne(head, Http2Headers.PseudoHeaderName.SCHEME)
                && isOne(head, Http2Headers.PseudoHeaderName.PATH);
    }

    private static boolean isOne(Http2Headers head, Http2Headers.PseudoHeaderName name) {
        List<CharSequence> values = head.getAll(name.value());
        return values.size() == 1 && !values.getFirst().isEmpty();
    }

    /** Has the request taken. The stream is one of the connection's already, because its answer may be written at once. */
    void open(HttpRequests.Connection requests, Http2Headers head, boolean isWhole) {
        HttpRequest taken = requests.open(this, head, isWhole);
        request = taken;
        if (isWhole && !over) {
            taken.onEnd();
        }
    }

    @Override
    int id() {
        return id;
    }

    // ---- what comes ----

    @Override
    void onData(ByteBuf data, boolean end) {
        HttpRequest taker = request;
        if (taker == null || over) {
            return;
        }
        int bytes = data.readableBytes();
        cameBytes += bytes;
        taker.onData(data);
        if (end && !over) {
            taker.onEnd();
        }
        if (over) {
            return;
        }
        countIncomplete(bytes);
        if (end) {
            expectNoMore();
        } else {
            letMoreIn();
        }
    }

    private void letMoreIn() {
        giveBackTaken();
        if (missing() == 0) {
            expectNoMore();
            leaveRoomForEnd();
        } else if (isWindowLow()) {
            expectRest();
        }
    }

    /**
     * Whether a good part of the window is used up. Until then nothing is granted on top, because it may be far too much: what
     * is missing of a body whose length nobody knows counts as all that is allowed.
     */
    private boolean isWindowLow() {
        ReceiveWindows.StreamWindow own = window();
        return own != null && own.window() <= server.windows().initialWindowSize() / 2;
    }

    @Override
    public void onTrailers() {
        HttpRequest taker = request;
        if (taker != null && !over) {
            taker.onEnd();
            if (!over) {
                countIncomplete(0);
                expectNoMore();
            }
        }
    }

    @Override
    int heldBytes() {
        HttpRequest taker = request;
        return taker == null || over ? 0 : taker.heldBytes();
    }

    @Override
    int missing() {
        HttpRequest taker = request;
        return taker == null || over ? 0 : taker.missingBytes();
    }

    /** Does nothing, because a request that is over holds nothing that anybody asks for. */
    @Override
    void abandonIncomplete() {}

    @Override
    @Nullable
    ReadProgress reading() {
        HttpRequest taker = request;
        return taker == null ? null : taker.reading();
    }

    /** What came and is neither held nor in a message that its reader has not taken. */
    @Override
    long freeBytes() {
        HttpRequest taker = request;
        long unread = taker == null ? 0 : taker.handedOnBytes() - takenBytes();
        return cameBytes - heldBytes() - unread;
    }

    @Override
    void giveUpIncomplete(RpcException failure) {
        HttpRequest taker = request;
        if (taker != null && !over) {
            taker.onStalled(failure);
        }
    }

    @Override
    GrpcFailures grpcFailures() {
        return GrpcFailures.SERVER;
    }

    @Override
    public void onReset(long errorCode) {
        interrupt(ResetCodes.atServer(errorCode, source));
    }

    @Override
    public void interrupt(RpcException reason) {
        HttpRequest taker = request;
        boolean wasOver = over;
        over();
        if (taker != null && !wasOver) {
            taker.onLeft(reason);
        }
    }

    // ---- what goes ----

    @Override
    public StreamHost host() {
        return server.streams();
    }

    @Override
    public ReadCredit credit() {
        return this;
    }

    private boolean isOpen() {
        Http2Stream stream = stream();
        return !over && stream != null && stream.state().localSideOpen();
    }

    @Override
    public void head(Http2Headers headers) {
        if (isOpen()) {
            server.encoder().writeHeaders(server.context(), id, headers, 0, false, server.newPromise());
            touch();
        }
    }

    @Override
    public void data(ByteBuf piece, int cost) {
        if (!isOpen()) {
            piece.release();
            written(cost);
        } else if (piece instanceof OutboundMessage || piece.readableBytes() > COPY_LIMIT_BYTES) {
            append(piece, cost);
        } else {
            ByteBuf own = server.context().alloc().ioBuffer(piece.readableBytes());
            own.writeBytes(piece);
            piece.release();
            append(own, cost);
        }
    }

    @Override
    public void end() {
        if (isOpen()) {
            writeData(true);
            Http2Stream stream = stream();
            // An answer to a whole request leaves now, and is only looked after when the windows hold it. One that
            // comes before the
            // end of its request leaves with the others of this read, so that frames that have come already are still
            // judged.
            if (stream != null && stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
                server.turns().writeWhatMayGo();
            }
        }
        over();
    }

    @Override
    void writePending() {
        untouched();
        writeData(false);
    }

    @Override
    void endWritten(Http2Stream stream) {
        server.ended(stream, true);
    }

    @Override
    public void reset() {
        Http2Stream stream = stream();
        over();
        if (stream != null) {
            server.reset(stream, Http2Error.INTERNAL_ERROR.code());
        }
    }

    private void over() {
        if (!over) {
            over = true;
            server.held().heads(-headBytes);
            server.ended(this);
            dropIncomplete();
            discardPending();
        }
    }

    @Override
    void written(int cost) {
        HttpRequest taker = request;
        if (taker != null && cost != 0) {
            taker.written(cost);
        }
    }

    @Override
    public void flush() {
        server.flush();
    }

    @Override
    public boolean isWritable() {
        Http2Stream stream = stream();
        return server.isWritable()
                && stream != null
                && !hasData()
                && !server.encoder().flowController().hasFlowControlled(stream);
    }

    @Override
    public boolean wasHeldBack() {
        ReceiveWindows windows = server.windows();
        boolean held = windows.isPaused() || windows.holds() != holdsSeen;
        holdsSeen = windows.holds();
        ReceiveWindows.StreamWindow own = window();
        return held || (own != null && own.window() <= 0);
    }
}
