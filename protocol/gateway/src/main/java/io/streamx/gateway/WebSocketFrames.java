package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.util.ReferenceCountUtil;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.wire.ServerRuntime;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a WebSocket, which carries one stream: what becomes of those that come, and which end it. The last handler of a
 * pipeline that reads and writes frames. On the event loop. Source: RFC 6455.
 */
final class WebSocketFrames extends ChannelInboundHandlerAdapter {
    static final String CLIENT_CLOSED = "the HTTP client has closed the connection [triggered by remote service]";
    /** What stands around a message in its text. */
    private static final int WRAPPING_BYTES = 64;

    private final Channel connection;
    private final BooleanSupplier isWritable;
    private final ServerRuntime runtime;
    private final int maxMessageBytes;
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable HttpCall call;
    private boolean closing;

    /**
     * The frames of one WebSocket.
     *
     * @param connection what the log names when something is refused
     * @param isWritable whether the network takes bytes now
     * @param maxMessageBytes how large a message may be that comes
     */
    WebSocketFrames(Channel connection, BooleanSupplier isWritable, ServerRuntime runtime, int maxMessageBytes) {
        this.connection = connection;
        this.isWritable = isWritable;
        this.runtime = runtime;
        this.maxMessageBytes = maxMessageBytes;
    }

    /** How large a text may be, with what stands around its message. */
    int maxTextBytes() {
        return (int) Math.min(Integer.MAX_VALUE, (long) maxMessageBytes + WRAPPING_BYTES);
    }

    /** The decoder of the frames of a client; {@code listener} is told of the bytes. */
    TimedFrameDecoder decoder(TimedFrameDecoder.Listener listener) {
        return new TimedFrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                        .maxFramePayloadLength(maxTextBytes())
                        .expectMaskedFrames(true)
                        .allowExtensions(false)
                        .closeOnProtocolViolation(true)
                        .build(),
                listener);
    }

    /** The handlers of a pipeline that carries a WebSocket, this one behind the others. */
    List<ChannelHandler> handlers(TimedFrameDecoder decoder) {
        return List.of(
                new WebSocket13FrameEncoder(false),
                decoder,
                new Utf8FrameValidator(true),
                new WebSocketFrameAggregator(maxTextBytes()),
                this);
    }

    /** The stream that these carry has begun. */
    void carry(HttpCall stream) {
        call = stream;
    }

    /** Whether what comes is still read for the stream. */
    boolean isOpen() {
        return call != null && !closing;
    }

    /** The stream has ended, and the client has been told to close. */
    void ended() {
        closing = true;
        call = null;
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
                if (isWritable.getAsBoolean()) {
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
        left(StatusException.outcome(StatusCode.CANCELLED, why, List.of(), null));
    }

    /** Nobody is there any more for whom the stream runs. */
    void left(RpcException reason) {
        HttpCall running = call;
        call = null;
        closing = true;
        if (running != null) {
            running.onLeft(reason);
        }
    }

    /** Closes because of what has come, and tells why. */
    private void close(WebSocketCloseStatus status, String why) {
        if (closing) {
            return;
        }
        closing = true;
        runtime.refused(connection, why, "messages of a WebSocket");
        leave(why);
        ctx().writeAndFlush(WebSocketFormat.close(status.code(), why)).addListener(ChannelFutureListener.CLOSE);
    }

    /** A text has begun and is not whole in time. */
    void onLateText(String why) {
        close(WebSocketCloseStatus.POLICY_VIOLATION, why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof PrematureChannelClosureException) {
            // A text that has begun will not be whole: for this the WebSocket was closed, or its client has left.
            return;
        }
        if (cause instanceof TooLongFrameException && !closing) {
            close(WebSocketCloseStatus.MESSAGE_TOO_BIG, "a message of more than " + maxMessageBytes + " bytes");
        } else if (cause instanceof CorruptedWebSocketFrameException) {
            // The decoder of frames has told the client, and closes.
            closing = true;
            runtime.refused(connection, String.valueOf(cause.getMessage()), "frames as in RFC 6455");
            leave(String.valueOf(cause.getMessage()));
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        leave(CLIENT_CLOSED);
        super.channelInactive(context);
    }
}
