package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.RpcException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trailers of a response: how the call ended and what else its handler said. */
public final class Trailers {
    private Trailers() {}

    /**
     * Trailers to send. What does not fit into {@code maxHeaderListSize} is cut: first the message, then details, then
     * the business error's extra entries, then the handler's.
     *
     * @param maxHeaderListSize what the peer takes, as HTTP/2 counts; {@link Long#MAX_VALUE} when it did not say
     * @throws IllegalArgumentException naming the entry that no header can carry
     */
    public static Http2Headers of(Map<String, String> entries, HandlerStatus status, long maxHeaderListSize) {
        return Unfinished.body(entries + status.message() + maxHeaderListSize);
    }

    /** The same where nothing was sent before: head and trailers in one. */
    public static Http2Headers only(
            ContentType contentType, Map<String, String> entries, HandlerStatus status, long maxHeaderListSize) {
        return Unfinished.body(contentType.value() + entries + status.message() + maxHeaderListSize);
    }

    /**
     * How a call ended according to its trailers, or to the head that is its trailers too; null for success. Never
     * throws: trailers that make no sense are an outcome as well.
     *
     * <p>Source: spec grpc sections 5 and 8.3.
     */
    public static @Nullable RpcException outcome(Http2Headers trailers) {
        return Unfinished.body(trailers.toString());
    }

    /** What else the handler said. */
    public static Metadata metadata(Http2Headers trailers) {
        return Metadata.of(trailers);
    }
}
