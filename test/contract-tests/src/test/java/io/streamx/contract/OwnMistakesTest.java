package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.ClientStream;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the code of this process did wrong is told in words that lead to it. */
class OwnMistakesTest extends OnEveryTransport {
    @SuppressWarnings("NullAway") // what is tested
    private static final @Nullable String NULL = null;

    @Test
    void afterAnOwnCloseTheStreamSaysSoWithThePlace() {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        var stream = EchoService.bidi(client);

        stream.close();

        Throwable failure = catchThrowable(stream::recv);
        assertThat(failure)
                .hasMessageContaining("closed here by close() at io.streamx.contract.OwnMistakesTest."
                        + "afterAnOwnCloseTheStreamSaysSoWithThePlace(OwnMistakesTest.java:");
        assertThat(((RpcException) failure).statusCode()).isEqualTo(StatusCode.CANCELLED);
        assertThatThrownBy(() -> stream.send("late")).hasMessageContaining("closed here by close()");
    }

    @Test
    void theServerIsToldOfAnOwnCloseAsOfAnyCancel() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Server server = ends.serve(EchoService.bidi(stream -> end.complete(catchThrowable(() -> {
            stream.recv();
            stream.recv();
        }))));
        try (var stream = EchoService.bidi(ends.connect(server))) {
            stream.send("first");
        }

        assertThat(end.get(20, TimeUnit.SECONDS))
                .satisfies(errors().canceledByCaller("", "caller"))
                .hasMessageNotContaining("closed here");
    }

    @Test
    @SuppressWarnings("NullAway") // what is tested
    void nullAsAMessageNamesTheMethodAndWhatWasExpected() {
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            stream.recv();
            stream.send(NULL);
        })));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(() -> stream.send(NULL))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("message of EchoService.Bidi: null (expected: a java.lang.String)");
            stream.send("is still open");
            assertThatThrownBy(stream::recv)
                    .hasMessageContaining("message of EchoService.Bidi: null (expected: a java.lang.String)");
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, NULL, CallOptions.NONE))
                .hasMessage("message of EchoService.Say: null (expected: a java.lang.String)");
    }

    @Test
    void aMiddlewareOfAClientThatReturnsAnotherClassIsNamed() {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(
                server,
                builder -> builder.unaryMiddleware(next -> (call, request) -> 42)
                        .recvMiddleware(next -> stream -> 42L)
                        .forMethods(
                                method -> method.name().equals("Collect"),
                                some -> some.streamMiddleware(next -> call -> (ClientStream) Proxy.newProxyInstance(
                                        ClientStream.class.getClassLoader(),
                                        new Class<?>[] {ClientStream.class},
                                        (stream, called, arguments) -> null))));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "hello", CallOptions.NONE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("result of EchoService.Say from middleware a lambda of "
                        + getClass().getName() + ": a java.lang.Integer (expected: a java.lang.String)");
        try (var stream = EchoService.bidi(client)) {
            stream.send("hello");
            assertThatThrownBy(stream::recv)
                    .hasMessageStartingWith("message of EchoService.Bidi from middleware a lambda of ")
                    .hasMessageEndingWith(": a java.lang.Long (expected: a java.lang.String)");
        }
        assertThatThrownBy(() -> client.clientStreaming(EchoService.COLLECT, CallOptions.NONE))
                .hasMessageContaining("stream of EchoService.Collect from middleware a lambda of ");
    }

    @Test
    void aMiddlewareOfAServerThatReturnsAnotherClassIsNamed() {
        Client client = ends.connect(ends.serve(
                EchoService.echo(),
                builder ->
                        builder.unaryMiddleware(next -> (call, request) -> 42).recvMiddleware(next -> stream -> 42L)));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "hello", CallOptions.NONE))
                .hasMessageContaining("result of EchoService.Say from middleware a lambda of ")
                .hasMessageContaining(": a java.lang.Integer (expected: a java.lang.String)");
        try (var stream = EchoService.bidi(client)) {
            stream.send("hello");
            assertThatThrownBy(stream::recv)
                    .hasMessageContaining("request of EchoService.Bidi from middleware a lambda of ");
        }
    }
}
