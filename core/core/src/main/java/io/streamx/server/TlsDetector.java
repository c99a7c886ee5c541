package io.streamx.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.streamx.net.LingeringClose;
import io.streamx.tls.ServerHandshakes;
import io.streamx.wire.Defaults;
import io.streamx.wire.ServerRuntime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether a connection begins with a TLS handshake. If so TLS takes the place of this handler, and the handlers
 * behind see decrypted bytes. If not, the connection goes on in clear text where that is allowed, and is refused
 * otherwise.
 */
final class TlsDetector extends ByteToMessageDecoder {
    /**
     * The TLS alert unexpected_message, fatal (RFC 8446 section 6): it tells a peer without TLS why it is refused.
     * Clients of StreamX for Java know these bytes.
     */
    private static final byte[] UNEXPECTED_MESSAGE = {0x15, 3, 3, 0, 2, 2, 10};

    private static final int SHOWN_BYTES = 8;

    private final ServerHandshakes tls;
    private final ServerRuntime runtime;
    private @Nullable ScheduledFuture<?> timeout;

    TlsDetector(ServerHandshakes tls, ServerRuntime runtime) {
        this.tls = tls;
        this.runtime = runtime;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < ServerHandshakes.DETECTION_BYTES) {
            if (timeout == null) {
                // The connection has begun and does not go on.
                timeout = ctx.executor()
                        .schedule(() -> ctx.close(), Defaults.READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            }
            return;
        }
        ChannelPipeline pipeline = ctx.pipeline();
        if (ServerHandshakes.isHandshake(in)) {
            SslHandler handler = tls.newHandler(ctx.channel(), Defaults.TLS_HANDSHAKE_TIMEOUT);
            LingeringClose lingering = new LingeringClose();
            pipeline.addAfter(ctx.name(), null, new TlsAcceptance(tls, runtime, handler, lingering));
            pipeline.addAfter(ctx.name(), null, handler);
            pipeline.addAfter(ctx.name(), null, lingering);
            // Removing this handler fires what has been read into TLS.
            pipeline.remove(this);
        } else if (tls.isClearTextAllowed()) {
            pipeline.remove(this);
        } else {
            runtime.refused(
                    ctx.channel(),
                    "no TLS, first bytes "
                            + ByteBufUtil.hexDump(in, in.readerIndex(), Math.min(SHOWN_BYTES, in.readableBytes())),
                    "a TLS handshake; clear text is not allowed beside it");
            in.skipBytes(in.readableBytes());
            pipeline.addBefore(ctx.name(), null, new LingeringClose());
            ctx.writeAndFlush(Unpooled.wrappedBuffer(UNEXPECTED_MESSAGE)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }
}
