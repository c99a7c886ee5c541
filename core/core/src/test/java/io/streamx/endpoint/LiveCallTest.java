package io.streamx.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallListener.Wait;
import io.streamx.ConnectionInfo.Side;
import io.streamx.StreamingMode;
import io.streamx.service.CallAttributes;
import java.net.SocketAddress;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveCallTest {
    private static final class Upload extends CallAttributes {
        @Override
        public String service() {
            return "Files";
        }

        @Override
        public String method() {
            return "Upload";
        }

        @Override
        public StreamingMode mode() {
            return StreamingMode.CLIENT;
        }

        @Override
        public String from() {
            return "";
        }

        @Override
        public String to() {
            return "files";
        }

        @Override
        public @Nullable SocketAddress remoteAddress() {
            return null;
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }
    }

    private final LiveCall call = new LiveCall(Side.CLIENT, new Upload());
    private final ExecutorService first = Executors.newSingleThreadExecutor();
    private final ExecutorService second = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        first.shutdownNow();
        second.shutdownNow();
    }

    private static void run(ExecutorService thread, Runnable step) throws Exception {
        thread.submit(step).get(10, TimeUnit.SECONDS);
    }

    @Test
    void aSendWaitsUntilTheLastOfTheThreadsThatSendGoesOn() throws Exception {
        run(first, () -> call.waits(Wait.SEND));
        run(second, () -> call.waits(Wait.SEND));
        assertThat(call.sendWaitMillis()).isPresent();

        run(first, () -> call.goesOn(Wait.SEND));
        assertThat(call.sendWaitMillis()).isPresent();

        run(second, () -> call.goesOn(Wait.SEND));
        assertThat(call.sendWaitMillis()).isEmpty();
    }

    @Test
    void aReaderThatWaitsIsNoSenderThatWaits() throws Exception {
        run(first, () -> call.waits(Wait.RECEIVE));
        assertThat(call.receiveWaitMillis()).isPresent();
        assertThat(call.sendWaitMillis()).isEmpty();

        run(first, () -> call.goesOn(Wait.RECEIVE));
        assertThat(call.receiveWaitMillis()).isEmpty();
    }
}
