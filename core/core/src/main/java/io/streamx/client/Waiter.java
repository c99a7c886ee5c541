package io.streamx.client;

import io.streamx.CallCancelledException;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.UnavailableException;
import io.streamx.wire.TimeLimit;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How a caller waits for a connection.
 *
 * @param service the called service, for messages
 * @param timeout the longest wait
 * @param time by which the wait is measured
 */
record Waiter(String service, Duration timeout, TimeSource time) {
    /**
     * The connection.
     *
     * @throws ConnectException when it could not be made or took too long
     * @throws RpcException when the call is over: cancelled, out of time, or its thread interrupted, which it stays
     */
    <C> C await(CompletableFuture<C> connection, CallBounds bounds) {
        if (connection.isDone() && !connection.isCompletedExceptionally()) {
            return connection.join();
        }
        long beganNanos = time.nanoTime();
        long patience = TimeLimit.nanos(timeout);
        long left = bounds.leftNanos();
        // Others may wait for the same connection, and go on doing so when this call is cancelled.
        CompletableFuture<C> waiting = connection.copy();
        try (CallContext.Registration following = bounds.parent().onCancel(() -> waiting.cancel(false))) {
            return time.await(waiting, Math.min(patience, left));
        } catch (CancellationException e) {
            throw bounds.cancelled();
        } catch (ExecutionException e) {
            throw new ConnectException(
                    e.getCause() instanceof RpcException failure
                            ? failure
                            : new UnavailableException(
                                    "cannot connect to " + service + ": " + e.getCause(), e.getCause()));
        } catch (TimeoutException e) {
            if (left < patience) {
                throw bounds.timedOut(service, e);
            }
            throw new ConnectException(RpcTimeoutException.beforeConnected(
                    "no connection to " + service + " within the connection wait of " + timeout.toMillis()
                            + " ms, set by the client; passed "
                            + TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - beganNanos) + " ms",
                    timeout,
                    e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (bounds.parent().isCancelled()) {
                throw bounds.cancelled();
            }
            throw new CallCancelledException(
                    "thread was interrupted while it waited for a connection to " + service, e);
        }
    }

    void checkOpen(boolean closed) {
        if (closed) {
            throw new IllegalStateException("client for " + service + " is closed");
        }
    }
}
