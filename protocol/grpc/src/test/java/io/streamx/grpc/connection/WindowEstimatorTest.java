package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WindowEstimatorTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final WindowEstimator estimator = new WindowEstimator(100_000, 1_000_000);

    @Test
    void theFirstDataIsMeasuredAndThenOnceInASecondAtMost() {
        assertThat(estimator.onData(10, 0)).isTrue();
        assertThat(estimator.onData(10, MILLI)).isFalse();
        estimator.onPingAnswered(2 * MILLI);
        assertThat(estimator.onData(10, 3 * MILLI)).isFalse();
        assertThat(estimator.onData(10, SECOND)).isTrue();
    }

    @Test
    void aWindowThatIsNearlyFullWithinARoundTripDoublesWhatCame() {
        estimator.onData(50_000, 0);
        estimator.onData(40_000, MILLI);
        assertThat(estimator.onPingAnswered(10 * MILLI)).isEqualTo(180_000);
    }

    @Test
    void aWindowThatIsNotFilledStays() {
        estimator.onData(50_000, 0);
        assertThat(estimator.onPingAnswered(10 * MILLI)).isEqualTo(100_000);
    }

    @Test
    void aSlowerRoundTripWithTheSameBytesDoesNotGrowIt() {
        estimator.onData(90_000, 0);
        assertThat(estimator.onPingAnswered(10 * MILLI)).isEqualTo(180_000);
        estimator.onData(170_000, 2 * SECOND);
        assertThat(estimator.onPingAnswered(2 * SECOND + 100 * MILLI)).isEqualTo(180_000);
    }

    @Test
    void itNeverPassesItsBoundAndStopsMeasuringThere() {
        estimator.onData(900_000, 0);
        assertThat(estimator.onPingAnswered(MILLI)).isEqualTo(1_000_000);
        assertThat(estimator.onData(900_000, 5 * SECOND)).isFalse();
    }

    @Test
    void anAnswerNobodyAskedForChangesNothing() {
        assertThat(estimator.onPingAnswered(MILLI)).isEqualTo(100_000);
    }
}
