package io.streamx.benchmarks;

import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/** What a server of grpc-java does for each method; its callbacks run on whatever threads the server was given. */
final class GrpcHandlers {
    private GrpcHandlers() {}

    /** The service with all methods; {@code received} counts the messages of {@link GrpcMethods#UP}. */
    static ServerServiceDefinition service(Meter received) {
        return ServerServiceDefinition.builder(GrpcMethods.SERVICE)
                .addMethod(GrpcMethods.ECHO, ServerCalls.asyncBidiStreamingCall(Echo::of))
                .addMethod(
                        GrpcMethods.UP,
                        ServerCalls.asyncClientStreamingCall(responses -> new Counter(responses, received)))
                .addMethod(GrpcMethods.CALL, ServerCalls.asyncUnaryCall(GrpcHandlers::answer))
                .addMethod(GrpcMethods.DOWN, ServerCalls.asyncServerStreamingCall(GrpcHandlers::send))
                .build();
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
}
