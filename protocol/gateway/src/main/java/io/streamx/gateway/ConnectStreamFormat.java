package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.streamx.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * The streams of Connect: envelopes, of which the last holds the end as JSON. Source: connectrpc.com/docs/protocol "Streaming
 * RPCs".
 */
final class ConnectStreamFormat extends EnvelopeFormat {
    static final String TYPES = "application/connect+";

    private static final int END_OF_STREAM = 2;

    ConnectStreamFormat(String contentType, ReplyCoding coding, int maxRequestBytes, int maxMessageBytes) {
        super(contentType, coding, maxRequestBytes, maxMessageBytes);
    }

    @Override
    public String protocol() {
        return CallHeads.CONNECT;
    }

    @Override
    public HttpHeaders headers() {
        HttpHeaders headers = HttpReply.headers(contentType()).set("connect-accept-encoding", Gzip.NAME);
        if (coding().isGzip()) {
            headers.set("connect-content-encoding", Gzip.NAME);
        }
        return headers;
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
