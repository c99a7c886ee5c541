package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * What the headers of a response say.
 *
 * @param contentType what the messages are
 * @param encoding what compressed messages are compressed with; {@code identity} for no compression
 * @param metadata what the handler gave
 */
public record ResponseHead(ContentType contentType, String encoding, Metadata metadata) {
    /** Whether these are headers of an interim answer (1xx), which another head follows. */
    public static boolean isInformational(Http2Headers headers) {
        CharSequence status = headers.status();
        return status != null && status.length() == 3 && status.charAt(0) == '1';
    }

    /**
     * Reads the head of a response, be it only a head or trailers as well.
     *
     * @throws io.streamx.StatusException when this is no answer of a gRPC server; its code comes from the HTTP status
     */
    public static ResponseHead parse(Http2Headers headers) {
        return Unfinished.body(headers.toString());
    }

    /**
     * The head to send.
     *
     * @param contentType that of the request
     * @param entries what the handler gave
     * @param encoding {@code identity} for no compression
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static Http2Headers headers(ContentType contentType, String encoding, Map<String, String> entries) {
        return Unfinished.body(contentType + encoding + entries);
    }
}
