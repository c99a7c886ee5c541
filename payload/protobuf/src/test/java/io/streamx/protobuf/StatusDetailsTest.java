package io.streamx.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.StringValue;
import io.streamx.ApplicationException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusDetailsTest {
    private static final StringValue TEXT = StringValue.of("retry later");
    private static final Duration PAUSE = Duration.newBuilder().setSeconds(3).build();

    @Test
    void aMessageTravelsAsItWouldInAny() {
        StatusDetail detail = StatusDetails.pack(TEXT);
        Any any = Any.pack(TEXT);

        assertThat(detail.typeUrl()).isEqualTo(any.getTypeUrl());
        assertThat(detail.value()).isEqualTo(any.getValue().asReadOnlyByteBuffer());
        assertThat(StatusDetails.unpack(detail, StringValue.getDefaultInstance()))
                .isEqualTo(TEXT);
    }

    @Test
    void theFirstDetailOfATypeIsFoundWhateverHostItsUrlNames() {
        StatusException status = new StatusException(
                StatusCode.UNAVAILABLE,
                "busy",
                List.of(
                        StatusDetails.pack(PAUSE),
                        new StatusDetail("x/google.protobuf.StringValue", TEXT.toByteArray())));

        assertThat(StatusDetails.unpack(status, StringValue.getDefaultInstance()))
                .contains(TEXT);
        assertThat(StatusDetails.unpack(status, Duration.getDefaultInstance())).contains(PAUSE);
        assertThat(StatusDetails.unpack(status, Any.getDefaultInstance())).isEmpty();
    }

    @Test
    void anotherTypeAndBytesThatAreNoMessageSaySo() {
        assertThatThrownBy(() -> StatusDetails.unpack(StatusDetails.pack(PAUSE), StringValue.getDefaultInstance()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("status detail of type google.protobuf.Duration (expected: google.protobuf.StringValue)");
        assertThatThrownBy(() -> StatusDetails.unpack(
                        new StatusDetail("/google.protobuf.Duration", new byte[] {0x08}),
                        Duration.getDefaultInstance()))
                .isInstanceOf(ApplicationException.class)
                .hasMessageStartingWith("the 1 bytes of a status detail are no google.protobuf.Duration: ");
    }
}
