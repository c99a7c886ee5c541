package io.streamx.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.streamx.net.LingeringClose;
import io.streamx.tls.Refusal;
import io.streamx.tls.ServerHandshakes;
import io.streamx.wire.ServerRuntime;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** Takes the outcome of a handshake, which is the client's certificate or one line in the log. */
final class TlsAcceptance extends ChannelInboundHandlerAdapter {
    private final ServerHandshakes tls;
    private final ServerRuntime runtime;
    private final SslHandler handler;
    private final LingeringClose lingering;

    TlsAcceptance(ServerHandshakes tls, ServerRuntime runtime, SslHandler handler, LingeringClose lingering) {
        this.tls = tls;
        this.runtime = runtime;
        this.handler = handler;
        this.lingering = lingering;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                tls.secured(ctx.channel(), handler);
                ChannelPipeline pipeline = ctx.pipeline();
                pipeline.remove(lingering);
            } else if (!(completion.cause() instanceof ClosedChannelException)) {
                // A client that goes away during the handshake is not worth a line.
                Refusal refusal = tls.refusal(completion.cause());
                runtime.refused(ctx.channel(), refusal.what(), refusal.expected());
            }
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean isTls = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
        if (isTls && !handler.handshakeFuture().isSuccess()) {
            // The failure of the handshake itself was told when the handshake was completed.
            return;
        }
        // For the protocols behind TLS, the failure means that the connection broke.
        ctx.fireExceptionCaught(isTls ? new IOException(tls.refusal(cause).toString(), cause) : cause);
    }
}
