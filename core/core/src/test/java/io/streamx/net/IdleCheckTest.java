package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdleCheckTest {
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AtomicLong idleNanos = new AtomicLong();
    private final AtomicBoolean ends = new AtomicBoolean(true);
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void watch() {
        channel.freezeTime();
        IdleCheck.start(channel, TIMEOUT_NANOS, idleNanos::get, () -> {
            asked.incrementAndGet();
            return ends.get();
        });
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void idleConnectionIsEndedOnce() {
        idleNanos.set(TIMEOUT_NANOS);
        pass(TIMEOUT_NANOS);
        pass(3 * TIMEOUT_NANOS);

        assertThat(asked).hasValue(1);
    }

    @Test
    void connectionInUseIsLookedAtAfterEachTimeout() {
        idleNanos.set(IdleCheck.IN_USE);
        pass(TIMEOUT_NANOS);
        pass(TIMEOUT_NANOS);
        assertThat(asked).hasValue(0);

        idleNanos.set(TIMEOUT_NANOS);
        pass(TIMEOUT_NANOS);
        assertThat(asked).hasValue(1);
    }

    @Test
    void timerThatFiresTooEarlyIsArmedForTheRest() {
        idleNanos.set(TIMEOUT_NANOS - 3);
        pass(TIMEOUT_NANOS);
        assertThat(asked).hasValue(0);

        idleNanos.set(TIMEOUT_NANOS);
        pass(2);
        assertThat(asked).hasValue(0);
        pass(1);
        assertThat(asked).hasValue(1);
    }

    @Test
    void connectionThatIsInUseAfterAllIsLookedAtAgain() {
        idleNanos.set(TIMEOUT_NANOS);
        ends.set(false);
        pass(TIMEOUT_NANOS);
        pass(TIMEOUT_NANOS);

        assertThat(asked).hasValue(2);
    }

    @Test
    void closedConnectionKeepsNoTimer() {
        idleNanos.set(TIMEOUT_NANOS);
        channel.close();
        pass(TIMEOUT_NANOS);

        assertThat(asked).hasValue(0);
        assertThat(channel.hasPendingTasks()).isFalse();
    }

    private void pass(long nanos) {
        channel.advanceTimeBy(nanos, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }
}
