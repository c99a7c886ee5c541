package io.streamx.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.engine.TimeLimit;
import io.streamx.transport.EventLoops;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections: looks the name up and connects, on a virtual thread, all within the connect timeout. Safe from any
 * thread.
 */
final class Connector {
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private final EventLoopGroup group;
    private final String service;
    private final Duration timeout;

    Connector(EventLoopGroup group, String service, Duration timeout) {
        this.group = group;
        this.service = service;
        this.timeout = timeout;
    }

    /**
     * A connection to {@code address}.
     *
     * @param attach makes the new channel speak its protocol, on its event loop and before it is connected
     * @return completed with the connection, or with an {@link RpcException} that says what failed
     */
    <C> CompletableFuture<C> connect(Address address, Function<Channel, C> attach) {
        CompletableFuture<C> result = new CompletableFuture<>();
        long beganNanos = System.nanoTime();
        try {
            group.next()
                    .schedule(
                            () -> result.completeExceptionally(timedOut(address, beganNanos)),
                            TimeLimit.nanos(timeout),
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new RpcException("client for " + service + " is closed", e));
            return result;
        }
        Thread.ofVirtual().name("streamx-connect " + address).start(() -> {
            try {
                connectNow(address, attach, result);
            } catch (Throwable t) {
                result.completeExceptionally(t instanceof RpcException ? t : failed(address, reason(t), t));
            }
        });
        return result;
    }

    private <C> void connectNow(Address address, Function<Channel, C> attach, CompletableFuture<C> result)
            throws InterruptedException {
        InetAddress[] resolved;
        try {
            resolved = InetAddress.getAllByName(address.host());
        } catch (UnknownHostException e) {
            throw new RpcException(
                    "cannot connect to " + service + ": host '" + address.host() + "' of address " + address
                            + " is unknown (expected: a name that resolves, or an IP address)",
                    e);
        }
        Throwable last = null;
        for (InetAddress candidate : resolved) {
            if (result.isDone()) {
                return;
            }
            Attempt<C> attempt = new Attempt<>(attach);
            ChannelFuture connecting = new Bootstrap()
                    .group(group)
                    .channel(EventLoops.socketChannel())
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_KEEPALIVE, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(timeout.toMillis() + 1, 60_000))
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                    .handler(attempt)
                    .connect(new InetSocketAddress(candidate, address.port()));
            connecting.await();
            if (connecting.isSuccess()) {
                if (!result.complete(attempt.connection())) {
                    connecting.channel().close();
                }
                return;
            }
            last = connecting.cause();
        }
        throw failed(address, reason(last), last);
    }

    private RpcException failed(Address address, String reason, @Nullable Throwable cause) {
        return new RpcException("cannot connect to " + service + " at " + address + ": " + reason, cause);
    }

    private RpcException timedOut(Address address, long beganNanos) {
        return new RpcTimeoutException(
                "cannot connect to " + service + " at " + address + ": no connection within the connect timeout of "
                        + timeout.toMillis() + " ms, set by the client; passed "
                        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos) + " ms",
                timeout,
                null);
    }

    private static String reason(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        return message == null ? String.valueOf(cause) : message;
    }

    /** Attaches the protocol to one channel and keeps what came of it. */
    private static final class Attempt<C> extends ChannelInitializer<SocketChannel> {
        private final Function<Channel, C> attach;
        private volatile @Nullable C connection;

        Attempt(Function<Channel, C> attach) {
            this.attach = attach;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            connection = attach.apply(channel);
        }

        C connection() {
            C made = connection;
            if (made == null) {
                throw new IllegalStateException("channel was connected before its protocol was attached");
            }
            return made;
        }
    }
}
