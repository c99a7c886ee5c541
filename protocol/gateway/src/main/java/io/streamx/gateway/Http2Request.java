package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.grpc.http.HttpStream;
import io.streamx.wire.ReadProgress;
import io.streamx.wire.ServerRuntime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request on a stream of HTTP/2, beside the calls of gRPC on its connection, and its response. On the event loop. */
final class Http2Request extends Http2Carrier {
    /** Whether the request is not whole. */
    private boolean requestOpen;
    /** Whether the head of the response has been written. */
    private boolean begun;

    Http2Request(HttpStream stream, ServerRuntime runtime, HttpExchange exchange) {
        super(stream, runtime, exchange);
    }

    /** Takes the head of the request; {@code isWhole} says that it has no body. */
    void open(Http2Headers headers, int maxHeaderBytes, boolean isWhole) {
        requestOpen = !isWhole;
        try {
            HttpHead head = Http2Head.of(headers, maxHeaderBytes);
            HttpReply answer = exchange.admit(head, host().channel());
            if (answer != null) {
                reply(answer);
                return;
            }
            exchange.open(this);
            HttpCall opened = exchange.call();
            call = opened;
            if (requestOpen && opened != null) {
                awaitBody(head, opened);
            }
        } catch (HttpRefusal refusal) {
            refuse(refusal);
        }
    }

    private void awaitBody(HttpHead head, HttpCall opened) {
        if ("100-continue".equalsIgnoreCase(head.header(HttpHeaderNames.EXPECT))) {
            stream.head(new DefaultHttp2Headers().status(HttpResponseStatus.CONTINUE.codeAsText()));
        }
        if (!opened.isStreaming()) {
            timeout().received(0, true);
        }
    }

    // ---- late requests ----

    private void onBodyBytes(HttpCall running, int count) {
        if (!running.isStreaming()) {
            timeout().received(count, requestOpen);
            return;
        }
        RequestMessages.Progress progress = requestOpen ? running.progress() : RequestMessages.Progress.WHOLE;
        time(count, progress, !over);
    }

    @Override
    void onLate() {
        HttpCall running = exchange.call();
        if (over || running == null || !host().channel().isActive()) {
            return;
        }
        if (running.isStreaming()) {
            String late = LateRequests.message(runtime);
            runtime.refused(host().channel(), late, "messages of a stream");
            running.onTimeout(StatusException.outcome(StatusCode.DEADLINE_EXCEEDED, late, List.of(), null));
        } else {
            HttpRefusal late = LateRequests.refusal(runtime);
            runtime.refused(host().channel(), String.valueOf(late.getMessage()), "HTTP/2");
            refuse(late);
        }
        flush();
    }

    // ---- what comes ----

    @Override
    public void onData(ByteBuf piece) {
        HttpCall running = exchange.call();
        if (running == null) {
            return;
        }
        try {
            running.onContent(piece);
            onBodyBytes(running, piece.readableBytes());
        } catch (HttpRefusal refusal) {
            refuse(refusal);
        }
    }

    @Override
    public void onEnd() {
        requestOpen = false;
        stopTimeout();
        HttpCall running = exchange.call();
        if (running == null) {
            return;
        }
        try {
            running.onRequestEnd();
        } catch (HttpRefusal refusal) {
            refuse(refusal);
        }
    }

    @Override
    public void onLeft(RpcException reason) {
        over = true;
        stopTimeout();
        exchange.left(reason);
    }

    @Override
    public void onStalled(RpcException reason) {
        HttpCall running = exchange.call();
        if (running != null) {
            running.onTimeout(reason);
        }
    }

    @Override
    public @Nullable ReadProgress reading() {
        HttpCall running = exchange.call();
        return running == null ? null : running.reading();
    }

    @Override
    public int heldBytes() {
        HttpCall running = exchange.call();
        return running == null ? 0 : running.heldBytes();
    }

    @Override
    public int missingBytes() {
        HttpCall running = exchange.call();
        return running == null || !requestOpen ? 0 : running.missingBytes();
    }

    // ---- what goes ----

    /** Answers a request that is not run, or not run any more. */
    void refuse(HttpRefusal refusal) {
        exchange.giveUp(refusal);
        if (begun) {
            abort(String.valueOf(refusal.getMessage()));
        } else {
            reply(exchange.refusal(refusal));
        }
    }

    @Override
    public boolean reply(HttpReply reply, int cost) {
        ByteBuf body = reply.body();
        if (over) {
            body.release();
            return true;
        }
        if (reply.status() != HttpResponseStatus.NO_CONTENT.code()) {
            reply.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        begin(reply.status(), reply.headers());
        boolean hasBody = !exchange.isHead() && body.isReadable();
        if (hasBody) {
            stream.data(body, cost);
        } else {
            body.release();
        }
        end();
        return !hasBody;
    }

    @Override
    public void begin(int status, HttpHeaders headers) {
        if (!over) {
            begun = true;
            stream.head(Http2Head.written(status, exchange.forBrowsers(headers)));
        }
    }

    @Override
    public void end() {
        if (!over) {
            over = true;
            stopTimeout();
            exchange.answered();
            stream.end();
        }
    }

    @Override
    public void abort(String why) {
        if (!over) {
            over = true;
            stopTimeout();
            exchange.answered();
            stream.reset();
        }
    }
}
