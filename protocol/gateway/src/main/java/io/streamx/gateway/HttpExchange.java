package io.streamx.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response, as all versions of HTTP have them: which page may call, what is called, and what a refusal looks
 * like. How bytes come and go is its connection's. On the event loop.
 */
final class HttpExchange {
    private final HttpRouter router;
    private final CorsPolicy cors;
    private @Nullable HttpHead head;
    private @Nullable HttpCall call;
    private @Nullable String origin;

    HttpExchange(HttpRouter router, CorsPolicy cors) {
        this.router = router;
        this.cors = cors;
    }

    /** What the request says before its body; null while that has not been understood. */
    @Nullable
    HttpHead head() {
        return head;
    }

    /** The call that runs for the request; null when there is none, or it has its response. */
    @Nullable
    HttpCall call() {
        return call;
    }

    /** Whether the request is for a response without its body. */
    boolean isHead() {
        HttpHead read = head;
        return read != null && read.method().equals(HttpMethod.HEAD);
    }

    /**
     * Takes a request whose page may call.
     *
     * @return the answer to a request that is no call: for the try-it page, or whether another request would be allowed; null
     *     for calls
     * @throws HttpRefusal when the page may not call
     */
    @Nullable
    HttpReply admit(HttpHead read, Channel channel) throws HttpRefusal {
        head = read;
        origin = cors.check(read);
        return CorsPolicy.isPreflight(read) ? cors.preflight(read) : router.page(read, channel);
    }

    /**
     * Begins the call of a request that was admitted. A call that is answered at once is over when this returns.
     *
     * @throws HttpRefusal when it is not run
     */
    void open(HttpResponder responder) throws HttpRefusal {
        HttpHead read = head;
        if (read == null) {
            throw new IllegalStateException("the request has not been admitted");
        }
        call = router.open(read, responder);
    }

    /**
     * Begins the stream of a WebSocket that was admitted, which is the WebSocket's to end.
     *
     * @throws HttpRefusal when it is not run
     */
    HttpCall openWebSocket(HttpResponder socket) throws HttpRefusal {
        HttpHead read = head;
        if (read == null) {
            throw new IllegalStateException("the request has not been admitted");
        }
        return router.openWebSocket(read, socket);
    }

    /** The response is whole. */
    void answered() {
        call = null;
    }

    /** Nobody waits for the response any more. */
    void left(RpcException reason) {
        HttpCall running = call;
        call = null;
        if (running != null) {
            running.onLeft(reason);
        }
    }

    /** Ends the call of a request that is not run any more. */
    void giveUp(HttpRefusal refusal) {
        HttpCall running = call;
        call = null;
        if (running != null) {
            running.stopDeadline();
            running.onLeft(StatusException.outcome(
                    StatusCode.CANCELLED, String.valueOf(refusal.getMessage()), List.of(), null));
        }
    }

    /** The answer to a request that is not run, in the words of the protocol that the request speaks. */
    HttpReply refusal(HttpRefusal refusal) {
        return router.refusal(head, refusal.error());
    }

    /** Adds to the headers of a response what browsers want to know of it. */
    HttpHeaders forBrowsers(HttpHeaders headers) {
        cors.addTo(headers, origin);
        return headers.set("x-content-type-options", "nosniff");
    }
}
