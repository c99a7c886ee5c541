package io.streamx.benchmarks;

import io.grpc.CallOptions;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.opentelemetry.GrpcOpenTelemetry;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final String SERVICE = "Bench";
    static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodDescriptor.MethodType.BIDI_STREAMING);
    static final MethodDescriptor<byte[], byte[]> DOWN = method("Down", MethodDescriptor.MethodType.SERVER_STREAMING);

    static final MethodDescriptor<byte[], byte[]> UP = method("Up", MethodDescriptor.MethodType.CLIENT_STREAMING);

    static final MethodDescriptor<byte[], byte[]> CALL = method("Call", MethodDescriptor.MethodType.UNARY);

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        Bytes bytes = new Bytes();
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .build();
    }

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
        ServerServiceDefinition service = ServerServiceDefinition.builder(SERVICE)
                .addMethod(ECHO, ServerCalls.asyncBidiStreamingCall(Echo::of))
                .addMethod(UP, ServerCalls.asyncClientStreamingCall(responses -> new Counter(responses, received)))
                .addMethod(CALL, ServerCalls.asyncUnaryCall(GrpcStack::answer))
                .addMethod(DOWN, ServerCalls.asyncServerStreamingCall(GrpcStack::send))
                .build();
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
        Server server = builder.addService(service).build().start();
        return server.getPort();
    }

    private static void answer(byte[] request, StreamObserver<byte[]> responses) {
        responses.onNext(request);
        responses.onCompleted();
    }

    private static void send(byte[] request, StreamObserver<byte[]> responses) {
        ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) responses;
        // Called for the first time when this method has returned.
        stream.setOnReadyHandler(new DownSender(stream, Payload.number(request)));
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
        return threads == Threads.BLOCKING ? new BlockingGrpcSession(channel) : session(channel);
    }

    private static Session session(ManagedChannel channel) {
        return new Session() {
            @Override
            public CompletableFuture<Void> pingPong(int streams, Meter meter) {
                CompletableFuture<?>[] ends = new CompletableFuture<?>[streams];
                for (int stream = 0; stream < streams; stream++) {
                    PingPong observer = new PingPong(stream, meter);
                    ends[stream] = observer.end;
                    ClientCalls.asyncBidiStreamingCall(channel.newCall(ECHO, CallOptions.DEFAULT), observer)
                            .onNext(observer.message);
                }
                return CompletableFuture.allOf(ends);
            }

            @Override
            public CompletableFuture<Void> down(Duration sending, Meter meter) {
                DownReceiver observer = new DownReceiver(meter);
                ClientCalls.asyncServerStreamingCall(
                        channel.newCall(DOWN, CallOptions.DEFAULT), Payload.request(sending), observer);
                return observer.end;
            }

            @Override
            public CompletableFuture<Void> up(Duration sending) {
                UpSender observer = new UpSender(sending);
                ClientCalls.asyncClientStreamingCall(channel.newCall(UP, CallOptions.DEFAULT), observer);
                return observer.end;
            }

            @Override
            public CompletableFuture<Void> pipe(Meter meter) {
                Pipe observer = new Pipe(meter);
                ClientCalls.asyncBidiStreamingCall(channel.newCall(ECHO, CallOptions.DEFAULT), observer);
                return observer.end;
            }

            @Override
            public void callOnce() {
                Payload.checkLength(
                        ClientCalls.blockingUnaryCall(channel, CALL, CallOptions.DEFAULT, Payload.ordinary()).length);
            }

            @Override
            public CompletableFuture<Void> calls(int atOnce, Meter meter) {
                CompletableFuture<?>[] ends = new CompletableFuture<?>[atOnce];
                for (int i = 0; i < atOnce; i++) {
                    Caller caller = new Caller(channel, i, meter);
                    ends[i] = caller.end;
                    caller.call();
                }
                return CompletableFuture.allOf(ends);
            }

            @Override
            public void close() {
                channel.shutdownNow();
            }
        };
    }

    /** Answers each message with itself, and asks for the next when the answer is on its way. */
    private static final class Echo implements StreamObserver<byte[]> {
        private final ServerCallStreamObserver<byte[]> responses;
        private boolean asked = true;

        private Echo(ServerCallStreamObserver<byte[]> responses) {
            this.responses = responses;
        }

        static StreamObserver<byte[]> of(StreamObserver<byte[]> observer) {
            ServerCallStreamObserver<byte[]> responses = (ServerCallStreamObserver<byte[]>) observer;
            Echo echo = new Echo(responses);
            responses.disableAutoRequest();
            responses.setOnReadyHandler(echo::ask);
            responses.request(1);
            return echo;
        }

        private void ask() {
            if (!asked && responses.isReady()) {
                asked = true;
                responses.request(1);
            }
        }

        @Override
        public void onNext(byte[] message) {
            responses.onNext(message);
            asked = false;
            ask();
        }

        @Override
        public void onError(Throwable cause) {
            // the client is gone
        }

        @Override
        public void onCompleted() {
            responses.onCompleted();
        }
    }

    /** Counts what comes. */
    private static final class Counter implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> responses;
        private final Meter meter;
        private long count;

        Counter(StreamObserver<byte[]> responses, Meter meter) {
            this.responses = responses;
            this.meter = meter;
        }

        @Override
        public void onNext(byte[] message) {
            Payload.checkLength(message.length);
            count++;
            meter.count(0);
        }

        @Override
        public void onError(Throwable cause) {
            // the client is gone
        }

        @Override
        public void onCompleted() {
            responses.onNext(Payload.end(count));
            responses.onCompleted();
        }
    }

    /** Sends until the time is up, whenever the stream takes messages. */
    private static final class DownSender implements Runnable {
        private final ServerCallStreamObserver<byte[]> stream;
        private final byte[] message = Payload.ordinary();
        private final long endNanos;
        private long sent;
        private boolean ended;

        DownSender(ServerCallStreamObserver<byte[]> stream, long nanos) {
            this.stream = stream;
            this.endNanos = System.nanoTime() + nanos;
        }

        @Override
        public void run() {
            while (!ended && stream.isReady()) {
                stream.onNext(message);
                if (++sent % Payload.clockInterval() == 0 && System.nanoTime() - endNanos >= 0) {
                    ended = true;
                    stream.onNext(Payload.end(sent));
                    stream.onCompleted();
                }
            }
        }
    }

    /** The client's end of a stream, whose future says how it ended. */
    private abstract static class Client implements ClientResponseObserver<byte[], byte[]> {
        final CompletableFuture<Void> end = new CompletableFuture<>();
        final Meter meter;

        Client(Meter meter) {
            this.meter = meter;
        }

        @Override
        public void onError(Throwable cause) {
            end.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }
    }

    /** Sends until the time is up, whenever the stream takes messages. */
    private static final class UpSender extends Client {
        private final byte[] message = Payload.ordinary();
        private final long endNanos;
        private long sent;
        private boolean ended;

        UpSender(Duration sending) {
            super(new Meter(1));
            endNanos = System.nanoTime() + sending.toNanos();
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
            requests.setOnReadyHandler(() -> send(requests));
        }

        private void send(ClientCallStreamObserver<byte[]> requests) {
            while (!ended && requests.isReady()) {
                requests.onNext(message);
                if (++sent % Payload.clockInterval() == 0 && System.nanoTime() - endNanos >= 0) {
                    ended = true;
                    requests.onCompleted();
                }
            }
        }

        @Override
        public void onNext(byte[] reply) {
            try {
                Payload.checkCount(sent, Payload.number(reply));
            } catch (IllegalStateException e) {
                onError(e);
            }
        }
    }

    /** Sends whenever the stream takes messages, and counts what comes back. */
    private static final class Pipe extends Client {
        private final byte[] message = Payload.ordinary();
        private final AtomicLong sent = new AtomicLong();
        private long received;
        private boolean ended;

        Pipe(Meter meter) {
            super(meter);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
            requests.setOnReadyHandler(() -> send(requests));
        }

        private void send(ClientCallStreamObserver<byte[]> requests) {
            while (!ended && requests.isReady()) {
                if (meter.stopped()) {
                    ended = true;
                    requests.onCompleted();
                } else {
                    sent.setPlain(sent.getPlain() + 1);
                    requests.onNext(message);
                }
            }
        }

        @Override
        public void onNext(byte[] reply) {
            Payload.checkLength(reply.length);
            received++;
            meter.count(0);
        }

        @Override
        public void onCompleted() {
            try {
                Payload.checkCount(sent.get(), received);
                super.onCompleted();
            } catch (IllegalStateException e) {
                onError(e);
            }
        }
    }

    private static final class PingPong extends Client {
        final byte[] message = Payload.ordinary();
        private final int stream;
        private long askedNanos = System.nanoTime();
        private @Nullable ClientCallStreamObserver<byte[]> requests;

        PingPong(int stream, Meter meter) {
            super(meter);
            this.stream = stream;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> newRequests) {
            requests = newRequests;
        }

        @Override
        public void onNext(byte[] reply) {
            Payload.checkLength(reply.length);
            meter.count(stream, System.nanoTime() - askedNanos);
            ClientCallStreamObserver<byte[]> current = requests;
            if (current == null) {
                throw new IllegalStateException("reply before the start");
            }
            if (meter.stopped()) {
                current.onCompleted();
            } else {
                askedNanos = System.nanoTime();
                current.onNext(message);
            }
        }
    }

    /** Makes the next call when the last one has been answered. */
    private static final class Caller implements StreamObserver<byte[]> {
        final CompletableFuture<Void> end = new CompletableFuture<>();
        private final ManagedChannel channel;
        private final int number;
        private final Meter meter;
        private long askedNanos;
        private final byte[] message = Payload.ordinary();

        Caller(ManagedChannel channel, int number, Meter meter) {
            this.channel = channel;
            this.number = number;
            this.meter = meter;
        }

        void call() {
            askedNanos = System.nanoTime();
            ClientCalls.asyncUnaryCall(channel.newCall(CALL, CallOptions.DEFAULT), message, this);
        }

        @Override
        public void onNext(byte[] reply) {
            Payload.checkLength(reply.length);
        }

        @Override
        public void onError(Throwable cause) {
            end.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            meter.count(number, System.nanoTime() - askedNanos);
            if (meter.stopped()) {
                end.complete(null);
            } else {
                call();
            }
        }
    }

    private static final class DownReceiver extends Client {
        private long received;
        private long announced = -1;

        DownReceiver(Meter meter) {
            super(meter);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
            // nothing but the request is sent
        }

        @Override
        public void onNext(byte[] message) {
            if (message.length == Payload.END_LENGTH) {
                announced = Payload.number(message);
                return;
            }
            Payload.checkLength(message.length);
            received++;
            meter.count(0);
        }

        @Override
        public void onCompleted() {
            try {
                Payload.checkCount(announced, received);
                super.onCompleted();
            } catch (IllegalStateException e) {
                onError(e);
            }
        }
    }

    /** Message bytes as they are, copied once in and once out as generated messages are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new BytesStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                byte[] message = new byte[stream.available()];
                if (stream.readNBytes(message, 0, message.length) != message.length) {
                    throw new IOException("message ended early");
                }
                return message;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Tells its length and writes itself in one piece, as the streams of generated messages do. */
    private static final class BytesStream extends ByteArrayInputStream implements KnownLength, Drainable {
        BytesStream(byte[] bytes) {
            super(bytes);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = available();
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
