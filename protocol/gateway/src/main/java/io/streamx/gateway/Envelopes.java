package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.RpcException;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import io.streamx.wire.ServerStreamEvents;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Messages that lie in a body one behind the other, each behind a byte of flags and its length, as gRPC, gRPC-Web and Connect
 * have them. Source: docs/protocol/grpc.md "4. Messages"; connectrpc.com/docs/protocol "Streaming RPCs".
 */
final class Envelopes implements RequestMessages {
    static final int PREFIX_BYTES = 5;
    static final byte COMPRESSED = 1;

    private static final int LENGTH_AT = 1;
    private static final int FIRST_BYTES = 1024;

    private final boolean isOne;
    private final boolean canDecompress;
    private final int maxMessageBytes;
    private final byte[] prefix = new byte[PREFIX_BYTES];
    private int prefixLength;
    private byte[] message = new byte[0];
    private int messageLength;
    private int expected;
    private boolean over;
    private long handedOn;
    /** Whether the message that is not whole had begun before the latest piece. */
    private boolean goesOn;
    /** The only message of a request that has one, which is handed on when nothing else can follow. */
    private @Nullable InboundMessage only;

    /**
     * The messages of one request.
     *
     * @param isOne whether the method takes exactly one message
     * @param canDecompress whether the request has said what its compressed messages are compressed with
     */
    Envelopes(boolean isOne, boolean canDecompress, int maxMessageBytes) {
        this.isOne = isOne;
        this.canDecompress = canDecompress;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public boolean isStream() {
        return true;
    }

    /** Whether bytes are held of a message that has not been handed on. */
    private boolean isWithin() {
        return !over && (prefixLength > 0 || only != null);
    }

    @Override
    public Progress progress() {
        if (!isWithin()) {
            return Progress.WHOLE;
        }
        return goesOn ? Progress.GOES_ON : Progress.BEGUN;
    }

    @Override
    public int heldBytes() {
        InboundMessage held = only;
        return message.length + (held == null ? 0 : held.readableBytes());
    }

    @Override
    public int missingBytes() {
        if (over || prefixLength == 0) {
            return 0;
        }
        return prefixLength < PREFIX_BYTES ? PREFIX_BYTES - prefixLength : expected - messageLength;
    }

    @Override
    public long handedOnBytes() {
        return handedOn;
    }

    private void handOn(InboundMessage whole, ServerStreamEvents stream) {
        handedOn += whole.readableBytes();
        stream.onMessage(whole);
    }

    @Override
    public void add(ByteBuf piece, ServerStreamEvents stream) {
        goesOn = isWithin();
        int at = piece.readerIndex();
        int end = piece.writerIndex();
        while (at < end && !over) {
            if (prefixLength < PREFIX_BYTES) {
                prefix[prefixLength++] = piece.getByte(at++);
                if (prefixLength == PREFIX_BYTES) {
                    begin(stream);
                }
                continue;
            }
            int count = Math.min(end - at, expected - messageLength);
            append(piece, at, count);
            at += count;
            if (messageLength == expected) {
                finish(stream);
            }
        }
    }

    private void begin(ServerStreamEvents stream) {
        long length = Unpooled.wrappedBuffer(prefix).getUnsignedInt(LENGTH_AT);
        if (length > maxMessageBytes) {
            fail(stream, GrpcFailures.SERVER.messageTooLarge(length, maxMessageBytes));
        } else if (prefix[0] == COMPRESSED && !canDecompress) {
            fail(stream, GrpcFailures.SERVER.compressedWithoutEncoding());
        } else {
            expected = (int) length;
            messageLength = 0;
            message = new byte[Math.min(expected, FIRST_BYTES)];
            if (expected == 0) {
                finish(stream);
            }
        }
    }

    private void append(ByteBuf piece, int at, int count) {
        if (messageLength + count > message.length) {
            int doubled = (int) Math.min(expected, 2L * message.length);
            message = Arrays.copyOf(message, Math.max(messageLength + count, doubled));
        }
        piece.getBytes(at, message, messageLength, count);
        messageLength += count;
    }

    private void finish(ServerStreamEvents stream) {
        InboundMessage whole = InboundMessage.of(message, 0, messageLength);
        if (prefix[0] == COMPRESSED) {
            whole.markCompressed();
        }
        prefixLength = 0;
        message = new byte[0];
        if (!isOne) {
            goesOn = false;
            handOn(whole, stream);
        } else if (only == null) {
            only = whole;
        } else {
            whole.release();
            fail(stream, GrpcFailures.SERVER.secondMessage());
        }
    }

    private void fail(ServerStreamEvents stream, RpcException failure) {
        drop();
        stream.onEnd(failure);
    }

    @Override
    public void drop() {
        over = true;
        message = new byte[0];
        dropOnly();
    }

    private void dropOnly() {
        InboundMessage held = only;
        only = null;
        if (held != null) {
            held.release();
        }
    }

    @Override
    public void end(ServerStreamEvents stream) {
        if (over) {
            return;
        }
        over = true;
        if (prefixLength > 0) {
            dropOnly();
            stream.onEnd(GrpcFailures.SERVER.messageCutShort(
                    prefixLength < PREFIX_BYTES ? PREFIX_BYTES - prefixLength : expected - messageLength));
            return;
        }
        InboundMessage held = only;
        only = null;
        if (held != null) {
            handOn(held, stream);
        }
        stream.onEnd(isOne && held == null ? GrpcFailures.SERVER.messageMissing() : null);
    }

    // ---- replies ----

    /** Appends an empty prefix. */
    static void begin(OutboundMessage empty) {
        empty.writeZero(PREFIX_BYTES);
    }

    /** Compresses the message that stands behind a prefix, if so wanted, and completes the prefix. */
    static void complete(OutboundMessage message, boolean gzip, int maxMessageBytes) {
        int start = message.readerIndex();
        int payload = message.readableBytes() - PREFIX_BYTES;
        if (payload > maxMessageBytes) {
            throw GrpcFailures.SERVER.messageTooLarge(payload, maxMessageBytes);
        }
        if (gzip) {
            Gzip.compress(message, start + PREFIX_BYTES);
            message.setByte(start, COMPRESSED);
        }
        message.setInt(start + LENGTH_AT, message.readableBytes() - PREFIX_BYTES);
    }

    /** An envelope around a text. */
    static ByteBuf of(int flags, ByteBuf content) {
        ByteBuf prefix = Unpooled.buffer(PREFIX_BYTES + content.readableBytes());
        prefix.writeByte(flags).writeInt(content.readableBytes()).writeBytes(content);
        content.release();
        return prefix;
    }
}
