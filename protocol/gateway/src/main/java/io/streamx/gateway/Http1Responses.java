package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.streamx.wire.StreamHost;

/** The responses of a connection of HTTP/1, one behind the other. On the event loop. */
final class Http1Responses implements HttpResponder {
    /** Larger bodies are written in pieces, so that it shows whether their reader goes on reading. */
    private static final int PIECE_BYTES = 64 << 10;

    private final HttpServerConnection connection;
    private final ChannelHandlerContext ctx;
    /** Whether a request has begun whose response is not whole. */
    private boolean open;
    /** Whether the head of the response has been written. */
    private boolean begun;

    private boolean keepAlive;
    private boolean unflushed;

    Http1Responses(HttpServerConnection connection, ChannelHandlerContext ctx) {
        this.connection = connection;
        this.ctx = ctx;
    }

    boolean isOpen() {
        return open;
    }

    boolean hasBegun() {
        return begun;
    }

    /** Whether another request may follow on the connection. */
    boolean keepsAlive() {
        return keepAlive;
    }

    /** A request has come, whose response comes next. */
    void open(boolean mayKeepAlive) {
        open = true;
        begun = false;
        keepAlive = mayKeepAlive;
    }

    /** The request that has come is the last one of the connection. */
    void closeBehind() {
        keepAlive = false;
    }

    /** The head of the response is another's to write: the connection has become a WebSocket. */
    void becomeWebSocket() {
        keepAlive = true;
        begun = true;
        unflushed = true;
    }

    /** The response is whole. */
    void close() {
        open = false;
    }

    /** Tells a client that waits before it sends the body of its request that it may. */
    void goOn() {
        write(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        flush();
    }

    /** Writes something that the pipeline knows. Takes ownership. */
    void write(Object message) {
        unflushed = true;
        ctx.write(message, ctx.newPromise());
    }

    /**
     * Notes that the bytes written so far are flushed by the caller of this method, so that {@link #flush} need not do it
     * again.
     */
    void flushed() {
        unflushed = false;
    }

    @Override
    public StreamHost host() {
        return connection.host();
    }

    @Override
    public boolean isWritable() {
        return ctx.channel().isWritable() || !ctx.channel().isActive();
    }

    @Override
    public void flush() {
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    private HttpHeaders connectionHeaders(HttpHeaders headers) {
        HttpExchange exchange = connection.exchange();
        exchange.forBrowsers(headers);
        keepAlive &= connection.takesMore();
        HttpHead head = exchange.head();
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (head != null && head.isHttp10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        return headers;
    }

    @Override
    public boolean reply(HttpReply reply, int cost) {
        ByteBuf body = reply.body();
        if (!open || connection.isClosing() || !ctx.channel().isActive()) {
            body.release();
            return true;
        }
        begun = true;
        HttpHeaders headers = connectionHeaders(reply.headers());
        if (reply.status() != HttpResponseStatus.NO_CONTENT.code()) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        }
        write(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), headers));
        if (connection.exchange().isHead()) {
            body.release();
        } else {
            while (body.readableBytes() > PIECE_BYTES) {
                write(new DefaultHttpContent(body.readRetainedSlice(PIECE_BYTES)));
            }
            write(new DefaultHttpContent(body));
        }
        write(LastHttpContent.EMPTY_LAST_CONTENT);
        connection.responseEnded();
        return true;
    }

    @Override
    public void begin(int status, HttpHeaders headers) {
        begun = true;
        HttpHead head = connection.exchange().head();
        if (head != null && head.isHttp10()) {
            // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
            keepAlive = false;
        } else {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        write(new DefaultHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), connectionHeaders(headers)));
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
        connection.responseEnded();
    }

    @Override
    public void abort(String why) {
        connection.abort(why);
    }
}
