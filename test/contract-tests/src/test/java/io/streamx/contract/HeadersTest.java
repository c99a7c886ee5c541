package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BizStatusException;
import io.streamx.fixtures.EchoService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What handlers send before and after their messages. */
class HeadersTest extends OnEveryTransport {
    @Test
    void headerAndTrailerAreKnownAndRepeatable() throws Exception {
        CompletableFuture<List<Throwable>> refusals = new CompletableFuture<>();
        var client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            stream.setHeader(Map.of("a", "1", "b", "x"));
            stream.sendHeader(Map.of("b", "2"));
            stream.setTrailer(Map.of("t", "v"));
            refusals.complete(List.of(
                    catchThrowable(() -> stream.sendHeader(Map.of("c", "3"))),
                    catchThrowable(() -> stream.setHeader(Map.of("c", "3")))));
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.header()).containsOnly(Map.entry("a", "1"), Map.entry("b", "2"));
            assertThat(stream.header()).hasSize(2);
            assertThat(stream.trailer()).containsOnly(Map.entry("t", "v"));
            assertThat(stream.trailer()).hasSize(1);
            assertThat(stream.recv()).isNull();
        }
        assertThat(refusals.get(20, TimeUnit.SECONDS)).hasSize(2).allSatisfy(errors().headerAlreadySent());
    }

    @Test
    void theFirstMessageSendsTheHeader() throws Exception {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        var client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            stream.setHeader(Map.of("a", "1"));
            stream.send("m");
            refusal.complete(catchThrowable(() -> stream.setHeader(Map.of("b", "2"))));
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("m");
            assertThat(stream.header()).containsOnly(Map.entry("a", "1"));
            assertThat(refusal.get(20, TimeUnit.SECONDS)).satisfies(errors().headerAlreadySent());
        }
    }

    @Test
    void headerAndTrailerWithoutEntriesAreEmpty() {
        var client = ends.connect(ends.serve(EchoService.bidi(stream -> {})));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.header()).isEmpty();
            assertThat(stream.trailer()).isEmpty();
        }
    }

    @Test
    void trailerEntriesGoWithAnErrorToo() {
        var client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            stream.setHeader(Map.of("h", "1"));
            stream.setTrailer(Map.of("t", "2"));
            throw new BizStatusException(7, "no");
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv).isInstanceOf(BizStatusException.class);
            assertThat(stream.header()).containsOnly(Map.entry("h", "1"));
            assertThat(stream.trailer()).containsEntry("t", "2");
        }
    }

    @Test
    void valuesOfAnySizeAndScriptArriveAsTheyWere() {
        Map<String, String> entries =
                Map.of("long", "x".repeat(10_000), "spaces", "a b  c", "signs", "%41,;=\"'", "script", "grüße 你好");
        var client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            stream.setHeader(entries);
            stream.setTrailer(entries);
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.header()).isEqualTo(entries);
            assertThat(stream.trailer()).isEqualTo(entries);
        }
    }
}
