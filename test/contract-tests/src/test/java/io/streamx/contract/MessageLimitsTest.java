package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages of the largest size and beyond. */
class MessageLimitsTest extends OnEveryTransport {
    /** What the struct takes beside its text. */
    private static final int ENVELOPE = EchoService.encoded("").length;

    private static final int LIMIT = 1000;
    private static final String LARGEST = "x".repeat(LIMIT - ENVELOPE);

    @Test
    void messageOfTheLargestSizePassesAndOneByteMoreIsRefused() {
        Client client = ends.connect(ends.serve(EchoService.echo()), builder -> builder.maxMessageBytes(LIMIT));
        try (var stream = EchoService.bidi(client)) {
            stream.send(LARGEST);
            assertThat(stream.recv()).isEqualTo(LARGEST);
            assertThatThrownBy(() -> stream.send(LARGEST + "x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1001 bytes (expected: at most 1000");
            stream.send("still usable");
            assertThat(stream.recv()).isEqualTo("still usable");
        }
    }

    @Test
    void messageTooLargeForTheServerFailsItsStreamAlone() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(
                EchoService.bidi(stream -> {
                    try {
                        for (String message : stream) {
                            stream.send(message);
                        }
                    } catch (RpcException e) {
                        failure.complete(e);
                    }
                }),
                builder -> builder.maxMessageBytes(LIMIT)));
        try (var other = EchoService.bidi(client);
                var stream = EchoService.bidi(client)) {
            stream.send("x".repeat(500_000));
            assertThat(failure.get(10, TimeUnit.SECONDS))
                    .satisfies(errors().messageTooLarge(500_000 + ENVELOPE, LIMIT));
            assertThat(stream.recv()).isNull();

            other.send("unharmed");
            assertThat(other.recv()).isEqualTo("unharmed");
        }
    }

    @Test
    void aCallerWhoseMessageIsTooLargeForTheServerIsToldSo() {
        Client client = ends.connect(ends.serve(EchoService.echo(), builder -> builder.maxMessageBytes(LIMIT)));
        try (var stream = EchoService.bidi(client)) {
            stream.send("small");
            assertThat(stream.recv()).isEqualTo("small");
            stream.send("x".repeat(500_000));
            assertThatThrownBy(stream::recv)
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("message of " + (500_000 + ENVELOPE) + " bytes")
                    .hasMessageContaining("(expected: at most " + LIMIT);
        }
    }

    @Test
    void messageTooLargeForTheClientFailsItsStreamAlone() {
        Client client = ends.connect(
                ends.serve(EchoService.bidi(stream -> {
                    for (String message : stream) {
                        stream.send("large".equals(message) ? "x".repeat(500_000) : message);
                    }
                })),
                builder -> builder.maxMessageBytes(LIMIT));
        try (var other = EchoService.bidi(client);
                var stream = EchoService.bidi(client)) {
            stream.send("small");
            assertThat(stream.recv()).isEqualTo("small");
            stream.send("large");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv).satisfies(errors().messageTooLarge(500_000 + ENVELOPE, LIMIT));
            }

            other.send("unharmed");
            assertThat(other.recv()).isEqualTo("unharmed");
        }
    }

    @Test
    void unaryMessagesTooLargeFailTheirCallAlone() {
        Client client = ends.connect(ends.serve(EchoService.echo(), builder -> builder.maxMessageBytes(2 * LIMIT)));
        assertThat(client.call(EchoService.SAY, LARGEST, CallOptions.NONE)).isEqualTo(LARGEST);
        assertThatThrownBy(() -> client.call(EchoService.SAY, "x".repeat(500_000), CallOptions.NONE))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("(expected: at most 2000");
        assertThat(client.call(EchoService.SAY, "again", CallOptions.NONE)).isEqualTo("again");
    }
}
