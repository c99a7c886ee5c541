package io.streamx.client;

import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.engine.TimeLimit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How a caller waits for a connection.
 *
 * @param service the called service, for messages
 * @param timeout the longest wait
 */
record Waiter(String service, Duration timeout) {
    /**
     * The connection.
     *
     * @throws ConnectException when it could not be made or took too long
     * @throws RpcException when the thread was interrupted, which it stays
     */
    <C> C await(CompletableFuture<C> connection) {
        try {
            return connection.get(TimeLimit.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new ConnectException(
                    e.getCause() instanceof RpcException failure
                            ? failure
                            : new RpcException("cannot connect to " + service + ": " + e.getCause(), e.getCause()));
        } catch (TimeoutException e) {
            throw new ConnectException(new RpcTimeoutException(
                    "no connection to " + service + " within the connection wait of " + timeout.toMillis() + " ms",
                    timeout,
                    e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException("thread was interrupted while it waited for a connection to " + service, e);
        }
    }

    void checkOpen(boolean closed) {
        if (closed) {
            throw new IllegalStateException("client for " + service + " is closed");
        }
    }
}
