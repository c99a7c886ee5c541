package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.streamx.Metadata;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import org.jspecify.annotations.Nullable;

/**
 * The streams of Connect: envelopes, of which the last holds the end as JSON. Source: connectrpc.com/docs/protocol "Streaming
 * RPCs".
 */
final class ConnectStreamFormat implements StreamFormat {
    static final String TYPES = "application/connect+";

    private static final int END_OF_STREAM = 2;

    private final String contentType;
    private final ReplyCoding coding;
    private final int maxRequestBytes;
    private final int maxMessageBytes;
    private volatile boolean compressing = true;

    ConnectStreamFormat(String contentType, ReplyCoding coding, int maxRequestBytes, int maxMessageBytes) {
        this.contentType = contentType;
        this.coding = coding;
        this.maxRequestBytes = maxRequestBytes;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public HttpHeaders headers() {
        HttpHeaders headers = HttpReply.headers(contentType).set("connect-accept-encoding", Gzip.NAME);
        if (coding.isGzip()) {
            headers.set("connect-content-encoding", Gzip.NAME);
        }
        return headers;
    }

    @Override
    public void begin(OutboundMessage empty) {
        Envelopes.begin(empty);
    }

    @Override
    public void complete(OutboundMessage message) {
        Envelopes.complete(message, compressing && coding.isGzip(), maxMessageBytes);
    }

    @Override
    public void compressMessages(boolean compress) {
        compressing = compress;
    }

    @Override
    public InboundMessage decompress(InboundMessage compressed) {
        return Gzip.decompress(compressed, maxRequestBytes);
    }

    @Override
    public ByteBuf end(Metadata trailer, @Nullable CallError error) {
        return end(ErrorJson.end(error, trailer));
    }

    private static ByteBuf end(String json) {
        return Envelopes.of(END_OF_STREAM, HttpReply.utf8(json));
    }

    /** The answer to a stream that is not run. */
    static HttpReply refusal(String contentType, CallError error) {
        return new HttpReply(200, HttpReply.headers(contentType), end(ErrorJson.end(error, Metadata.EMPTY)));
    }
}
