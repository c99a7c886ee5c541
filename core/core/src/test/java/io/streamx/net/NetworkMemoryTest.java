package io.streamx.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** What connections may hold of direct memory while their peers read nothing. */
class NetworkMemoryTest {
    private static final long SMALL = 64 << 20;

    @Test
    void aFewConnectionsTakeAsMuchAsIsUsual() {
        assertThat(NetworkMemory.mostUnsentBytes(1, SMALL)).isEqualTo(256 << 10);
        assertThat(NetworkMemory.mostUnsentBytes(16, SMALL)).isEqualTo(256 << 10);
    }

    @Test
    void aThousandConnectionsTogetherTakeHalfOfASmallDirectMemoryAtMost() {
        long all = 0;
        for (int connections = 1; connections <= 1000; connections++) {
            all += NetworkMemory.mostUnsentBytes(connections, SMALL);
        }

        assertThat(all).isLessThan(SMALL / 2);
    }

    @Test
    void connectionsAreCountedUntilTheyClose() {
        int before = NetworkMemory.connections();
        EmbeddedChannel channel = new EmbeddedChannel();

        NetworkMemory.opened(channel);
        assertThat(NetworkMemory.connections()).isEqualTo(before + 1);
        channel.close();
        channel.runPendingTasks();

        assertThat(NetworkMemory.connections()).isEqualTo(before);
    }
}
