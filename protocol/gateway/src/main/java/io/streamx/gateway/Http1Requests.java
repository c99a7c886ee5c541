package io.streamx.gateway;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.streamx.wire.ServerRuntime;
import org.jspecify.annotations.Nullable;

/** The requests of a connection of HTTP/1, one behind the other. What comes before its turn waits. On the event loop. */
final class Http1Requests {
    /** How much of the body of a request that was answered early is read away, so that the connection can go on. */
    static final int MAX_DISCARDED_BYTES = 1 << 20;

    private final HttpServerConnection connection;
    private final Http1Responses responses;
    private final Http1Times times;
    private final ServerRuntime runtime;
    private final GatewayOptions options;
    private final HttpRouter router;
    private final CorsPolicy cors;
    private final WaitingRequests waiting = new WaitingRequests();
    private HttpExchange exchange;
    /** Whether a request has begun and is not whole. */
    private boolean requestOpen;

    private boolean dispatching;
    private long discarded;

    Http1Requests(
            HttpServerConnection connection,
            Http1Responses responses,
            Http1Times times,
            ServerRuntime runtime,
            GatewayOptions options,
            GatewayMethods methods) {
        this.connection = connection;
        this.responses = responses;
        this.times = times;
        this.runtime = runtime;
        this.options = options;
        router = new HttpRouter(runtime, options, methods);
        cors = new CorsPolicy(options);
        exchange = new HttpExchange(router, cors);
    }

    HttpRouter router() {
        return router;
    }

    /** The request that has come last. */
    HttpExchange exchange() {
        return exchange;
    }

    /** What has come belongs to no request yet. */
    void forget() {
        exchange = new HttpExchange(router, cors);
    }

    /** Whether a request has begun and is not whole. */
    boolean isOpen() {
        return requestOpen;
    }

    /** No more is to come of the request. */
    void ended() {
        requestOpen = false;
    }

    /** Whether so much waits that no more is to be read. */
    boolean isFull() {
        return waiting.isFull();
    }

    /** Drops what waits. */
    void drop() {
        waiting.drop();
    }

    /** The response to the request has been written: the next one is looked at. */
    void next() {
        if (!dispatching && isNext()) {
            Object next = waiting.poll();
            if (next != null) {
                dispatchAll(next);
            }
        }
    }

    /** Takes what the decoder has made: the head of a request, or a piece of its body. Takes ownership. */
    void take(Object message) {
        if (connection.isClosing()) {
            ReferenceCountUtil.release(message);
        } else if (dispatching || !waiting.isEmpty() || !isNext()) {
            waiting.add(message);
            connection.updateReading();
        } else {
            dispatchAll(message);
        }
    }

    /** Whether what comes next may be looked at: it belongs to the current request, or there is none. */
    private boolean isNext() {
        return requestOpen || !responses.isOpen();
    }

    private void dispatchAll(@Nullable Object first) {
        dispatching = true;
        try {
            Object message = first;
            while (message != null) {
                dispatch(message);
                message = connection.isClosing() || !isNext() ? null : waiting.poll();
            }
        } finally {
            dispatching = false;
        }
        connection.updateReading();
    }

    private void dispatch(Object message) {
        try {
            if (connection.isClosing()) {
                return;
            }
            if (message instanceof HttpRequest request) {
                onRequest(request);
            }
            if (message instanceof HttpContent content && !connection.isClosing()) {
                onContent(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onRequest(HttpRequest request) {
        requestOpen = true;
        discarded = 0;
        exchange = new HttpExchange(router, cors);
        responses.open(HttpUtil.isKeepAlive(request) && connection.takesMore());
        DecoderResult result = request.decoderResult();
        if (result.isFailure()) {
            malformed(result.cause());
            return;
        }
        try {
            HttpHead read = HttpHead.of(request);
            HttpReply answer = exchange.admit(read, connection.host().channel());
            if (answer != null) {
                responses.reply(answer);
            } else if (WebSocketConnection.isAskedFor(read)) {
                connection.openWebSocket(read);
            } else {
                exchange.open(responses);
                if (HttpUtil.is100ContinueExpected(request)) {
                    responses.goOn();
                }
            }
        } catch (HttpRefusal refusal) {
            // A request whose length is in doubt must not be followed by another one.
            connection.refuse(refusal, exchange.head() == null || HttpUtil.is100ContinueExpected(request));
        }
    }

    private void malformed(Throwable cause) {
        runtime.refused(connection.host().channel(), String.valueOf(cause.getMessage()), "HTTP/1.1 as in RFC 9112");
        HttpRefusal refusal;
        if (cause instanceof TooLongHttpLineException) {
            refusal = HttpRefusal.targetTooLong(options.maxHeaderBytes());
        } else if (cause instanceof TooLongHttpHeaderException) {
            refusal = HttpRefusal.headersTooLarge(options.maxHeaderBytes());
        } else {
            refusal = HttpRefusal.badRequest("a malformed request: " + cause.getMessage());
        }
        connection.refuse(refusal, true);
    }

    private void onContent(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            malformed(content.decoderResult().cause());
            return;
        }
        boolean last = content instanceof LastHttpContent;
        HttpCall current = exchange.call();
        try {
            if (current != null && responses.isOpen()) {
                current.onContent(content.content());
                if (last) {
                    requestOpen = false;
                    times.onMessageBytes(0, RequestMessages.Progress.WHOLE);
                    current.onRequestEnd();
                } else if (current.isStreaming()) {
                    times.onMessageBytes(content.content().readableBytes(), current.progress());
                }
            } else {
                discard(content.content().readableBytes());
            }
        } catch (HttpRefusal refusal) {
            connection.refuse(refusal, false);
        }
        if (last && !connection.isClosing()) {
            requestOpen = false;
            times.used();
        }
    }

    /** Reads away what is left of a request that has its response, unless that is too much. */
    private void discard(int bytes) {
        discarded += bytes;
        if (discarded > MAX_DISCARDED_BYTES) {
            connection.closeAfterFlush();
        }
    }
}
