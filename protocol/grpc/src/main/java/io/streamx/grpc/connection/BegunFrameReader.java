package io.streamx.grpc.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Netty's reader of frames, which waits until a frame has come whole. This class also tells how many bytes of a begun
 * frame are still to come. The number serves only to cut what comes next, which may be cut anywhere. On the event loop.
 */
final class BegunFrameReader extends DefaultHttp2FrameReader {
    private static final int HEAD_BYTES = 9;

    /** The size of the payload of the begun frame, whose head has been read; 0 between frames. */
    private int payloadBytes;

    private int missingBytes;

    BegunFrameReader(Http2HeadersDecoder headersDecoder) {
        super(headersDecoder);
    }

    /**
     * Takes the rest of a begun frame out of {@code bytes}, which have come behind it; null where nothing is to be cut.
     * Whoever calls this releases what it returns.
     */
    @Nullable
    ByteBuf restOfFrame(ByteBuf bytes) {
        return missingBytes > 0 && missingBytes < bytes.readableBytes() ? bytes.readRetainedSlice(missingBytes) : null;
    }

    /** How many bytes of a begun frame are still to come; 0 where its head is not known, or none has begun. */
    int missingBytes() {
        return missingBytes;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        look(input);
        super.readFrame(ctx, input, listener);
    }

    private void look(ByteBuf input) {
        int index = input.readerIndex();
        int end = input.writerIndex();
        missingBytes = 0;
        while (true) {
            if (payloadBytes > end - index) {
                missingBytes = payloadBytes - (end - index);
                return;
            }
            index += payloadBytes;
            payloadBytes = 0;
            if (end - index < HEAD_BYTES) {
                return;
            }
            payloadBytes = input.getUnsignedMedium(index);
            index += HEAD_BYTES;
        }
    }
}
