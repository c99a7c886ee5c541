package io.streamx.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which a Netty buffer was dropped without being released. Must come before anything that touches
 * Netty, because Netty asks for its leak detector once.
 */
public final class FailsOnLeaks implements BeforeAllCallback, AfterAllCallback {
    private static final AtomicInteger CANARIES = new AtomicInteger();
    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();
    private static final int MAX_COLLECTIONS = 1000;

    @Override
    public void beforeAll(ExtensionContext context) {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // A leak made on purpose: once it is reported, so is what was leaked before it. Each has a name of its own,
        // because Netty reports the same leak once.
        String canary = "canary " + CANARIES.incrementAndGet() + " of FailsOnLeaks";
        drop(canary);
        for (int i = 0; i < MAX_COLLECTIONS && REPORTS.stream().noneMatch(report -> report.contains(canary)); i++) {
            System.gc();
            // Leaks are reported when the next buffer is allocated.
            PooledByteBufAllocator.DEFAULT.buffer(1).release();
        }
        List<String> found = List.copyOf(REPORTS);
        REPORTS.clear();

        assertThat(found)
                .as("the leak dropped on purpose; without it leaks would go unseen")
                .anyMatch(report -> report.contains(canary));
        assertThat(found)
                .as("buffers leaked in %s", context.getDisplayName())
                .allMatch(report -> report.contains(canary));
    }

    private static void drop(String name) {
        ByteBuf unreleased = PooledByteBufAllocator.DEFAULT.buffer(1);
        unreleased.touch(name);
    }

    private static final class RecordingFactory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // the one method there is to implement
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new RecordingDetector<>(resource, samplingInterval);
        }
    }

    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
        RecordingDetector(Class<?> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resource, String records) {
            REPORTS.add(resource + records);
        }

        @Override
        protected void reportUntracedLeak(String resource) {
            REPORTS.add(resource + " (no trace)");
        }
    }
}
