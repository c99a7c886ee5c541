package io.streamx.server;

import io.streamx.wire.Logs;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log line for each refused connection, and no more than one a second: the others are counted and told with the
 * next line. Safe from any thread.
 */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong untold = new AtomicLong();

    void refused(@Nullable SocketAddress peer, String what, String expected) {
        long now = System.nanoTime();
        long next = nextNanos.get();
        if (now - next < 0 || !nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
            untold.incrementAndGet();
            return;
        }
        long others = untold.getAndSet(0);
        Logs.warn(
                LOG,
                "connection from {} refused: {} (expected: {}){}",
                peer,
                what,
                expected,
                others == 0 ? "" : "; and " + others + " more since the last such line");
    }
}
