package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.net.LingeringClose;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.StreamHost;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has become a WebSocket, which carries one stream. It stands in front of the connection that it was, which
 * goes on to be the engine's. On the event loop. Source: RFC 6455.
 */
final class WebSocketConnection extends ChannelInboundHandlerAdapter implements HttpResponder {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static final String VERSION = "13";
    private static final int KEY_BYTES = 16;
    /** What stands around a message in its text. */
    private static final int WRAPPING_BYTES = 64;
    /** How long a client has for closing after it was told to. */
    private static final long CLOSE_SECONDS = 5;

    private final HttpServerConnection connection;
    private final ServerRuntime runtime;
    private final int maxMessageBytes;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable HttpCall call;
    private boolean closing;

    WebSocketConnection(HttpServerConnection connection, ServerRuntime runtime, int maxMessageBytes) {
        this.connection = connection;
        this.runtime = runtime;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Whether a request asks for a WebSocket. */
    static boolean isAskedFor(HttpHead head) {
        return head.elements(HttpHeaderNames.UPGRADE).anyMatch("websocket"::equals)
                && head.elements(HttpHeaderNames.CONNECTION).anyMatch("upgrade"::equals);
    }

    /** Refuses a request that asks for a WebSocket in a way that none can come of. */
    static void check(HttpHead head) throws HttpRefusal {
        if (!VERSION.equals(head.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            throw new HttpRefusal(
                    HttpResponseStatus.UPGRADE_REQUIRED,
                    StatusCode.UNIMPLEMENTED,
                    "Sec-WebSocket-Version " + head.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION) + " (expected: "
                            + VERSION + ")");
        }
        String key = head.header(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        if (key == null || !isKey(key.strip())) {
            throw HttpRefusal.badRequest("Sec-WebSocket-Key (expected: " + KEY_BYTES + " bytes in base64)");
        }
        if (head.contentLength() > 0 || head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            throw HttpRefusal.badRequest("a body in a request for a WebSocket (expected: none)");
        }
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
        call = stream;
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
                io.netty.handler.codec.http.EmptyHttpHeaders.INSTANCE));
        int maxTextBytes = maxMessageBytes + WRAPPING_BYTES;
        ChannelPipeline pipeline = http.pipeline();
        String own = http.name();
        if (pipeline.get(SslHandler.class) == null) {
            // A socket that is closed with unread bytes resets the connection, and its client may not see why.
            pipeline.addFirst(new LingeringClose());
        }
        pipeline.addBefore(own, null, new WebSocket13FrameEncoder(false));
        pipeline.addBefore(
                own,
                null,
                new TimedFrameDecoder(
                        WebSocketDecoderConfig.newBuilder()
                                .maxFramePayloadLength(maxTextBytes)
                                .expectMaskedFrames(true)
                                .allowExtensions(false)
                                .closeOnProtocolViolation(true)
                                .build(),
                        connection::onMessageBytes));
        pipeline.addBefore(own, null, new Utf8FrameValidator(true));
        pipeline.addBefore(own, null, new WebSocketFrameAggregator(maxTextBytes));
        pipeline.addBefore(own, null, this);
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

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    private ChannelHandlerContext ctx() {
        ChannelHandlerContext added = ctx;
        if (added == null) {
            throw new IllegalStateException("the WebSocket has not begun");
        }
        return added;
    }

    // ---- what comes ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof WebSocketFrame frame)) {
            // The end of the request, which the decoder of requests still had in its hands.
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            onFrame(frame);
        } finally {
            frame.release();
        }
    }

    private void onFrame(WebSocketFrame frame) {
        switch (frame) {
            case TextWebSocketFrame text -> onText(text.content());
            case PingWebSocketFrame ping -> {
                // Whoever sends pings and does not read answers gets none.
                if (ctx().channel().isWritable()) {
                    ctx().writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                }
            }
            case PongWebSocketFrame pong -> {}
            case CloseWebSocketFrame close -> onClose(close);
            default -> close(WebSocketCloseStatus.INVALID_MESSAGE_TYPE, "texts of JSON are expected");
        }
    }

    private void onText(ByteBuf text) {
        HttpCall running = call;
        if (running == null || closing) {
            return;
        }
        try {
            running.onContent(text);
        } catch (HttpRefusal refusal) {
            close(WebSocketCloseStatus.PROTOCOL_ERROR, String.valueOf(refusal.getMessage()));
        }
    }

    private void onClose(CloseWebSocketFrame close) {
        if (!closing) {
            closing = true;
            leave(String.format(
                    Locale.ROOT, "the WebSocket was closed with %d [triggered by remote service]", close.statusCode()));
            ctx().write(WebSocketFormat.close(
                    close.statusCode() < 0 ? WebSocketCloseStatus.NORMAL_CLOSURE.code() : close.statusCode(), ""));
        }
        ctx().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void leave(String why) {
        HttpCall running = call;
        call = null;
        if (running != null) {
            running.onLeft(StatusException.outcome(StatusCode.CANCELLED, why, List.of(), null));
        }
    }

    /** Closes because of what has come, and tells why. */
    private void close(WebSocketCloseStatus status, String why) {
        if (closing) {
            return;
        }
        closing = true;
        runtime.refused(ctx().channel(), why, "messages of a WebSocket");
        leave(why);
        ctx().writeAndFlush(WebSocketFormat.close(status.code(), why)).addListener(ChannelFutureListener.CLOSE);
    }

    /** A text has begun and is not whole in time. */
    void onLateText(String why) {
        close(WebSocketCloseStatus.POLICY_VIOLATION, why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof TooLongFrameException && !closing) {
            close(WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message of more than " + maxMessageBytes + " bytes");
        } else if (cause instanceof io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException) {
            // The decoder of frames has told the client, and closes.
            closing = true;
            runtime.refused(context.channel(), String.valueOf(cause.getMessage()), "frames as in RFC 6455");
            leave(String.valueOf(cause.getMessage()));
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        closing = true;
        leave("the HTTP client has closed the connection [triggered by remote service]");
        super.channelInactive(context);
    }

    // ---- what goes ----

    @Override
    public StreamHost host() {
        return connection.host();
    }

    @Override
    public void reply(HttpReply reply) {
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
        closing = true;
        call = null;
        connection.webSocketEnded();
        ctx().channel().eventLoop().schedule(() -> ctx().close(), CLOSE_SECONDS, TimeUnit.SECONDS);
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
