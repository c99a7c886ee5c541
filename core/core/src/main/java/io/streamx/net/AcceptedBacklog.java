package io.streamx.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Stops to listen so that nobody is lost who has connected: closing a listening socket resets the connections that the
 * operating system has made and that the server has not accepted yet. With epoll the socket first takes no new
 * connections ({@link SynFilter}), then everything that waits is accepted, and only then is the socket closed; so it is
 * with names within the process. Without epoll whoever connects in that moment may be reset.
 */
public final class AcceptedBacklog {
    /** As much as the system writes an address into. */
    private static final int ADDRESS_BYTES = 26;
    /** Connections whose last packet is on its way when the socket takes no more: a round trip within a data centre. */
    private static final long HANDSHAKE_MILLIS = 2;

    private AcceptedBacklog() {}

    /**
     * Closes a listening socket after accepting what waits. On return each accepted connection has been given to its
     * handlers. Not for event loops.
     */
    public static void close(Channel listener, EventLoopGroup connections) {
        if (listener instanceof EpollServerSocketChannel epoll && SynFilter.attach(epoll)) {
            Sockets.await(
                    listener.eventLoop().schedule(acceptAndClose(listener), HANDSHAKE_MILLIS, TimeUnit.MILLISECONDS));
        } else {
            Sockets.await(listener.eventLoop().submit(acceptAndClose(listener)));
        }
        Sockets.await(listener.closeFuture());
        // Accepted connections are registered by tasks of their loops; those that were queued have run when these have.
        List<Future<?>> passed = new ArrayList<>();
        for (EventExecutor loop : connections) {
            passed.add(loop.submit(() -> {}));
        }
        passed.forEach(Sockets::await);
    }

    private static Callable<Channel> acceptAndClose(Channel listener) {
        return () -> {
            if (listener instanceof EpollServerSocketChannel epoll && listener.isActive()) {
                accept(epoll);
            } else if (listener instanceof InProcessServerChannel inProcess) {
                inProcess.acceptTheLast();
            }
            listener.close();
            return listener;
        };
    }

    private static void accept(EpollServerSocketChannel listener) {
        if (!(listener.fd() instanceof Socket socket)) {
            return;
        }
        byte[] address = new byte[ADDRESS_BYTES];
        try {
            int accepted = socket.accept(address);
            while (accepted >= 0) {
                listener.pipeline().fireChannelRead(new EpollSocketChannel(accepted));
                accepted = socket.accept(address);
            }
        } catch (IOException noMore) {
            // Out of descriptors, or the like: who is left is reset.
        }
        listener.pipeline().fireChannelReadComplete();
    }
}
