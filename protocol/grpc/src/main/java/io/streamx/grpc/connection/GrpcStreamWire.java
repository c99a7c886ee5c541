package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.streamx.Compressor;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/** One call of gRPC on a connection, as both ends see it: cuts what comes into messages. */
abstract class GrpcStreamWire extends MultiplexedStream implements MessageCutter.Receiver {
    private final MessageCutter cutter;
    private volatile boolean compressing = true;

    GrpcStreamWire(GrpcConnection connection) {
        super(connection, MessagePrefix.BYTES);
        cutter = new MessageCutter(connection.limits().maxMessageBytes(), this);
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

    @Override
    abstract GrpcFailures grpcFailures();

    /** The peer has ended its messages with its last DATA; {@code missing} says that it ended them within a message. */
    abstract void onDataEnd(boolean missing);

    @Override
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

    @Override
    final int heldBytes() {
        return cutter.heldBytes() + wholeBytes();
    }

    /** How much is held of a message that is whole, and that its reader is given when nothing can follow. */
    int wholeBytes() {
        return 0;
    }

    @Override
    final void abandonIncomplete() {
        cutter.abandon();
    }

    /** Whether a message has begun to arrive and not ended. */
    final boolean isWithinMessage() {
        return cutter.isWithinMessage();
    }

    @Override
    final int missing() {
        return cutter.missing();
    }

    @Override
    public final void onMessage(ByteBuf in, int index, int length, boolean compressed) {
        if (compressed || isExpecting()) {
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
                compressed, compressor, connection().limits().maxMessageBytes(), grpcFailures());
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
        MessagePrefix.complete(message, connection().limits().maxMessageBytes(), method);
        if (compressor != null && compressing) {
            MessageCompression.compress(message, compressor, grpcFailures());
        }
    }
}
