package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Stream;
import io.streamx.RpcException;
import io.streamx.grpc.protocol.Dialect;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.grpc.protocol.RequestHead;
import io.streamx.wire.Failures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ReadCredit;
import io.streamx.wire.ServerCallContext;
import io.streamx.wire.ServerStreamEvents;
import io.streamx.wire.ServerWire;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call of a streaming method at its server. */
final class GrpcServerStreamWire extends ServerCall implements ServerWire {
    private @Nullable ServerStreamEvents exchange;

    GrpcServerStreamWire(
            GrpcServerConnection connection,
            Http2Stream stream,
            RequestHead head,
            Dialect dialect,
            ServerCallContext context) {
        super(connection, stream, head, dialect, context);
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
    public void writeHeader(Map<String, String> entries) {
        header(entries);
    }

    @Override
    public void writeMessage(OutboundMessage message) {
        append(message);
    }

    @Override
    public void writeTrailer(Map<String, String> entries, @Nullable Throwable failure, boolean fromHandler) {
        trailer(entries, status(failure, fromHandler));
    }

    @Override
    void written(int cost) {
        exchange().written(cost);
    }

    @Override
    public void forget() {
        over();
    }

    // ---- event loop: what came ----

    @Override
    void onMessage(ByteBuf in, int index, int length) {
        exchange().onMessage(in, index, length);
    }

    @Override
    void onMessage(InboundMessage message) {
        exchange().onMessage(message);
    }

    @Override
    void onEndOfRequests(@Nullable RpcException failure) {
        exchange().onEnd(failure);
    }

    @Override
    void interrupt(RpcException reason) {
        exchange().onReset(reason);
    }
}
