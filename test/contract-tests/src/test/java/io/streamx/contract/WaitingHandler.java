package io.streamx.contract;

import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.RpcException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A handler that waits for messages, and what it saw in the end. */
final class WaitingHandler {
    final CountDownLatch started = new CountDownLatch(1);
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

    /** The same after its header went out, so that its caller knows that it runs. */
    void announceAndWait(BidiStreamingServer<String, String> stream) {
        stream.sendHeader(Map.of());
        waitForMessages(stream);
    }

    void waitForMessages(BidiStreamingServer<String, String> stream) {
        started.countDown();
        try {
            while (stream.recv() != null) {
                // waits for the next one
            }
            failure.completeExceptionally(new AssertionError("the stream ended well"));
        } catch (RpcException e) {
            if (CallContext.current().isCancelled()) {
                failure.complete(e);
            } else {
                failure.completeExceptionally(new AssertionError("context was not cancelled before recv threw", e));
            }
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.complete(true);
            }
            throw e;
        }
    }

    /** What its recv threw, after its context had been cancelled. */
    Throwable failure() throws Exception {
        return failure.get(20, TimeUnit.SECONDS);
    }

    /** Whether its thread was interrupted afterwards. */
    boolean wasInterrupted() throws Exception {
        return interrupted.get(20, TimeUnit.SECONDS);
    }
}
