package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.streamx.grpc.protocol.GrpcFailures;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** The one compression that Connect, gRPC-Web and HTTP share. On the threads of handlers. */
final class Gzip {
    static final String NAME = "gzip";
    static final String IDENTITY = "identity";

    private static final int EXPECTED_FACTOR = 4;
    private static final int MIN_BYTES = 256;

    private Gzip() {}

    /** The body of a response, compressed. Takes ownership. */
    static ByteBuf compress(ByteBuf body) {
        ByteBuf compressed = Unpooled.buffer(MIN_BYTES);
        try (OutputStream out = new GZIPOutputStream(new ByteBufOutputStream(compressed))) {
            body.readBytes(out, body.readableBytes());
        } catch (IOException e) {
            compressed.release();
            throw GrpcFailures.SERVER.notCompressible(NAME, body.readableBytes(), e);
        } finally {
            body.release();
        }
        return compressed;
    }

    /** Compresses what stands in {@code message} from {@code from} on, in its place. */
    static void compress(OutboundMessage message, int from) {
        byte[] payload = ByteBufUtil.getBytes(message, from, message.writerIndex() - from);
        message.writerIndex(from);
        try (OutputStream out = new GZIPOutputStream(new ByteBufOutputStream(message))) {
            out.write(payload);
        } catch (IOException e) {
            throw GrpcFailures.SERVER.notCompressible(NAME, payload.length, e);
        }
    }

    /**
     * What {@code compressed} becomes, which its owner goes on owning. However much that would be, it takes no more memory
     * than {@code maxBytes}.
     *
     * @throws io.streamx.StatusException when it becomes larger than that, or is no gzip
     */
    static InboundMessage decompress(ByteBuf compressed, int maxBytes) {
        int size = compressed.readableBytes();
        try (InputStream in = new GZIPInputStream(new ByteBufInputStream(compressed))) {
            byte[] bytes = new byte[(int) Math.min(maxBytes, Math.max(MIN_BYTES, (long) EXPECTED_FACTOR * size))];
            int length = 0;
            while (true) {
                length += in.readNBytes(bytes, length, bytes.length - length);
                int next = length < bytes.length ? -1 : in.read();
                if (next < 0) {
                    return InboundMessage.of(bytes, 0, length);
                }
                if (length == maxBytes) {
                    throw GrpcFailures.SERVER.tooLargeDecompressed(size, maxBytes);
                }
                bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, 2L * length + 1));
                bytes[length++] = (byte) next;
            }
        } catch (IOException e) {
            throw GrpcFailures.SERVER.notDecompressible(NAME, size, e);
        }
    }
}
