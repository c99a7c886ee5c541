package io.streamx.benchmarks;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** grpc-java's blocking stubs, a virtual thread to each stream or call. */
final class BlockingGrpcSession implements Stack.Session {
    private static final Executor VIRTUAL_THREADS = Thread::startVirtualThread;
    private static final long PATIENCE_SECONDS = 60;

    private final ManagedChannel channel;

    BlockingGrpcSession(ManagedChannel channel) {
        this.channel = channel;
    }

    /** What such calls throw, as an unchecked exception. */
    private interface Task {
        void run() throws StatusException, InterruptedException, TimeoutException;

        static void unchecked(Task task) {
            try {
                task.run();
            } catch (StatusException | TimeoutException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static CompletableFuture<Void> run(Task task) {
        return CompletableFuture.runAsync(() -> Task.unchecked(task), VIRTUAL_THREADS);
    }

    private static CompletableFuture<Void> inParallel(int count, IntConsumer task) {
        CompletableFuture<?>[] ends = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            int number = i;
            ends[i] = CompletableFuture.runAsync(() -> task.accept(number), VIRTUAL_THREADS);
        }
        return CompletableFuture.allOf(ends);
    }

    private BlockingClientCall<byte[], byte[]> echo() {
        return ClientCalls.blockingBidiStreamingCall(channel, GrpcMethods.ECHO, CallOptions.DEFAULT);
    }

    @Override
    public CompletableFuture<Void> pingPong(int streams, Meter meter) {
        return inParallel(
                streams,
                stream -> Task.unchecked(() -> {
                    BlockingClientCall<byte[], byte[]> call = echo();
                    byte[] message = Payload.ordinary();
                    while (!meter.stopped()) {
                        long began = System.nanoTime();
                        call.write(message);
                        Payload.checkLength(call.read().length);
                        meter.count(stream, System.nanoTime() - began);
                    }
                    call.halfClose();
                    if (call.read() != null) {
                        throw new IllegalStateException("a reply too many");
                    }
                }));
    }

    @Override
    public CompletableFuture<Void> down(Duration sending, Meter meter) {
        return run(() -> {
            BlockingClientCall<?, byte[]> call = ClientCalls.blockingV2ServerStreamingCall(
                    channel, GrpcMethods.DOWN, CallOptions.DEFAULT, Payload.request(sending));
            long received = 0;
            long announced = -1;
            for (byte[] message = call.read(); message != null; message = call.read()) {
                if (message.length == Payload.END_LENGTH) {
                    announced = Payload.number(message);
                } else {
                    Payload.checkLength(message.length);
                    received++;
                    meter.count(0);
                }
            }
            Payload.checkCount(announced, received);
        });
    }

    @Override
    public CompletableFuture<Void> up(Duration sending) {
        return run(() -> {
            BlockingClientCall<byte[], byte[]> call =
                    ClientCalls.blockingClientStreamingCall(channel, GrpcMethods.UP, CallOptions.DEFAULT);
            long endNanos = System.nanoTime() + sending.toNanos();
            byte[] message = Payload.ordinary();
            long sent = 0;
            do {
                for (int i = 0; i < Payload.clockInterval(); i++) {
                    call.write(message, PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
                sent += Payload.clockInterval();
            } while (System.nanoTime() - endNanos < 0);
            call.halfClose();
            Payload.checkCount(sent, Payload.number(call.read()));
        });
    }

    @Override
    public CompletableFuture<Void> pipe(Meter meter) {
        return run(() -> {
            BlockingClientCall<byte[], byte[]> call = echo();
            CompletableFuture<Long> sender = new CompletableFuture<>();
            Thread.startVirtualThread(() -> {
                try {
                    byte[] message = Payload.ordinary();
                    long sent = 0;
                    while (!meter.stopped()) {
                        call.write(message);
                        sent++;
                    }
                    call.halfClose();
                    sender.complete(sent);
                } catch (StatusException | InterruptedException e) {
                    sender.completeExceptionally(e);
                }
            });
            long received = 0;
            for (byte[] message = call.read(); message != null; message = call.read()) {
                Payload.checkLength(message.length);
                received++;
                meter.count(0);
            }
            Payload.checkCount(sender.join(), received);
        });
    }

    @Override
    public CompletableFuture<Void> calls(int atOnce, Meter meter) {
        return inParallel(
                atOnce,
                caller -> Task.unchecked(() -> {
                    byte[] message = Payload.ordinary();
                    while (!meter.stopped()) {
                        long began = System.nanoTime();
                        Payload.checkLength(call(message).length);
                        meter.count(caller, System.nanoTime() - began);
                    }
                }));
    }

    private byte[] call(byte[] message) throws StatusException {
        return ClientCalls.blockingV2UnaryCall(channel, GrpcMethods.CALL, CallOptions.DEFAULT, message);
    }

    @Override
    public void callOnce() {
        Task.unchecked(() -> Payload.checkLength(call(Payload.ordinary()).length));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
