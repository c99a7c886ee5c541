package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.CallInfo;
import io.streamx.Metadata;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What middleware may put in the place of messages, streams, results, options and calls. */
class ReplacingMiddlewareTest extends OnEveryTransport {
    // ---- replacing ----

    @Test
    void messagesMayBeReplacedOnBothSides() {
        Server server = ends.serve(
                EchoService.echo(),
                builder -> builder.recvMiddleware(next -> stream -> suffixed(next.recv(stream), " r"))
                        .sendMiddleware(next -> (stream, message) -> next.send(stream, message + " s")));
        Client client = ends.connect(
                server,
                builder -> builder.recvMiddleware(next -> stream -> suffixed(next.recv(stream), " R"))
                        .sendMiddleware(next -> (stream, message) -> next.send(stream, message + " S")));
        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m S r s R");
        }
    }

    static @Nullable Object suffixed(@Nullable Object message, String suffix) {
        return message == null ? null : message + suffix;
    }

    /** Says everything twice; the rest is the stream's own. */
    private record Doubling(BidiStreamingClient<String, String> inner) implements BidiStreamingClient<String, String> {
        @Override
        public void send(String message) {
            inner.send(message + message);
        }

        @Override
        public @Nullable String recv() {
            return inner.recv();
        }

        @Override
        public void closeSend() {
            inner.closeSend();
        }

        @Override
        public Metadata headerMetadata() {
            return inner.headerMetadata();
        }

        @Override
        public Metadata trailerMetadata() {
            return inner.trailerMetadata();
        }

        @Override
        public void cancel(String reason) {
            inner.cancel(reason);
        }

        @Override
        public void close() {
            inner.close();
        }

        @Override
        public CallInfo call() {
            return inner.call();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void theStreamMayBeReplacedAtTheClient() {
        Client client = ends.connect(
                ends.serve(EchoService.echo()),
                builder -> builder.streamMiddleware(
                        next -> call -> new Doubling((BidiStreamingClient<String, String>) next.open(call))));
        try (var stream = EchoService.bidi(client)) {
            stream.send("ab");
            assertThat(stream.recv()).isEqualTo("abab");
        }
    }

    @Test
    void resultsAndRequestsOfUnaryCallsMayBeReplaced() {
        Server server = ends.serve(
                EchoService.echo(),
                builder ->
                        builder.unaryMiddleware(next -> (call, request) -> next.handle(call, request + " r") + " s"));
        Client client = ends.connect(
                server,
                builder -> builder.unaryMiddleware(next -> (call, request) -> next.call(call, request + " S") + " R"));
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m S r s R");
    }

    @Test
    void aCallMayBeAnsweredWithoutTheNextStep() {
        Client client = ends.connect(
                ends.serve(EchoService.echo()),
                builder -> builder.middleware(next -> (call, request) ->
                        call.mode() == StreamingMode.UNARY ? "cached" : next.proceed(call, request)));
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("cached");
        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
        }
    }

    @Test
    void anErrorOfAServersMiddlewareIsTheOutcomeOfEitherKind() {
        Client client = ends.connect(ends.serve(
                EchoService.echo(),
                builder -> builder.middleware(next -> (call, requestOrStream) -> {
                    throw new IllegalStateException("request forbidden: " + call.method());
                })));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv).satisfies(errors().middlewareFailed("request forbidden: Bidi"));
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .hasMessageContaining("request forbidden: Say");
    }

    @Test
    void optionsOfTheCallMayBeChanged() {
        Client client = ends.connect(
                ends.serve(EchoService.bidi(
                        stream -> stream.send(String.valueOf(stream.call().persistent("ADDED"))))),
                builder -> builder.streamMiddleware(next ->
                        call -> next.open(call.withOptions(call.options().withPersistent("ADDED", "by middleware")))));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("by middleware");
        }
    }

    @Test
    void aCallThatIsNotTheOneGivenIsRefused() {
        Client client = ends.connect(
                ends.serve(EchoService.echo()), builder -> builder.streamMiddleware(next -> call -> next.open(null)));
        assertThatThrownBy(() -> EchoService.bidi(client))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("call: null (expected: the call a middleware was given, or withOptions of it)");
    }
}
