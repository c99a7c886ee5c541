package io.streamx.gateway;

import io.netty.handler.codec.http.HttpMethod;
import io.streamx.StreamingMode;

/** A request of which the mode of its method is known. */
record RoutedRequest(HttpHead head, HttpResponder responder, StreamingMode mode) {
    /** The type of the body, without its parameters. */
    String type() {
        return head.contentType();
    }

    boolean isGet() {
        return head.method().equals(HttpMethod.GET);
    }
}
