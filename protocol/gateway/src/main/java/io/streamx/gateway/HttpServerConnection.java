package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.net.IdleCheck;
import io.streamx.net.LingeringClose;
import io.streamx.net.ReadTimeout;
import io.streamx.wire.ReadGate;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.StreamHost;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.Wire;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/1: one request after the other, each with its response. What comes of a next request while a response
 * is under way waits, and beyond a bound the socket is not read. On the event loop, unless a method says otherwise.
 */
final class HttpServerConnection extends ChannelInboundHandlerAdapter
        implements ServerRuntime.Drainable, Wire, ReadGate, HttpResponder, StrictRequestDecoder.Listener {
    static final String DECODER = "streamx-http-decoder";
    static final String ENCODER = "streamx-http-encoder";

    /** How much of the requests behind the current one waits before the socket is read no more. */
    private static final int MAX_WAITING_BYTES = 64 << 10;
    /** What a waiting request costs beside its body. */
    private static final int REQUEST_COST = 1024;
    /** What a waiting piece of a body costs beside its bytes. */
    private static final int CONTENT_COST = 128;
    /** How much of the body of a request that was answered early is read away, so that the connection can go on. */
    private static final int MAX_DISCARDED_BYTES = 1 << 20;
    /** Larger bodies are written in pieces, so that it shows whether their reader goes on reading. */
    private static final int PIECE_BYTES = 64 << 10;

    private final ServerRuntime runtime;
    private final GatewayOptions options;
    private final HttpRouter router;
    private final CorsPolicy cors;
    private final ArrayDeque<Object> waiting = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable StreamHost host;
    private @Nullable ReadTimeout readTimeout;
    /** For each message of a stream, where {@link #readTimeout} is for the head of a request and for a body of one message. */
    private @Nullable ReadTimeout messageTimeout;
    /** What the connection has become, with neither a decoder nor an encoder of HTTP any more; null for none. */
    private @Nullable WebSocketConnection webSocket;

    private @Nullable HttpHead head;
    private @Nullable HttpCall call;
    private @Nullable String origin;
    /** Whether a request has begun and is not whole. */
    private boolean requestOpen;
    /** Whether a request has begun whose response is not whole. */
    private boolean responseOpen;

    private boolean responseBegun;
    private boolean keepAlive;
    private boolean draining;
    private boolean closing;
    private boolean dispatching;
    private boolean lingers;
    private boolean unflushed;
    private boolean hostPaused;
    private boolean wasPaused;
    private int waitingBytes;
    private long discarded;
    private long lastUsedNanos = System.nanoTime();
    private long lastPendingBytes;

    HttpServerConnection(ServerRuntime runtime, GatewayOptions options, GatewayMethods methods) {
        this.runtime = runtime;
        this.options = options;
        router = new HttpRouter(runtime, options, methods);
        cors = new CorsPolicy(options);
    }

    private ChannelHandlerContext ctx() {
        ChannelHandlerContext added = ctx;
        if (added == null) {
            throw new IllegalStateException("the connection has not been added to its pipeline");
        }
        return added;
    }

    @Override
    public StreamHost host() {
        StreamHost made = host;
        if (made == null) {
            throw new IllegalStateException("the connection has not been added to its pipeline");
        }
        return made;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        host = runtime.hosts().create(context.channel(), this, runtime.limits(), this);
        readTimeout = new ReadTimeout(
                context.channel().eventLoop(),
                runtime.readTimeout(),
                System::nanoTime,
                this::isRequestExcused,
                this::onLateRequest);
        messageTimeout = new ReadTimeout(
                context.channel().eventLoop(),
                runtime.readTimeout(),
                System::nanoTime,
                this::hasPaused,
                this::onLateMessage);
        IdleCheck.start(context.channel(), TimeLimit.nanos(options.idleTimeout()), this::idleNanos, () -> {
            context.close();
            return true;
        });
        runtime.register(context.channel(), this);
    }

    // ---- idle and late peers ----

    private long idleNanos() {
        if (responseOpen) {
            return IdleCheck.IN_USE;
        }
        ChannelOutboundBuffer out = ctx().channel().unsafe().outboundBuffer();
        long pending = out == null ? 0 : out.totalPendingWriteBytes();
        if (pending != lastPendingBytes) {
            lastPendingBytes = pending;
            lastUsedNanos = System.nanoTime();
        }
        return System.nanoTime() - lastUsedNanos;
    }

    /** Messages of a stream come when they come, and each of them has {@link #messageTimeout} once it has begun. */
    private boolean isRequestExcused() {
        HttpCall running = call;
        return (running != null && (running.isStreaming() || !requestOpen)) || hasPaused();
    }

    /** Whether this side has stopped reading since it was last asked: what it does not read cannot be late. */
    private boolean hasPaused() {
        boolean paused = wasPaused || !ctx().channel().config().isAutoRead();
        wasPaused = false;
        return paused;
    }

    @Override
    public void onBytes(int count, boolean withinRequest) {
        ReadTimeout timeout = readTimeout;
        if (timeout != null) {
            timeout.received(count, withinRequest && !closing && webSocket == null);
        }
    }

    /** Bytes of a stream have come, in the body of a request or in the frames of a WebSocket. */
    void onMessageBytes(int count, RequestMessages.Progress progress) {
        ReadTimeout timeout = messageTimeout;
        if (timeout == null) {
            return;
        }
        if (progress != RequestMessages.Progress.GOES_ON) {
            timeout.messageEnded();
        }
        if (progress != RequestMessages.Progress.WHOLE && responseOpen && !closing) {
            // Bytes of whole messages that came with the beginning of the next one give the next one no time.
            timeout.received(progress == RequestMessages.Progress.BEGUN ? 0 : count, true);
        }
    }

    private String lateMessage() {
        return "a message was not whole within " + runtime.readTimeout().toMillis() + " ms";
    }

    private void onLateMessage() {
        WebSocketConnection socket = webSocket;
        HttpCall running = call;
        if (closing || !ctx().channel().isActive()) {
            return;
        }
        if (socket != null) {
            socket.onLateText(lateMessage());
        } else if (running != null) {
            runtime.refused(ctx().channel(), lateMessage(), "messages of a stream");
            // The rest of the message must not be taken for the beginning of another one.
            keepAlive = false;
            running.onTimeout(StatusException.outcome(StatusCode.DEADLINE_EXCEEDED, lateMessage(), List.of(), null));
        }
    }

    private void onLateRequest() {
        if (closing || !ctx().channel().isActive()) {
            return;
        }
        runtime.refused(
                ctx().channel(),
                "a request that has begun and is not whole after "
                        + runtime.readTimeout().toMillis() + " ms",
                "HTTP/1.1");
        refuse(
                new HttpRefusal(
                        HttpResponseStatus.REQUEST_TIMEOUT,
                        StatusCode.DEADLINE_EXCEEDED,
                        "the request was not whole within "
                                + runtime.readTimeout().toMillis() + " ms"),
                true);
        flush();
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (dispatching || !waiting.isEmpty() || !isNext()) {
            await(message);
        } else {
            dispatchAll(message);
        }
    }

    /** Whether what comes next may be looked at: it belongs to the current request, or there is none. */
    private boolean isNext() {
        return requestOpen || !responseOpen;
    }

    private void await(Object message) {
        waiting.add(message);
        waitingBytes += cost(message);
        updateReading();
    }

    private static int cost(Object message) {
        return message instanceof HttpContent content ? content.content().readableBytes() + CONTENT_COST : REQUEST_COST;
    }

    private void dispatchAll(@Nullable Object first) {
        dispatching = true;
        try {
            Object message = first;
            while (message != null) {
                dispatch(message);
                message = closing || !isNext() ? null : waiting.poll();
                if (message != null) {
                    waitingBytes -= cost(message);
                }
            }
        } finally {
            dispatching = false;
        }
        updateReading();
    }

    private void dispatch(Object message) {
        try {
            if (closing) {
                return;
            }
            if (message instanceof HttpRequest request) {
                onRequest(request);
            }
            if (message instanceof HttpContent content && !closing) {
                onContent(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onRequest(HttpRequest request) {
        requestOpen = true;
        responseOpen = true;
        responseBegun = false;
        discarded = 0;
        head = null;
        call = null;
        origin = null;
        keepAlive = HttpUtil.isKeepAlive(request) && !draining && !runtime.isClosing();
        DecoderResult result = request.decoderResult();
        if (result.isFailure()) {
            malformed(result.cause());
            return;
        }
        try {
            HttpHead read = HttpHead.of(request);
            head = read;
            origin = cors.check(read);
            if (CorsPolicy.isPreflight(read)) {
                reply(cors.preflight(read));
                return;
            }
            if (WebSocketConnection.isAskedFor(read)) {
                openWebSocket(read);
                return;
            }
            call = router.open(read, this);
            if (HttpUtil.is100ContinueExpected(request)) {
                write(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
                flush();
            }
        } catch (HttpRefusal refusal) {
            // A request whose length is in doubt must not be followed by another one.
            refuse(refusal, head == null || HttpUtil.is100ContinueExpected(request));
        }
    }

    private void openWebSocket(HttpHead read) throws HttpRefusal {
        WebSocketConnection.check(read);
        WebSocketConnection socket = new WebSocketConnection(
                this, runtime, options.maxRequestBytes(runtime.limits().maxMessageBytes()));
        HttpCall stream = router.openWebSocket(read, socket);
        // From now on the socket is told what comes, and this is told of the connection alone.
        keepAlive = true;
        responseBegun = true;
        HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().newHeaders();
        cors.addTo(headers, origin);
        unflushed = true;
        socket.carry(stream);
        webSocket = socket;
        socket.begin(ctx(), read, headers);
        flush();
    }

    /** Writes frames of a WebSocket. Takes ownership. */
    void writeFrames(ByteBuf frames) {
        write(frames);
    }

    /** The stream of a WebSocket has ended, and its client has been told to close. */
    void webSocketEnded() {
        requestOpen = false;
        responseOpen = false;
        lastUsedNanos = System.nanoTime();
    }

    private void malformed(Throwable cause) {
        runtime.refused(ctx().channel(), String.valueOf(cause.getMessage()), "HTTP/1.1 as in RFC 9112");
        HttpRefusal refusal;
        if (cause instanceof TooLongHttpLineException) {
            refusal = new HttpRefusal(
                    HttpResponseStatus.REQUEST_URI_TOO_LONG,
                    StatusCode.RESOURCE_EXHAUSTED,
                    "a request line of more than " + options.maxHeaderBytes() + " bytes");
        } else if (cause instanceof TooLongHttpHeaderException) {
            refusal = new HttpRefusal(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    StatusCode.RESOURCE_EXHAUSTED,
                    "headers of more than " + options.maxHeaderBytes() + " bytes");
        } else {
            refusal = HttpRefusal.badRequest("a malformed request: " + cause.getMessage());
        }
        refuse(refusal, true);
    }

    private void onContent(HttpContent content) {
        if (content.decoderResult().isFailure()) {
            malformed(content.decoderResult().cause());
            return;
        }
        boolean last = content instanceof LastHttpContent;
        HttpCall current = call;
        try {
            if (current != null && responseOpen) {
                current.onContent(content.content());
                if (last) {
                    requestOpen = false;
                    onMessageBytes(0, RequestMessages.Progress.WHOLE);
                    current.onRequestEnd();
                } else if (current.isStreaming()) {
                    onMessageBytes(content.content().readableBytes(), current.progress());
                }
            } else {
                discard(content.content().readableBytes());
            }
        } catch (HttpRefusal refusal) {
            refuse(refusal, false);
        }
        if (last && !closing) {
            requestOpen = false;
            lastUsedNanos = System.nanoTime();
        }
    }

    /** Reads away what is left of a request that has its response, unless that is too much. */
    private void discard(int bytes) {
        discarded += bytes;
        if (discarded > MAX_DISCARDED_BYTES) {
            closeAfterFlush();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        host().readComplete();
        flush();
    }

    // ---- pausing ----

    private void updateReading() {
        boolean read = closing || (!hostPaused && waitingBytes <= MAX_WAITING_BYTES);
        wasPaused |= !read;
        ctx().channel().config().setAutoRead(read);
    }

    @Override
    public void pause() {
        hostPaused = true;
        updateReading();
    }

    @Override
    public void resume() {
        hostPaused = false;
        updateReading();
    }

    @Override
    public void glimpse() {
        ctx().channel().read();
    }

    // ---- writing ----

    private void write(Object message) {
        unflushed = true;
        ctx().write(message, ctx().newPromise());
    }

    @Override
    public boolean isWritable() {
        return ctx().channel().isWritable() || !ctx().channel().isActive();
    }

    @Override
    public void flush() {
        if (unflushed) {
            unflushed = false;
            ctx().flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            host().writable();
        }
    }

    /**
     * Whether this is an answer to a request of which more is to come than is read away. Its sender has to be told that the
     * connection ends, or else the sender's next request is lost with it.
     */
    private boolean isTooLongToDiscard() {
        HttpHead current = head;
        HttpCall running = call;
        return requestOpen
                && current != null
                && (running == null || !running.isStreaming())
                && current.contentLength() > MAX_DISCARDED_BYTES;
    }

    private HttpHeaders connectionHeaders(HttpHeaders headers) {
        cors.addTo(headers, origin);
        headers.set("x-content-type-options", "nosniff");
        HttpHead current = head;
        keepAlive &= !draining && !runtime.isClosing() && !isTooLongToDiscard();
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (current != null && current.isHttp10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return headers;
    }

    @Override
    public void reply(HttpReply reply) {
        if (!responseOpen || closing || !ctx().channel().isActive()) {
            reply.body().release();
            return;
        }
        responseBegun = true;
        HttpHeaders headers = connectionHeaders(reply.headers());
        ByteBuf body = reply.body();
        if (reply.status() != HttpResponseStatus.NO_CONTENT.code()) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), headers));
        HttpHead current = head;
        if (current == null || !current.method().equals(HttpMethod.HEAD)) {
            while (body.readableBytes() > PIECE_BYTES) {
                write(new DefaultHttpContent(body.readRetainedSlice(PIECE_BYTES)));
            }
            write(new DefaultHttpContent(body));
        } else {
            body.release();
        }
        write(LastHttpContent.EMPTY_LAST_CONTENT);
        responseEnded();
    }

    @Override
    public void begin(int status, HttpHeaders headers) {
        responseBegun = true;
        HttpHead current = head;
        if (current != null && current.isHttp10()) {
            // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
            keepAlive = false;
        } else {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        HttpResponse response = new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), connectionHeaders(headers));
        write(response);
    }

    @Override
    public void content(ByteBuf piece) {
        if (piece.isReadable()) {
            write(new DefaultHttpContent(piece));
        } else {
            piece.release();
        }
    }

    @Override
    public void end() {
        write(LastHttpContent.EMPTY_LAST_CONTENT);
        responseEnded();
    }

    @Override
    public void abort(String why) {
        closing = true;
        dropWaiting();
        host().close(why);
    }

    private void responseEnded() {
        responseOpen = false;
        call = null;
        onMessageBytes(0, RequestMessages.Progress.WHOLE);
        lastUsedNanos = System.nanoTime();
        if (!keepAlive || draining || runtime.isClosing()) {
            closeAfterFlush();
        } else if (!dispatching && !waiting.isEmpty() && isNext()) {
            Object next = waiting.poll();
            waitingBytes -= cost(next);
            dispatchAll(next);
        }
    }

    // ---- refusing and closing ----

    /** Answers a request that is not run, or not run any more; {@code last} says that no other can follow it. */
    private void refuse(HttpRefusal refusal, boolean last) {
        HttpCall current = call;
        call = null;
        if (current != null) {
            current.stopDeadline();
            current.onLeft(StatusException.outcome(
                    StatusCode.CANCELLED, String.valueOf(refusal.getMessage()), List.of(), null));
        }
        lingers |= last || requestOpen;
        if (!responseOpen) {
            if (requestOpen) {
                // The request has its response already, and what is wrong is in the part that nobody reads.
                closeAfterFlush();
                return;
            }
            // The bytes belong to no request yet.
            responseOpen = true;
            responseBegun = false;
            head = null;
            origin = null;
        }
        if (last || current != null) {
            keepAlive = false;
        }
        if (responseBegun) {
            abort(String.valueOf(refusal.getMessage()));
        } else {
            reply(router.refusal(head, refusal.error()));
        }
    }

    /** Closes behind what was written, in a way that lets the peer read it although the peer may still be sending. */
    private void closeAfterFlush() {
        if (closing) {
            return;
        }
        closing = true;
        dropWaiting();
        ChannelHandlerContext context = ctx();
        if ((requestOpen || lingers) && webSocket == null && context.pipeline().get(SslHandler.class) == null) {
            context.pipeline().addBefore(DECODER, null, new LingeringClose());
        }
        updateReading();
        unflushed = false;
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void dropWaiting() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        waitingBytes = 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        dropWaiting();
        String why = host().closedBecause();
        RpcException reason = StatusException.outcome(
                StatusCode.CANCELLED,
                why == null ? "the HTTP client has closed the connection [triggered by remote service]" : why,
                List.of(),
                null);
        HttpCall current = call;
        call = null;
        if (current != null) {
            current.onLeft(reason);
        }
        host().lost(reason);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        host().logFailure(cause);
        context.close();
    }

    @Override
    public int activeCalls() {
        return responseOpen ? 1 : 0;
    }

    @Override
    public void drain() {
        draining = true;
        if (!responseOpen && !requestOpen) {
            closeAfterFlush();
        }
    }
}
