package io.streamx.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.streamx.InProcessAddress;
import io.streamx.engine.flow.ProcessMemory;
import io.streamx.net.DeadPeers;
import io.streamx.net.EventLoops;
import io.streamx.net.PacedWrites;
import io.streamx.net.Sockets;
import io.streamx.tls.ServerHandshakes;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.TimeSource;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a port or on a name within the process, and gives each connection that comes the handlers that find out whether it begins with TLS and
 * which protocol it speaks.
 */
final class Acceptor extends ChannelInitializer<Channel> {
    private final HandlerRuntime runtime;
    private final List<ServerProtocol> protocols;
    private final @Nullable ServerHandshakes handshakes;
    private final Duration idleTimeout;
    private final Duration readTimeout;
    private final Duration deadPeerTimeout;
    private final TimeSource time;

    /** {@code handshakes} is null for a server in clear text. */
    Acceptor(
            HandlerRuntime runtime,
            List<ServerProtocol> protocols,
            @Nullable ServerHandshakes handshakes,
            Duration idleTimeout,
            Duration readTimeout,
            Duration deadPeerTimeout,
            TimeSource time) {
        this.runtime = runtime;
        this.protocols = protocols;
        this.handshakes = handshakes;
        this.idleTimeout = idleTimeout;
        this.readTimeout = readTimeout;
        this.deadPeerTimeout = deadPeerTimeout;
        this.time = time;
    }

    /** Begins to listen on a port, or on a name within the process. The future says whether that was possible. */
    ChannelFuture bind(EventLoops loops, SocketAddress place) {
        if (place instanceof InProcessAddress) {
            return Sockets.listeningInProcess(loops.group()).childHandler(this).bind(place);
        }
        ServerBootstrap bootstrap = Sockets.listening(loops.group());
        DeadPeers.set(bootstrap::childOption, DeadPeers.options(deadPeerTimeout));
        return bootstrap.handler(new AcceptFailures()).childHandler(this).bind(place);
    }

    @Override
    protected void initChannel(Channel channel) {
        time.measures(channel);
        if (!runtime.opened(channel)) {
            return;
        }
        if (handshakes != null) {
            channel.pipeline().addLast(new TlsDetector(handshakes, runtime));
        }
        PacedWrites.install(channel, ProcessMemory.newHolder(), runtime.watchWrites(channel));
        channel.pipeline().addLast(new ProtocolDetector(protocols, runtime, idleTimeout, readTimeout));
    }
}
