package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslHandler;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.net.LingeringClose;
import io.streamx.wire.ReadGate;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.StreamHost;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/1: one request after the other, each with its response. What comes of a next request while a response
 * is under way waits, and beyond a bound the socket is not read. On the event loop, unless a method says otherwise.
 */
final class HttpServerConnection extends ChannelInboundHandlerAdapter
        implements ServerRuntime.Drainable, Wire, ReadGate, StrictRequestDecoder.Listener {
    static final String DECODER = "streamx-http-decoder";
    static final String ENCODER = "streamx-http-encoder";

    private final ServerRuntime runtime;
    private final GatewayOptions options;
    private final GatewayMethods methods;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable StreamHost host;
    private @Nullable Http1Times times;
    private @Nullable Http1Responses responses;
    private @Nullable Http1Requests requests;
    /** What the connection has become, with neither a decoder nor an encoder of HTTP any more; null for none. */
    private @Nullable WebSocketConnection webSocket;

    private boolean draining;
    private boolean closing;
    private boolean lingers;
    private boolean hostPaused;

    HttpServerConnection(ServerRuntime runtime, GatewayOptions options, GatewayMethods methods) {
        this.runtime = runtime;
        this.options = options;
        this.methods = methods;
    }

    private static <T> T added(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("the connection has not been added to its pipeline");
        }
        return field;
    }

    private ChannelHandlerContext ctx() {
        return added(ctx);
    }

    private Http1Times times() {
        return added(times);
    }

    private Http1Responses responses() {
        return added(responses);
    }

    private Http1Requests requests() {
        return added(requests);
    }

    /** The engine's side of the connection. Any thread. */
    StreamHost host() {
        return added(host);
    }

    /** The request that has come last. */
    HttpExchange exchange() {
        return requests().exchange();
    }

    /** Whether a request has begun and is not whole. */
    boolean isRequestOpen() {
        return requests().isOpen();
    }

    boolean isClosing() {
        return closing;
    }

    @Nullable
    WebSocketConnection webSocket() {
        return webSocket;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        // The responses of HTTP/1 come one after the other, whatever the server allows on other connections.
        host = runtime.hosts().create(context.channel(), this, runtime.limits().withMaxConcurrentStreams(1), this);
        responses = new Http1Responses(this, context);
        times = new Http1Times(this, runtime, context.channel(), TimeLimit.nanos(options.idleTimeout()));
        requests = new Http1Requests(this, responses(), times(), runtime, options, methods);
        runtime.register(context.channel(), this);
    }

    @Override
    public void onBytes(int count, boolean withinRequest) {
        times().onBytes(count, withinRequest);
    }

    /** Bytes of a stream have come, in the body of a request or in the frames of a WebSocket. */
    void onMessageBytes(int count, RequestMessages.Progress progress) {
        times().onMessageBytes(count, progress);
    }

    // ---- reading ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        requests().take(message);
    }

    /** Answers a request for a WebSocket, and makes the connection a WebSocket. */
    void openWebSocket(HttpHead read) throws HttpRefusal {
        WebSocketConnection.check(read);
        WebSocketConnection socket = new WebSocketConnection(
                this, runtime, options.maxRequestBytes(runtime.limits().maxMessageBytes()));
        HttpCall stream = requests().router().openWebSocket(read, socket);
        // From now on the WebSocket is given the bytes that come. This handler is told of the connection's state alone.
        responses().becomeWebSocket();
        HttpHeaders headers = exchange()
                .forBrowsers(DefaultHttpHeadersFactory.headersFactory().newHeaders());
        socket.carry(stream);
        webSocket = socket;
        socket.begin(ctx(), read, headers);
        flush();
    }

    /** Writes frames of a WebSocket. Takes ownership. */
    void writeFrames(ByteBuf frames) {
        responses().write(frames);
    }

    /** The stream of a WebSocket has ended, and its client has been told to close. */
    void webSocketEnded() {
        requests().ended();
        responses().close();
        times().used();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        host().readComplete();
        flush();
    }

    // ---- pausing ----

    /** Reads the socket, or does not, as things are now. */
    void updateReading() {
        boolean read = closing || (!hostPaused && !requests().isFull());
        if (!read) {
            times().paused();
        }
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

    @Override
    public boolean isWritable() {
        return responses().isWritable();
    }

    @Override
    public void flush() {
        responses().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            host().writable();
        }
    }

    /**
     * Whether another request may follow. It may not where more of a request is to come than is read away: its sender has to be
     * told that the connection ends, or else the sender's next request is lost with it.
     */
    boolean takesMore() {
        HttpHead head = exchange().head();
        HttpCall running = exchange().call();
        boolean isTooLongToDiscard = isRequestOpen()
                && head != null
                && (running == null || !running.isStreaming())
                && head.contentLength() > Http1Requests.MAX_DISCARDED_BYTES;
        return !draining && !runtime.isClosing() && !isTooLongToDiscard;
    }

    /** Gives up a connection whose response cannot be finished. */
    void abort(String why) {
        closing = true;
        requests().drop();
        host().close(why);
    }

    /**
     * Ends the connection behind the response, because what is left of the request must not be taken for the beginning of
     * another one.
     */
    void endBehindResponse() {
        responses().closeBehind();
    }

    /** The response to the current request has been written. */
    void responseEnded() {
        responses().close();
        exchange().answered();
        onMessageBytes(0, RequestMessages.Progress.WHOLE);
        times().used();
        if (!responses().keepsAlive() || draining || runtime.isClosing()) {
            closeAfterFlush();
        } else {
            requests().next();
        }
    }

    // ---- refusing and closing ----

    /** Answers a request that is not run, or not run any more; {@code last} says that no other can follow it. */
    void refuse(HttpRefusal refusal, boolean last) {
        boolean ran = exchange().call() != null;
        exchange().giveUp(refusal);
        lingers |= last || isRequestOpen();
        if (!responses().isOpen()) {
            if (isRequestOpen()) {
                // The request has its response already, and what is wrong is in the part that nobody reads.
                closeAfterFlush();
                return;
            }
            // The bytes belong to no request yet.
            requests().forget();
            responses().open(!last && !ran && responses().keepsAlive());
        } else if (last || ran) {
            responses().closeBehind();
        }
        if (responses().hasBegun()) {
            abort(String.valueOf(refusal.getMessage()));
        } else {
            responses().reply(exchange().refusal(refusal));
        }
    }

    /** Closes behind what was written, in a way that lets the peer read it although the peer may still be sending. */
    void closeAfterFlush() {
        if (closing) {
            return;
        }
        closing = true;
        requests().drop();
        ChannelHandlerContext context = ctx();
        if ((isRequestOpen() || lingers)
                && webSocket == null
                && context.pipeline().get(SslHandler.class) == null) {
            context.pipeline().addBefore(DECODER, null, new LingeringClose());
        }
        updateReading();
        responses().flushed();
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closing = true;
        requests().drop();
        String why = host().closedBecause();
        RpcException reason = StatusException.outcome(
                StatusCode.CANCELLED,
                why == null ? "the HTTP client has closed the connection [triggered by remote service]" : why,
                List.of(),
                null);
        exchange().left(reason);
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
        return responses().isOpen() ? 1 : 0;
    }

    @Override
    public void drain() {
        draining = true;
        if (!responses().isOpen() && !isRequestOpen()) {
            closeAfterFlush();
        }
    }
}
