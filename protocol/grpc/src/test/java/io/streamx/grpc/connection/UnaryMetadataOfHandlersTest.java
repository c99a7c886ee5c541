package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.CallContext;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the handler of a unary call may set of header and trailer, and when. */
@Timeout(60)
class UnaryMetadataOfHandlersTest {
    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));
    private final List<Map<String, String>> headers = new ArrayList<>();
    private final List<Map<String, String>> trailers = new ArrayList<>();
    private final CallOptions asking = CallOptions.NONE.withHeader(headers::add).withTrailer(trailers::add);

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private Client clientOf(ServiceDefinition.UnaryHandler<String, String> say) {
        return ends.connect(ends.serve(EchoService.with(stream -> {}, say)));
    }

    // ---- what a handler may set, and when ----

    @Test
    void aMiddlewareAddsToWhatTheHandlerSet() {
        Server server = ends.serve(
                EchoService.with(stream -> {}, request -> {
                    UnaryMetadataTest.setBoth();
                    return request;
                }),
                builder -> builder.unaryMiddleware(next -> (call, request) -> {
                    Object result = next.handle(call, request);
                    call.setHeader(Map.of("seen-by", "middleware"));
                    return result;
                }));

        ends.connect(server).call(EchoService.SAY, "hello", asking);

        assertThat(headers).containsExactly(Map.of("served-by", "b", "seen-by", "middleware"));
    }

    @Test
    void afterTheReplyItIsTooLate() {
        CompletableFuture<CallContext> kept = new CompletableFuture<>();
        Client client = clientOf(request -> {
            kept.complete(CallContext.current());
            return request;
        });
        client.call(EchoService.SAY, "hello", asking);

        assertThatThrownBy(() -> kept.join().setHeader(Map.of("served-by", "b")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("header of the unary call EchoService.Say after its reply"
                        + " (expected: before the handler returns)");
        assertThatThrownBy(() -> kept.join().setTrailer(Map.of("cost", "3")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("trailer of the unary call EchoService.Say after its reply");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "new\nline", ""})
    void aNameThatNoHeaderCanHaveIsRefusedAndWhatWasSetBeforeIsSent(String name) {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        Client client = clientOf(request -> {
            UnaryMetadataTest.setBoth();
            CallContext call = CallContext.current();
            refusal.complete(catchThrowable(() -> call.setHeader(Map.of(name, "v"))));
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        assertThat(refusal.join())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a name of letters");
        UnaryMetadataTest.assertBothCame(headers, trailers);
    }

    @Test
    void theHandlerOfAStreamIsSentToItsStream() {
        CompletableFuture<Throwable> header = new CompletableFuture<>();
        CompletableFuture<Throwable> trailer = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            CallContext call = CallContext.current();
            header.complete(catchThrowable(() -> call.setHeader(Map.of("a", "1"))));
            trailer.complete(catchThrowable(() -> call.setTrailer(Map.of("a", "1"))));
        })));
        try (var stream = EchoService.bidi(client)) {
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }

        assertThat(header.join())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("header of the stream EchoService.Bidi set on its context"
                        + " (expected: setHeader of the stream itself)");
        assertThat(trailer.join())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected: setTrailer of the stream itself");
    }

    @Test
    void outsideAHandlerThereIsNothingToSetThemOn() {
        assertThatThrownBy(() -> CallContext.current().setHeader(Map.of("a", "1")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("header outside the handler of a unary call (expected: within one)");
    }

    @Test
    void aContextDerivedFromTheHandlersSetsThemToo() {
        Client client = clientOf(request -> {
            try (var derived = CallContext.current().cancellable()) {
                derived.call(() -> {
                    UnaryMetadataTest.setBoth();
                    return request;
                });
            }
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        UnaryMetadataTest.assertBothCame(headers, trailers);
    }
}
