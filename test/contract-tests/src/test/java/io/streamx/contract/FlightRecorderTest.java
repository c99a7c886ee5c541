package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BizStatusException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recording of the JDK's Flight Recorder has of calls and connections. */
class FlightRecorderTest extends OnEveryTransport {
    private static final List<String> KINDS =
            List.of("Stream", "UnaryCall", "SendStall", "ReceiveStall", "ConnectionOpened", "ConnectionClosed");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** One for all tests and as long as the process, each of which looks at what began after itself. */
    private static final Recording recording = new Recording();

    private final Instant began = Instant.now();

    @TempDir
    private Path folder;

    @BeforeAll
    static void startRecording() {
        if (recording.getState() != RecordingState.NEW) {
            return;
        }
        for (String kind : KINDS) {
            recording.enable("io.streamx." + kind).withThreshold(Duration.ZERO);
        }
        recording.start();
    }

    /** Reads files of the recording until there are so many events that fit, since ends are written on other threads. */
    private List<RecordedEvent> await(String kind, int count, Predicate<RecordedEvent> which) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Path file = Files.createTempFile(folder, "calls", ".jfr");
            recording.dump(file);
            List<RecordedEvent> all = RecordingFile.readAllEvents(file);
            List<RecordedEvent> found = all.stream()
                    .filter(event -> event.getEventType().getName().equals("io.streamx." + kind))
                    .filter(event -> !event.getStartTime().isBefore(began))
                    .filter(which)
                    .toList();
            if (found.size() >= count) {
                return found;
            }
            assertThat(System.nanoTime()).as("not among %s", all).isLessThan(end);
        }
    }

    private static boolean isOfTest(RecordedEvent call) {
        return "EchoService".equals(call.getString("service"));
    }

    @Test
    void aStreamIsOneEventAtEachEndWithItsCounts() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        try (var stream = EchoService.bidi(client)) {
            for (int i = 0; i < 3; i++) {
                stream.send("12345678");
                assertThat(stream.recv()).isEqualTo("12345678");
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        List<RecordedEvent> events = await("Stream", 2, FlightRecorderTest::isOfTest);
        assertThat(events).extracting(event -> event.getString("side")).containsExactlyInAnyOrder("client", "server");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getString("method")).isEqualTo("Bidi");
            assertThat(event.getString("mode")).isEqualTo("bidirectional");
            assertThat(event.getString("transport")).isEqualToIgnoringCase(transport.name());
            assertThat(event.getString("peer")).contains("127.0.0.1");
            assertThat(event.getString("outcome")).isEqualTo("ok");
            assertThat(event.getString("failure")).isNull();
            assertThat(event.getLong("messagesSent")).isEqualTo(3);
            assertThat(event.getLong("messagesReceived")).isEqualTo(3);
            assertThat(event.getLong("bytesSent")).isEqualTo(3L * EchoService.encoded("12345678").length);
            assertThat(event.getDuration()).isPositive();
        });
    }

    @Test
    void aCancelledStreamSaysSoAtBothEnds() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            assertThat(stream.recv()).isEqualTo("one");
            stream.cancel("enough");
        }
        assertThat(await("Stream", 2, FlightRecorderTest::isOfTest)).allSatisfy(event -> {
            assertThat(event.getString("outcome")).isEqualTo("cancelled");
            assertThat(event.getString("failure")).isNotEmpty();
        });
    }

    @Test
    void aUnaryCallIsOneEventAtEachEndWithItsOutcome() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.with(stream -> {}, request -> {
            throw new BizStatusException(7, "no", Map.of());
        })));
        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(BizStatusException.class);
        List<RecordedEvent> events = await("UnaryCall", 2, FlightRecorderTest::isOfTest);
        assertThat(events).extracting(event -> event.getString("side")).containsExactlyInAnyOrder("client", "server");
        assertThat(events).extracting(event -> event.getString("outcome")).containsOnly("business_error");
    }

    @Test
    void aSendThatWaitedIsAStallWithTheLineThatSent() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            read.await();
            while (stream.recv() != null) {
                // The messages are read and nothing more.
            }
        })));
        try (var stream = EchoService.bidi(client)) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread sender = Thread.ofPlatform().start(() -> {
                String message = "x".repeat(100_000);
                for (int i = 0; i < 200; i++) {
                    stream.send(message);
                }
                sent.complete(null);
            });
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            read.countDown();
            sent.get(20, TimeUnit.SECONDS);
        }
        RecordedEvent stall = await(
                        "SendStall", 1, event -> isOfTest(event) && "client".equals(event.getString("side")))
                .getFirst();
        assertThat(stall.getString("method")).isEqualTo("Bidi");
        assertThat(stall.getDuration()).isPositive();
        assertThat(stall.getStackTrace().getFrames())
                .anyMatch(frame -> frame.getMethod().getType().getName().equals(FlightRecorderTest.class.getName()));
    }

    @Test
    void aReceiveThatWaitedIsAStallAtItsEnd() throws Exception {
        CountDownLatch readerWaits = new CountDownLatch(1);
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            for (String message : stream) {
                readerWaits.await();
                stream.send(message);
            }
        })));
        try (var stream = EchoService.bidi(client)) {
            stream.send("one");
            Thread reader = Thread.currentThread();
            Thread.ofPlatform().daemon().start(() -> {
                while (reader.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                readerWaits.countDown();
            });
            assertThat(stream.recv()).isEqualTo("one");
            // The handler waits for the next message now.
            await("ReceiveStall", 1, event -> isOfTest(event) && "client".equals(event.getString("side")));
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(await("ReceiveStall", 1, event -> isOfTest(event) && "server".equals(event.getString("side"))))
                .allSatisfy(event -> assertThat(event.getString("method")).isEqualTo("Bidi"));
    }

    @Test
    void aConnectionIsToldOfWhenItIsMadeAndWhenItEndsAndWhy() throws Exception {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(server);
        try (var stream = EchoService.bidi(client)) {
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        String port = ":" + server.port();
        RecordedEvent opened = await(
                        "ConnectionOpened", 1, event -> event.getString("peer").endsWith(port))
                .getFirst();
        assertThat(opened.getString("side")).isEqualTo("client");
        assertThat(opened.getString("service")).isEqualTo("echo");
        assertThat(await(
                        "ConnectionOpened", 1, event -> event.getString("local").endsWith(port)))
                .extracting(event -> event.getString("side"))
                .containsOnly("server");

        client.close();
        RecordedEvent closed = await(
                        "ConnectionClosed", 1, event -> event.getString("peer").endsWith(port))
                .getFirst();
        assertThat(closed.getString("reason")).contains("the client was closed");
        assertThat(await(
                        "ConnectionClosed", 1, event -> event.getString("local").endsWith(port)))
                .allSatisfy(event -> assertThat(event.getString("reason")).isNotEmpty());
    }
}
