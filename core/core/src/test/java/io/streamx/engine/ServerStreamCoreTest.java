package io.streamx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state and every event of a server's stream. */
class ServerStreamCoreTest {
    private static final RpcException FAILURE = new RpcException("failure");

    private final Recorder effects = new Recorder();
    private final ServerStreamCore stream = new ServerStreamCore(effects);

    @Test
    void headerGoesBeforeTheFirstMessageAndOnce() {
        stream.send(out());
        stream.send(out());

        assertThat(effects.log).containsExactly("header", "write", "write");
    }

    @Test
    void headerGoesBeforeTheTrailerOfAStreamWithoutMessages() {
        stream.finish(null);

        assertThat(effects.log).containsExactly("header", "trailer", "finished");
    }

    @Test
    void headerSentEarlyIsNotSentAgain() {
        stream.sendHeader();
        stream.sendHeader();
        stream.send(out());
        stream.finish(null);

        assertThat(effects.log).containsExactly("header", "write", "trailer", "finished");
    }

    @Test
    void failureOfTheHandlerIsTheTrailer() {
        stream.finish(FAILURE);

        assertThat(effects.log).containsExactly("header", "trailer failure", "finished");
    }

    @Test
    void messagesAreDeliveredUntilTheCallersEnd() {
        stream.onMessage(in());
        stream.onEnd(null);
        stream.onMessage(in());

        assertThat(effects.log).containsExactly("deliver", "end", "discard in");
    }

    @Test
    void callersEndLeavesTheHandlerSending() {
        stream.onEnd(null);
        stream.send(out());
        stream.finish(null);

        assertThat(effects.log).containsExactly("end", "header", "write", "trailer", "finished");
    }

    @Test
    void secondEndOfTheCallerIsIgnored() {
        stream.onEnd(FAILURE);
        stream.onEnd(null);

        assertThat(effects.log).containsExactly("end failure");
    }

    @Test
    void afterAResetNothingIsWritten() {
        stream.onReset(FAILURE);
        stream.sendHeader();
        stream.send(out());
        stream.finish(null);

        assertThat(effects.log).containsExactly("interrupt failure", "finished", "discard out");
    }

    @Test
    void resetAfterTheCallersEndInterruptsToo() {
        stream.onEnd(null);
        stream.onReset(FAILURE);

        assertThat(effects.log).containsExactly("end", "interrupt failure", "finished");
    }

    @Test
    void resetAfterTheHeaderInterruptsToo() {
        stream.sendHeader();
        stream.onReset(FAILURE);
        stream.onReset(FAILURE);

        assertThat(effects.log).containsExactly("header", "interrupt failure", "finished");
    }

    @Test
    void lateFramesOfAFinishedStreamAreHarmless() {
        stream.finish(null);
        effects.log.clear();

        stream.onMessage(in());
        stream.onEnd(null);
        stream.onReset(FAILURE);
        stream.send(out());
        stream.sendHeader();
        stream.finish(FAILURE);

        assertThat(effects.log).containsExactly("discard in", "discard out");
    }

    /** Every event in every state: the table of docs/architecture.md, "Ends of a stream". */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        new            | message | deliver
        new            | end     | end
        new            | endFail | end failure
        new            | reset   | interrupt failure, finished
        new            | finish  | header, trailer, finished
        header         | message | deliver
        header         | end     | end
        header         | endFail | end failure
        header         | reset   | interrupt failure, finished
        header         | finish  | trailer, finished
        callerEnded    | message | discard in
        callerEnded    | end     |
        callerEnded    | endFail |
        callerEnded    | reset   | interrupt failure, finished
        callerEnded    | finish  | header, trailer, finished
        callerFailed   | message | discard in
        callerFailed   | end     |
        callerFailed   | endFail |
        callerFailed   | reset   | interrupt failure, finished
        callerFailed   | finish  | header, trailer, finished
        reset          | message | discard in
        reset          | end     |
        reset          | endFail |
        reset          | reset   |
        reset          | finish  |
        finished       | message | discard in
        finished       | end     |
        finished       | endFail |
        finished       | reset   |
        finished       | finish  |
        """)
    void whichEndWins(String state, String event, @Nullable String expected) {
        switch (state) {
            case "new" -> {}
            case "header" -> stream.sendHeader();
            case "callerEnded" -> stream.onEnd(null);
            case "callerFailed" -> stream.onEnd(FAILURE);
            case "reset" -> stream.onReset(FAILURE);
            case "finished" -> stream.finish(null);
            default -> throw new IllegalArgumentException(state);
        }
        effects.log.clear();
        switch (event) {
            case "message" -> stream.onMessage(in());
            case "end" -> stream.onEnd(null);
            case "endFail" -> stream.onEnd(FAILURE);
            case "reset" -> stream.onReset(FAILURE);
            case "finish" -> stream.finish(null);
            default -> throw new IllegalArgumentException(event);
        }

        assertThat(String.join(", ", effects.log)).isEqualTo(expected == null ? "" : expected);
    }

    private static OutboundMessage out() {
        return new OutboundMessage(8);
    }

    private static InboundMessage in() {
        return InboundMessage.of(new byte[1], 0, 1);
    }

    private static final class Recorder implements ServerStreamCore.Effects {
        final List<String> log = new ArrayList<>();

        @Override
        public void writeHeader() {
            log.add("header");
        }

        @Override
        public void writeMessage(OutboundMessage message) {
            log.add("write");
        }

        @Override
        public void discard(OutboundMessage message) {
            log.add("discard out");
        }

        @Override
        public void writeTrailer(@Nullable Throwable failure) {
            log.add("trailer" + (failure == null ? "" : " " + failure.getMessage()));
        }

        @Override
        public void deliver(InboundMessage message) {
            log.add("deliver");
        }

        @Override
        public void discard(InboundMessage message) {
            log.add("discard in");
        }

        @Override
        public void receiveEnd(@Nullable RpcException failure) {
            log.add("end" + (failure == null ? "" : " " + failure.getMessage()));
        }

        @Override
        public void interrupt(RpcException failure) {
            log.add("interrupt " + failure.getMessage());
        }

        @Override
        public void finished() {
            log.add("finished");
        }
    }
}
