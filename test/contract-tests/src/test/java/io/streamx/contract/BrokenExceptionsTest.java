package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import org.junit.jupiter.api.Test;

/** A handler may throw what cannot even be printed: its call ends as any that failed, and so do the next ones. */
class BrokenExceptionsTest extends OnEveryTransport {
    /** Its own methods throw, and with them the logging back end that prints it. */
    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message");
        }

        @Override
        public String toString() {
            throw new StackOverflowError("no text");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("no cause");
        }
    }

    /** Not even a {@link RuntimeException}. */
    private static final class UnprintableError extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new AssertionError("no text");
        }

        @Override
        public String getMessage() {
            throw new AssertionError("no message");
        }
    }

    private Client connect(RuntimeException thrown) {
        Server server = ends.serve(EchoService.with(
                stream -> {
                    String wanted = stream.recv();
                    if ("fail".equals(wanted)) {
                        throw thrown;
                    }
                    if ("fail badly".equals(wanted)) {
                        throw new UnprintableError();
                    }
                    if ("take too much".equals(wanted)) {
                        throw new OutOfMemoryError("of this handler");
                    }
                    stream.send("fine");
                },
                request -> {
                    if ("fail".equals(request)) {
                        throw thrown;
                    }
                    if ("fail badly".equals(request)) {
                        throw new UnprintableError();
                    }
                    if ("take too much".equals(request)) {
                        throw new OutOfMemoryError("of this handler");
                    }
                    return "fine";
                }));
        return ends.connect(server);
    }

    private static String ask(Client client, String request) {
        try (var stream = EchoService.bidi(client)) {
            stream.send(request);
            return stream.recv();
        }
    }

    @Test
    void aStreamWhoseHandlerThrowsWhatCannotBePrintedFails() {
        Client client = connect(new Unprintable());

        assertThatThrownBy(() -> ask(client, "fail"))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("Unprintable");
        assertThatThrownBy(() -> ask(client, "fail badly"))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("UnprintableError");
        assertThat(ask(client, "go on")).isEqualTo("fine");
    }

    @Test
    void aUnaryCallWhoseHandlerThrowsWhatCannotBePrintedFails() {
        Client client = connect(new Unprintable());

        assertThatThrownBy(() -> client.call(EchoService.SAY, "fail", CallOptions.NONE))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("Unprintable");
        assertThatThrownBy(() -> client.call(EchoService.SAY, "fail badly", CallOptions.NONE))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("UnprintableError");
        assertThat(client.call(EchoService.SAY, "go on", CallOptions.NONE)).isEqualTo("fine");
    }

    @Test
    void aHandlersOutOfMemoryErrorEndsItsCallAndNoOther() {
        Client client = connect(new Unprintable());
        try (var beside = EchoService.bidi(client)) {
            assertThatThrownBy(() -> ask(client, "take too much"))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("of this handler");
            assertThatThrownBy(() -> client.call(EchoService.SAY, "take too much", CallOptions.NONE))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("of this handler");
            beside.send("go on");
            assertThat(beside.recv()).isEqualTo("fine");
        }
    }

    @Test
    void moreCallsThanMayRunAreRefusedWithAnAnswer() throws Exception {
        WaitingHandler waiting = new WaitingHandler();
        Server server = ends.serve(EchoService.bidi(waiting::waitForMessages), builder -> builder.maxRunningCalls(1));
        Client client = ends.connect(server);
        try (var running = EchoService.bidi(client)) {
            running.send("m");
            waiting.started.await();

            assertThatThrownBy(() -> ask(client, "m")).hasMessageContaining("too many calls are running: 1");
            assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                    .hasMessageContaining("too many calls are running: 1");
        }
    }
}
