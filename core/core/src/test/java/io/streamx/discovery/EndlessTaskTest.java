package io.streamx.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.discovery.Registry.Registration;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept going with a registry, whatever that does. */
@Timeout(60)
class EndlessTaskTest {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private String next() throws InterruptedException {
        return events.poll(30, TimeUnit.SECONDS);
    }

    @Test
    void anAttemptThatFailsOrEndsIsMadeAgainUntilTheTaskIsClosed() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        EndlessTask task = EndlessTask.start(
                "test",
                working -> {
                    int attempt = attempts.incrementAndGet();
                    events.add("attempt " + attempt);
                    if (attempt == 1) {
                        throw new IOException("refused");
                    }
                    if (attempt == 3) {
                        working.run();
                        new CountDownLatch(1).await();
                    }
                },
                failure -> events.add(failure.toString()));
        assertThat(List.of(next(), next(), next(), next()))
                .containsExactly("attempt 1", "java.io.IOException: refused", "attempt 2", "attempt 3");
        task.close();
        task.close();
        // What the interrupt of the closing causes is no failure.
        assertThat(events).isEmpty();
    }

    @Test
    void reasonsAreGivenWithoutTheWrappingsOfFutures() {
        assertThat(EndlessTask.reason(new ExecutionException(new CompletionException(new IOException("refused")))))
                .isEqualTo("refused");
        assertThat(EndlessTask.reason(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
    }

    @Test
    void aRegistrationTakesItsRecordOutAfterItsAttemptHasEnded() throws InterruptedException {
        Registration registration = KeptRegistration.start(
                "the test",
                "a.b.c",
                Instance.of("127.0.0.1:1"),
                working -> {
                    try {
                        events.add("put");
                        working.run();
                        new CountDownLatch(1).await();
                    } finally {
                        events.add("stopped");
                    }
                },
                () -> events.add("removed"),
                () -> events.add("released"));
        assertThat(next()).isEqualTo("put");
        registration.close();
        registration.close();
        assertThat(events).containsExactly("stopped", "removed", "released");
    }

    @Test
    void aRegistrationEndsThoughItsRecordCannotBeTakenOut() throws InterruptedException {
        Registration registration = KeptRegistration.start(
                "the test",
                "a.b.c",
                Instance.of("127.0.0.1:1"),
                working -> {
                    throw new IOException("refused");
                },
                () -> {
                    events.add("removing");
                    new CountDownLatch(1).await();
                },
                () -> events.add("released"));
        registration.close();
        assertThat(next()).isEqualTo("removing");
        assertThat(next()).isEqualTo("released");
    }
}
