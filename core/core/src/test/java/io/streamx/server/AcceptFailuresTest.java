package io.streamx.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.streamx.testkit.LogLines;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is done where a process has no descriptors left for the connections that come. */
@Timeout(30)
class AcceptFailuresTest {
    private final EmbeddedChannel listener = new EmbeddedChannel(new AcceptFailures());

    private void fail() {
        listener.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
    }

    @Test
    void oneLineSaysWhatToDoHoweverOftenAcceptingFails() throws Exception {
        try (LogLines lines = new LogLines()) {
            fail();
            String line = lines.await("no connection can be accepted on");
            assertThat(line)
                    .contains("Too many open files")
                    .contains("ulimit -n")
                    .contains("Server.Builder.maxConnections")
                    .contains("the server tries again");
            fail();
            fail();
            assertThat(lines.containing("no connection can be accepted")).hasSize(1);
        }
        // Nobody behind this handler hears of it, so that Netty has nothing to warn of.
        listener.checkException();
    }

    @Test
    void acceptingStopsAndGoesOnAMomentLater() throws Exception {
        try (LogLines lines = new LogLines()) {
            fail();
            String unused = lines.await("no connection can be accepted on");
        }
        assertThat(listener.config().isAutoRead()).isFalse();
        listener.advanceTimeBy(100, TimeUnit.MILLISECONDS);
        listener.runScheduledPendingTasks();
        assertThat(listener.config().isAutoRead()).isTrue();
    }
}
