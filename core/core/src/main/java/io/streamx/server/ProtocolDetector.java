package io.streamx.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.streamx.tls.ServerHandshakes;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.ServerRuntime;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes of a connection, once, and hands it to the protocol they belong to. A connection that speaks
 * none of the protocols is closed without an answer and is one line in the log. So is a connection that begins and does
 * not go on.
 */
final class ProtocolDetector extends ByteToMessageDecoder {
    private final List<ServerProtocol> protocols;
    private final ServerRuntime runtime;
    private final Duration idleTimeout;
    private final Duration readTimeout;
    private @Nullable Future<?> timeout;
    private boolean begun;

    ProtocolDetector(
            List<ServerProtocol> protocols, ServerRuntime runtime, Duration idleTimeout, Duration readTimeout) {
        this.protocols = protocols;
        this.runtime = runtime;
        this.idleTimeout = idleTimeout;
        this.readTimeout = readTimeout;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        closeAfter(ctx, idleTimeout);
        super.channelActive(ctx);
    }

    private void closeAfter(ChannelHandlerContext ctx, Duration delay) {
        cancelTimeout();
        timeout = schedule(ctx, () -> ctx.close(), delay);
    }

    private static Future<?> schedule(ChannelHandlerContext ctx, Runnable step, Duration delay) {
        return TimeSource.of(ctx.channel()).schedule(ctx.channel().eventLoop(), step, TimeLimit.nanos(delay));
    }

    private void cancelTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < ServerProtocol.DETECTION_BYTES) {
            if (!begun) {
                begun = true;
                cancelTimeout();
                timeout = schedule(ctx, () -> onReadTimeout(ctx), readTimeout);
            }
            return;
        }
        cancelTimeout();
        ChannelPipeline pipeline = ctx.pipeline();
        SslHandler tls = pipeline.get(SslHandler.class);
        String agreed = agreed(tls);
        if (tls == null && ServerHandshakes.isHandshake(in)) {
            // Looked at before the protocols are asked: a ClientHello of 384 bytes begins like a Framed Thrift message.
            refuse(ctx, "a TLS handshake, " + firstBytes(in), "clear text, as no TLS was set for this server");
            in.skipBytes(in.readableBytes());
            return;
        }
        for (ServerProtocol protocol : protocols) {
            if ((agreed == null || agreed.equals(protocol.applicationProtocol())) && protocol.matches(in)) {
                protocol.install(pipeline, runtime);
                // Removing this handler fires what has been read into the handlers just added.
                pipeline.remove(this);
                return;
            }
        }
        String bytes = firstBytes(in);
        refuse(ctx, agreed == null ? bytes : bytes + " after ALPN '" + agreed + "'", expectation(agreed));
        in.skipBytes(in.readableBytes());
    }

    private static String firstBytes(ByteBuf in) {
        return "first bytes " + ByteBufUtil.hexDump(in, in.readerIndex(), ServerProtocol.DETECTION_BYTES);
    }

    private void onReadTimeout(ChannelHandlerContext ctx) {
        refuse(
                ctx,
                "first bytes " + ByteBufUtil.hexDump(internalBuffer()) + " and no more within " + readTimeout.toMillis()
                        + " ms",
                expectation(agreed(ctx.pipeline().get(SslHandler.class))));
    }

    private void refuse(ChannelHandlerContext ctx, String what, String expected) {
        runtime.refused(ctx.channel(), what, expected);
        ctx.close();
    }

    /** The protocol that both sides agreed on by ALPN; null when there was none. */
    private static @Nullable String agreed(@Nullable SslHandler tls) {
        return tls == null ? null : tls.applicationProtocol();
    }

    private String expectation(@Nullable String agreed) {
        return protocols.stream()
                .filter(protocol -> agreed == null || agreed.equals(protocol.applicationProtocol()))
                .map(ServerProtocol::expectation)
                .collect(Collectors.joining(", or "));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        cancelTimeout();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        cancelTimeout();
        super.channelInactive(ctx);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The connection broke before it said anything.
        ctx.close();
    }
}
