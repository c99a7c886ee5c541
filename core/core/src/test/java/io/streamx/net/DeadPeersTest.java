package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer that has vanished is noticed by. */
class DeadPeersTest {
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 10, 30, 3600})
    void probesAndUnacknowledgedBytesEndWithinTheTimeout(int seconds) {
        Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll here: the options of sockets are other ones");
        Map<ChannelOption<?>, Object> options = DeadPeers.options(Duration.ofSeconds(seconds));

        int idle = (int) options.get(EpollChannelOption.TCP_KEEPIDLE);
        int interval = (int) options.get(EpollChannelOption.TCP_KEEPINTVL);
        int count = (int) options.get(EpollChannelOption.TCP_KEEPCNT);
        assertThat(idle).isPositive();
        assertThat(interval).isPositive();
        assertThat(idle + count * interval).isLessThanOrEqualTo(seconds);
        assertThat(options).containsEntry(EpollChannelOption.TCP_USER_TIMEOUT, 1000 * seconds);
    }

    @Test
    void zeroLeavesTheTimesToTheSystem() {
        assertThat(DeadPeers.options(Duration.ZERO)).containsOnly(Map.entry(ChannelOption.SO_KEEPALIVE, true));
    }

    @Test
    void lessThanThreeProbesTakeIsRefused() {
        assertThatThrownBy(() -> DeadPeers.checked("deadPeerTimeout", Duration.ofSeconds(1)))
                .hasMessage("deadPeerTimeout: PT1S (expected: 4 s or more, or zero for never)");
    }
}
