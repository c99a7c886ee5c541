package io.streamx.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.streamx.RpcException;
import io.streamx.net.AcceptedBacklog;
import io.streamx.net.EventLoops;
import io.streamx.net.Sockets;
import io.streamx.tls.ServerHandshakes;
import io.streamx.tls.ServerTls;
import io.streamx.wire.ServerProtocol;
import io.streamx.wire.Thrown;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The port that a server listens on, with the event loops and the TLS settings of its connections. Whoever begins this
 * closes it.
 */
final class Listening {
    private final EventLoops loops;
    private final Channel listener;
    private final @Nullable ServerHandshakes handshakes;

    private Listening(EventLoops loops, Channel listener, @Nullable ServerHandshakes handshakes) {
        this.loops = loops;
        this.listener = listener;
        this.handshakes = handshakes;
    }

    /**
     * Begins to listen at {@code address}.
     *
     * @param protocols what a client may choose in a TLS handshake
     * @param tls null for a server in clear text
     * @param acceptor makes what is given each connection, for the TLS handshakes or null
     * @throws RpcException when the port cannot be listened on, naming it
     */
    static Listening begin(
            InetSocketAddress address,
            List<ServerProtocol> protocols,
            @Nullable ServerTls tls,
            Function<@Nullable ServerHandshakes, Acceptor> acceptor) {
        EventLoops loops = EventLoops.acquire();
        ServerHandshakes handshakes = tls == null ? null : handshakes(tls, protocols, loops);
        ChannelFuture bound = acceptor.apply(handshakes).bind(loops, address);
        Sockets.await(bound);
        Listening listening = new Listening(loops, bound.channel(), handshakes);
        if (!bound.isSuccess()) {
            listening.close();
            boolean everywhere = address.getAddress().isAnyLocalAddress();
            throw new RpcException(
                    "cannot listen on port " + address.getPort()
                            + (everywhere ? "" : " of " + address.getAddress().getHostAddress()) + ": "
                            + Thrown.text(Objects.requireNonNull(bound.cause())),
                    bound.cause());
        }
        return listening;
    }

    private static ServerHandshakes handshakes(ServerTls tls, List<ServerProtocol> protocols, EventLoops loops) {
        List<String> names = protocols.stream()
                .sorted(Comparator.comparing(ServerProtocol::isPreferred).reversed())
                .map(ServerProtocol::applicationProtocol)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        try {
            return new ServerHandshakes(tls, names, loops.group());
        } catch (RuntimeException e) {
            loops.close();
            throw e;
        }
    }

    /** Where connections are accepted. */
    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Takes no more connections; those that were made go on. */
    void stopAccepting() {
        AcceptedBacklog.close(listener, loops.group());
    }

    /** Gives back what connections use, when none is left. */
    void close() {
        if (handshakes != null) {
            handshakes.close();
        }
        loops.close();
    }
}
