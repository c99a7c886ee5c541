package io.streamx.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.ChatClient;
import io.streamx.testing.chat.Question;
import io.streamx.testing.chat.Token;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each fault, with a stream that runs while it comes. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class FaultProxyTest {
    @RegisterExtension
    StreamXServer server = StreamXServer.of(Chat.bind(new ChatHandler()));

    private FaultProxy proxy;
    private Client client;
    private ChatClient chat;

    @BeforeEach
    void between() {
        proxy = FaultProxy.to("127.0.0.1", server.port());
        client = Client.builder("Chat").address(proxy.address()).connections(1).build();
        chat = new ChatClient(client);
    }

    @AfterEach
    void close() {
        client.close();
        proxy.close();
    }

    @Test
    void withoutAFaultEverythingPasses() throws InterruptedException {
        String large = "x".repeat(1 << 20);
        assertThat(chat.greet(new Question(large)).text()).hasSize(6 + (1 << 20));
        proxy.awaitAccepted(1);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void aDelayIsThereInBothDirections() {
        chat.greet(new Question("first"));
        proxy.delay(Duration.ofMillis(150));
        long begun = System.nanoTime();
        chat.greet(new Question("second"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        proxy.heal();
        assertThat(chat.greet(new Question("third")).text()).isEqualTo("hello third");
    }

    @Test
    void aThrottleLetsBytesThroughAtItsRate() {
        chat.greet(new Question("first"));
        proxy.throttle(Direction.TO_CLIENT, 100_000);
        long begun = System.nanoTime();
        chat.greet(new Question("x".repeat(50_000)));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
    }

    @Test
    void aBlackHoleIsSilentUntilItIsHealed() {
        try (var stream = chat.talk()) {
            stream.send(new Question("one"));
            assertThat(stream.recv()).isEqualTo(new Token("one"));
            proxy.blackHole(Direction.TO_CLIENT);
            stream.send(new Question("two"));
            CompletableFuture<Token> waiting = CompletableFuture.supplyAsync(stream::recv);
            assertThat(catchThrowable(() -> waiting.get(200, TimeUnit.MILLISECONDS)))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            proxy.heal();
            assertThat(waiting.join()).isEqualTo(new Token("two"));
        }
    }

    @Test
    void aCutAndAHangUpEndTheStream() {
        for (Runnable end : new Runnable[] {() -> proxy.cut(), () -> proxy.hangUp()}) {
            try (var stream = chat.talk()) {
                stream.send(new Question("one"));
                assertThat(stream.recv()).isEqualTo(new Token("one"));
                end.run();
                assertThat(catchThrowable(stream::recv)).isInstanceOf(RpcException.class);
            }
        }
        assertThat(chat.greet(new Question("again")).text()).isEqualTo("hello again");
    }

    @Test
    void aTruncatedMessageEndsTheStreamAndIsNotReceived() {
        try (var stream = chat.talk()) {
            stream.send(new Question("one"));
            assertThat(stream.recv()).isEqualTo(new Token("one"));
            proxy.truncateAfter(Direction.TO_CLIENT, 10);
            stream.send(new Question("two"));
            assertThat(catchThrowable(stream::recv)).isInstanceOf(RpcException.class);
        }
    }

    @Test
    void aHalfCloseEndsOneDirection() {
        try (var stream = chat.talk()) {
            stream.send(new Question("one"));
            assertThat(stream.recv()).isEqualTo(new Token("one"));
            proxy.halfClose(Direction.TO_CLIENT);
            assertThat(catchThrowable(stream::recv)).isInstanceOf(RpcException.class);
        }
    }
}
