package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testkit.LogLines;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Calls that wait for a silent server without any limit of time are named once, with the line that waits. */
class SilenceTest extends OnEveryTransport {
    private static final Duration SOON = Duration.ofMillis(200);

    private final CountDownLatch goOn = new CountDownLatch(1);

    private Server silentServer() {
        return ends.serve(EchoService.with(
                stream -> {
                    for (String message : stream) {
                        stream.send(message);
                    }
                },
                request -> {
                    goOn.await();
                    return request;
                }));
    }

    private static CompletableFuture<String> later(Supplier<String> call) {
        return CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
    }

    private static String sayAndWait(Client client, CallOptions options) {
        return client.call(EchoService.SAY, "hello", options);
    }

    private static String waitForAMessage(Client client) {
        try (var stream = EchoService.bidi(client)) {
            return String.valueOf(stream.recv());
        }
    }

    @Test
    void aUnaryCallWithoutALimitNamesTheLineThatWaits() throws Exception {
        Client client = ends.connect(silentServer(), builder -> builder.silenceWarning(SOON));
        try (LogLines log = new LogLines()) {
            CompletableFuture<String> reply = later(() -> sayAndWait(client, CallOptions.NONE));

            assertThat(log.await("has waited 0 s"))
                    .contains("EchoService")
                    .contains("Say")
                    .contains("withTimeout");
            assertThat(log.await("SilenceTest.sayAndWait(SilenceTest.java:")).isNotEmpty();
            goOn.countDown();
            assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    @Test
    void soDoesOneThatSharesItsConnection() throws Exception {
        Client client = ends.connect(silentServer(), builder -> {
            builder.silenceWarning(SOON);
            if (transport == TransportUnderTest.TTHEADER) {
                builder.pingPong(PingPong.TTHEADER).multiplexCalls(true);
            }
        });
        try (LogLines log = new LogLines()) {
            CompletableFuture<String> reply = later(() -> sayAndWait(client, CallOptions.NONE));

            assertThat(log.await("has waited 0 s")).contains("Say");
            goOn.countDown();
            assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    @Test
    void aStreamWhoseCloseSendWasForgottenNamesTheLineThatWaits() throws Exception {
        Server server = silentServer();
        Client client = ends.connect(server, builder -> builder.silenceWarning(SOON));
        try (LogLines log = new LogLines()) {
            CompletableFuture<String> end = later(() -> waitForAMessage(client));

            assertThat(log.await("closeSend() was not called")).contains("EchoService.Bidi");
            assertThat(log.await("SilenceTest.waitForAMessage(SilenceTest.java:"))
                    .isNotEmpty();
            server.close();
            assertThat(end.handle((message, failure) -> failure).get(20, TimeUnit.SECONDS))
                    .isNotNull();
        }
    }

    @Test
    void callsWithALimitAndThoseThatAreAnsweredAreNotNamed() throws Exception {
        Client client = ends.connect(silentServer(), builder -> builder.silenceWarning(SOON));
        try (LogLines log = new LogLines()) {
            CompletableFuture<String> limited =
                    later(() -> sayAndWait(client, CallOptions.NONE.withTimeout(Duration.ofMinutes(1))));
            try (var stream = EchoService.bidi(client)) {
                for (int i = 0; i < 100; i++) {
                    stream.send("message " + i);
                    assertThat(stream.recv()).isEqualTo("message " + i);
                }
                stream.closeSend();
                assertThat(stream.recv()).isNull();
            }
            // Another call, and it alone, is named: so the first has been looked at often enough by then.
            CompletableFuture<String> end = later(() -> waitForAMessage(client));
            assertThat(log.await("closeSend() was not called")).isNotEmpty();
            assertThat(log.containing("Say")).isEmpty();
            goOn.countDown();
            assertThat(limited.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
            client.close();
            assertThat(end.handle((message, failure) -> failure).get(20, TimeUnit.SECONDS))
                    .isNotNull();
        }
    }
}
