package io.streamx.grpc.connection;

import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.streamx.Compressor;
import io.streamx.StatusException;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Compresses and decompresses single messages, on the threads of those who send and read them. */
final class MessageCompression {
    /** How many times its compressed size a message is expected to have. A larger message costs a few copies. */
    private static final int EXPECTED_FACTOR = 4;

    private static final int MIN_BYTES = 256;

    private MessageCompression() {}

    /**
     * Compresses the payload of a complete message within its buffer, which the caller keeps owning.
     *
     * @throws io.streamx.StatusException when the compressor fails
     */
    static void compress(OutboundMessage message, Compressor compressor, GrpcFailures failures) {
        byte[] payload =
                ByteBufUtil.getBytes(message, MessagePrefix.BYTES, message.readableBytes() - MessagePrefix.BYTES);
        message.writerIndex(MessagePrefix.BYTES);
        try (OutputStream out = compressor.compress(new ByteBufOutputStream(message))) {
            out.write(payload);
        } catch (IOException | RuntimeException e) {
            throw failures.notCompressible(compressor.name(), payload.length, e);
        }
        MessagePrefix.completeCompressed(message);
    }

    /**
     * The decompressed payload of a message, which the caller keeps owning. However much the payload would become, it
     * takes no more memory than an allowed message.
     *
     * @throws io.streamx.StatusException when the payload becomes larger than allowed, or the compressor cannot read it
     */
    static InboundMessage decompress(
            InboundMessage message, Compressor compressor, int maxMessageBytes, GrpcFailures failures) {
        int compressed = message.readableBytes();
        try (InputStream in = compressor.decompress(new ByteBufInputStream(message))) {
            byte[] bytes =
                    new byte[(int) Math.min(maxMessageBytes, Math.max(MIN_BYTES, (long) EXPECTED_FACTOR * compressed))];
            int length = 0;
            while (true) {
                int read = in.readNBytes(bytes, length, bytes.length - length);
                length += read;
                if (length < bytes.length) {
                    return InboundMessage.of(bytes, 0, length);
                }
                int next = in.read();
                if (next < 0) {
                    return InboundMessage.of(bytes, 0, length);
                }
                if (length == maxMessageBytes) {
                    throw failures.tooLargeDecompressed(compressed, maxMessageBytes);
                }
                bytes = Arrays.copyOf(bytes, (int) Math.min(maxMessageBytes, 2L * length + 1));
                bytes[length++] = (byte) next;
            }
        } catch (StatusException tooLarge) {
            throw tooLarge;
        } catch (IOException | RuntimeException e) {
            throw failures.notDecompressible(compressor.name(), compressed, e);
        }
    }
}
