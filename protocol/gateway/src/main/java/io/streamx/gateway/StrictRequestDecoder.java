package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's decoder of requests without its leniency: what two servers on a way could read as two different requests is
 * refused. It also counts bytes, so that a request that begins and does not go on can be given up.
 *
 * <p>Source: RFC 9112 section 6.3 and section 11.2, "Request Smuggling".
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
    /** What is told of the bytes that come. */
    interface Listener {
        /**
         * Bytes have come, and what is whole of them was handed on.
         *
         * @param count how many bytes
         * @param withinRequest whether a request has begun and is not whole
         */
        void onBytes(int count, boolean withinRequest);
    }

    private static final int MAX_CHUNK_BYTES = 64 << 10;

    private final Listener listener;
    private boolean withinRequest;

    StrictRequestDecoder(int maxHeaderBytes, Listener listener) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(maxHeaderBytes)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxChunkSize(MAX_CHUNK_BYTES)
                .setAllowDuplicateContentLengths(false)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true));
        this.listener = listener;
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new IllegalArgumentException("both Content-Length and Transfer-Encoding (expected: one of them)");
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int before = in.readableBytes();
        super.decode(ctx, in, out);
        if (!out.isEmpty() && out.getLast() instanceof LastHttpContent) {
            withinRequest = in.isReadable();
        } else if (before > 0) {
            withinRequest = true;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        int count = message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        super.channelRead(ctx, message);
        listener.onBytes(count, withinRequest);
    }
}
