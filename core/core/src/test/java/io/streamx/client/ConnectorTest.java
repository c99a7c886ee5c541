package io.streamx.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.streamx.discovery.Address;
import io.streamx.net.EventLoops;
import io.streamx.testkit.LogLines;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** Tells who asked for the connection of its outcome by a listener, as the HTTP/2 handler of Netty does. */
    private static final class TellsByListener extends ChannelOutboundHandlerAdapter {
        @Override
        public void connect(
                ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            ctx.connect(remote, local).addListener(done -> {
                if (done.isSuccess()) {
                    promise.setSuccess();
                } else {
                    promise.setFailure(done.cause());
                }
            });
        }
    }

    @Test
    void aConnectionThatIsGivenUpWhileItIsBeingMadeIsNoWarningOfNetty() throws Exception {
        List<Socket> inTheBacklog = new ArrayList<>();
        try (LogLines log = new LogLines();
                EventLoops loops = EventLoops.acquire();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            boolean full = false;
            while (!full) {
                Socket socket = new Socket();
                inTheBacklog.add(socket);
                try {
                    socket.connect(server.getLocalSocketAddress(), 300);
                } catch (SocketTimeoutException e) {
                    // Nobody accepts, so the system answers no further connection.
                    full = true;
                }
            }
            CompletableFuture<Channel> opened = new CompletableFuture<>();
            CompletableFuture<String> made = new Connector(loops.group(), null, settings(Duration.ofMillis(200)), null)
                    .connect(Address.parse("127.0.0.1:" + server.getLocalPort()), Connector.ANY_SLOT, channel -> {
                        channel.pipeline().addLast(new TellsByListener());
                        opened.complete(channel);
                        return "made";
                    });

            assertThatThrownBy(() -> made.get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("no connection within the connect timeout");
            Channel channel = opened.get(20, TimeUnit.SECONDS);
            assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
            // What Netty says it says in a task of the event loop.
            channel.eventLoop().submit(() -> {}).sync();
            assertThat(log.containing("")).isEmpty();
        } finally {
            for (Socket socket : inTheBacklog) {
                socket.close();
            }
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
