package io.streamx.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;
import io.streamx.wire.TimeLimit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of a server's connections, for the runtime. It begins with the server and is closed with the server. Safe
 * from any thread.
 */
public final class ServerHandshakes implements AutoCloseable {
    /** A record of the type "handshake" and of any version: RFC 8446 section 5.1. */
    private static final int HANDSHAKE = 0x1603;

    /** How many bytes {@link #isHandshake} looks at. */
    public static final int DETECTION_BYTES = 2;

    private final ServerTls tls;
    private final List<String> applicationProtocols;
    private final @Nullable ScheduledFuture<?> reloading;
    private final Refusals.Side side;

    /**
     * Handshakes with the settings {@code tls}.
     *
     * @param applicationProtocols what clients may choose by ALPN
     * @param loops where a timer looks for changed files
     */
    public ServerHandshakes(ServerTls tls, List<String> applicationProtocols, EventLoopGroup loops) {
        this.tls = tls;
        this.applicationProtocols = List.copyOf(applicationProtocols);
        this.side = new OfServer(tls.contexts());
        // The context is made now, so that what the engine makes of the protocols is known before the first connection.
        tls.contexts().context(this.applicationProtocols);
        Duration interval = tls.contexts().interval();
        reloading = interval == null
                ? null
                : loops.next()
                        .scheduleWithFixedDelay(
                                () -> VirtualThreads.EXECUTOR.execute(tls.contexts()::reloadIfChanged),
                                TimeLimit.nanos(interval),
                                TimeLimit.nanos(interval),
                                TimeUnit.NANOSECONDS);
    }

    /** Whether a connection that begins with these {@link #DETECTION_BYTES} bytes is one of TLS. */
    public static boolean isHandshake(ByteBuf firstBytes) {
        return firstBytes.getUnsignedShort(firstBytes.readerIndex()) == HANDSHAKE;
    }

    /** Whether connections without TLS are served too. */
    public boolean isClearTextAllowed() {
        return tls.isClearTextAllowed();
    }

    /** The handler that does the handshake on one channel, within {@code timeout}. */
    public SslHandler newHandler(Channel channel, Duration timeout) {
        SslHandler handler =
                tls.contexts().context(applicationProtocols).newHandler(channel.alloc(), VirtualThreads.EXECUTOR);
        handler.setHandshakeTimeout(TimeLimit.nanos(timeout), TimeUnit.NANOSECONDS);
        handler.setCloseNotifyFlushTimeoutMillis(ClientHandshakes.CLOSE_TIMEOUT.toMillis());
        return handler;
    }

    /** Remembers who the client is. To be called after the handshake. */
    public void secured(Channel channel, SslHandler handler) {
        PeerCertificates.remember(channel, handler.engine().getSession());
    }

    /** Why a handshake failed. */
    public Refusal refusal(Throwable failure) {
        return Refusals.of(failure, side);
    }

    /** Ends the timer. */
    @Override
    public void close() {
        if (reloading != null) {
            reloading.cancel(false);
        }
    }

    private record OfServer(TlsContexts contexts) implements Refusals.Side {
        @Override
        public String peer() {
            return "client";
        }

        @Override
        public String shown() {
            return contexts.shown();
        }

        @Override
        public String expectedOfOurs() {
            return "a client that trusts it and calls this server by a name in it";
        }

        @Override
        public String expectedPeer() {
            return "a client that goes on with the handshake";
        }
    }
}
