package io.streamx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.Metadata;
import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.OutboundMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state and every event of a client's stream. */
class ClientStreamCoreTest {
    private static final RpcException FAILURE = new RpcException("failure");
    private static final RpcException OTHER = new RpcException("other");

    private final Recorder effects = new Recorder();
    private final ClientStreamCore stream = new ClientStreamCore(effects);

    // ---- unopened ----

    @Test
    void openingIsWritten() {
        stream.open();

        assertThat(effects.log).containsExactly("open");
    }

    @Test
    void openingTwiceIsWrittenOnce() {
        stream.open();
        stream.open();

        assertThat(effects.log).containsExactly("open");
    }

    @Test
    void cancelBeforeTheOpeningWritesNothing() {
        stream.cancel(FAILURE);
        stream.open();
        stream.closeSend();

        assertThat(effects.log).containsExactly("finish failure");
    }

    @Test
    void messagesOfAStreamThatWasNeverOpenedAreDropped() {
        stream.cancel(FAILURE);
        stream.send(out());

        assertThat(effects.log).containsExactly("finish failure", "discard out");
    }

    @Test
    void lostConnectionBeforeTheOpeningEndsTheStream() {
        stream.onConnectionLost(FAILURE);
        stream.open();

        assertThat(effects.log).containsExactly("finish failure");
    }

    // ---- open ----

    @Test
    void messagesAreWrittenInOrderUntilTheEnd() {
        open();
        stream.send(out());
        stream.send(out());
        stream.closeSend();

        assertThat(effects.log).containsExactly("write", "write", "end");
    }

    @Test
    void cancelOfAnOpenStreamResetsAndSaysThatSendingWasOpen() {
        open();
        stream.cancel(FAILURE);

        assertThat(effects.log).containsExactly("reset failure, sending open", "finish failure");
    }

    @Test
    void endFromTheServerWhileSendingAbandonsIt() {
        open();
        stream.onEnd(Metadata.of("k", "v"), null);

        assertThat(effects.log).containsExactly("abandon", "finish {k=v}");
    }

    @Test
    void failureFromTheServerWhileSendingAbandonsIt() {
        open();
        stream.onEnd(Metadata.EMPTY, FAILURE);

        assertThat(effects.log).containsExactly("abandon", "finish {} failure");
    }

    @Test
    void resetFromTheServerWhileSendingAbandonsIt() {
        open();
        stream.onReset(FAILURE);

        assertThat(effects.log).containsExactly("abandon", "finish failure");
    }

    @Test
    void lostConnectionWritesNothing() {
        open();
        stream.onConnectionLost(FAILURE);

        assertThat(effects.log).containsExactly("finish failure");
    }

    @Test
    void headerAndMessagesAreHandedOn() {
        open();
        assertThat(stream.onHeader(Metadata.of("h", "1"))).isTrue();
        stream.onMessage(in());

        assertThat(effects.log).containsExactly("header {h=1}", "deliver");
    }

    @Test
    void secondHeaderBreaksTheProtocol() {
        open();
        stream.onHeader(Metadata.EMPTY);

        assertThat(stream.onHeader(Metadata.EMPTY)).isFalse();
        assertThat(effects.log).containsExactly("header {}");
    }

    @Test
    void messagesMayComeBeforeTheHeader() {
        open();
        stream.onMessage(in());
        stream.onHeader(Metadata.EMPTY);

        assertThat(effects.log).containsExactly("deliver", "header {}");
    }

    // ---- half closed ----

    @Test
    void messageAfterTheEndIsDropped() {
        halfClose();
        stream.send(out());

        assertThat(effects.log).containsExactly("discard out");
    }

    @Test
    void secondEndIsNotWritten() {
        halfClose();
        stream.closeSend();

        assertThat(effects.log).isEmpty();
    }

    @Test
    void messagesStillComeAfterTheOwnEnd() {
        halfClose();
        stream.onHeader(Metadata.EMPTY);
        stream.onMessage(in());
        stream.onEnd(Metadata.EMPTY, null);

        assertThat(effects.log).containsExactly("header {}", "deliver", "finish {}");
    }

    @Test
    void cancelAfterTheOwnEndResetsAlone() {
        halfClose();
        stream.cancel(FAILURE);

        assertThat(effects.log).containsExactly("reset failure", "finish failure");
    }

    @Test
    void resetAfterTheOwnEndNeedsNoAnswer() {
        halfClose();
        stream.onReset(FAILURE);

        assertThat(effects.log).containsExactly("finish failure");
    }

    @Test
    void lostConnectionAfterTheOwnEndEndsTheStream() {
        halfClose();
        stream.onConnectionLost(FAILURE);

        assertThat(effects.log).containsExactly("finish failure");
    }

    // ---- done ----

    @Test
    void firstOutcomeStaysAndLateFramesAreHarmless() {
        open();
        stream.onEnd(Metadata.EMPTY, null);
        effects.log.clear();

        stream.onEnd(Metadata.EMPTY, OTHER);
        stream.onReset(OTHER);
        stream.onConnectionLost(OTHER);
        stream.cancel(OTHER);
        stream.closeSend();
        stream.open();
        assertThat(stream.onHeader(Metadata.of("late", "1"))).isTrue();

        assertThat(effects.log).isEmpty();
    }

    @Test
    void lateMessagesOfBothDirectionsAreDropped() {
        open();
        stream.cancel(FAILURE);
        effects.log.clear();

        stream.onMessage(in());
        stream.send(out());

        assertThat(effects.log).containsExactly("discard in", "discard out");
    }

    /** Every end in every state: the table of docs/architecture.md, "Ends of a stream". */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        unopened   | cancel | finish other
        unopened   | lost   | finish other
        open       | message| deliver
        open       | cancel | reset other, sending open; finish other
        open       | end    | abandon; finish {}
        open       | endFail| abandon; finish {} other
        open       | reset  | abandon; finish other
        open       | lost   | finish other
        halfClosed | message| deliver
        halfClosed | cancel | reset other; finish other
        halfClosed | end    | finish {}
        halfClosed | endFail| finish {} other
        halfClosed | reset  | finish other
        halfClosed | lost   | finish other
        cancelled  | message| discard in
        cancelled  | cancel |
        cancelled  | end    |
        cancelled  | endFail|
        cancelled  | reset  |
        cancelled  | lost   |
        ended      | message| discard in
        ended      | cancel |
        ended      | end    |
        ended      | endFail|
        ended      | reset  |
        ended      | lost   |
        failed     | message| discard in
        failed     | cancel |
        failed     | end    |
        failed     | endFail|
        failed     | reset  |
        failed     | lost   |
        """)
    void whichEndWins(String state, String event, @Nullable String expected) {
        if (!state.equals("unopened")) {
            stream.open();
        }
        switch (state) {
            case "unopened", "open" -> {}
            case "halfClosed" -> stream.closeSend();
            case "cancelled" -> stream.cancel(FAILURE);
            case "ended" -> stream.onEnd(Metadata.EMPTY, null);
            case "failed" -> stream.onEnd(Metadata.EMPTY, FAILURE);
            default -> throw new IllegalArgumentException(state);
        }
        effects.log.clear();
        switch (event) {
            case "message" -> stream.onMessage(in());
            case "cancel" -> stream.cancel(OTHER);
            case "end" -> stream.onEnd(Metadata.EMPTY, null);
            case "endFail" -> stream.onEnd(Metadata.EMPTY, OTHER);
            case "reset" -> stream.onReset(OTHER);
            case "lost" -> stream.onConnectionLost(OTHER);
            default -> throw new IllegalArgumentException(event);
        }

        assertThat(String.join("; ", effects.log)).isEqualTo(expected == null ? "" : expected);
    }

    private void open() {
        stream.open();
        effects.log.clear();
    }

    private void halfClose() {
        open();
        stream.closeSend();
        effects.log.clear();
    }

    private static OutboundMessage out() {
        return new OutboundMessage(8);
    }

    private static InboundMessage in() {
        return InboundMessage.of(new byte[1], 0, 1);
    }

    private static final class Recorder implements ClientStreamCore.Effects {
        final List<String> log = new ArrayList<>();

        @Override
        public void writeOpen() {
            log.add("open");
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
        public void writeEnd() {
            log.add("end");
        }

        @Override
        public void writeReset(RpcException reason, boolean sendOpen) {
            log.add("reset " + reason.getMessage() + (sendOpen ? ", sending open" : ""));
        }

        @Override
        public void abandonSending() {
            log.add("abandon");
        }

        @Override
        public void header(Metadata entries) {
            log.add("header " + entries);
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
        public void finish(@Nullable Metadata trailer, @Nullable RpcException failure) {
            log.add("finish" + (trailer == null ? "" : " " + trailer)
                    + (failure == null ? "" : " " + failure.getMessage()));
        }
    }
}
