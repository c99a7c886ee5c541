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

/**
 * Stops to listen so that nobody is lost who has connected: closing a listening socket resets the connections that its
 * system has made and that were not accepted yet. With epoll they are accepted first, and the socket is closed as soon as
 * there is none; without it whoever connects in that moment may be reset.
 */
public final class AcceptedBacklog {
    /** As much as the system writes an address into. */
    private static final int ADDRESS_BYTES = 26;

    private AcceptedBacklog() {}

    /**
     * Closes a listening socket after accepting what waits. On return each accepted connection has been given to its
     * handlers. Not for event loops.
     */
    public static void close(Channel listener, EventLoopGroup connections) {
        Sockets.await(listener.eventLoop().submit(() -> {
            if (listener instanceof EpollServerSocketChannel epoll && listener.isActive()) {
                accept(epoll);
            }
            listener.close();
        }));
        Sockets.await(listener.closeFuture());
        // Accepted connections are registered by tasks of their loops; those that were queued have run when these have.
        List<Future<?>> passed = new ArrayList<>();
        for (EventExecutor loop : connections) {
            passed.add(loop.submit(() -> {}));
        }
        passed.forEach(Sockets::await);
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
