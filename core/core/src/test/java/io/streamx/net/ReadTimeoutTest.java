package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.streamx.wire.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadTimeoutTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicInteger expired = new AtomicInteger();
    private long nanos = 1;
    private final ReadTimeout timeout =
            new ReadTimeout(channel.eventLoop(), Duration.ofSeconds(5), clock(), expired::incrementAndGet);

    private TimeSource clock() {
        return new TimeSource() {
            @Override
            public long nanoTime() {
                return nanos;
            }
        };
    }

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aByteASecondIsNotEnough() {
        timeout.received(1, true);
        for (int second = 1; second < 5; second++) {
            pass(1000);
            timeout.received(1, true);
            assertThat(expired).hasValue(0);
        }
        pass(1001);
        assertThat(expired).hasValue(1);
    }

    @Test
    void aLargeMessageOnASlowLineHasMoreTime() {
        // A hundred kilobytes a second.
        for (int second = 0; second < 160; second++) {
            timeout.received(100 << 10, true);
            pass(1000);
        }
        assertThat(expired).hasValue(0);

        // It stops: what it has earned is used up in the end.
        pass(3_600_000);
        assertThat(expired).hasValue(1);
    }

    @Test
    void aMessageThatEndsInTimeIsLeftInPeaceAndTheNextHasItsOwnTime() {
        timeout.received(10, true);
        pass(4000);
        timeout.messageEnded();
        timeout.received(10, true);
        pass(4000);
        assertThat(expired).hasValue(0);
        timeout.messageEnded();
        timeout.received(10, false);
        pass(3_600_000);

        assertThat(expired).hasValue(0);
        assertThat(channel.hasPendingTasks()).isFalse();
    }

    @Test
    void withoutAPartOfAMessageNothingRuns() {
        timeout.received(1000, false);

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    }
}
