package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in which a Netty buffer was dropped without being released. Must come before anything that touches
 * Netty, because Netty asks for its leak detector once.
 */
final class FailsOnLeaks implements BeforeAllCallback, AfterAllCallback {
    /** A buffer of this size is leaked on purpose: once it is reported, so is what was leaked before it. */
    private static final String CANARY = "canary of FailsOnLeaks";

    private static final List<String> REPORTS = new CopyOnWriteArrayList<>();
    private static final int MAX_COLLECTIONS = 1000;

    @Override
    public void beforeAll(ExtensionContext context) {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingFactory());
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        dropCanary();
        for (int i = 0; i < MAX_COLLECTIONS && REPORTS.stream().noneMatch(report -> report.contains(CANARY)); i++) {
            System.gc();
            // Leaks are reported when the next buffer is allocated.
            PooledByteBufAllocator.DEFAULT.buffer(1).release();
        }
        List<String> found = List.copyOf(REPORTS);
        REPORTS.clear();

        assertThat(found)
                .as("the leak dropped on purpose; without it leaks would go unseen")
                .anyMatch(report -> report.contains(CANARY));
        assertThat(found)
                .as("buffers leaked in %s", context.getDisplayName())
                .allMatch(report -> report.contains(CANARY));
    }

    private static void dropCanary() {
        ByteBuf canary = PooledByteBufAllocator.DEFAULT.buffer(1);
        canary.touch(CANARY);
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
