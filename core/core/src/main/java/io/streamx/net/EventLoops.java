package io.streamx.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
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
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that all clients and servers of a process share: epoll where there is one, else NIO. They end some
 * time after the last user has released them, because a client that lives for one call would otherwise pay more for new
 * loops than for the call. Safe from any thread.
 */
public final class EventLoops implements AutoCloseable {
    private static final boolean EPOLL = Epoll.isAvailable();
    /**
     * How long loops without users wait for the next user. The threads of loops are daemons and keep no process alive.
     */
    private static final long LINGER_MILLIS = 1000;
    /**
     * After how much other work a loop looks at its sockets; it also does so after 64 pieces of such work. Streams that
     * are scheduled by the loop may always have such work, and Netty would look once in a second.
     */
    private static final long MAX_TASKS_MILLIS = 1;

    private static final Object LOCK = new Object();
    private static int users;
    private static int nextHome;
    private static @Nullable EventLoopGroup shared;
    private static @Nullable Future<?> ending;

    private final EventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private boolean released;

    private EventLoops(EventLoopGroup group, int home) {
        this.group = group;
        for (EventExecutor loop : group) {
            loops.add((EventLoop) loop);
        }
        Collections.rotate(loops, -home);
    }

    /** Makes the caller one more user of the loops. Closing the result releases them. */
    public static EventLoops acquire() {
        synchronized (LOCK) {
            if (ending != null) {
                ending.cancel(false);
                ending = null;
            }
            EventLoopGroup group = shared;
            if (group == null) {
                group = new Loops();
                shared = group;
            }
            users++;
            return new EventLoops(group, nextHome++);
        }
    }

    /** The loops. */
    public EventLoopGroup group() {
        return group;
    }

    /**
     * The loops in an order that differs from user to user, so that users of a few loops do not all use the first ones.
     */
    public List<EventLoop> loops() {
        return loops;
    }

    /** The channel type of outgoing connections. */
    static Class<? extends SocketChannel> socketChannel() {
        return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** The channel type of listening sockets. */
    static Class<? extends ServerSocketChannel> serverSocketChannel() {
        return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /**
     * Releases the loops; after the last release their threads end unless somebody acquires them soon. Repeating this
     * does nothing.
     */
    @Override
    public void close() {
        synchronized (LOCK) {
            if (released) {
                return;
            }
            released = true;
            users--;
            if (users == 0) {
                ending = group.next().schedule(EventLoops::endUnlessUsed, LINGER_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static void endUnlessUsed() {
        EventLoopGroup group;
        synchronized (LOCK) {
            group = shared;
            if (users > 0 || group == null) {
                return;
            }
            shared = null;
            ending = null;
        }
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }

    private static final class Loops extends MultiThreadIoEventLoopGroup {
        Loops() {
            super(
                    Runtime.getRuntime().availableProcessors(),
                    new DefaultThreadFactory("streamx-io", true),
                    EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        }

        @Override
        protected IoEventLoop newChild(Executor executor, IoHandlerFactory ioHandlerFactory, Object... none) {
            return new SingleThreadIoEventLoop(
                    this,
                    executor,
                    ioHandlerFactory,
                    Integer.MAX_VALUE,
                    RejectedExecutionHandlers.reject(),
                    MAX_TASKS_MILLIS);
        }
    }
}
