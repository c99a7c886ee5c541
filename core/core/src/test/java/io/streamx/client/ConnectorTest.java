package io.streamx.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.discovery.Address;
import io.streamx.net.EventLoops;
import io.streamx.testkit.LogLines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections while they are being made. */
@Timeout(60)
class ConnectorTest {
    /** Longer than event loops without users wait for the next one. */
    private static final long LOOPS_HAVE_ENDED_MILLIS = 1500;

    private static ClientSettings settings(Duration connectTimeout) {
        return Client.builder("echo")
                .address("127.0.0.1:1")
                .connectTimeout(connectTimeout)
                .endpoint();
    }

    @Test
    void aClientThatIsClosedWhileItsConnectionIsBeingMadeDoesNotTakeTheLoopsFromUnderIt() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        EventLoops ofTheClient = EventLoops.acquire();
        Connector connector = new Connector(ofTheClient.group(), null, settings(Duration.ofSeconds(20)), null, host -> {
            try {
                // Loops that have ended run nothing any more: without this they would be waited for in vain.
                boolean unused = goOn.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        try (LogLines log = new LogLines();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> made = connector.connect(
                    Address.parse("127.0.0.1:" + server.getLocalPort()), Connector.ANY_SLOT, channel -> "made");
            var unused = ofTheClient
                    .group()
                    .next()
                    .schedule(goOn::countDown, LOOPS_HAVE_ENDED_MILLIS, TimeUnit.MILLISECONDS);
            ofTheClient.close();

            assertThat(made.get(20, TimeUnit.SECONDS)).isEqualTo("made");
            assertThat(log.containing("")).isEmpty();
        }
    }

    @Test
    void whatThisProcessNeedsToMakeItselfReadyDoesNotCountAsTimeOfTheNetwork() throws Exception {
        Duration limit = Duration.ofSeconds(3);
        try (EventLoops loops = EventLoops.acquire();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> later = CompletableFuture.runAsync(
                    () -> {}, CompletableFuture.delayedExecutor(limit.toMillis() + 500, TimeUnit.MILLISECONDS));
            Connector connector = new Connector(loops.group(), null, settings(limit), null);

            CompletableFuture<String> made = connector.connect(
                    Address.parse("127.0.0.1:" + server.getLocalPort()), Connector.ANY_SLOT, channel -> {
                        // As if the classes of the protocol took so long to load.
                        later.join();
                        return "made";
                    });

            assertThat(made.get(20, TimeUnit.SECONDS)).isEqualTo("made");
        }
    }
}
