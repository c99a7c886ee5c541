package io.streamx.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.testkit.LogLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who runs on after the end of its call is named. */
@Timeout(30)
class LateHandlersTest {
    private final Queue<Runnable> later = new ArrayDeque<>();

    private void watch(Thread handler) {
        LateHandlers.watch("Echo.Say", handler, later::add, 7, LateHandlers.CALL_ENDED);
        later.remove().run();
    }

    @Test
    void withItsMethodAndWhereItStands() throws Exception {
        try (LogLines lines = new LogLines()) {
            watch(Thread.currentThread());

            lines.await("the handler of Echo.Say still runs 7 s after its call has ended");
            lines.await("at io.streamx.wire.LateHandlersTest.");
        }
    }

    @Test
    void butNotOneThatHasEnded() throws Exception {
        Thread ended = Thread.startVirtualThread(() -> {});
        ended.join();
        try (LogLines lines = new LogLines()) {
            watch(ended);

            assertThat(lines.containing("Echo.Say")).isEmpty();
        }
    }

    @Test
    void andIsAnEventOfARecordingOfTheJdk() throws Exception {
        Path file = Files.createTempFile("late-handlers", ".jfr");
        try (Recording recording = new Recording();
                LogLines lines = new LogLines()) {
            recording.enable("io.streamx.LateHandler");
            recording.start();
            watch(Thread.currentThread());
            lines.await("still runs 7 s");
            recording.dump(file);
            assertThat(RecordingFile.readAllEvents(file)).singleElement().satisfies(event -> {
                assertThat(event.getString("method")).isEqualTo("Echo.Say");
                assertThat(event.getLong("seconds")).isEqualTo(7);
                assertThat(event.getString("stack")).contains("io.streamx.wire.LateHandlersTest.");
            });
        } finally {
            Files.delete(file);
        }
    }
}
