package io.streamx.benchmarks;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.PingPong;
import io.streamx.ServerStreamingServer;
import io.streamx.StreamThreads;
import io.streamx.Transport;
import io.streamx.benchmarks.thrift.Bench;
import io.streamx.benchmarks.thrift.BenchClient;
import io.streamx.benchmarks.thrift.Msg;
import io.streamx.client.Client;
import io.streamx.endpoint.Extension;
import io.streamx.server.Server;
import io.streamx.thrift.Binary;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/**
 * StreamX over TTHeader Streaming, and over TTHeader or Framed for unary calls: blocking code, one virtual thread to a
 * stream or call at both ends.
 */
final class StreamxStack implements Stack {
    /** Of a client. */
    private static final int CONNECTIONS = Integer.getInteger("bench.connections", 1);

    /** What calls travel on. */
    enum Carrier {
        /** Streams and unary calls share one connection each, with TTHeader. */
        TTHEADER,
        /** Unary calls have a connection each for their time; streams as above. */
        FRAMED,
        /** All calls share one connection, gRPC with Thrift payloads. */
        GRPC
    }

    private final Carrier carrier;
    private final StreamThreads threads;
    private final Extension installed;

    StreamxStack(Carrier carrier, StreamThreads threads) {
        this(carrier, threads, new Extension() {});
    }

    /** With {@code installed} at both ends. */
    StreamxStack(Carrier carrier, StreamThreads threads, Extension installed) {
        this.carrier = carrier;
        this.threads = threads;
        this.installed = installed;
    }

    @Override
    public String executor() {
        return "StreamX blocking code, "
                + (threads == StreamThreads.VIRTUAL ? "default virtual threads" : "virtual threads on the event loop");
    }

    @Override
    public int serve(Meter received) {
        return Server.builder()
                .port(0)
                .streamThreads(threads)
                .install(installed)
                .service(Bench.bind(new Handler(received)))
                .start()
                .port();
    }

    @Override
    public Session connect(int port) {
        Client client = client(port);
        BenchClient bench = new BenchClient(client);
        return new Session() {
            @Override
            public CompletableFuture<Void> pingPong(int streams, Meter meter) {
                return inParallel(client, streams, stream -> StreamxStack.pingPong(bench, stream, meter));
            }

            @Override
            public CompletableFuture<Void> down(Duration sending, Meter meter) {
                return CompletableFuture.runAsync(() -> receive(bench, sending, meter), client.executor());
            }

            @Override
            public CompletableFuture<Void> up(Duration sending) {
                return CompletableFuture.runAsync(() -> StreamxStack.send(bench, sending), client.executor());
            }

            @Override
            public CompletableFuture<Void> pipe(Meter meter) {
                return CompletableFuture.runAsync(() -> StreamxStack.pipe(client, bench, meter), client.executor());
            }

            @Override
            public CompletableFuture<Void> calls(int atOnce, Meter meter) {
                return inParallel(client, atOnce, caller -> call(bench, caller, meter));
            }

            @Override
            public void callOnce() {
                Payload.checkLength(
                        bench.call(message(Payload.ordinary())).payload().length());
            }

            @Override
            public void close() {
                client.close();
            }
        };
    }

    private static CompletableFuture<Void> inParallel(Client client, int count, IntConsumer task) {
        CompletableFuture<?>[] ends = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            int number = i;
            ends[i] = CompletableFuture.runAsync(() -> task.accept(number), client.executor());
        }
        return CompletableFuture.allOf(ends);
    }

    private static void call(BenchClient bench, int caller, Meter meter) {
        Msg message = message(Payload.ordinary());
        while (!meter.stopped()) {
            long began = System.nanoTime();
            Payload.checkLength(bench.call(message).payload().length());
            meter.count(caller, System.nanoTime() - began);
        }
    }

    private Client client(int port) {
        Client.Builder client = Client.builder("bench")
                .address("127.0.0.1:" + port)
                .connections(CONNECTIONS)
                .streamThreads(threads)
                .install(installed)
                .connectTimeout(Duration.ofSeconds(20));
        return switch (carrier) {
            case TTHEADER ->
                client.pingPong(PingPong.TTHEADER).multiplexCalls(true).build();
            case FRAMED -> client.pingPong(PingPong.FRAMED).build();
            case GRPC -> client.transport(Transport.GRPC).build();
        };
    }

    private static void pingPong(BenchClient bench, int stream, Meter meter) {
        Msg message = message(Payload.ordinary());
        try (var echo = bench.echo()) {
            while (!meter.stopped()) {
                long began = System.nanoTime();
                echo.send(message);
                Msg reply = echo.recv();
                if (reply == null) {
                    throw new IllegalStateException("stream ended before the client did");
                }
                Payload.checkLength(reply.payload().length());
                meter.count(stream, System.nanoTime() - began);
            }
            echo.closeSend();
            if (echo.recv() != null) {
                throw new IllegalStateException("a reply too many");
            }
        }
    }

    private static void send(BenchClient bench, Duration sending) {
        long endNanos = System.nanoTime() + sending.toNanos();
        Msg message = message(Payload.ordinary());
        long sent = 0;
        try (var up = bench.up()) {
            do {
                for (int i = 0; i < Payload.clockInterval(); i++) {
                    up.send(message);
                }
                sent += Payload.clockInterval();
            } while (System.nanoTime() - endNanos < 0);
            Msg count = up.closeAndRecv();
            if (count == null) {
                throw new IllegalStateException("the server did not say how many came");
            }
            Payload.checkCount(sent, Payload.number(count.payload().toByteArray()));
        }
    }

    private static void pipe(Client client, BenchClient bench, Meter meter) {
        try (var echo = bench.echo()) {
            CompletableFuture<Long> sender = CompletableFuture.supplyAsync(
                    () -> {
                        Msg message = message(Payload.ordinary());
                        long sent = 0;
                        while (!meter.stopped()) {
                            echo.send(message);
                            sent++;
                        }
                        echo.closeSend();
                        return sent;
                    },
                    client.executor());
            long received = 0;
            for (Msg message : echo) {
                Payload.checkLength(message.payload().length());
                received++;
                meter.count(0);
            }
            Payload.checkCount(sender.join(), received);
        }
    }

    private static void receive(BenchClient bench, Duration sending, Meter meter) {
        long received = 0;
        long announced = -1;
        try (var down = bench.down(message(Payload.request(sending)))) {
            for (Msg message : down) {
                int length = message.payload().length();
                if (length == Payload.END_LENGTH) {
                    announced = Payload.number(message.payload().toByteArray());
                } else {
                    Payload.checkLength(length);
                    received++;
                    meter.count(0);
                }
            }
        }
        Payload.checkCount(announced, received);
    }

    private static Msg message(byte[] payload) {
        return new Msg(Binary.of(payload));
    }

    private record Handler(Meter received) implements Bench {
        @Override
        public void echo(BidiStreamingServer<Msg, Msg> stream) {
            for (Msg message : stream) {
                stream.send(message);
            }
        }

        @Override
        public void down(Msg request, ServerStreamingServer<Msg> stream) {
            long endNanos = System.nanoTime() + Payload.number(request.payload().toByteArray());
            Msg message = message(Payload.ordinary());
            long sent = 0;
            do {
                for (int i = 0; i < Payload.clockInterval(); i++) {
                    stream.send(message);
                }
                sent += Payload.clockInterval();
            } while (System.nanoTime() - endNanos < 0);
            stream.send(message(Payload.end(sent)));
        }

        @Override
        public void up(ClientStreamingServer<Msg, Msg> stream) {
            long count = 0;
            for (Msg message : stream) {
                Payload.checkLength(message.payload().length());
                count++;
                received.count(0);
            }
            stream.sendAndClose(message(Payload.end(count)));
        }

        @Override
        public Msg call(Msg message) {
            return message;
        }
    }
}
