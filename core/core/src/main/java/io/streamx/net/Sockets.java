package io.streamx.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CountDownLatch;

/** The sockets of clients and servers, and their connections within the process, with the options that all have. */
public final class Sockets {
    /**
     * How many bytes a channel is handed before it stops taking more. What waits beyond that is what senders are
     * bounded by.
     */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private static final int BACKLOG = 1024;

    private Sockets() {}

    /**
     * Waits until something has been done on an event loop. A virtual thread waits without holding its carrier thread, which
     * may be that event loop; Netty's own wait does hold it before JDK 24.
     */
    public static void await(Future<?> done) {
        if (!Thread.currentThread().isVirtual()) {
            done.awaitUninterruptibly();
            return;
        }
        CountDownLatch latch = new CountDownLatch(1);
        done.addListener(any -> latch.countDown());
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends this side's half of a connection, whose peer may go on sending. Under TLS the end is announced first, since
     * an end that is not announced could be an attacker's.
     *
     * @return whether the connection was open; nothing is done when it was not
     */
    public static boolean endOutput(Channel channel) {
        if (!channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
            return false;
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(announced -> duplex.shutdownOutput());
        }
        return true;
    }

    /** An outgoing connection on one of the event loops {@code loops}. */
    public static Bootstrap outgoing(EventLoopGroup loops) {
        return new Bootstrap()
                .group(loops)
                .channel(EventLoops.socketChannel())
                .option(ChannelOption.ALLOCATOR, NetworkMemory.allocator())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /** An outgoing connection to a server of this process, on one of the event loops {@code loops}. */
    public static Bootstrap outgoingInProcess(EventLoopGroup loops) {
        return new Bootstrap()
                .group(loops)
                .channel(InProcessChannel.class)
                .option(ChannelOption.ALLOCATOR, NetworkMemory.allocator())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /** Listens on a name within the process, for connections that are spread over the event loops {@code loops}. */
    public static ServerBootstrap listeningInProcess(EventLoopGroup loops) {
        return new ServerBootstrap()
                .group(loops)
                .channel(InProcessServerChannel.class)
                .childOption(ChannelOption.ALLOCATOR, NetworkMemory.allocator())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }

    /** A listening socket, whose connections are spread over the event loops {@code loops}. */
    public static ServerBootstrap listening(EventLoopGroup loops) {
        return new ServerBootstrap()
                .group(loops)
                .channel(EventLoops.serverSocketChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, NetworkMemory.allocator())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }
}
