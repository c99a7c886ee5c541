package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.streamx.BizStatusException;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.endpoint.CallLog;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.MessageCodec;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDefinition;
import io.streamx.testkit.LogLines;
import io.streamx.thrift.UnaryResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the log says of calls at a server: of which nothing, of which a line, and of which a stack trace. */
class LogLinesOfCallsTest extends OnEveryTransport {
    private static final String SECRET = "a-payload-that-nobody-may-read";

    /** Sends what no struct begins with. */
    private static final MessageCodec<String> GARBAGE = new MessageCodec<>() {
        @Override
        public void encode(String message, ByteBuf out) {
            out.writeByte(0x7e).writeByte(0x7e).writeByte(0x7e);
        }

        @Override
        public String decode(ByteBuf in) {
            throw new UnsupportedOperationException();
        }
    };

    private final LogLines lines = new LogLines();

    @AfterEach
    void closeLines() {
        lines.close();
    }

    private Client connect(ServiceDefinition service) {
        return ends.connect(ends.serve(service));
    }

    /** Makes a unary call and a stream, both of which fail. */
    private void callBoth(Client client) {
        Throwable ofCall = catchThrowable(() -> client.call(EchoService.SAY, "m", CallOptions.NONE));
        assertThat(ofCall).isNotNull();
        Throwable ofStream = catchThrowable(() -> {
            try (var stream = EchoService.bidi(client)) {
                stream.closeSend();
                stream.recv();
            }
        });
        assertThat(ofStream).isNotNull();
    }

    private interface Failing {
        void fail() throws Exception;
    }

    private static ServiceDefinition failing(Failing handler) {
        return EchoService.with(stream -> handler.fail(), request -> {
            handler.fail();
            return request;
        });
    }

    /** The calls of a failure that is a warning come after those that are looked at, and their lines after theirs. */
    private void assertNothingIsSaid(Failing handler) throws Exception {
        Client client = connect(failing(handler));
        callBoth(client);
        callBoth(connect(failing(() -> {
            throw new IllegalStateException("marks the end");
        })));
        lines.await("EchoService.Bidi, called from");
        lines.await("EchoService.Say, called from");
        assertThat(lines.containing("WARN")).hasSize(2);
        assertThat(lines.containing("chosen")).isEmpty();
    }

    @Test
    void businessErrorsAreNoWarnings() throws Exception {
        assertNothingIsSaid(() -> {
            throw new BizStatusException(7, "chosen", Map.of());
        });
    }

    @Test
    void norAreWrappedOnes() throws Exception {
        assertNothingIsSaid(() -> {
            throw new IllegalStateException("chosen outside", new BizStatusException(7, "chosen", Map.of()));
        });
    }

    @Test
    void norAreStatuses() throws Exception {
        assertNothingIsSaid(() -> {
            throw new StatusException(StatusCode.NOT_FOUND, "chosen");
        });
    }

    @Test
    void anErrorThatNobodyChoseHasItsTraceOnceAndIsCountedAfterThat() throws Exception {
        Client client = connect(failing(() -> {
            throw new IllegalStateException("an accident");
        }));
        for (int i = 0; i < 5; i++) {
            callBoth(client);
        }
        lines.await("EchoService.Say, called from");
        lines.await("EchoService.Bidi, called from");
        assertThat(lines.containing("EchoService.Say, called from")).hasSize(1);
        assertThat(lines.containing("EchoService.Bidi, called from")).hasSize(1);
        assertThat(lines.containing("java.lang.IllegalStateException: an accident"))
                .hasSize(2);
    }

    @Test
    void aMessageThatCannotBeReadIsALineWithoutATrace() throws Exception {
        Client client = connect(EchoService.echo());
        MethodDescriptor<String, String> unreadable = MethodDescriptor.streaming(
                "EchoService", "Bidi", StreamingMode.BIDIRECTIONAL, GARBAGE, EchoService.TEXT);
        try (var stream = client.bidiStreaming(unreadable, CallOptions.NONE)) {
            stream.send("m");
            assertThat(catchThrowable(stream::recv)).isNotNull();
        }
        lines.await("EchoService.Bidi: ");
        assertThat(lines.containing("sent a message that cannot be read")).hasSize(1);
        assertThat(lines.containing("\tat ")).isEmpty();
    }

    @Test
    void aUnaryRequestThatCannotBeReadIsALineWithoutATrace() throws Exception {
        Client client = connect(EchoService.echo());
        MethodDescriptor<String, String> unreadable =
                MethodDescriptor.unary("EchoService", "Say", GARBAGE, UnaryResult.of(EchoService.TEXT));
        assertThat(catchThrowable(() -> client.call(unreadable, "m", CallOptions.NONE)))
                .isNotNull();
        lines.await("EchoService.Say: ");
        assertThat(lines.containing("\tat ")).isEmpty();
    }

    @Test
    void theAccessLogHasOneLineForEachCallAtEachEndAndNothingOfWhatWasSaid() throws Exception {
        CallLog log = CallLog.builder().access(true).build();
        Server server = ends.serve(
                EchoService.bidi(stream -> {
                    stream.sendHeader(Metadata.of("some-key", SECRET));
                    for (String message : stream) {
                        stream.send(message);
                    }
                }),
                builder -> builder.install(log));
        Client client = ends.connect(server, builder -> builder.install(log));
        assertThat(client.call(EchoService.SAY, SECRET, CallOptions.NONE.withPersistent("some-key", SECRET)))
                .isEqualTo(SECRET);
        try (var stream = EchoService.bidi(client)) {
            stream.send(SECRET);
            assertThat(stream.recv()).isEqualTo(SECRET);
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        lines.await("side=server method=EchoService.Bidi");
        lines.await("side=server method=EchoService.Say");
        List<String> access = lines.containing("io.streamx.access");
        assertThat(access)
                .hasSize(4)
                .allSatisfy(line -> assertThat(line)
                        .contains("INFO")
                        .contains(" outcome=ok ms=")
                        .contains(" sent=1 ")
                        .contains(" received=1 ")
                        .containsPattern("127\\.0\\.0\\.1|in-process:test-"));
        assertThat(lines.containing("side=client method=EchoService.Bidi mode=bidirectional transport="))
                .singleElement()
                .satisfies(
                        line -> assertThat(line).contains(" first_message_ms=").contains(" receive_wait_ms="));
        assertThat(lines.containing(SECRET)).isEmpty();
    }

    @Test
    void aFailureIsItsOutcomeInTheAccessLogAndNotItsText() throws Exception {
        CallLog log = CallLog.builder().access(true).build();
        Server server = ends.serve(
                failing(() -> {
                    throw new BizStatusException(7, SECRET, Map.of());
                }),
                builder -> builder.install(log));
        callBoth(ends.connect(server));
        lines.await("side=server method=EchoService.Bidi");
        lines.await("side=server method=EchoService.Say");
        assertThat(lines.containing("outcome=business_error")).hasSize(2);
        assertThat(lines.containing(SECRET)).isEmpty();
    }

    @Test
    void slowCallsAndStreamsHaveALineWithWhatTheyWaitedFor() throws Exception {
        CallLog log = CallLog.builder()
                .slowCalls(Duration.ofNanos(1))
                .slowStreams(Duration.ofNanos(1))
                .build();
        Client client = ends.connect(ends.serve(EchoService.echo()), builder -> builder.install(log));
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        lines.await("the setting slowCalls): side=client method=EchoService.Say");
        try (var stream = EchoService.bidi(client)) {
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
        assertThat(lines.await("the setting slowStreams): side=client method=EchoService.Bidi"))
                .contains("WARN")
                .contains("receive_wait_ms=");
    }

    @Test
    void whatIsFasterThanTheThresholdHasNoLine() throws Exception {
        CallLog log = CallLog.builder()
                .slowCalls(Duration.ofHours(1))
                .slowStreams(Duration.ofHours(1))
                .build();
        Client client = ends.connect(ends.serve(EchoService.echo()), builder -> builder.install(log));
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        assertThat(lines.containing("io.streamx.slow")).isEmpty();
        assertThat(lines.containing("io.streamx.access")).isEmpty();
    }
}
