package io.streamx.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The limit: frames of length, stream number and bytes, handled by the event loop itself, one write and one flush for
 * all that one read brought. No metadata, no states, no user's thread.
 */
final class NettyStack implements Stack {
    /** Stream number that asks the server to send. */
    private static final int DOWN = -1;
    /** Stream number of messages that the server counts. */
    private static final int UP = -2;
    /** After so many batches a sender lets the event loop read. */
    private static final int BATCHES_AT_ONCE = 8;

    private static final boolean EPOLL = Epoll.isAvailable();

    @Override
    public String executor() {
        return "Netty event loop, " + (EPOLL ? "epoll" : "nio");
    }

    @Override
    public int serve(Meter received) throws InterruptedException {
        Class<? extends ServerSocketChannel> type =
                EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        Channel channel = new ServerBootstrap()
                .group(eventLoop())
                .channel(type)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        accepted.pipeline().addLast(new ServerFrames(received));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public Session connect(int port) throws InterruptedException {
        Class<? extends SocketChannel> type = EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
        ClientFrames frames = new ClientFrames();
        Channel channel = new Bootstrap()
                .group(eventLoop())
                .channel(type)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(frames)
                .connect(InetAddress.getLoopbackAddress(), port)
                .sync()
                .channel();
        return new Session() {
            @Override
            public CompletableFuture<Void> pingPong(int streams, Meter meter) {
                channel.eventLoop().execute(() -> frames.beginPingPong(streams, meter));
                return frames.end;
            }

            @Override
            public CompletableFuture<Void> down(Duration sending, Meter meter) {
                channel.eventLoop().execute(() -> frames.beginDown(sending, meter));
                return frames.end;
            }

            @Override
            public CompletableFuture<Void> up(Duration sending) {
                channel.eventLoop().execute(() -> frames.beginUp(sending));
                return frames.end;
            }

            @Override
            public CompletableFuture<Void> pipe(Meter meter) {
                channel.eventLoop().execute(() -> frames.beginPipe(meter));
                return frames.end;
            }

            @Override
            public void callOnce() throws Exception {
                Meter once = new Meter(1);
                once.stop();
                pingPong(1, once).get();
            }

            @Override
            public CompletableFuture<Void> calls(int atOnce, Meter meter) {
                // Without metadata and states a call is what a message of a stream is.
                return pingPong(atOnce, meter);
            }

            @Override
            public void close() {
                channel.close().syncUninterruptibly();
            }
        };
    }

    private static EventLoopGroup eventLoop() {
        IoHandlerFactory factory = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(1, factory);
    }

    /** Answers each frame with itself, or sends for the time a client asks for. */
    private static final class ServerFrames extends NettyFrames {
        private final byte[] message = Payload.ordinary();
        private final Meter meter;
        private boolean sending;
        private long endNanos;
        private long sent;
        private long received;

        ServerFrames(Meter meter) {
            this.meter = meter;
        }

        @Override
        void onFrame(int stream, ByteBuf in, int length) {
            if (stream == UP) {
                if (length == Payload.END_LENGTH) {
                    Payload.checkCount(in.readLong(), received);
                    append(UP, Payload.end(received));
                } else {
                    in.skipBytes(length);
                    received++;
                    meter.count(0);
                }
            } else if (stream == DOWN) {
                endNanos = System.nanoTime() + in.getLong(in.readerIndex());
                in.skipBytes(length);
                sending = true;
                sendWhileWritable();
            } else {
                answer(stream, in, length);
            }
        }

        private void answer(int stream, ByteBuf in, int length) {
            byte[] bytes = new byte[length];
            in.readBytes(bytes);
            append(stream, bytes);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
            // Who sends and does not read is not read either.
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
            sendWhileWritable();
            super.channelWritabilityChanged(ctx);
        }

        private void sendWhileWritable() {
            while (sending && context().channel().isWritable()) {
                if (System.nanoTime() - endNanos >= 0) {
                    sending = false;
                    append(0, Payload.end(sent));
                } else {
                    int batch = batch();
                    for (int i = 0; i < batch; i++) {
                        append(0, message);
                    }
                    sent += batch;
                }
                flush();
            }
        }
    }

    /** Sends the next message of a stream when the last one is back, or counts what the server sends. */
    private static final class ClientFrames extends NettyFrames {
        final CompletableFuture<Void> end = new CompletableFuture<>();
        private final byte[] message = Payload.ordinary();
        private @Nullable Meter meter;
        private boolean oneWay;
        private int running;
        private long received;
        /** The stream on which this end sends as fast as it can; null for none. */
        private @Nullable Integer sendingOn;

        private long sendUntilNanos;
        private long sent;
        private boolean ended;
        private long[] askedNanos = {};

        void beginPingPong(int streams, Meter newMeter) {
            meter = newMeter;
            running = streams;
            askedNanos = new long[streams];
            for (int stream = 0; stream < streams; stream++) {
                ask(stream);
            }
            flush();
        }

        private void ask(int stream) {
            askedNanos[stream] = System.nanoTime();
            append(stream, message);
        }

        void beginUp(Duration time) {
            meter = new Meter(1);
            sendingOn = UP;
            sendUntilNanos = System.nanoTime() + time.toNanos();
            sendWhileWritable();
        }

        void beginPipe(Meter newMeter) {
            meter = newMeter;
            sendingOn = 0;
            sendWhileWritable();
        }

        private void sendWhileWritable() {
            Integer stream = sendingOn;
            Meter current = meter;
            if (stream == null || current == null || ended) {
                return;
            }
            for (int turn = 0; turn < BATCHES_AT_ONCE && context().channel().isWritable(); turn++) {
                if (stream == UP ? System.nanoTime() - sendUntilNanos >= 0 : current.stopped()) {
                    ended = true;
                    if (stream == UP) {
                        append(UP, Payload.end(sent));
                    }
                    flush();
                    endWhenAllIsBack();
                    return;
                }
                int batch = batch();
                for (int i = 0; i < batch; i++) {
                    append(stream, message);
                }
                sent += batch;
                flush();
            }
            if (context().channel().isWritable()) {
                context().executor().execute(this::sendWhileWritable);
            }
        }

        private void endWhenAllIsBack() {
            if (ended && sendingOn != null && sendingOn != UP && received == sent) {
                end.complete(null);
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
            if (ctx.channel().isWritable()) {
                sendWhileWritable();
            }
            super.channelWritabilityChanged(ctx);
        }

        void beginDown(Duration time, Meter newMeter) {
            meter = newMeter;
            oneWay = true;
            append(DOWN, Payload.request(time));
            flush();
        }

        @Override
        void onFrame(int stream, ByteBuf in, int length) {
            Meter current = meter;
            if (current == null) {
                throw new IllegalStateException("frame before the first request");
            }
            if (stream == UP) {
                Payload.checkCount(sent, in.readLong());
                end.complete(null);
                return;
            }
            if (oneWay && length == Payload.END_LENGTH) {
                Payload.checkCount(in.readLong(), received);
                end.complete(null);
                return;
            }
            Payload.checkLength(length);
            in.skipBytes(length);
            if (sendingOn != null) {
                current.count(0);
                received++;
                endWhenAllIsBack();
            } else if (oneWay) {
                current.count(0);
                received++;
            } else {
                current.count(stream, System.nanoTime() - askedNanos[stream]);
                if (!current.stopped()) {
                    ask(stream);
                } else if (--running == 0) {
                    end.complete(null);
                }
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            end.completeExceptionally(new IllegalStateException("connection closed"));
            super.channelInactive(ctx);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            end.completeExceptionally(cause);
        }
    }
}
