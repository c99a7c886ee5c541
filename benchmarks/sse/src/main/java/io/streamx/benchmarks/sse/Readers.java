package io.streamx.benchmarks.sse;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ByteProcessor;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Readers of server-sent events, a connection of HTTP/1.1 each, on one event loop. They count events, which end with an empty
 * line, and look into nothing else, so that they take as little as possible of the machine.
 */
final class Readers implements AutoCloseable {
    private static final int READ_BYTES = 128 << 10;
    private static final long FIRST_EVENT_SECONDS = 60;

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CountDownLatch begun;
    private volatile long events;
    private volatile boolean failed;

    /** Connects, asks for {@code path}, and waits until every reader has had an event. */
    Readers(int port, String path, int count) throws InterruptedException {
        begun = new CountDownLatch(count);
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES))
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Reader(path));
                    }
                });
        for (int i = 0; i < count; i++) {
            bootstrap.connect(InetAddress.getLoopbackAddress(), port).sync();
        }
        if (!begun.await(FIRST_EVENT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(begun.getCount() + " of " + count + " readers of " + path
                    + " had no event within " + FIRST_EVENT_SECONDS + " s");
        }
    }

    /** How many events have come to all readers together. */
    long events() {
        if (failed) {
            throw new IllegalStateException("a reader has lost its connection (expected: a stream without end)");
        }
        return events;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private final class Reader extends SimpleChannelInboundHandler<ByteBuf> implements ByteProcessor {
        private final String path;
        private long mine;
        private boolean afterLine;

        Reader(String path) {
            this.path = path;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost:8080\r\nAccept: text/event-stream\r\n\r\n";
            context.writeAndFlush(context.alloc().buffer().writeBytes(request.getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            long before = mine;
            bytes.forEachByte(this);
            if (before == 0 && mine > 0) {
                begun.countDown();
            }
            // One event loop alone writes this count.
            long counted = events + mine - before;
            events = counted;
        }

        /** Lines of HTTP end with a carriage return before the newline, so that theirs are no ends of events. */
        @Override
        public boolean process(byte value) {
            boolean isLine = value == '\n';
            if (isLine && afterLine) {
                mine++;
            }
            afterLine = isLine;
            return true;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            failed = !group.isShuttingDown();
        }
    }
}
