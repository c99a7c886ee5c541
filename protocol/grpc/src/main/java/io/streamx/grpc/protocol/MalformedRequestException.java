package io.streamx.grpc.protocol;

import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * A request head that starts no call, and what its sender is to be told. The message names what is wrong with the head.
 */
public final class MalformedRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long resetCode;
    private final transient @Nullable Http2Headers response;

    private MalformedRequestException(String message, long resetCode, @Nullable Http2Headers response) {
        super(message, null, false, false);
        this.resetCode = resetCode;
        this.response = response;
    }

    static MalformedRequestException reset(long code, String message) {
        return new MalformedRequestException(message, code, null);
    }

    static MalformedRequestException answered(Http2Headers response, String message) {
        return new MalformedRequestException(message, 0, response);
    }

    /** The head to answer with, which also ends the stream; null when the stream is to be reset instead. */
    public @Nullable Http2Headers response() {
        return response;
    }

    /** The HTTP/2 error code to reset the stream with when {@link #response} is null. */
    public long resetCode() {
        return resetCode;
    }
}
