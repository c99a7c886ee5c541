package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BizStatusException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.middleware.OpenedHook;
import io.streamx.middleware.OpeningHook;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Entries that hooks add to what opens a stream, and read from it. Their keys are lower case, as gRPC makes all keys so. */
class HooksTest extends OnEveryTransport {
    @Test
    void entriesOfTheClientsHookReachTheHookOfTheServer() throws Exception {
        CompletableFuture<Map<String, String>> seen = new CompletableFuture<>();
        OpenedHook read = (call, ints, entries) -> {
            assertThat(call.method()).isEqualTo("Bidi");
            assertThat(call.persistent("P")).isEqualTo("1");
            seen.complete(entries);
        };
        OpeningHook add = (call, entries) -> {
            entries.put("trace", call.service() + "." + call.method());
            entries.put("twice", "first");
            entries.put("twice", "second");
            entries.put("script", "grüße 你好");
        };
        Server server = ends.serve(EchoService.echo(), builder -> builder.openedHook(read));
        Client client = ends.connect(server, builder -> builder.openingHook(add));
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withPersistent("P", "1"))) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
        }
        assertThat(seen.get(20, TimeUnit.SECONDS))
                .contains(
                        Map.entry("trace", "EchoService.Bidi"),
                        Map.entry("twice", "second"),
                        Map.entry("script", "grüße 你好"));
    }

    @Test
    void aHookThatAddsTooMuchFailsItsCallAloneAndTheConnectionGoesOn() {
        AtomicInteger opened = new AtomicInteger();
        OpeningHook add = (call, entries) -> {
            if (opened.getAndIncrement() == 1) {
                for (int i = 0; i < 10; i++) {
                    entries.put("k" + i, "x".repeat(60_000));
                }
            }
        };
        Client client = ends.connect(ends.serve(EchoService.echo()), builder -> builder.openingHook(add));
        try (var before = EchoService.bidi(client)) {
            before.send("connected");
            assertThat(before.recv()).isEqualTo("connected");
            assertThatThrownBy(() -> {
                        try (var tooMuch = EchoService.bidi(client)) {
                            tooMuch.recv();
                        }
                    })
                    .hasMessageContaining("(expected: ");
            try (var after = EchoService.bidi(client)) {
                after.send("after");
                assertThat(after.recv()).isEqualTo("after");
            }
            before.send("before");
            assertThat(before.recv()).isEqualTo("before");
        }
    }

    @Test
    void aHookThatFailsAtTheClientIsTheOutcomeOfOpening() {
        Client client = ends.connect(
                ends.serve(EchoService.echo()),
                builder -> builder.openingHook((call, entries) -> {
                    throw new IllegalStateException("no ticket for " + call.method());
                }));
        assertThatThrownBy(() -> EchoService.bidi(client))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no ticket for Bidi");
    }

    @Test
    void aHookThatFailsAtTheServerIsAnsweredAndTheHandlerDoesNotRun() {
        AtomicInteger handled = new AtomicInteger();
        Server server = ends.serve(
                EchoService.bidi(stream -> handled.incrementAndGet()),
                builder -> builder.openedHook((call, ints, entries) -> {
                    throw new IllegalStateException("no ticket");
                }));
        try (var stream = EchoService.bidi(ends.connect(server))) {
            assertThatThrownBy(stream::recv).satisfies(errors().middlewareFailed("no ticket"));
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void aHookOfTheServerMayAnswerWithABusinessError() {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.openedHook((call, ints, entries) -> {
                    throw new BizStatusException(403, "forbidden");
                }));
        try (var stream = EchoService.bidi(ends.connect(server))) {
            assertThatThrownBy(stream::recv).isInstanceOfSatisfying(BizStatusException.class, e -> {
                assertThat(e.code()).isEqualTo(403);
                assertThat(e.bizMessage()).isEqualTo("forbidden");
            });
        }
    }
}
