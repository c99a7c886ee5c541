package io.streamx.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The first line of a kind goes out, the next are counted. */
class RepeatedLinesTest {
    private final AtomicLong clock = new AtomicLong(-5);
    private final RepeatedLines lines = new RepeatedLines(clock::get);

    @Test
    void theFirstLineGoesOutAndThoseOfTheNextTenSecondsAreToldOfByTheOneAfter() {
        assertThat(lines.untoldBefore("a")).isZero();
        clock.addAndGet(RepeatedLines.INTERVAL_NANOS - 1);
        assertThat(lines.untoldBefore("a")).isEqualTo(RepeatedLines.HELD_BACK);
        assertThat(lines.untoldBefore("a")).isEqualTo(RepeatedLines.HELD_BACK);
        clock.addAndGet(1);
        assertThat(lines.untoldBefore("a")).isEqualTo(2);
        assertThat(lines.untoldBefore("a")).isEqualTo(RepeatedLines.HELD_BACK);
        clock.addAndGet(RepeatedLines.INTERVAL_NANOS);
        assertThat(lines.untoldBefore("a")).isEqualTo(1);
    }

    @Test
    void kindsDoNotHoldEachOtherBack() {
        assertThat(lines.untoldBefore("a")).isZero();
        assertThat(lines.untoldBefore("b")).isZero();
        assertThat(lines.untoldBefore("a")).isEqualTo(RepeatedLines.HELD_BACK);
    }

    @Test
    void kindsThatSomebodyMakesUpShareOneLimitAfterAThousand() {
        long told = 0;
        for (int i = 0; i < 3000; i++) {
            if (lines.untoldBefore("kind " + i) != RepeatedLines.HELD_BACK) {
                told++;
            }
        }
        assertThat(told).isEqualTo(1001);
    }
}
