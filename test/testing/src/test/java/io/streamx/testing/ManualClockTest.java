package io.streamx.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingServer;
import io.streamx.CallContext;
import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import io.streamx.RecvTimeout;
import io.streamx.RpcTimeoutException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.testing.chat.Chat;
import io.streamx.testing.chat.ChatClient;
import io.streamx.testing.chat.Question;
import io.streamx.testing.chat.Token;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits of hours, which pass when the test turns the clock and not before. */
@Timeout(60)
class ManualClockTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final ManualClock clock = new ManualClock();
    private final CompletableFuture<@Nullable Void> handlerBegun = new CompletableFuture<>();
    private final CompletableFuture<Throwable> inHandler = new CompletableFuture<>();
    private @Nullable Server server;
    private @Nullable Client client;

    /** Says nothing until its call is over. */
    private final class SilentHandler extends ChatHandler {
        @Override
        public Token greet(Question question) {
            handlerBegun.complete(null);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                inHandler.complete(e);
            }
            return new Token("late");
        }

        @Override
        public void talk(BidiStreamingServer<Question, Token> stream) {
            stream.send(new Token(String.valueOf(CallContext.current().remaining())));
            try {
                Question question = stream.recv();
                while (question != null) {
                    question = stream.recv();
                }
            } catch (RuntimeException e) {
                inHandler.complete(e);
                throw e;
            }
        }
    }

    private ChatClient connect(
            Transport transport, Consumer<Server.Builder> serverSettings, Consumer<Client.Builder> clientSettings) {
        Server started = Server.builder()
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .install(clock)
                .service(Chat.bind(new SilentHandler()))
                .with(serverSettings)
                .start();
        server = started;
        Client connected = Client.builder("Chat")
                .address("127.0.0.1:" + started.port())
                .transport(transport)
                .install(clock)
                .with(clientSettings)
                .build();
        client = connected;
        return new ChatClient(connected);
    }

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private static <T> CompletableFuture<T> begin(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable t) {
                result.completeExceptionally(t);
            }
        });
        return result;
    }

    private static Throwable failure(CompletableFuture<?> call) {
        try {
            return new AssertionError("the call ended well: " + call.get(20, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (Exception e) {
            return e;
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aRecvFailsWhenItsLimitIsTurnedAndNotBefore(Transport transport) throws Exception {
        ChatClient chat = connect(transport, plain -> {}, builder -> builder.recvTimeout(RecvTimeout.of(HOUR)));
        try (var stream = chat.talk()) {
            assertThat(stream.recv()).isEqualTo(new Token("null"));
            CompletableFuture<Token> late = begin(stream::recv);
            clock.advance(HOUR.minus(MOMENT));
            assertThat(late).isNotDone();
            clock.advanceUntil(late, HOUR);
            assertThat(failure(late)).hasMessageContaining("Recv timeout").hasMessageContaining("1h0m0s");
        }
        assertThat(inHandler.get(20, TimeUnit.SECONDS)).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aStreamEndsAtItsLimit(Transport transport) {
        ChatClient chat = connect(transport, plain -> {}, builder -> builder.timeout(HOUR));
        try (var stream = chat.talk()) {
            assertThat(stream.recv()).isNotNull();
            clock.advance(HOUR.minus(MOMENT));
            CompletableFuture<Token> late = begin(stream::recv);
            assertThat(late).isNotDone();
            clock.advance(MOMENT);
            assertThat(failure(late)).hasMessageContaining("timeout").hasMessageContaining("1h0m0s");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aUnaryCallEndsAtItsLimitAndItsHandlerIsInterrupted(Transport transport) throws Exception {
        ChatClient chat = connect(transport, plain -> {}, builder -> builder.timeout(HOUR));
        CompletableFuture<Token> reply = begin(() -> chat.greet(new Question("you")));
        // Both ends count, so that the limit of the caller passes first, whose handler answers when it is interrupted.
        clock.awaitTimers(2, HOUR);
        handlerBegun.get(20, TimeUnit.SECONDS);
        assertThat(reply).isNotDone();
        clock.advanceUntil(reply, HOUR);
        assertThat(failure(reply)).isInstanceOf(RpcTimeoutException.class);
        assertThat(inHandler.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void limitsOfTheServerPassToo(Transport transport) throws Exception {
        ChatClient chat = connect(transport, builder -> builder.streamTimeout(HOUR), plain -> {});
        try (var stream = chat.talk()) {
            // What a handler has left is measured by the clock, so it is all of it, to the nanosecond.
            assertThat(stream.recv()).isEqualTo(new Token(HOUR.toString()));
            clock.advance(HOUR);
            assertThatThrownBy(stream::recv).hasMessageContaining("timeout");
        }
        assertThat(inHandler.get(20, TimeUnit.SECONDS)).hasMessageContaining("timeout");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aStreamWithoutMessagesIsIdleAfterItsTime(Transport transport) {
        ChatClient chat = connect(transport, builder -> builder.streamIdleTimeout(HOUR), plain -> {});
        try (var stream = chat.talk()) {
            assertThat(stream.recv()).isNotNull();
            // Idleness is looked for at each quarter, and is certain a quarter after the limit.
            clock.advance(HOUR.plus(HOUR.dividedBy(4)));
            assertThatThrownBy(stream::recv).hasMessageContaining("idle");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anIdleConnectionIsClosed(Transport transport) throws Exception {
        CompletableFuture<String> closed = new CompletableFuture<>();
        ChatClient chat = connect(
                transport,
                // Otherwise the server, which closes after ten minutes by the same clock, is the first.
                builder -> builder.idleTimeout(Duration.ofDays(1)),
                builder -> builder.idleTimeout(HOUR).connectionListener(new ConnectionListener() {
                    @Override
                    public void onClose(ConnectionInfo connection, String reason) {
                        closed.complete(reason);
                    }
                }));
        try (var stream = chat.ask(new Question("a"))) {
            assertThat(stream).containsExactly(new Token("a"));
        }
        clock.advance(HOUR.minus(MOMENT));
        assertThat(closed).isNotDone();
        clock.advance(HOUR);
        assertThat(closed.get(20, TimeUnit.SECONDS)).contains("idle");
    }

    @Test
    void theTimeOfAConnectionThatIsNotMadePasses() throws Exception {
        // It accepts, by its system, and does not shake hands.
        try (ScriptedPort silent = ScriptedPort.open()) {
            client = Client.builder("Chat")
                    .address(silent.address())
                    .tls(io.streamx.tls.ClientTls.builder().build())
                    .connectTimeout(HOUR)
                    .connectionWait(Duration.ofHours(2))
                    .install(clock)
                    .build();
            Client calling = client;
            CompletableFuture<Token> reply = begin(() -> new ChatClient(calling).greet(new Question("you")));
            clock.awaitTimer(Duration.ofHours(2));
            assertThat(reply).isNotDone();
            clock.advance(Duration.ofHours(2));
            assertThat(failure(reply)).isInstanceOf(RpcTimeoutException.class);
        }
    }

    @Test
    void aTimerThatArmsItselfAnewIsRunUpToTheEndOfTheTurn() {
        StringBuilder seen = new StringBuilder();
        try (io.streamx.net.EventLoops loops = io.streamx.net.EventLoops.acquire()) {
            io.netty.channel.EventLoop loop = loops.loops().getFirst();
            new Object() {
                void tick() {
                    seen.append(clock.elapsed().toMinutes()).append(' ');
                    var unused = clock.schedule(
                            loop, this::tick, Duration.ofMinutes(10).toNanos());
                }
            }.tick();
            clock.advance(Duration.ofMinutes(35));
            assertThat(seen).hasToString("0 10 20 30 ");
            assertThat(clock.elapsed()).isEqualTo(Duration.ofMinutes(35));
        }
    }

    @Test
    void timeDoesNotRunBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1))).hasMessageContaining("PT-1S");
    }
}
