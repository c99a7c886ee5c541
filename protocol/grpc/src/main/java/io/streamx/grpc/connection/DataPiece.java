package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Messages of one stream that wait for the peer's windows, and leave as DATA as those allow. Netty has such an object of its
 * own, which keeps a queue of buffers with a promise for each; a stream of StreamX gathers its messages in one buffer before,
 * so one buffer is all that is kept here. On the event loop.
 */
final class DataPiece implements Http2RemoteFlowController.FlowControlled {
    private final MultiplexedStream wire;
    private final Http2Stream stream;
    private ByteBuf data;
    /** The bytes that have not left. They count after a failure too, because Netty gives that many back to the window. */
    private int size;

    private int cost;
    private boolean end;
    private boolean over;

    /** Takes ownership of {@code data}; {@code cost} is what the stream is told when it has left. */
    DataPiece(MultiplexedStream wire, Http2Stream stream, ByteBuf data, int cost, boolean end) {
        this.wire = wire;
        this.stream = stream;
        this.data = data;
        this.cost = cost;
        this.end = end;
        size = data.readableBytes();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void write(ChannelHandlerContext ctx, int allowedBytes) {
        int bytes = Math.min(size, allowedBytes);
        boolean last = bytes == size;
        if (bytes == 0 && !(last && end)) {
            return;
        }
        ByteBuf part = last ? data : data.readRetainedSlice(bytes);
        if (last) {
            data = Unpooled.EMPTY_BUFFER;
        }
        size -= bytes;
        wire.leaves(bytes);
        ChannelFuture written = wire.connection().frames().writeData(ctx, stream.id(), part, last && end);
        if (written.isSuccess()) {
            left(last);
        } else {
            written.addListener(done -> {
                if (!done.isSuccess()) {
                    wire.connection().onError(ctx, true, done.cause());
                }
                left(last);
            });
        }
    }

    private void left(boolean last) {
        if (last && !over) {
            over = true;
            wire.left(cost);
        }
    }

    @Override
    public void writeComplete() {
        if (end) {
            wire.connection()
                    .closeStreamLocal(stream, wire.connection().context().newSucceededFuture());
            wire.endWritten(stream);
        }
    }

    @Override
    public void error(ChannelHandlerContext ctx, Throwable cause) {
        data.release();
        data = Unpooled.EMPTY_BUFFER;
        left(true);
        wire.connection().onError(ctx, true, cause);
    }

    /** Takes in what follows while both together are small, so that what has waited for the window leaves as one DATA frame. */
    @Override
    public boolean merge(ChannelHandlerContext ctx, Http2RemoteFlowController.FlowControlled next) {
        if (over || end || !(next instanceof DataPiece piece)) {
            return false;
        }
        int more = piece.size;
        if (size + more > MultiplexedStream.COPY_LIMIT_BYTES) {
            return false;
        }
        if (more > 0) {
            data = withRoom(wire.gathered(data, more), more).writeBytes(piece.data);
        }
        piece.data.release();
        size += more;
        cost += piece.cost;
        end = piece.end;
        return true;
    }

    /**
     * A buffer that has to grow moves in memory. A part that was written and has not left for the network yet is a slice of
     * this one, and a socket may hold its address: what is left is then copied into a buffer of its own. Takes ownership.
     */
    private ByteBuf withRoom(ByteBuf own, int more) {
        if (own.refCnt() == 1 || own.writableBytes() >= more) {
            return own;
        }
        ByteBuf moved =
                wire.connection().context().alloc().ioBuffer(size + more).writeBytes(own);
        own.release();
        return moved;
    }
}
