package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Callers on the threads a client makes for them. The build runs this with ordinary threads and with threads that event
 * loops schedule; what users see is the same.
 */
class StreamThreadsTest extends OnEveryTransport {
    private static final int MESSAGES = 2_000;

    private static <T> T on(Client client, Supplier<T> caller) throws Exception {
        return CompletableFuture.supplyAsync(caller, client.executor()).get(50, TimeUnit.SECONDS);
    }

    @Test
    void manyCallersAtOnceGetTheirOwnAnswersInOrder() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()), more -> more.connections(3));
        List<CompletableFuture<List<String>>> callers = new ArrayList<>();
        for (int c = 0; c < 20; c++) {
            String caller = "caller " + c + ":";
            callers.add(CompletableFuture.supplyAsync(
                    () -> {
                        List<String> answers = new ArrayList<>();
                        try (var stream = EchoService.bidi(client)) {
                            for (int i = 0; i < 50; i++) {
                                stream.send(caller + i);
                                answers.add(stream.recv());
                            }
                        }
                        return answers;
                    },
                    client.executor()));
        }
        for (int c = 0; c < callers.size(); c++) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                expected.add("caller " + c + ":" + i);
            }
            assertThat(callers.get(c).get(50, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void aSenderAndAReceiverOnThreadsOfOneClientDoNotStarveEachOther() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        String message = "m".repeat(10_000);
        int received = on(client, () -> {
            try (var stream = EchoService.bidi(client)) {
                client.executor().execute(() -> {
                    for (int i = 0; i < MESSAGES; i++) {
                        stream.send(message);
                    }
                    stream.closeSend();
                });
                int count = 0;
                for (String answer : stream) {
                    assertThat(answer).hasSize(message.length());
                    count++;
                }
                return count;
            }
        });
        assertThat(received).isEqualTo(MESSAGES);
    }

    @Test
    void unaryCallsAreMadeFromThemToo() throws Exception {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        assertThat(on(client, () -> client.call(EchoService.SAY, "hello", CallOptions.NONE)))
                .isEqualTo("hello");
        assertThat(client.callAsync(EchoService.SAY, "later", CallOptions.NONE).get(20, TimeUnit.SECONDS))
                .isEqualTo("later");
    }

    @Test
    void aCancelReachesAHandlerThatWaitsAndACallerThatWaits() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Throwable> handler = new CompletableFuture<>();
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            try {
                waits.countDown();
                stream.recv();
            } catch (Throwable t) {
                handler.complete(t);
                throw t;
            }
        })));
        var stream = EchoService.bidi(client);
        CompletableFuture<String> caller = CompletableFuture.supplyAsync(stream::recv, client.executor());
        waits.await();
        stream.cancel("enough");

        assertThat(handler.get(20, TimeUnit.SECONDS)).isInstanceOf(RpcException.class);
        assertThatThrownBy(() -> caller.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(RpcException.class);
    }

    @Test
    void aCallerMayCloseItsClient() throws Exception {
        Server server = ends.serve(EchoService.echo());
        Client client = ends.connect(server);
        on(client, () -> {
            String answer = client.call(EchoService.SAY, "last", CallOptions.NONE);
            client.close();
            return answer;
        });
        assertThatThrownBy(() -> client.call(EchoService.SAY, "too late", CallOptions.NONE))
                .isInstanceOf(IllegalStateException.class);
        assertThat(ends.connect(server).call(EchoService.SAY, "anew", CallOptions.NONE))
                .isEqualTo("anew");
    }

    @Test
    void handlersThatCallOnAreNotHeldUpByTheirCallers() throws Exception {
        Client inner = ends.connect(ends.serve(EchoService.echo()));
        Client outer = ends.connect(ends.serve(EchoService.bidi(stream -> {
            for (String message : stream) {
                stream.send(String.valueOf(inner.call(EchoService.SAY, message, CallOptions.NONE)));
            }
        })));
        List<String> answers = on(outer, () -> {
            List<String> received = new ArrayList<>();
            try (var stream = EchoService.bidi(outer)) {
                for (int i = 0; i < 50; i++) {
                    stream.send("m" + i);
                    received.add(stream.recv());
                }
            }
            return received;
        });
        assertThat(answers).hasSize(50).startsWith("m0").endsWith("m49");
    }
}
