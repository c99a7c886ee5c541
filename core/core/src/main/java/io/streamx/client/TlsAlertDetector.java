package io.streamx.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.streamx.RpcException;

/**
 * Looks at the first bytes of a connection without TLS, once: a server that wants TLS answers clear text with an alert,
 * which no other protocol could make sense of.
 */
final class TlsAlertDetector extends ChannelInboundHandlerAdapter {
    /** Type "alert", a version of TLS, a length of 2, level "fatal": RFC 8446 sections 5.1 and 6. */
    private static final int ALERT_AND_MAJOR_VERSION = 0x1503;

    private static final int LENGTH_AND_FATAL = 0x000202;
    private static final int ALERT_BYTES = 7;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ctx.pipeline().remove(this);
        if (message instanceof ByteBuf bytes && isAlert(bytes)) {
            bytes.release();
            ctx.fireExceptionCaught(
                    new RpcException(
                            "the server answered with a TLS alert: it wants TLS, and this client uses none (expected: Client.builder(..).tls(..), or a server without TLS)"));
            ctx.close();
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private static boolean isAlert(ByteBuf bytes) {
        int at = bytes.readerIndex();
        return bytes.readableBytes() == ALERT_BYTES
                && bytes.getUnsignedShort(at) == ALERT_AND_MAJOR_VERSION
                && bytes.getUnsignedMedium(at + 3) == LENGTH_AND_FATAL;
    }
}
