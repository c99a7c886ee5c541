package io.streamx.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One way of carrying messages between two processes, both ends of it. */
interface Stack {
    /** The stack of that name. */
    static Stack named(String name) {
        return switch (name) {
            case "netty" -> new NettyStack();
            case "grpc" -> new GrpcStack();
            case "streamx" -> new StreamxStack(StreamxStack.Carrier.TTHEADER);
            case "streamx-framed" -> new StreamxStack(StreamxStack.Carrier.FRAMED);
            case "streamx-grpc" -> new StreamxStack(StreamxStack.Carrier.GRPC);
            default ->
                throw new IllegalArgumentException(
                        "stack: " + name + " (expected: netty, grpc, streamx, streamx-framed, streamx-grpc)");
        };
    }

    /** What runs the user's code, for the record. */
    String executor();

    /** Starts the server on a free port of the loopback address and returns the port. It serves until the process ends. */
    int serve() throws Exception;

    /** Opens one connection to the server. */
    Session connect(int port) throws Exception;

    /** The client's end of one connection. Carries one workload, once. */
    interface Session extends AutoCloseable {
        /**
         * Starts streams of one message at a time there and back, until the meter says stop.
         *
         * @return completes when all streams have ended as they should
         */
        CompletableFuture<Void> pingPong(int streams, Meter meter);

        /**
         * Starts one stream on which the server sends for that time as fast as it can.
         *
         * @return completes when the stream has ended and as many messages came as the server says it sent
         */
        CompletableFuture<Void> down(Duration sending, Meter meter);

        /**
         * Makes unary calls, so many at once, until the meter says stop.
         *
         * @return completes when all calls have been answered
         */
        CompletableFuture<Void> calls(int atOnce, Meter meter);

        @Override
        void close();
    }
}
