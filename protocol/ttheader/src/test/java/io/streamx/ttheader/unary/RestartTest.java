package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.ttheader.unary.Echo.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two servers of one service are restarted in turn while clients call all the time. */
@Timeout(120)
class RestartTest {
    private static final int CALLERS = 8;
    private static final int RESTARTS = 4;
    private static final int CALLS_BETWEEN = 200;

    private final ConcurrentMap<String, Integer> runs = new ConcurrentHashMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    /** A server that counts how often each call was run. */
    private final class Instance implements AutoCloseable {
        private final CountDownLatch busy = new CountDownLatch(CALLS_BETWEEN);
        private final Server server;

        Instance(int port) {
            server = Server.builder()
                    .port(port)
                    .service(Echo.bind(new Echo.Handler() {
                        @Override
                        public Text say(Text text) {
                            runs.merge(text.value(), 1, Integer::sum);
                            busy.countDown();
                            return text;
                        }
                    }))
                    .start();
        }

        void awaitCalls() throws InterruptedException {
            assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"TTHEADER, false", "TTHEADER_FRAMED, false", "TTHEADER, true", "FRAMED, false", "BUFFERED, false"})
    void noCallIsLostAndNoneIsRunTwice(PingPong carrier, boolean multiplexed) throws Exception {
        Instance[] instances = {new Instance(0), new Instance(0)};
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                Client client = Client.builder("demo.echo")
                        .address("127.0.0.1:" + instances[0].server.port())
                        .address("127.0.0.1:" + instances[1].server.port())
                        .pingPong(carrier)
                        .multiplexCalls(multiplexed)
                        .build()) {
            List<Future<?>> calling = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                String name = "caller " + caller + ", call ";
                calling.add(callers.submit(() -> callUntilTheEnd(new EchoClient(client), name)));
            }
            for (int restart = 0; restart < RESTARTS; restart++) {
                int turn = restart % 2;
                instances[0].awaitCalls();
                instances[1].awaitCalls();
                int port = instances[turn].server.port();
                instances[turn].close();
                instances[turn] = new Instance(port);
            }
            ended = true;
            for (Future<?> caller : calling) {
                caller.get(20, TimeUnit.SECONDS);
            }
        } finally {
            ended = true;
            instances[0].close();
            instances[1].close();
        }

        if (Epoll.isAvailable() || carrier == PingPong.TTHEADER || carrier == PingPong.TTHEADER_FRAMED) {
            assertThat(failures).isEmpty();
        } else {
            // Elsewhere a reply and the end behind it are two packets, and a call may come between them.
            assertThat(failures).allSatisfy(failure -> assertThat(failure).hasMessageContaining("got no reply"));
        }
        assertThat(runs.values()).allMatch(count -> count == 1);
    }

    private void callUntilTheEnd(EchoClient echo, String name) {
        for (int i = 0; !ended; i++) {
            String text = name + i;
            try {
                assertThat(echo.say(text)).isEqualTo(text);
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
    }
}
