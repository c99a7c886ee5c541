package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One port of one server serves all that there is, to many clients at once; one client may use several transports. */
@Timeout(60)
class OnePortTest {
    private static final int CALLS = 50;

    private final OpenEnds ends = new OpenEnds();

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static Callable<Integer> unaryCalls(Client client, String name) {
        return () -> {
            for (int i = 0; i < CALLS; i++) {
                assertThat(client.call(EchoService.SAY, name + i, CallOptions.NONE))
                        .isEqualTo(name + i);
            }
            return CALLS;
        };
    }

    private static Callable<Integer> streams(Client client, String name) {
        return () -> {
            for (int i = 0; i < CALLS; i++) {
                try (var stream = EchoService.bidi(client)) {
                    stream.send(name + i);
                    assertThat(stream.recv()).isEqualTo(name + i);
                    stream.closeSend();
                    assertThat(stream.recv()).isNull();
                }
            }
            return CALLS;
        };
    }

    @Test
    void everyCarrierAndBothKindsOfStreamsAreServedAtTheSameTime() throws Exception {
        Server server = ends.serve(EchoService.echo());
        List<Callable<Integer>> callers = new ArrayList<>();
        for (PingPong carrier : PingPong.values()) {
            callers.add(unaryCalls(ends.connect(server, builder -> builder.pingPong(carrier)), carrier + " "));
        }
        for (Transport transport : Transport.values()) {
            Client client = ends.connect(server, builder -> builder.transport(transport));
            callers.add(streams(client, transport + " "));
            callers.add(unaryCalls(client, "unary of " + transport + " "));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> results = new ArrayList<>();
            callers.forEach(caller -> results.add(threads.submit(caller)));
            for (Future<Integer> result : results) {
                assertThat(result.get(40, TimeUnit.SECONDS)).isEqualTo(CALLS);
            }
        }
    }

    @Test
    void aCarrierThatIsSetIsKeptForUnaryCallsThoughStreamsGoOverGrpc() throws Exception {
        Client client = ends.connect(
                ends.serve(EchoService.echo()),
                builder -> builder.transport(Transport.GRPC).pingPong(PingPong.TTHEADER));
        assertThat(streams(client, "stream ").call()).isEqualTo(CALLS);
        assertThat(unaryCalls(client, "call ").call()).isEqualTo(CALLS);
    }
}
