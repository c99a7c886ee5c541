package io.streamx.benchmarks;

import io.streamx.StreamThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** One way of carrying messages between two processes, both ends of it. */
interface Stack {
    /** The stack of that name. */
    static Stack named(String name) {
        return switch (name) {
            case "netty" -> new NettyStack();
            case "grpc" -> new GrpcStack(GrpcStack.Threads.DIRECT);
            case "grpc-otel" -> new GrpcStack(GrpcStack.Threads.DIRECT, Telemetry.ofGrpc());
            case "grpc-default" -> new GrpcStack(GrpcStack.Threads.DEFAULT);
            case "grpc-blocking" -> new GrpcStack(GrpcStack.Threads.BLOCKING);
            case "streamx" -> new StreamxStack(StreamxStack.Carrier.TTHEADER, StreamThreads.VIRTUAL);
            case "streamx-otel" ->
                new StreamxStack(StreamxStack.Carrier.TTHEADER, StreamThreads.VIRTUAL, Telemetry.ofStreamx());
            case "streamx-framed" -> new StreamxStack(StreamxStack.Carrier.FRAMED, StreamThreads.VIRTUAL);
            case "streamx-grpc" -> new StreamxStack(StreamxStack.Carrier.GRPC, StreamThreads.VIRTUAL);
            case "streamx-grpc-otel" ->
                new StreamxStack(StreamxStack.Carrier.GRPC, StreamThreads.VIRTUAL, Telemetry.ofStreamx());
            case "streamx-loop" -> new StreamxStack(StreamxStack.Carrier.TTHEADER, StreamThreads.EVENT_LOOP);
            case "streamx-grpc-loop" -> new StreamxStack(StreamxStack.Carrier.GRPC, StreamThreads.EVENT_LOOP);
            default ->
                throw new IllegalArgumentException("stack: " + name
                        + " (expected: netty, grpc, grpc-otel, grpc-default, grpc-blocking, streamx, streamx-otel,"
                        + " streamx-framed, streamx-grpc, streamx-grpc-otel, streamx-loop, streamx-grpc-loop, kitex,"
                        + " kitex-grpc)");
        };
    }

    /** What runs the user's code, for the record. */
    String executor();

    /**
     * Starts the server on a free port of the loopback address and returns the port. It serves until the process ends.
     *
     * @param received counts the messages of streams on which only clients send
     */
    int serve(Meter received) throws Exception;

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
         * Starts one stream on which the client sends for that time as fast as it can.
         *
         * @return completes when the stream has ended and the server says that it received as many messages
         */
        CompletableFuture<Void> up(Duration sending);

        /**
         * Starts one stream on which the client sends as fast as it can, until the meter says stop, and receives each
         * message again.
         *
         * @return completes when all have come back
         */
        CompletableFuture<Void> pipe(Meter meter);

        /**
         * Makes unary calls, so many at once, until the meter says stop.
         *
         * @return completes when all calls have been answered
         */
        CompletableFuture<Void> calls(int atOnce, Meter meter);

        /** Makes one unary call and waits for the answer. */
        void callOnce() throws Exception;

        @Override
        void close();
    }
}
