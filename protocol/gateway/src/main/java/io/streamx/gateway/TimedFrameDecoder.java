package io.streamx.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.streamx.gateway.RequestMessages.Progress;
import java.util.List;

/**
 * Netty's decoder of frames, which also counts bytes, so that a text that begins and does not go on can be given up. A text may
 * come in several frames, and other frames may come between them.
 */
final class TimedFrameDecoder extends WebSocket13FrameDecoder {
    /** What is told of the bytes that come. */
    interface Listener {
        /** So many bytes have come, and what is whole of them was handed on. */
        void onFrameBytes(int count, Progress progress);
    }

    private final Listener listener;
    private boolean withinText;
    private boolean withinFrame;
    private boolean goesOn;
    /** What has been decoded of a text that comes in several frames. */
    private int fragmentBytes;

    TimedFrameDecoder(WebSocketDecoderConfig config, Listener listener) {
        super(config);
        this.listener = listener;
    }

    /** Whether no text and no frame has begun that is not whole. */
    boolean isWhole() {
        return !withinText && !withinFrame;
    }

    /** How much is held of what is not whole. */
    int heldBytes() {
        return actualReadableBytes() + fragmentBytes;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int before = in.readableBytes();
        super.decode(ctx, in, out);
        if (!out.isEmpty() && out.getLast() instanceof WebSocketFrame frame) {
            if (isData(frame)) {
                withinText = !frame.isFinalFragment();
                fragmentBytes = withinText ? fragmentBytes + frame.content().readableBytes() : 0;
            }
            withinFrame = in.isReadable();
            goesOn &= withinText;
        } else if (before > 0) {
            withinFrame = true;
        }
    }

    private static boolean isData(WebSocketFrame frame) {
        return !(frame instanceof PingWebSocketFrame
                || frame instanceof PongWebSocketFrame
                || frame instanceof CloseWebSocketFrame);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        int count = message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        goesOn = withinText || withinFrame;
        super.channelRead(ctx, message);
        if (isWhole()) {
            listener.onFrameBytes(count, Progress.WHOLE);
        } else {
            listener.onFrameBytes(count, goesOn ? Progress.GOES_ON : Progress.BEGUN);
        }
    }
}
