package io.streamx.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallListener;
import io.streamx.StreamingMode;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls and waits cost something where they are recorded, and nowhere else. */
class RecordedCallTest {
    private static final List<CallListener> NOBODY = List.of();

    @ParameterizedTest
    @EnumSource
    void whereNothingIsRecordedTheListenersStayTheVeryOnes(StreamingMode mode) {
        assertThat(RecordedCall.listeningTo(mode, NOBODY)).isSameAs(NOBODY);
        List<CallListener> one = List.of(new CallListener() {});
        assertThat(RecordedCall.listeningTo(mode, one)).isSameAs(one);
    }

    @Test
    void whereNothingIsRecordedAWaitIsNoEvent() {
        assertThat(Stalls.sendBegins()).isNull();
        assertThat(Stalls.receiveBegins()).isNull();
    }

    @Test
    void aRecordingListensToTheKindsThatItHas() {
        try (Recording recording = new Recording()) {
            recording.enable("io.streamx.Stream");
            recording.enable("io.streamx.SendStall");
            recording.disable("io.streamx.UnaryCall");
            recording.disable("io.streamx.ReceiveStall");
            recording.start();
            assertThat(RecordedCall.listeningTo(StreamingMode.SERVER, NOBODY)).hasSize(1);
            assertThat(RecordedCall.listeningTo(StreamingMode.UNARY, NOBODY)).isSameAs(NOBODY);
            assertThat(Stalls.sendBegins()).isNotNull();
            assertThat(Stalls.receiveBegins()).isNull();
        }
        assertThat(RecordedCall.listeningTo(StreamingMode.SERVER, NOBODY)).isSameAs(NOBODY);
    }
}
