package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Room for what is being decompressed. */
@Timeout(30)
class InflatingTest {
    @Test
    void whoInflatesWaitsForRoomAndOneIsLetInWhole() throws Exception {
        Inflating inflating = new Inflating(1000);
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Void> second;
        try (Inflating.Room whole = inflating.enter(100, 1 << 20)) {
            second = CompletableFuture.runAsync(
                    () -> {
                        waits.countDown();
                        try (Inflating.Room room = inflating.enter(1, 10)) {
                            assertThat(room).isNotNull();
                        }
                    },
                    Thread::startVirtualThread);
            waits.await();
            assertThat(second).isNotDone();
        }
        second.get(10, TimeUnit.SECONDS);
    }
}
