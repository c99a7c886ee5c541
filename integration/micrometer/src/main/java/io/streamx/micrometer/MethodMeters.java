package io.streamx.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.streamx.CallInfo;
import io.streamx.CallListener.Summary;
import io.streamx.StreamingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The meters of one method at one side, looked up once. */
final class MethodMeters {
    static final String UNKNOWN = "unknown";

    /** The buckets of all timers, from calls within one machine to streams that live for an hour. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10),
        Duration.ofHours(1)
    };

    /** What tells the meters of one method from those of another. */
    record Id(String service, String method, StreamingMode mode, String protocol) {
        static Id of(CallInfo call) {
            boolean listed = call.isListed();
            return new Id(
                    listed ? call.service() : UNKNOWN, listed ? call.method() : UNKNOWN, call.mode(), call.protocol());
        }

        Tags tags(String side) {
            return Tags.of(
                    MeterNames.SIDE,
                    side,
                    MeterNames.SERVICE,
                    service,
                    MeterNames.METHOD,
                    method,
                    MeterNames.MODE,
                    mode.name().toLowerCase(Locale.ROOT),
                    MeterNames.TRANSPORT,
                    protocol);
        }
    }

    /** What is timed of streams beside the whole of them. */
    record StreamTimers(Timer firstMessage, Timer gap, Timer sendWait) {}

    final LongAdder active = new LongAdder();
    /** Null for unary calls, of which the duration says it all. */
    final @Nullable StreamTimers stream;

    final Counter messagesSent;
    final Counter messagesReceived;
    final Counter bytesSent;
    final Counter bytesReceived;

    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<String, Timer> durations = new ConcurrentHashMap<>();

    MethodMeters(MeterRegistry registry, String side, Id id) {
        this.registry = registry;
        tags = id.tags(side);
        // The gauge keeps a strong reference, since a registry alone would let the counter be collected.
        Gauge.builder(MeterNames.ACTIVE, active, LongAdder::sum)
                .description("Calls that have started and not finished")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        stream = id.mode == StreamingMode.UNARY
                ? null
                : new StreamTimers(
                        timer(MeterNames.FIRST_MESSAGE, "From the start to the first message of a stream", tags),
                        timer(MeterNames.GAP, "From one received message of a stream to the next", tags),
                        timer(MeterNames.SEND_WAIT, "Waits of sends for room", tags));
        messagesSent = counter(MeterNames.MESSAGES, "Messages", "sent", null);
        messagesReceived = counter(MeterNames.MESSAGES, "Messages", "received", null);
        bytesSent = counter(MeterNames.BYTES, "Payload of messages", "sent", "bytes");
        bytesReceived = counter(MeterNames.BYTES, "Payload of messages", "received", "bytes");
    }

    /** Adds the messages of a whole call. */
    void count(Summary summary) {
        if (summary.messagesSent() > 0) {
            messagesSent.increment((double) summary.messagesSent());
            bytesSent.increment((double) summary.bytesSent());
        }
        if (summary.messagesReceived() > 0) {
            messagesReceived.increment((double) summary.messagesReceived());
            bytesReceived.increment((double) summary.bytesReceived());
        }
    }

    /** The timer of the calls that ended with {@code code}. There are few codes, and so few timers. */
    Timer duration(String code) {
        Timer known = durations.get(code);
        return known != null
                ? known
                : durations.computeIfAbsent(
                        code,
                        c -> timer(MeterNames.DURATION, "From the start to the finish", tags.and(MeterNames.CODE, c)));
    }

    private Timer timer(String name, String description, Tags own) {
        return Timer.builder(name)
                .description(description)
                .tags(own)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter counter(String name, String description, String direction, @Nullable String unit) {
        return Counter.builder(name)
                .description(description)
                .tags(tags.and(MeterNames.DIRECTION, direction))
                .baseUnit(unit)
                .register(registry);
    }
}
