package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.StreamingMode;
import io.streamx.grpc.protocol.Dialect;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.RequestHead;
import io.streamx.grpc.protocol.ResetCodes;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerStreamEvents;
import io.streamx.wire.ServerWire;
import org.jspecify.annotations.Nullable;

/** A call of a streaming method at its server. */
final class GrpcServerStreamWire extends ServerCall implements ServerWire {
    /** Whether the caller is to send exactly one message, which is handed on when nothing else can follow. */
    private final boolean oneRequest;

    private @Nullable ServerStreamEvents exchange;
    private @Nullable InboundMessage request;
    private boolean requestsEnded;

    GrpcServerStreamWire(
            GrpcServerConnection connection,
            Http2Stream stream,
            RequestHead head,
            Dialect dialect,
            ServerCallContext context,
            StreamingMode mode) {
        super(connection, stream, head, dialect, context);
        oneRequest = mode == StreamingMode.SERVER;
    }

    void carry(ServerStreamEvents carried) {
        exchange = carried;
    }

    private ServerStreamEvents exchange() {
        ServerStreamEvents carried = exchange;
        if (carried == null) {
            throw new IllegalStateException("stream " + id() + " has not started");
        }
        return carried;
    }

    @Override
    public Failures failures() {
        return GrpcFailures.SERVER;
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

    // ---- the handler's thread ----

    @Override
    public void begin(OutboundMessage empty) {
        MessagePrefix.begin(empty);
    }

    @Override
    public void complete(OutboundMessage message) {
        completeReply(message);
    }

    // ---- event loop: writing ----

    @Override
    public void writeHeader(Metadata entries) {
        header(entries);
    }

    @Override
    public void writeMessage(OutboundMessage message) {
        append(message);
    }

    @Override
    public void writeTrailer(Metadata entries, @Nullable Throwable failure, boolean fromHandler) {
        trailer(entries, status(failure, fromHandler));
    }

    @Override
    public void reset(RpcException failure) {
        discardPending();
        Http2Stream stream = stream();
        if (stream != null) {
            server().reset(stream, ResetCodes.of(failure));
        }
    }

    @Override
    void written(int cost) {
        exchange().written(cost);
    }

    @Override
    public void forget() {
        dropRequest();
        over();
    }

    // ---- event loop: what came ----

    @Override
    void onMessage(ByteBuf in, int index, int length) {
        if (oneRequest) {
            onMessage(InboundMessage.copyOf(in, index, length));
        } else {
            exchange().onMessage(in, index, length);
        }
    }

    @Override
    void onMessage(InboundMessage message) {
        if (!oneRequest) {
            exchange().onMessage(message);
        } else if (requestsEnded) {
            message.release();
        } else if (request == null) {
            request = message;
        } else {
            message.release();
            onEndOfRequests(GrpcFailures.SERVER.secondMessage());
        }
    }

    @Override
    void onEndOfRequests(@Nullable RpcException failure) {
        InboundMessage only = request;
        RpcException reason = failure;
        if (oneRequest && !requestsEnded) {
            requestsEnded = true;
            request = null;
            if (only == null && reason == null) {
                reason = GrpcFailures.SERVER.messageMissing();
            } else if (only != null && reason == null) {
                exchange().onMessage(only);
            } else if (only != null) {
                only.release();
            }
        }
        exchange().onEnd(reason);
    }

    @Override
    public void interrupt(RpcException reason) {
        dropRequest();
        exchange().onReset(reason);
    }

    @Override
    int wholeBytes() {
        InboundMessage message = request;
        return message == null ? 0 : message.readableBytes();
    }

    private void dropRequest() {
        InboundMessage message = request;
        if (message != null) {
            request = null;
            message.release();
        }
    }
}
