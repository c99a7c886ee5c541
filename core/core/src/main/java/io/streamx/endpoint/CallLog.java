package io.streamx.endpoint;

import io.streamx.AttributeKey;
import io.streamx.CallContext;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines in the log for calls and streams when they are over: one for each ({@code access}), and one for those that were slow. It
 * does nothing until it is installed:
 *
 * <pre>{@code
 * CallLog log = CallLog.builder().access(true).slowCalls(Duration.ofSeconds(1)).build();
 * Server.builder().install(log);
 * Client.builder("echo").install(log);
 * }</pre>
 *
 * <p>Access lines go to the logger {@code io.streamx.access} with level INFO, slow ones to {@code io.streamx.slow} with level
 * WARN. A line has names, addresses, counts and times; it never has a payload, metadata, or the text of an error. Names that no
 * service lists are {@code unknown}, because a peer chooses them. Immutable; one object may be installed into any number of
 * clients and servers.
 */
public final class CallLog implements Extension, CallListener {
    private static final Logger ACCESS = LoggerFactory.getLogger("io.streamx.access");
    private static final Logger SLOW = LoggerFactory.getLogger("io.streamx.slow");

    private final boolean access;
    private final long slowCallNanos;
    private final long slowStreamNanos;
    private final AttributeKey<Times> times = AttributeKey.named("times");

    private CallLog(Builder settings) {
        access = settings.access;
        slowCallNanos = nanos(settings.slowCalls);
        slowStreamNanos = nanos(settings.slowStreams);
    }

    /** A builder with which nothing is logged. */
    public static Builder builder() {
        return new Builder();
    }

    private static long nanos(@Nullable Duration threshold) {
        return threshold == null ? Long.MAX_VALUE : TimeUnit.NANOSECONDS.convert(threshold);
    }

    /** What is known of one call beside its summary. Written by several threads. */
    private static final class Times {
        private final long beganNanos = System.nanoTime();
        /** From the beginning to the first message that was received; negative before it. */
        private final AtomicLong firstNanos = new AtomicLong(-1);

        private final AtomicLong sendWaitNanos = new AtomicLong();
        private final AtomicLong receiveWaitNanos = new AtomicLong();
    }

    @Override
    public void installInto(Client.Builder client) {
        client.callListener(this);
    }

    @Override
    public void installInto(Server.Builder server) {
        server.callListener(this);
    }

    @Override
    public void onStart(CallInfo call) {
        call.setAttribute(times, new Times());
    }

    @Override
    public void onReceive(CallInfo call, long bytes, @Nullable Throwable failure) {
        Times known = call.attribute(times);
        if (known != null && failure == null && known.firstNanos.get() < 0) {
            known.firstNanos.compareAndSet(-1, System.nanoTime() - known.beganNanos);
        }
    }

    @Override
    public void onWaitEnd(CallInfo call, Wait wait, long nanos) {
        Times known = call.attribute(times);
        if (known != null) {
            (wait == Wait.SEND ? known.sendWaitNanos : known.receiveWaitNanos).addAndGet(nanos);
        }
    }

    @Override
    public void onFinish(CallInfo call, Summary summary) {
        Times known = call.attribute(times);
        if (known == null) {
            return;
        }
        long took = System.nanoTime() - known.beganNanos;
        boolean unary = call.mode() == StreamingMode.UNARY;
        long limit = unary ? slowCallNanos : slowStreamNanos;
        if (access && ACCESS.isInfoEnabled()) {
            ACCESS.info(line(call, summary, known, took));
        }
        if (took >= limit) {
            SLOW.warn(
                    "took {} ms (expected: less than {} ms, the setting {}): {}",
                    TimeUnit.NANOSECONDS.toMillis(took),
                    TimeUnit.NANOSECONDS.toMillis(limit),
                    unary ? "slowCalls" : "slowStreams",
                    line(call, summary, known, took));
        }
    }

    private static String line(CallInfo call, Summary summary, Times known, long took) {
        long first = known.firstNanos.get();
        StringBuilder line = new StringBuilder(240)
                .append("side=")
                .append(call instanceof CallContext ? "server" : "client")
                .append(" method=")
                .append(call.isListed() ? call.service() + "." + call.method() : "unknown")
                .append(" mode=")
                .append(call.mode().name().toLowerCase(Locale.ROOT))
                .append(" transport=")
                .append(call.protocol())
                .append(" peer=")
                .append(call.remoteAddress())
                .append(" outcome=")
                .append(summary.outcome())
                .append(" ms=")
                .append(millis(took));
        if (first >= 0) {
            line.append(" first_message_ms=").append(millis(first));
        }
        line.append(" sent=")
                .append(summary.messagesSent())
                .append(" sent_bytes=")
                .append(summary.bytesSent())
                .append(" received=")
                .append(summary.messagesReceived())
                .append(" received_bytes=")
                .append(summary.bytesReceived());
        if (call.mode() != StreamingMode.UNARY) {
            line.append(" send_wait_ms=")
                    .append(millis(known.sendWaitNanos.get()))
                    .append(" receive_wait_ms=")
                    .append(millis(known.receiveWaitNanos.get()));
        }
        if (call.attempt() > 1) {
            line.append(" attempt=").append(call.attempt());
        }
        return line.toString();
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }

    /** Not safe for threads. */
    public static final class Builder {
        private boolean access;
        private @Nullable Duration slowCalls;
        private @Nullable Duration slowStreams;

        private Builder() {}

        /** Whether each call and stream has a line of its own; false when not set. */
        public Builder access(boolean lines) {
            access = lines;
            return this;
        }

        /** Unary calls that take as long are slow; none is when not set. */
        public Builder slowCalls(Duration threshold) {
            slowCalls = positive("slowCalls", threshold);
            return this;
        }

        /** Streams that take as long from their opening to their end are slow; none is when not set. */
        public Builder slowStreams(Duration threshold) {
            slowStreams = positive("slowStreams", threshold);
            return this;
        }

        private static Duration positive(String name, Duration threshold) {
            if (threshold.isNegative() || threshold.isZero()) {
                throw new IllegalArgumentException(name + ": " + threshold + " (expected: more than zero)");
            }
            return threshold;
        }

        /** The extension. */
        public CallLog build() {
            return new CallLog(this);
        }
    }
}
