package io.streamx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusExceptionTest {
    @ParameterizedTest
    @CsvSource({
        "0, OK",
        "1, CANCELLED",
        "13, INTERNAL",
        "16, UNAUTHENTICATED",
        "17, RECV_DEADLINE_EXCEEDED",
        "18, 18",
        "20, UNKNOWN_SERVICE",
        "1900, 1900",
        "-1, -1"
    })
    void codesHaveTheNamesOfGrpc(int code, String name) {
        assertThat(StatusCode.name(code)).isEqualTo(name);
    }

    @Test
    void itSaysCodeNameAndMessage() {
        assertThat(new StatusException(StatusCode.UNAVAILABLE, "no instance"))
                .hasMessage("status 14 UNAVAILABLE: no instance");
        assertThat(new StatusException(1900, "own")).hasMessage("status 1900: own");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aCodeThatIsNoFailureIsRefused(int code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StatusException(code, "m"))
                .withMessage("code: " + code + " (expected: > 0; 0 is success)");
    }

    @Test
    void onThisThreadIsTheSameStatusWithATraceOfItsOwn() {
        StatusDetail detail = new StatusDetail("type.googleapis.com/a.B", new byte[] {1, 2});
        StatusException outcome = StatusException.outcome(9, "pre", List.of(detail), null);

        StatusException thrown = outcome.onThisThread();

        assertThat(outcome.getStackTrace()).isEmpty();
        assertThat(thrown.getStackTrace()).isNotEmpty();
        assertThat(thrown.code()).isEqualTo(9);
        assertThat(thrown.codeName()).isEqualTo("FAILED_PRECONDITION");
        assertThat(thrown.statusMessage()).isEqualTo("pre");
        assertThat(thrown.details()).containsExactly(new StatusDetail("type.googleapis.com/a.B", new byte[] {1, 2}));
    }

    @Test
    void aDetailKeepsItsBytesToItself() {
        byte[] bytes = {1, 2, 3};
        StatusDetail detail = new StatusDetail("type.googleapis.com/google.rpc.Help", bytes);

        bytes[0] = 9;

        assertThat(detail.value().get(0)).isEqualTo((byte) 1);
        assertThat(detail.value().isReadOnly()).isTrue();
        assertThat(detail.size()).isEqualTo(3);
        assertThat(detail.typeName()).isEqualTo("google.rpc.Help");
        assertThat(detail).hasToString("type.googleapis.com/google.rpc.Help (3 bytes)");
    }

    @Test
    void aBusinessErrorOfCodeZeroNeedsAStatusThatSaysItIsNoSuccess() {
        StatusException status = new StatusException(13, "m");

        assertThat(new BizStatusException(0, "m", Map.of(), status)
                        .onThisThread()
                        .status())
                .isSameAs(status);
        assertThatIllegalArgumentException().isThrownBy(() -> new BizStatusException(0, "m"));
    }
}
