package io.streamx.benchmarks;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.opentelemetry.GrpcOpenTelemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * grpc-java, message bytes as they are: asynchronous stubs whose callbacks the event loop or the default executor runs, or
 * blocking stubs on virtual threads.
 */
final class GrpcStack implements Stack {
    /** What runs the user's code. */
    enum Threads {
        /** The event loop itself. */
        DIRECT,
        /** grpc-java's default, a pool of platform threads. */
        DEFAULT,
        /** Blocking stubs of the second version on virtual threads; the server's callbacks on virtual threads. */
        BLOCKING
    }

    private static final Executor VIRTUAL_THREADS = Thread::startVirtualThread;
    private final Threads threads;

    private final @Nullable GrpcOpenTelemetry telemetry;

    GrpcStack(Threads threads) {
        this(threads, null);
    }

    /** With {@code telemetry} at both ends; null for none. */
    GrpcStack(Threads threads, @Nullable GrpcOpenTelemetry telemetry) {
        this.threads = threads;
        this.telemetry = telemetry;
    }

    @Override
    public String executor() {
        String what = switch (threads) {
            case DIRECT -> "async stubs, directExecutor";
            case DEFAULT -> "async stubs, default executor";
            case BLOCKING -> "blocking v2 stubs on virtual threads";
        };
        return "grpc-java " + what + ", " + (Epoll.isAvailable() ? "epoll" : "nio");
    }

    @Override
    public int serve(Meter received) throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        switch (threads) {
            case DIRECT -> builder.directExecutor();
            case DEFAULT -> {
                // as it comes
            }
            case BLOCKING -> builder.executor(VIRTUAL_THREADS);
        }
        if (telemetry != null) {
            telemetry.configureServerBuilder(builder);
        }
        Server server =
                builder.addService(GrpcHandlers.service(received)).build().start();
        return server.getPort();
    }

    @Override
    public Session connect(int port) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .usePlaintext();
        if (threads == Threads.DIRECT) {
            builder.directExecutor();
        }
        if (telemetry != null) {
            telemetry.configureChannelBuilder(builder);
        }
        ManagedChannel channel = builder.build();
        return threads == Threads.BLOCKING ? new BlockingGrpcSession(channel) : new AsyncGrpcSession(channel);
    }
}
