package io.streamx.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** grpc-java's asynchronous stubs: each stream or call is an object that the threads of the channel call back. */
final class AsyncGrpcSession implements Stack.Session {
    private final ManagedChannel channel;

    AsyncGrpcSession(ManagedChannel channel) {
        this.channel = channel;
    }

    @Override
    public CompletableFuture<Void> pingPong(int streams, Meter meter) {
        CompletableFuture<?>[] ends = new CompletableFuture<?>[streams];
        for (int stream = 0; stream < streams; stream++) {
            PingPong observer = new PingPong(stream, meter);
            ends[stream] = observer.end;
            ClientCalls.asyncBidiStreamingCall(channel.newCall(GrpcMethods.ECHO, CallOptions.DEFAULT), observer)
                    .onNext(observer.message);
        }
        return CompletableFuture.allOf(ends);
    }

    @Override
    public CompletableFuture<Void> down(Duration sending, Meter meter) {
        DownReceiver observer = new DownReceiver(meter);
        ClientCalls.asyncServerStreamingCall(
                channel.newCall(GrpcMethods.DOWN, CallOptions.DEFAULT), Payload.request(sending), observer);
        return observer.end;
    }

    @Override
    public CompletableFuture<Void> up(Duration sending) {
        UpSender observer = new UpSender(sending);
        ClientCalls.asyncClientStreamingCall(channel.newCall(GrpcMethods.UP, CallOptions.DEFAULT), observer);
        return observer.end;
    }

    @Override
    public CompletableFuture<Void> pipe(Meter meter) {
        Pipe observer = new Pipe(meter);
        ClientCalls.asyncBidiStreamingCall(channel.newCall(GrpcMethods.ECHO, CallOptions.DEFAULT), observer);
        return observer.end;
    }

    @Override
    public void callOnce() {
        Payload.checkLength(
                ClientCalls.blockingUnaryCall(channel, GrpcMethods.CALL, CallOptions.DEFAULT, Payload.ordinary())
                        .length);
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
            ClientCalls.asyncUnaryCall(channel.newCall(GrpcMethods.CALL, CallOptions.DEFAULT), message, this);
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
}
