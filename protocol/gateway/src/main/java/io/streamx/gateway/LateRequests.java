package io.streamx.gateway;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.streamx.StatusCode;
import io.streamx.wire.ServerRuntime;

/** What is said of requests that have begun and are not whole in time. */
final class LateRequests {
    private LateRequests() {}

    /** What is said of a message of a stream. */
    static String message(ServerRuntime runtime) {
        return "a message was not whole within " + runtime.readTimeout().toMillis() + " ms";
    }

    /** The answer to a request of one message. */
    static HttpRefusal refusal(ServerRuntime runtime) {
        return new HttpRefusal(
                HttpResponseStatus.REQUEST_TIMEOUT,
                StatusCode.DEADLINE_EXCEEDED,
                "the request was not whole within " + runtime.readTimeout().toMillis() + " ms");
    }
}
