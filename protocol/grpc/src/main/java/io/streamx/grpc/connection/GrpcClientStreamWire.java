package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.Compressor;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.grpc.Compressors;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.ResetCodes;
import io.streamx.grpc.protocol.ResponseHead;
import io.streamx.grpc.protocol.Trailers;
import io.streamx.service.MethodDescriptor;
import io.streamx.wire.ClientStreamEvents;
import io.streamx.wire.ClientWire;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ReadProgress;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a client. Source: docs/protocol/grpc.md "4. Messages", "5. Responses" and "9. Streams and cancelling".
 */
final class GrpcClientStreamWire extends GrpcStreamWire implements ClientWire {
    private static final long NO_ERROR = 0;

    private final GrpcClientConnection client;
    private final MethodDescriptor<?, ?> method;
    private final Http2Headers head;
    private final @Nullable Compressor compressor;
    private final @Nullable Long deadlineNanos;
    private int id;
    private boolean headSeen;
    private boolean replied;
    private boolean endPending;
    private @Nullable ClientStreamEvents exchange;
    private String encoding = Compressors.IDENTITY;
    /**
     * What messages are decompressed with. It is written before the first message is queued, and read by the thread
     * that takes messages from the queue.
     */
    private @Nullable Compressor decompressor;

    GrpcClientStreamWire(
            GrpcClientConnection connection,
            MethodDescriptor<?, ?> method,
            Http2Headers head,
            @Nullable Compressor compressor,
            @Nullable Long deadlineNanos) {
        super(connection);
        this.client = connection;
        this.method = method;
        this.head = head;
        this.compressor = compressor;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    int id() {
        return id;
    }

    private ClientStreamEvents exchange() {
        ClientStreamEvents opened = exchange;
        if (opened == null) {
            throw new IllegalStateException("stream of " + method + " is not open");
        }
        return opened;
    }

    @Override
    public Failures failures() {
        return GrpcFailures.CLIENT;
    }

    @Override
    public boolean endDecides() {
        return true;
    }

    @Override
    public ReadCredit readCredit() {
        return this;
    }

    @Override
    @Nullable
    ReadProgress reading() {
        return exchange;
    }

    // ---- the sender's thread ----

    @Override
    public void begin(OutboundMessage empty) {
        MessagePrefix.begin(empty);
    }

    @Override
    public void complete(OutboundMessage message) {
        complete(message, compressor, method.name());
    }

    // ---- event loop: writing ----

    @Override
    public void writeOpen(ClientStreamEvents opened) {
        exchange = opened;
        id = client.takeStreamId();
        if (id <= 0) {
            connection().streams().retire();
            opened.onReset(client.connectionEnded(
                    GrpcFailures.CLIENT.transportClosing("all stream ids of the connection are used")));
            return;
        }
        connection().open().put(id, this);
        ChannelFuture written = connection()
                .encoder()
                .writeHeaders(
                        connection().context(), id, head, 0, false, connection().newPromise());
        if (!written.isSuccess()) {
            written.addListener(done -> {
                Throwable cause = done.cause();
                if (cause != null) {
                    opened.onReset(client.openingFailure(cause, head));
                }
            });
        }
    }

    @Override
    public boolean mayHaveLeft() {
        return id <= connection().connection().local().lastStreamCreated();
    }

    @Override
    public RpcException connectionEnded(RpcException failure) {
        return client.connectionEnded(failure);
    }

    @Override
    public void writeMessage(OutboundMessage message) {
        append(message);
    }

    @Override
    public void writeEnd() {
        endPending = true;
        touch();
    }

    @Override
    void writePending() {
        untouched();
        boolean end = endPending;
        endPending = false;
        writeData(end);
    }

    @Override
    void written(int cost) {
        exchange().written(cost);
    }

    @Override
    public void writeReset(RpcException reason, boolean sendOpen) {
        reset(ResetCodes.of(reason));
    }

    private void reset(long code) {
        discardPending();
        endPending = false;
        Http2Stream stream = stream();
        if (stream != null) {
            connection().reset(stream, code);
        } else if (!mayHaveLeft()) {
            // The stream waits for others to end. Nothing of it has been sent, and nothing will be.
            connection()
                    .encoder()
                    .writeRstStream(
                            connection().context(), id, code, connection().newPromise());
        }
    }

    /** Does nothing, because what is left to send is dropped when the stream is forgotten, which follows. */
    @Override
    public void abandonSending() {}

    @Override
    public void forget() {
        connection().open().remove(id);
        dropIncomplete();
        discardPending();
        endPending = false;
    }

    /** Ends the sending, because the server has ended the stream and will read nothing more. */
    private void endSending() {
        Http2Stream stream = stream();
        if (stream != null && stream.state().localSideOpen()) {
            connection().reset(stream, NO_ERROR);
        }
    }

    // ---- event loop: what came ----

    void onHeaders(Http2Headers headers, boolean end) {
        if (headSeen) {
            onTrailers(headers);
        } else if (!ResponseHead.isInformational(headers)) {
            onHead(headers, end);
        }
    }

    private void onHead(Http2Headers headers, boolean end) {
        ResponseHead response;
        try {
            response = ResponseHead.parse(headers);
        } catch (StatusException notGrpc) {
            exchange().onReset(notGrpc);
            endSending();
            return;
        }
        headSeen = true;
        encoding = response.encoding();
        decompressor = connection().options().compressors().find(encoding);
        if (end) {
            onTrailers(headers);
        } else {
            exchange().onHeader(response.metadata());
        }
    }

    private void onTrailers(Http2Headers trailers) {
        boolean bare = Trailers.isBareSuccess(trailers);
        RpcException outcome = bare ? null : Trailers.outcome(trailers);
        if (outcome == null && isWithinMessage()) {
            outcome = GrpcFailures.CLIENT.messageCutShort(missing());
        } else if (outcome == null && !replied && hasOneReply()) {
            outcome = GrpcFailures.CLIENT.messageMissing();
        }
        exchange().onEnd(bare ? Metadata.EMPTY : Trailers.metadata(trailers), outcome);
        endSending();
    }

    @Override
    void onMessage(ByteBuf in, int index, int length) {
        if (mayCome()) {
            exchange().onMessage(in, index, length);
            checkHead();
        }
    }

    @Override
    void onMessage(InboundMessage message) {
        if (mayCome()) {
            exchange().onMessage(message);
            checkHead();
        } else {
            message.release();
        }
    }

    private boolean mayCome() {
        if (replied && hasOneReply()) {
            exchange().fail(GrpcFailures.CLIENT.secondMessage());
            return false;
        }
        replied = true;
        return true;
    }

    private boolean hasOneReply() {
        return method.mode() == StreamingMode.UNARY || method.mode() == StreamingMode.CLIENT;
    }

    private void checkHead() {
        if (!headSeen) {
            exchange().fail(GrpcFailures.CLIENT.dataBeforeHead());
        }
    }

    @Override
    void onUnreadableMessage() {
        exchange()
                .fail(
                        encoding.equals(Compressors.IDENTITY)
                                ? GrpcFailures.CLIENT.compressedWithoutEncoding()
                                : GrpcFailures.CLIENT.unknownEncoding(
                                        encoding,
                                        connection().options().compressors().names()));
    }

    @Override
    @Nullable
    Compressor decompressor() {
        return decompressor;
    }

    @Override
    GrpcFailures grpcFailures() {
        return GrpcFailures.CLIENT;
    }

    @Override
    public void onOversizedMessage(long bytes) {
        exchange()
                .fail(GrpcFailures.CLIENT.messageTooLarge(
                        bytes, connection().limits().maxMessageBytes()));
    }

    @Override
    void giveUpIncomplete(RpcException failure) {
        exchange().fail(failure);
    }

    @Override
    void onDataEnd(boolean missing) {
        exchange().onReset(GrpcFailures.CLIENT.trailersMissing());
        endSending();
    }

    void onReset(long code) {
        boolean passed = deadlineNanos != null && client.time().nanoTime() - deadlineNanos >= 0;
        StatusException failure = ResetCodes.atClient(code, passed);
        if (code == Http2Error.REFUSED_STREAM.code()) {
            failNotProcessed(failure);
        } else {
            fail(failure);
        }
    }

    /** The server has said with GOAWAY that it takes no stream of this id; {@code calmly}: not because of an error. */
    void onLeftOut(StatusException failure, boolean calmly) {
        if (!mayHaveLeft() || (calmly && !headSeen && !replied)) {
            fail(connectionEnded(failure));
        } else {
            failNotProcessed(failure);
        }
    }

    /**
     * The server says that it has not processed the stream; this is not believed when the server has answered already.
     */
    private void failNotProcessed(StatusException failure) {
        fail(headSeen || replied ? failure : GrpcFailures.CLIENT.notProcessed(failure));
    }

    /** Ends the stream because of something that happened to it. */
    void fail(RpcException failure) {
        exchange().onReset(failure);
    }
}
