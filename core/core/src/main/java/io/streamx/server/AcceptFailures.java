package io.streamx.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.streamx.wire.Logs;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles a listening socket that cannot accept a connection, mostly because the process has no descriptors left: logs
 * what to do, at most once in ten seconds, and tries again a moment later. On the event loop.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long RETRY_MILLIS = 100;

    private long nextNanos = System.nanoTime();
    private long untold;

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        long now = System.nanoTime();
        if (now - nextNanos < 0) {
            untold++;
            return;
        }
        nextNanos = now + INTERVAL_NANOS;
        Logs.warn(
                LOG,
                "no connection can be accepted on {}: {} (expected: descriptors for all connections, files and clients"
                        + " of the process; see 'ulimit -n', and Server.Builder.maxConnections); the server tries again{}",
                ctx.channel().localAddress(),
                cause.getMessage(),
                untold == 0 ? "" : ", as it did " + untold + " times since the last such line");
        untold = 0;
    }
}
