package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever has connected before a listening socket is closed is served, however many connect meanwhile. */
class AcceptedBacklogTest {
    private static final int ROUNDS = Integer.getInteger("streamx.restartRounds", 10);
    private static final int CLIENTS = 4;

    private EventLoopGroup loops;

    @BeforeEach
    void loops() {
        Assumptions.assumeTrue(
                Epoll.isAvailable(), "no epoll here: whoever connects while a socket closes may be reset");
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @AfterEach
    void end() {
        if (loops != null) {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private Channel listenOn(InetAddress address) {
        return new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                ctx.writeAndFlush(message);
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable clientHasReset) {
                                ctx.close();
                            }
                        });
                    }
                })
                .bind(new InetSocketAddress(address, 0))
                .syncUninterruptibly()
                .channel();
    }

    @Test
    void nobodyWhoHasConnectedIsReset() throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int round = 0; round < ROUNDS; round++) {
                Channel listener = listenOn(InetAddress.getLoopbackAddress());
                AtomicInteger served = new AtomicInteger();
                AtomicBoolean closed = new AtomicBoolean();
                List<Future<?>> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(threads.submit(() -> {
                        while (!closed.get() && callOnce((InetSocketAddress) listener.localAddress())) {
                            served.incrementAndGet();
                        }
                        return null;
                    }));
                }
                while (served.get() < 20 && clients.stream().noneMatch(Future::isDone)) {
                    Thread.onSpinWait();
                }
                AcceptedBacklog.close(listener, loops);
                closed.set(true);
                for (Future<?> client : clients) {
                    client.get(30, TimeUnit.SECONDS);
                }
            }
        }
    }

    /** Says whether somebody took the connection; fails when a connection that was made is not served. */
    private static boolean callOnce(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            try {
                // Too short for the second packet of a handshake whose first was dropped.
                socket.connect(address, 300);
            } catch (IOException nobodyListens) {
                return false;
            }
            socket.setSoLinger(true, 0);
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write('m');
            assertThat(socket.getInputStream().read())
                    .as("the answer to a connection that was made")
                    .isEqualTo('m');
            return true;
        }
    }

    @Test
    void aFilteredSocketServesWhoIsConnectedAndTakesNobodyElse() throws Exception {
        for (String address : new String[] {"127.0.0.1", "::1"}) {
            Channel listener = listenOn(InetAddress.getByName(address));
            InetSocketAddress bound = (InetSocketAddress) listener.localAddress();
            try (Socket before = new Socket();
                    Socket after = new Socket()) {
                before.connect(bound, 20_000);
                before.setSoTimeout(20_000);

                assertThat(SynFilter.attach((EpollServerSocketChannel) listener))
                        .isTrue();

                before.getOutputStream().write('m');
                assertThat(before.getInputStream().read()).isEqualTo('m');
                assertThat(catchThrowable(() -> after.connect(bound, 300))).isInstanceOf(SocketTimeoutException.class);
            } finally {
                listener.close().syncUninterruptibly();
            }
        }
    }
}
