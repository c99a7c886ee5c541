package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.RecvTimeout;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import io.streamx.service.Channel;
import io.streamx.service.ServiceClient;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time limits of the client, of one view of it, and of one call: which one holds, and what its error says. */
class CallOptionsTest extends OnEveryTransport {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void release() {
        release.countDown();
    }

    /** What the generator would write, as far as it is needed here. */
    private static final class View extends ServiceClient<View> {
        View(Channel channel) {
            this(channel, CallOptions.NONE);
        }

        private View(Channel channel, CallOptions options) {
            super(channel, options);
        }

        @Override
        protected View withOptions(Channel channel, CallOptions options) {
            return new View(channel, options);
        }

        BidiStreamingClient<String, String> bidi() {
            return channel().bidiStreaming(EchoService.BIDI, options());
        }

        String say(String text) {
            return channel().call(EchoService.SAY, text, options());
        }
    }

    private View connect(Consumer<Client.Builder> settings) {
        return new View(ends.connectNow(
                ends.serve(EchoService.with(stream -> release.await(), request -> {
                    release.await();
                    return request;
                })),
                settings));
    }

    private static void assertFails(View view, Consumer<Throwable> expected) {
        try (var stream = view.bidi()) {
            assertThatThrownBy(stream::recv).satisfies(expected);
        }
    }

    @Test
    void aRecvTimeoutOfTheClientHoldsForEveryStream() {
        View view = connect(builder -> builder.recvTimeout(RecvTimeout.of(Duration.ofMillis(40))));
        assertFails(view, errors().recvTimeout("40ms", false, "the client"));
    }

    @Test
    void aRecvTimeoutOfAViewReplacesThatOfTheClient() {
        View view = connect(builder -> builder.recvTimeout(RecvTimeout.of(LONG)));
        View impatient = view.withRecvTimeout(Duration.ofMillis(30));
        assertFails(impatient, errors().recvTimeout("30ms", false, "the options of the call"));

        View keeping =
                view.withRecvTimeout(RecvTimeout.of(Duration.ofMillis(35)).keepRemote());
        try (var stream = keeping.bidi()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv)
                        .satisfies(errors().recvTimeout("35ms", true, "the options of the call"));
            }
            release.countDown();
            assertThat(stream.trailer()).isEmpty();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void aTimeoutOfTheClientHoldsForStreamsAndUnaryCalls() {
        View view = connect(builder -> builder.timeout(Duration.ofMillis(40)));
        assertFails(view, errors().streamTimeout("40ms", "the client"));
        assertThatThrownBy(() -> view.say("m")).hasMessageContaining("timeout of 40 ms, set by the client");
    }

    @Test
    void aTimeoutOfAViewReplacesThatOfTheClientAndLeavesItToTheOthers() {
        View view = connect(builder -> builder.timeout(LONG));
        View impatient = view.withTimeout(Duration.ofMillis(30));
        assertFails(impatient, errors().streamTimeout("30ms", "the options of the call"));
        assertThatThrownBy(() -> impatient.say("m"))
                .hasMessageContaining("timeout of 30 ms, set by the options of the call");
        try (var stream = view.bidi()) {
            release.countDown();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void aLongerTimeoutOfAViewWinsOverAShorterOneOfTheClient() {
        View view = connect(builder -> builder.timeout(Duration.ofMillis(20))).withTimeout(LONG);
        try (var stream = view.bidi()) {
            // Another stream's shorter limit passes meanwhile.
            assertFails(
                    view.withTimeout(Duration.ofMillis(60)), errors().streamTimeout("60ms", "the options of the call"));
            release.countDown();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void theTimeoutOfAStreamHoldsWhileMessagesPass() {
        Client client = ends.connectNow(ends.serve(EchoService.echo()), plain -> {});
        CallOptions options = CallOptions.NONE.withTimeout(Duration.ofMillis(150));
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            assertThatThrownBy(() -> {
                        while (true) {
                            stream.send("m");
                            assertThat(stream.recv()).isEqualTo("m");
                        }
                    })
                    .satisfies(errors().streamTimeout("150ms", "the options of the call"));
        }
    }

    @Test
    void aTimeoutLargerThanAnyClockIsNone() {
        Client client = ends.connect(ends.serve(EchoService.echo()));
        CallOptions options = CallOptions.NONE.withTimeout(Duration.ofDays(200_000));
        try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
        }
        CallOptions each = CallOptions.NONE.withRecvTimeout(RecvTimeout.of(Duration.ofDays(200_000)));
        try (var stream = client.bidiStreaming(EchoService.BIDI, each)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
        }
        assertThat(client.call(EchoService.SAY, "m", options)).isEqualTo("m");
    }
}
