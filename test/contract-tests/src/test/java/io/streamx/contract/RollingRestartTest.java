package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Servers that are restarted in turn lose no stream and no unary call, however many are made meanwhile. */
class RollingRestartTest extends OnEveryTransport {
    private static final int SERVERS = 3;
    private static final int ROUNDS = Integer.getInteger("streamx.restartRounds", 2);

    private Server serve(int port) {
        return ends.serve(EchoService.echo(), builder -> builder.port(port).shutdownWindow(Duration.ofSeconds(20)));
    }

    @Test
    void loseNothing() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "without epoll a connection may be reset that nobody has accepted");
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(serve(0));
        }
        Client.Builder settings = Client.builder("echo").connectTimeout(Duration.ofSeconds(20));
        servers.forEach(server -> settings.address("127.0.0.1:" + server.port()));
        transport.choose(settings);
        Client client = ends.add(settings.build());
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger made = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean unary = i % 2 == 0;
                callers.add(threads.submit(() -> {
                    while (!over.get()) {
                        callOnce(client, unary);
                        made.incrementAndGet();
                    }
                }));
            }
            try {
                for (int i = 0; i < ROUNDS * SERVERS; i++) {
                    awaitSome(made, callers);
                    Server old = servers.get(i % SERVERS);
                    old.close();
                    servers.set(i % SERVERS, serve(old.port()));
                }
                awaitSome(made, callers);
            } finally {
                over.set(true);
            }
            for (Future<?> caller : callers) {
                caller.get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void awaitSome(AtomicInteger made, List<Future<?>> callers) throws Exception {
        int before = made.get();
        while (made.get() < before + 200) {
            for (Future<?> caller : callers) {
                if (caller.isDone()) {
                    // With what it has failed with.
                    caller.get();
                }
            }
            Thread.onSpinWait();
        }
    }

    private static void callOnce(Client client, boolean unary) {
        if (unary) {
            assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
            return;
        }
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }
}
