package io.streamx.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.streamx.RpcException;
import io.streamx.wire.Limits;
import io.streamx.wire.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamConnectionTest {
    private static final Wire OPEN = new Wire() {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void flush() {
            // nothing was written
        }
    };

    @Test
    void aClosedConnectionIsKeptAliveByNoTimer() {
        EmbeddedChannel channel = new EmbeddedChannel();
        StreamConnection connection = new StreamConnection(channel, OPEN, Limits.DEFAULT, null);
        connection.closeWhenIdle(Duration.ofMinutes(10));
        assertThat(channel.runScheduledPendingTasks()).isPositive();

        channel.close();
        connection.lost(new RpcException("the peer has closed it"));

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        channel.finishAndReleaseAll();
    }
}
