package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BinaryValue;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Header and trailer of unary calls between a Java client and a Java server. */
@Timeout(60)
class UnaryMetadataTest {
    private final OpenEnds ends = new OpenEnds();
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

    private static void setBoth() {
        CallContext.current().setHeader(Map.of("served-by", "b"));
        CallContext.current().setTrailer(Map.of("cost", "3"));
    }

    private void assertBothCame() {
        assertThat(headers).containsExactly(Map.of("served-by", "b"));
        assertThat(trailers).containsExactly(Map.of("cost", "3"));
    }

    // ---- what a caller is shown ----

    @Test
    void aReplyComesWithHeaderAndTrailer() {
        Client client = clientOf(request -> {
            setBoth();
            return request;
        });

        assertThat(client.call(EchoService.SAY, "hello", asking)).isEqualTo("hello");
        assertBothCame();
    }

    @Test
    void anErrorComesWithThemToo() {
        Client client = clientOf(request -> {
            setBoth();
            throw new StatusException(StatusCode.NOT_FOUND, "no " + request);
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", asking))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.NOT_FOUND))
                .hasNoSuppressedExceptions();
        assertBothCame();
    }

    @Test
    void anErrorWithTrailerEntriesAloneComesInOnePieceWithThem() {
        Client client = clientOf(request -> {
            CallContext.current().setTrailer(Map.of("cost", "3"));
            throw new StatusException(StatusCode.NOT_FOUND, "no " + request);
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", asking)).isInstanceOf(StatusException.class);
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of("cost", "3"));
    }

    @Test
    void aBusinessErrorComesWithThemToo() {
        Client client = clientOf(request -> {
            setBoth();
            throw new BizStatusException(7, "not today", Map.of("why", "closed"));
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", asking))
                .isInstanceOfSatisfying(
                        BizStatusException.class,
                        failure -> assertThat(failure.extra()).containsEntry("why", "closed"));
        assertBothCame();
    }

    @Test
    void whereNothingCameBothAreToldThat() {
        assertThat(clientOf(request -> request).call(EchoService.SAY, "hello", asking))
                .isEqualTo("hello");
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of());
    }

    @Test
    void aCallThatNeverBeganTellsBothThatNothingCame() {
        Server gone = ends.serve(EchoService.echo());
        gone.close();
        Client client = ends.connect(gone);

        assertThat(catchThrowable(() -> client.call(EchoService.SAY, "hello", asking)))
                .isNotNull();
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of());
    }

    @Test
    void aCallThatTimesOutTellsBothThatNothingCame() {
        CountDownLatch never = new CountDownLatch(1);
        Client client = clientOf(request -> {
            setBoth();
            never.await();
            return request;
        });

        assertThat(catchThrowable(
                        () -> client.call(EchoService.SAY, "hello", asking.withTimeout(Duration.ofMillis(200)))))
                .isNotNull()
                .hasNoSuppressedExceptions();
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of());
    }

    @Test
    void bytesTravelInEntriesWhoseNameEndsInBin() {
        byte[] bytes = {0, (byte) 0xAB, (byte) 0xFF, '\n'};
        Client client = clientOf(request -> {
            CallContext.current().setHeader(Map.of("trace-bin", BinaryValue.of(bytes)));
            CallContext.current().setTrailer(Map.of("digest-bin", BinaryValue.of(bytes)));
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        assertThat(BinaryValue.bytes(headers.getFirst().get("trace-bin"))).isEqualTo(bytes);
        assertThat(BinaryValue.bytes(trailers.getFirst().get("digest-bin"))).isEqualTo(bytes);
    }

    @Test
    void theLaterValueOfAKeyWins() {
        Client client = clientOf(request -> {
            CallContext.current().setHeader(Map.of("a", "1", "b", "1"));
            CallContext.current().setHeader(Map.of("b", "2"));
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        assertThat(headers).containsExactly(Map.of("a", "1", "b", "2"));
    }

    @Test
    void twoCallersAtTheSameTimeAreEachShownTheirOwn() throws Exception {
        CountDownLatch bothRun = new CountDownLatch(2);
        Client client = clientOf(request -> {
            CallContext.current().setHeader(Map.of("for", request));
            bothRun.countDown();
            bothRun.await();
            CallContext.current().setTrailer(Map.of("for", request));
            return request;
        });
        Map<String, Thread> toldOn = new HashMap<>();
        List<Map<String, String>> others = new ArrayList<>();

        CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> client.call(
                EchoService.SAY,
                "other",
                CallOptions.NONE.withHeader(others::add).withTrailer(others::add)));
        client.call(EchoService.SAY, "one", asking.withHeader(entries -> {
            toldOn.put("header", Thread.currentThread());
            headers.add(entries);
        }));

        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("other");
        assertThat(others).containsExactly(Map.of("for", "other"), Map.of("for", "other"));
        assertThat(headers).containsExactly(Map.of("for", "one"));
        assertThat(trailers).containsExactly(Map.of("for", "one"));
        assertThat(toldOn).containsEntry("header", Thread.currentThread());
    }

    @Test
    void aReceiverThatThrowsFailsACallThatWentWellAndHidesNoOtherFailure() {
        IllegalStateException broken = new IllegalStateException("receiver is broken");
        CallOptions options = CallOptions.NONE.withHeader(entries -> {
            throw broken;
        });
        Client client = clientOf(request -> {
            if (request.equals("fail")) {
                throw new StatusException(StatusCode.NOT_FOUND, "no");
            }
            return request;
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "hello", options)).isSameAs(broken);
        assertThatThrownBy(() -> client.call(EchoService.SAY, "fail", options))
                .isInstanceOf(StatusException.class)
                .hasSuppressedException(broken);
    }

    // ---- what a handler may set, and when ----

    @Test
    void aMiddlewareAddsToWhatTheHandlerSet() {
        Server server = ends.serve(
                EchoService.with(stream -> {}, request -> {
                    setBoth();
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
            setBoth();
            CallContext call = CallContext.current();
            refusal.complete(catchThrowable(() -> call.setHeader(Map.of(name, "v"))));
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        assertThat(refusal.join())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: a name of letters");
        assertBothCame();
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
                    setBoth();
                    return request;
                });
            }
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        assertBothCame();
    }
}
