package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventLoopsTest {
    @Test
    void aUserThatComesSoonAfterTheLastOneGetsTheSameLoops() {
        EventLoops first = EventLoops.acquire();
        EventLoopGroup group = first.group();
        first.close();
        first.close();
        try (EventLoops second = EventLoops.acquire()) {
            assertThat(second.group()).isSameAs(group);
            assertThat(group.isShuttingDown()).isFalse();
        }
    }

    @Test
    void theLoopsEndWhenNobodyComes() throws Exception {
        EventLoops last = EventLoops.acquire();
        last.close();

        assertThat(last.group().terminationFuture().await(50, TimeUnit.SECONDS)).isTrue();
        try (EventLoops next = EventLoops.acquire()) {
            assertThat(next.group()).isNotSameAs(last.group());
            assertThat(next.group().next().submit(() -> "works").sync().getNow())
                    .isEqualTo("works");
        }
    }
}
