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
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, a port and names within the process, with the event loops and the TLS settings of its connections. Whoever begins this
 * closes it.
 */
final class Listening {
    private final EventLoops loops;
    private final List<Channel> listeners = new ArrayList<>();
    private final @Nullable ServerHandshakes handshakes;

    private Listening(EventLoops loops, @Nullable ServerHandshakes handshakes) {
        this.loops = loops;
        this.handshakes = handshakes;
    }

    /**
     * Begins to listen at all of {@code places}.
     *
     * @param protocols what a client may choose in a TLS handshake
     * @param tls null for a server in clear text
     * @param acceptor makes what is given each connection, for the TLS handshakes or null
     * @throws RpcException when one of the places cannot be listened on, naming it; none is listened on then
     */
    static Listening begin(
            List<SocketAddress> places,
            List<ServerProtocol> protocols,
            @Nullable ServerTls tls,
            Function<@Nullable ServerHandshakes, Acceptor> acceptor) {
        EventLoops loops = EventLoops.acquire();
        ServerHandshakes handshakes = tls == null ? null : handshakes(tls, protocols, loops);
        Acceptor accepting = acceptor.apply(handshakes);
        Listening listening = new Listening(loops, handshakes);
        for (SocketAddress place : places) {
            ChannelFuture bound = accepting.bind(loops, place);
            Sockets.await(bound);
            if (!bound.isSuccess()) {
                listening.stopAccepting();
                listening.close();
                throw new RpcException(
                        "cannot listen on " + named(place) + ": " + Thrown.text(Objects.requireNonNull(bound.cause())),
                        bound.cause());
            }
            listening.listeners.add(bound.channel());
        }
        return listening;
    }

    private static String named(SocketAddress place) {
        if (!(place instanceof InetSocketAddress socket)) {
            return place.toString();
        }
        boolean everywhere = socket.getAddress().isAnyLocalAddress();
        return "port " + socket.getPort()
                + (everywhere ? "" : " of " + socket.getAddress().getHostAddress());
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

    /** The port; 0 when there is none, but names within the process alone. */
    int portOrZero() {
        for (Channel listener : listeners) {
            if (listener.localAddress() instanceof InetSocketAddress address) {
                return address.getPort();
            }
        }
        return 0;
    }

    /**
     * The address with the port.
     *
     * @throws IllegalStateException when there is no port
     */
    InetSocketAddress address() {
        for (Channel listener : listeners) {
            if (listener.localAddress() instanceof InetSocketAddress address) {
                return address;
            }
        }
        throw new IllegalStateException("the server listens on " + this + " (expected: a port)");
    }

    /** Takes no more connections; those that were made go on. */
    void stopAccepting() {
        listeners.forEach(listener -> AcceptedBacklog.close(listener, loops.group()));
    }

    /** {@code port 8888}, {@code in-process:chat}, or several of these with commas between. */
    @Override
    public String toString() {
        return listeners.stream()
                .map(listener -> named(listener.localAddress()))
                .collect(Collectors.joining(", "));
    }

    /** Gives back what connections use, when none is left. */
    void close() {
        if (handshakes != null) {
            handshakes.close();
        }
        loops.close();
    }
}
