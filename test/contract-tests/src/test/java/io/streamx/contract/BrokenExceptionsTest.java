package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ResultCodec;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import io.streamx.thrift.UnaryResult;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /** Encodes nothing, and throws what Java would have it declare, as a codec in Kotlin may. */
    private static final class Undeclared implements ResultCodec<String> {
        private final ResultCodec<String> known = UnaryResult.of(EchoService.TEXT);

        @SuppressWarnings("unchecked") // the cast is not checked when this runs, which is the trick
        private static <E extends Throwable> void raise(Throwable thrown) throws E {
            throw (E) thrown;
        }

        @Override
        public void encodeResult(@Nullable String result, ByteBuf out) {
            Undeclared.<RuntimeException>raise(new IOException("of this codec"));
        }

        @Override
        public boolean encodeException(Throwable failure, ByteBuf out) {
            return known.encodeException(failure, out);
        }

        @Override
        public @Nullable String decode(ByteBuf in) {
            return known.decode(in);
        }
    }

    @Test
    void whatACodecThrowsWithoutDeclaringItEndsItsCallAndNoOther() {
        MethodDescriptor<String, String> method =
                MethodDescriptor.unary("BrokenService", "Say", EchoService.TEXT, new Undeclared());
        ServiceDescriptor service = new ServiceDescriptor("BrokenService", "", PayloadFormat.THRIFT, List.of(method));
        Server server = ends.serve(
                ServiceDefinition.builder(service).unary(method, text -> text).build(),
                builder -> builder.service(EchoService.echo()));
        Client client = ends.connect(server);
        // More than replies are made at once in a process.
        for (int i = 0; i < 3 * Runtime.getRuntime().availableProcessors(); i++) {
            assertThatThrownBy(() -> client.call(method, "x", CallOptions.NONE))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("of this codec");
        }
        assertThat(client.call(EchoService.SAY, "go on", CallOptions.NONE)).isEqualTo("go on");
    }
}
