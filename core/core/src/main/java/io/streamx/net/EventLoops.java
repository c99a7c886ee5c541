package io.streamx.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that all clients and servers of a process share: epoll where there is one, else NIO. They end when the
 * last user has released them. Safe from any thread.
 */
public final class EventLoops implements AutoCloseable {
    private static final boolean EPOLL = Epoll.isAvailable();
    private static final Object LOCK = new Object();
    private static int users;
    private static @Nullable EventLoopGroup shared;

    private final EventLoopGroup group;
    private boolean released;

    private EventLoops(EventLoopGroup group) {
        this.group = group;
    }

    /** One more user of the loops; closing the result releases them. */
    public static EventLoops acquire() {
        synchronized (LOCK) {
            EventLoopGroup group = shared;
            if (group == null) {
                IoHandlerFactory factory = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
                group = new MultiThreadIoEventLoopGroup(
                        Runtime.getRuntime().availableProcessors(),
                        new DefaultThreadFactory("streamx-io", true),
                        factory);
                shared = group;
            }
            users++;
            return new EventLoops(group);
        }
    }

    /** The loops. */
    public EventLoopGroup group() {
        return group;
    }

    /** The channel type of outgoing connections. */
    public static Class<? extends SocketChannel> socketChannel() {
        return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The channel type of listening sockets. */
    public static Class<? extends ServerSocketChannel> serverSocketChannel() {
        return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /** Releases the loops; the last release ends their threads and waits for that. Repeating it does nothing. */
    @Override
    public void close() {
        synchronized (LOCK) {
            if (released) {
                return;
            }
            released = true;
            users--;
            if (users > 0) {
                return;
            }
            shared = null;
        }
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
