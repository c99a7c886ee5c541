package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslHandler;
import io.streamx.StatusCode;
import io.streamx.net.LingeringClose;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.StreamHost;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A connection of HTTP/1.1 that has become a WebSocket. Its frames are read in front of the connection that it was, which goes on
 * to be the engine's. On the event loop. Source: RFC 6455.
 */
final class WebSocketConnection implements HttpResponder {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static final String VERSION = "13";
    private static final int KEY_BYTES = 16;
    /** How long a client has for closing after it was told to. */
    static final long CLOSE_SECONDS = 5;

    private final HttpServerConnection connection;
    private final WebSocketFrames frames;

    WebSocketConnection(HttpServerConnection connection, ServerRuntime runtime, int maxMessageBytes) {
        this.connection = connection;
        frames = new WebSocketFrames(connection.host().channel(), connection::isWritable, runtime, maxMessageBytes);
    }

    /** Whether a request asks for a WebSocket. */
    static boolean isAskedFor(HttpHead head) {
        return head.elements(HttpHeaderNames.UPGRADE).anyMatch("websocket"::equals)
                && head.elements(HttpHeaderNames.CONNECTION).anyMatch("upgrade"::equals);
    }

    /** Refuses a request that asks for a WebSocket in a way that none can come of. */
    static void check(HttpHead head) throws HttpRefusal {
        if (!VERSION.equals(head.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new HttpRefusal(HttpResponseStatus.UPGRADE_REQUIRED, StatusCode.UNIMPLEMENTED, unknownVersion(head));
        }
        String key = head.header(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null || !isKey(key.strip())) {
            throw HttpRefusal.badRequest("Sec-WebSocket-Key (expected: " + KEY_BYTES + " bytes in base64)");
        }
        if (head.contentLength() > 0 || head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            throw HttpRefusal.badRequest("a body in a request for a WebSocket (expected: none)");
        }
    }

    /** What is wrong with the version of a WebSocket that is asked for. */
    static String unknownVersion(HttpHead head) {
        return "Sec-WebSocket-Version " + head.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION) + " (expected: " + VERSION
                + ")";
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }

    /** The stream that this carries has begun. */
    void carry(HttpCall stream) {
        frames.carry(stream);
    }

    /** Agrees to become a WebSocket, and makes the pipeline speak it. */
    void begin(ChannelHandlerContext http, HttpHead head, HttpHeaders headers) {
        headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(head));
        http.write(new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.SWITCHING_PROTOCOLS,
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE));
        ChannelPipeline pipeline = http.pipeline();
        if (pipeline.get(SslHandler.class) == null) {
            // A socket that is closed with unread bytes resets the connection, and its client may not see why.
            pipeline.addFirst(new LingeringClose());
        }
        for (ChannelHandler handler : frames.handlers(frames.decoder(connection::onMessageBytes))) {
            pipeline.addBefore(http.name(), null, handler);
        }
        pipeline.remove(HttpServerConnection.ENCODER);
        // What has come behind the request goes to the decoder of frames when the decoder of requests is done.
        pipeline.remove(HttpServerConnection.DECODER);
    }

    private static String accept(HttpHead head) {
        String key =
                String.valueOf(head.header(HttpHeaderNames.SEC_WEBSOCKET_KEY)).strip();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /** A text has begun and is not whole in time. */
    void onLateText(String why) {
        frames.onLateText(why);
    }

    @Override
    public StreamHost host() {
        return connection.host();
    }

    @Override
    public boolean reply(HttpReply reply, int cost) {
        throw new IllegalStateException("a WebSocket carries a stream");
    }

    /** Does nothing, because the head of the response is what the WebSocket began with. */
    @Override
    public void begin(int status, HttpHeaders headers) {}

    @Override
    public void content(ByteBuf piece) {
        connection.writeFrames(piece);
    }

    @Override
    public void end() {
        frames.ended();
        connection.webSocketEnded();
        host().channel().eventLoop().schedule(() -> host().channel().close(), CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void flush() {
        connection.flush();
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable();
    }

    @Override
    public void abort(String why) {
        connection.abort(why);
    }
}
