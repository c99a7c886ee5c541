package io.streamx.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.streamx.RpcException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The TLS of a client's connections, for the runtime. Safe from any thread. */
public final class ClientHandshakes {
    /** A peer that does not even take the end of TLS is not waited for any longer. */
    static final Duration CLOSE_TIMEOUT = Duration.ofMillis(500);

    private final ClientTls tls;
    private final Refusals.Side side;

    /** Handshakes with the settings {@code tls}. */
    public ClientHandshakes(ClientTls tls) {
        this.tls = tls;
        this.side = new OfClient(tls.contexts());
    }

    /**
     * Reads the files of certificates when it is time to, and uses what has changed. This reads files and is not for
     * event loops.
     */
    public void reloadIfDue() {
        tls.contexts().reloadIfDue();
    }

    /**
     * Puts TLS into a channel that has no handlers yet. To be called on the event loop of the channel.
     *
     * @param host what the address names
     * @param applicationProtocol the protocol to offer by ALPN; null for none
     * @return the handler that tells when the handshake is over; whoever waits for that closes the channel when it
     *     takes too long
     */
    public SslHandler install(Channel channel, String host, int port, @Nullable String applicationProtocol) {
        String name = tls.serverName() != null ? tls.serverName() : host;
        SslHandler handler = tls.contexts()
                .context(applicationProtocol == null ? List.of() : List.of(applicationProtocol))
                .newHandler(channel.alloc(), name, port, VirtualThreads.EXECUTOR);
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_TIMEOUT.toMillis());
        channel.pipeline().addLast(handler, new Explaining());
        return handler;
    }

    /**
     * Why a handshake that succeeded is not good enough; null when it is.
     *
     * @param applicationProtocol what was offered by ALPN; null for nothing
     */
    public static @Nullable Refusal objection(SslHandler handler, @Nullable String applicationProtocol) {
        String agreed = handler.applicationProtocol();
        if (applicationProtocol == null || applicationProtocol.equals(agreed)) {
            return null;
        }
        return new Refusal(
                "the server agreed to " + (agreed == null ? "no protocol" : "'" + agreed + "'") + " by ALPN",
                "'" + applicationProtocol + "'");
    }

    /** Why a handshake failed. */
    public Refusal refusal(Throwable failure) {
        return Refusals.of(failure, side);
    }

    /**
     * Says in the connection's own errors what TLS alerts mean: in TLS 1.3 a server refuses a client's certificate after
     * the client's handshake is over.
     */
    private final class Explaining extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            boolean isTls = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
            ctx.fireExceptionCaught(isTls ? new RpcException(refusal(cause).toString(), cause) : cause);
        }
    }

    private record OfClient(TlsContexts contexts) implements Refusals.Side {
        @Override
        public String peer() {
            return "server";
        }

        @Override
        public String shown() {
            return contexts.shown();
        }

        @Override
        public String expectedOfOurs() {
            return "one that the server trusts, set with ClientTls.builder().identity(..)";
        }

        @Override
        public String expectedPeer() {
            return "a server that speaks TLS on this port";
        }
    }
}
