package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.RecvTimeout;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happens on both sides when a caller's time is over. */
class TimeLimitsTest extends OnEveryTransport {
    private final WaitingHandler handler = new WaitingHandler();

    private Client connectToWaitingHandler() {
        return ends.connectNow(ends.serve(EchoService.bidi(handler::waitForMessages)), plain -> {});
    }

    @Test
    void recvTimeoutEndsTheStreamOnBothSides() throws Exception {
        Client client = connectToWaitingHandler();
        CallOptions options = CallOptions.NONE.withRecvTimeout(RecvTimeout.of(Duration.ofMillis(50)));
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv)
                        .satisfies(errors().recvTimeout("50ms", false, "the options of the call"));
            }
        }
        assertThat(handler.failure()).satisfies(errors().recvTimeoutOfCaller());
    }

    @Test
    void recvTimeoutThatKeepsTheRemoteLeavesTheStreamUsable() {
        CountDownLatch go = new CountDownLatch(1);
        Client client = ends.connect(ends.serve(EchoService.bidi(stream -> {
            go.await();
            stream.send("late");
        })));
        CallOptions options = CallOptions.NONE.withRecvTimeout(
                RecvTimeout.of(Duration.ofMillis(50)).keepRemote());
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv)
                        .satisfies(errors().recvTimeout("50ms", true, "the options of the call"));
            }
            go.countDown();
            assertThat(recvPatiently(stream)).isEqualTo("late");
            assertThat(recvPatiently(stream)).isNull();
        }
    }

    /** Receives in as many tries as a busy machine needs; each may run into the limit of 50 ms. */
    private @Nullable String recvPatiently(BidiStreamingClient<String, String> stream) {
        while (true) {
            try {
                return stream.recv();
            } catch (RpcException tooLate) {
                assertThat(tooLate).satisfies(errors().recvTimeout("50ms", true, "the options of the call"));
            }
        }
    }

    @Test
    void streamTimeoutEndsTheStreamOnBothSides() throws Exception {
        Client client = connectToWaitingHandler();
        CallOptions options = CallOptions.NONE.withTimeout(Duration.ofMillis(80));
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThatThrownBy(stream::recv).satisfies(errors().streamTimeout("80ms", "the options of the call"));
        }
        assertThat(handler.failure()).satisfies(errors().streamTimeoutOfCaller());
    }

    @Test
    void theTimeoutOfAUnaryCallEndsItAtTheCallerAndInterruptsItsHandler() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Client client = ends.connectNow(
                ends.serve(EchoService.with(stream -> {}, request -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                    }
                    return request;
                })),
                plain -> {});
        assertThatThrownBy(
                        () -> client.call(EchoService.SAY, "m", CallOptions.NONE.withTimeout(Duration.ofMillis(200))))
                .isInstanceOf(RpcTimeoutException.class)
                .hasMessageContaining("timeout of 200 ms, set by the options of the call");
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
    }
}
