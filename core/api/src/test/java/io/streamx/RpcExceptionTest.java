package io.streamx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RpcExceptionTest {
    @Test
    void everyFailureHasACodeOfItsKind() {
        assertThat(new StatusException(9, "m").statusCode()).isEqualTo(9);
        assertThat(new RpcTimeoutException("m", Duration.ofSeconds(1), null).statusCode())
                .isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(new CallCancelledException("m", null).statusCode()).isEqualTo(StatusCode.CANCELLED);
        assertThat(new UnavailableException("m", null).statusCode()).isEqualTo(StatusCode.UNAVAILABLE);
        assertThat(new ApplicationException(ApplicationException.UNKNOWN_METHOD, "m").statusCode())
                .isEqualTo(StatusCode.UNIMPLEMENTED);
        assertThat(new ApplicationException(ApplicationException.PROTOCOL_ERROR, "m").statusCode())
                .isEqualTo(StatusCode.INTERNAL);
        assertThat(new ApplicationException(ApplicationException.INTERNAL_ERROR, "m").statusCode())
                .isEqualTo(StatusCode.UNKNOWN);
        assertThat(stream(StreamException.STREAM_TIMEOUT, StreamException.Kind.TIMEOUT)
                        .statusCode())
                .isEqualTo(StatusCode.DEADLINE_EXCEEDED);
        assertThat(stream(StreamException.CANCELED, StreamException.Kind.CANCELED)
                        .statusCode())
                .isEqualTo(StatusCode.CANCELLED);
        assertThat(new BizStatusException(7, "m").statusCode()).isEqualTo(StatusCode.UNKNOWN);
        assertThat(new RpcException("m").statusCode()).isEqualTo(StatusCode.UNKNOWN);
    }

    private static StreamException stream(int code, StreamException.Kind kind) {
        return new StreamException(code, kind, StreamException.Side.CLIENT, List.of(), "m", null);
    }

    @Test
    void callsThatAnEndedServerCallTookAlongAreTold() {
        RpcException end = new RpcException("the caller has gone");
        end.markAsEndOfServerCall();
        RpcException ofCall = new CallCancelledException("given up", end);

        assertThat(ofCall.isCausedByEnclosingCall()).isTrue();
        assertThat(ofCall.onThisThread().isCausedByEnclosingCall()).isTrue();
        assertThat(new RpcException("wraps it", ofCall).isCausedByEnclosingCall())
                .isTrue();
        assertThat(new CallCancelledException("own", new ContextCancelledException("own")).isCausedByEnclosingCall())
                .isFalse();
        assertThat(end.isCausedByEnclosingCall()).isFalse();
    }
}
