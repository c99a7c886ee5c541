package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * A whole response.
 *
 * @param headers those of the content; whoever sends the response adds those of the connection
 * @param body owned by whoever has this
 */
record HttpReply(int status, HttpHeaders headers, ByteBuf body) {
    static final String JSON = "application/json";

    static HttpHeaders headers(String contentType) {
        return DefaultHttpHeadersFactory.headersFactory().newHeaders().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }

    /** The answer to a call that failed. */
    static HttpReply of(CallError error) {
        return new HttpReply(error.httpStatus(), headers(JSON), utf8(ErrorJson.of(error)));
    }

    static ByteBuf utf8(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
    }

    static HttpReply empty(int status) {
        return new HttpReply(status, DefaultHttpHeadersFactory.headersFactory().newHeaders(), Unpooled.EMPTY_BUFFER);
    }
}
