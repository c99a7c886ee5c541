package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Java client and a Java server do over gRPC alone; what they do over every transport is in contract-tests. */
@Timeout(60)
class GrpcStreamingTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private Client connect(ServiceDefinition service) {
        Server server = ends.serve(service);
        return ends.connect(server);
    }

    @ParameterizedTest
    @ValueSource(ints = {16_380, 70_000, 300_000, 5_000_000})
    void messagesMayBeLargerThanAFrameAndThanAWindow(int length) {
        Client client = connect(EchoService.echo());
        String text = "x".repeat(length);
        try (var stream = EchoService.bidi(client)) {
            stream.send(text);
            stream.send("after");
            stream.closeSend();
            assertThat(stream.recv()).isEqualTo(text);
            assertThat(stream.recv()).isEqualTo("after");
            assertThat(stream.recv()).isNull();
        }
        assertThat(client.call(EchoService.SAY, text, CallOptions.NONE)).isEqualTo(text);
    }

    @Test
    void headerAndTrailerTravelInLowerCase() {
        Client client = connect(EchoService.bidi(stream -> {
            stream.setHeader(Map.of("H1", "v1"));
            stream.sendHeader(Map.of("h2", "v2"));
            stream.setTrailer(Map.of("T1", "w1"));
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.header()).containsEntry("h1", "v1").containsEntry("h2", "v2");
            assertThat(stream.recv()).isNull();
            assertThat(stream.trailer()).containsEntry("t1", "w1");
        }
    }

    @Test
    void aStreamThatNobodyReadsStopsItsSenderAndNoOtherStream() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        Client client = connect(EchoService.with(
                stream -> {
                    mayRead.await();
                    int bytes = 0;
                    for (String message : stream) {
                        bytes += message.length();
                    }
                    stream.send("got " + bytes);
                },
                request -> request));
        String kilobytes = "x".repeat(10_000);
        try (var stream = EchoService.bidi(client)) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Thread sender = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 1000; i++) {
                    stream.send(kilobytes);
                }
                stream.closeSend();
                sent.complete(null);
            });
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 100; i++) {
                assertThat(client.call(EchoService.SAY, "through", CallOptions.NONE))
                        .isEqualTo("through");
            }
            assertThat(sent).isNotDone();
            mayRead.countDown();
            assertThat(stream.recv()).isEqualTo("got 10000000");
        }
    }
}
