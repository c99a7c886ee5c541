package io.streamx.opentelemetry;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The spans that have ended. */
final class ExportedSpans {
    final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    /** All of them, in the order in which they ended. */
    List<SpanData> all() {
        return exporter.getFinishedSpanItems();
    }

    /** Waits for that many spans, for what ends on a thread that the test does not wait for. */
    List<SpanData> await(int count) throws Exception {
        CompletableFuture<List<SpanData>> enough = new CompletableFuture<>();
        Thread poll = Thread.startVirtualThread(() -> {
            while (!enough.isDone() && exporter.getFinishedSpanItems().size() < count) {
                Thread.onSpinWait();
                Thread.yield();
            }
            enough.complete(exporter.getFinishedSpanItems());
        });
        try {
            return enough.get(20, TimeUnit.SECONDS);
        } finally {
            enough.cancel(false);
            poll.join();
        }
    }

    /** The first of those. */
    SpanData one(Predicate<SpanData> which) {
        return exporter.getFinishedSpanItems().stream()
                .filter(which)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such span among " + exporter.getFinishedSpanItems()));
    }
}
