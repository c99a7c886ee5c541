package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.streamx.engine.StreamConnection;
import io.streamx.grpc.GrpcOptions;
import io.streamx.wire.Limits;
import io.streamx.wire.StreamProtocol;
import io.streamx.wire.TransportOptionsByType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionTimersTest {
    @Test
    void aClosedConnectionIsKeptAliveByNoTimer() {
        EmbeddedChannel channel = new EmbeddedChannel();
        GrpcOptions options =
                GrpcOptions.builder().keepAliveTime(Duration.ofHours(2)).build();
        new GrpcClientProtocol()
                .connect(
                        channel,
                        new StreamProtocol.Settings(
                                StreamConnection::new,
                                Limits.DEFAULT,
                                "caller",
                                null,
                                TransportOptionsByType.NONE.with(options)));
        channel.runPendingTasks();
        assertThat(channel.runScheduledPendingTasks()).isPositive();

        channel.close();
        channel.runPendingTasks();

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        channel.finishAndReleaseAll();
    }
}
