package io.streamx.benchmarks;

import java.util.concurrent.CompletableFuture;

/** Clients that live for one call. */
final class Sessions {
    private Sessions() {}

    /** Makes a client, calls once and closes the client, until the meter says stop. */
    static CompletableFuture<Void> oneAfterAnother(Stack stack, int port, Meter meter) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform().name("connect").daemon().start(() -> {
            try {
                while (!meter.stopped()) {
                    long began = System.nanoTime();
                    try (Stack.Session session = stack.connect(port)) {
                        session.callOnce();
                    }
                    meter.count(0, System.nanoTime() - began);
                }
                end.complete(null);
            } catch (Throwable t) {
                end.completeExceptionally(t);
            }
        });
        return end;
    }
}
