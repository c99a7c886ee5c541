package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.RpcTimeoutException;
import io.streamx.server.Server;
import io.streamx.ttheader.unary.Echo.Text;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a handler of a unary call may take: what the caller says in int key 12, and what the server allows. */
@Timeout(60)
class CallersTimeTest {
    private static final int RPC_TIMEOUT = 12;

    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Throwable> reason = new CompletableFuture<>();
    private final CountDownLatch go = new CountDownLatch(1);

    private final class Waiting implements Echo.Handler {
        @Override
        public @Nullable Text say(Text text) throws Exception {
            switch (text.value()) {
                case "wait" -> {
                    try {
                        go.await();
                        interrupted.complete(false);
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                        reason.complete(CallContext.current().cancellation());
                        throw e;
                    }
                }
                case "ignore" -> {
                    while (true) {
                        try {
                            go.await();
                            break;
                        } catch (InterruptedException e) {
                            interrupted.complete(true);
                        }
                    }
                }
                default -> {}
            }
            return text;
        }
    }

    private Server serve(Consumer<Server.Builder> more) {
        return Server.builder()
                .port(0)
                .service(Echo.bind(new Waiting()))
                .with(more)
                .start();
    }

    private static byte[] request(PingPong carrier, Map<Integer, String> ints, String text) {
        return RawPeer.request(carrier, 0, ints, Map.of("isn", "Echo"), "Say", text, 7);
    }

    @ParameterizedTest
    @EnumSource(
            value = PingPong.class,
            names = {"TTHEADER", "TTHEADER_FRAMED"})
    void aHandlerIsCancelledAndInterruptedWhenTheTimeOfItsCallerIsOver(PingPong carrier) throws Exception {
        try (Server server = serve(plain -> {});
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(request(carrier, Map.of(RPC_TIMEOUT, "60"), "wait"));

            assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(reason.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessageStartingWith("Echo.Say took longer than 60 ms, set by the caller, with int key 12");
            assertThat(peer.receive(carrier).exception())
                    .startsWith("6: Echo.Say took longer than 60 ms, set by the caller, with int key 12");
        }
    }

    @Test
    void aCallerIsToldThoughTheHandlerRunsOn() throws Exception {
        try (Server server = serve(plain -> {});
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(request(PingPong.TTHEADER, Map.of(RPC_TIMEOUT, "60"), "ignore"));

            assertThat(peer.receive(PingPong.TTHEADER).exception()).startsWith("6: Echo.Say took longer than 60 ms");
            assertThat(peer.send(request(PingPong.TTHEADER, Map.of(), "next"))
                            .receive(PingPong.TTHEADER)
                            .said())
                    .isEqualTo("next");
            go.countDown();
        }
    }

    @Test
    void aServerMayLeaveTheTimeOfItsCallersUnused() throws Exception {
        try (Server server = serve(builder -> builder.keepCallerTimeout(false));
                RawPeer peer = RawPeer.connect(server.port());
                RawPeer other = RawPeer.connect(server.port())) {
            peer.send(request(PingPong.TTHEADER, Map.of(RPC_TIMEOUT, "1"), "wait"));
            // A millisecond is long over when another call has been made.
            assertThat(other.send(RawPeer.say("other", 1)).receive().said()).isEqualTo("other");
            go.countDown();

            assertThat(peer.receive(PingPong.TTHEADER).said()).isEqualTo("wait");
            assertThat(interrupted.get(20, TimeUnit.SECONDS)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void aLimitOfTheServersOwnHoldsOnEveryCarrier(PingPong carrier) throws Exception {
        try (Server server = serve(builder -> builder.unaryTimeout(Duration.ofMillis(60)));
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request(carrier, 0, Map.of(RPC_TIMEOUT, "60000"), Map.of(), "Say", "ignore", 7));

            assertThat(peer.receive(carrier).exception())
                    .startsWith("6: Echo.Say took longer than 60 ms, set by the server");
            assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
            go.countDown();
        }
    }
}
