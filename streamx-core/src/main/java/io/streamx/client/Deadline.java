package io.streamx.client;

import io.streamx.RpcTimeoutException;
import io.streamx.engine.TimeLimit;
import io.streamx.service.MethodDescriptor;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a unary call is to have ended, its wait for a connection included; perhaps never. */
final class Deadline {
    private final MethodDescriptor<?, ?> method;
    private final @Nullable TimeLimit limit;
    private final long startedNanos = System.nanoTime();

    /** From now on; {@code limit} null for never. */
    Deadline(MethodDescriptor<?, ?> method, @Nullable TimeLimit limit) {
        this.method = method;
        this.limit = limit;
    }

    /** What is left, not negative; null for no limit. */
    @Nullable
    Duration remaining() {
        return limit == null ? null : Duration.ofNanos(Math.max(0, limit.nanos() - (System.nanoTime() - startedNanos)));
    }

    boolean hasPassed() {
        Duration remaining = remaining();
        return remaining != null && remaining.isZero();
    }

    /**
     * The same wait, or a shorter one that ends with this.
     *
     * @throws RpcTimeoutException when it has passed already
     */
    Waiter within(Waiter waiter) {
        Duration remaining = remaining();
        if (remaining == null || remaining.compareTo(waiter.timeout()) >= 0) {
            return waiter;
        }
        if (remaining.isZero()) {
            throw passed("got no connection", null);
        }
        return new Waiter(waiter.service(), remaining);
    }

    /** The error to throw. */
    RpcTimeoutException passed(String what, @Nullable Throwable cause) {
        TimeLimit passed = Objects.requireNonNull(limit);
        return new RpcTimeoutException(
                method + " " + what + " within its timeout of "
                        + passed.duration().toMillis() + " ms, set by " + passed.setBy(),
                passed.duration(),
                cause);
    }
}
