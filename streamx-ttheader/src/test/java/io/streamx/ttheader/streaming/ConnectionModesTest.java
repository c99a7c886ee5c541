package io.streamx.ttheader.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.client.Balancer;
import io.streamx.client.Client;
import io.streamx.client.ConnectionMode;
import io.streamx.client.Instance;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.ttheader.Frames;
import io.streamx.ttheader.ScriptedPeer;
import io.streamx.ttheader.ScriptedServer;
import io.streamx.ttheader.frame.FrameType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Multiplexed, long and short connections, and several instances of a service. */
@Timeout(60)
class ConnectionModesTest {
    private static int serveOne(ScriptedPeer peer) {
        int id = peer.expect(FrameType.HEADER).seqId();
        peer.send(Frames.trailer(id, "Bidi", Map.of()));
        peer.expect(FrameType.TRAILER, id);
        return id;
    }

    private static void callOne(Client client) {
        try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            assertThat(stream.recv()).isNull();
        }
    }

    private static Thread calling(Client client, int times) {
        return Thread.startVirtualThread(() -> {
            for (int i = 0; i < times; i++) {
                callOne(client);
            }
        });
    }

    @Test
    void shortConnectionIsClosedWhenItsStreamHasEnded() throws Exception {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + server.port())
                        .connectionMode(ConnectionMode.SHORT)
                        .build()) {
            Thread caller = calling(client, 2);
            for (int i = 0; i < 2; i++) {
                ScriptedPeer peer = server.accept();
                serveOne(peer);
                assertThat(peer.expectEnd()).isEqualTo(ScriptedPeer.End.FIN);
            }
            caller.join();
        }
    }

    @Test
    void longConnectionIsUsedForTheNextStreamAndNeverForTwo() throws Exception {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + server.port())
                        .connectionMode(ConnectionMode.LONG)
                        .build()) {
            Thread caller = calling(client, 3);
            ScriptedPeer first = server.accept();
            for (int i = 0; i < 3; i++) {
                serveOne(first);
            }
            caller.join();

            try (var one = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE);
                    var two = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                first.expect(FrameType.HEADER);
                ScriptedPeer second = server.accept();
                second.expect(FrameType.HEADER);
                assertThat(one.call().remoteAddress()).isEqualTo(two.call().remoteAddress());
            }
        }
    }

    @Test
    void idleConnectionIsClosed() {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + server.port())
                        .connections(1)
                        .idleTimeout(Duration.ofMillis(100))
                        .build()) {
            client.warmUp();
            ScriptedPeer peer = server.accept();
            assertThat(peer.expectEnd()).isEqualTo(ScriptedPeer.End.FIN);
        }
    }

    @Test
    void connectionWithAStreamIsNotIdle() {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + server.port())
                        .connections(1)
                        .idleTimeout(Duration.ofMillis(50))
                        .build();
                var open = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            ScriptedPeer peer = server.accept();
            int id = peer.expect(FrameType.HEADER).seqId();
            // Several idle timeouts pass while the other stream waits for its own limit.
            try (var waiting =
                    client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withTimeout(Duration.ofMillis(300)))) {
                assertThatThrownBy(waiting::recv).hasMessageContaining("code=12015");
            }
            peer.send(Frames.data(id, "Bidi", EchoService.encoded("still here")));
            assertThat(open.recv()).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionMode.class,
            names = {"MUX", "LONG"})
    void streamOpenedWhileItsConnectionIsClosedForIdlenessGetsAnother(ConnectionMode mode) {
        Duration idle = Duration.ofMillis(1);
        try (Server server =
                        Server.builder().port(0).service(EchoService.echo()).start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + server.port())
                        .connectionMode(mode)
                        .connections(1)
                        .idleTimeout(idle)
                        .build()) {
            for (int i = 0; i < 400; i++) {
                try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                    stream.send("m");
                    assertThat(stream.recv()).isEqualTo("m");
                    stream.closeSend();
                    assertThat(stream.recv()).isNull();
                }
                // The next comes when the idle timeout is just about to pass, a little earlier or later each time.
                long until = System.nanoTime() + idle.toNanos() - 200_000 + i * 1_000L;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    @Test
    void warmUpMakesEveryConnection() {
        try (ScriptedServer server = ScriptedServer.start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + server.port())
                        .connections(3)
                        .build()) {
            client.warmUp();
            for (int i = 0; i < 3; i++) {
                assertThat(server.accept()).isNotNull();
            }
        }
    }

    @Test
    void instanceThatCannotBeConnectedToIsPassedOver() throws IOException {
        int dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        try (Server server =
                        Server.builder().port(0).service(EchoService.echo()).start();
                Client client = Client.builder("a")
                        .address("127.0.0.1:" + dead)
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            for (int i = 0; i < 4; i++) {
                try (var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                    stream.send("m");
                    assertThat(stream.recv()).isEqualTo("m");
                }
            }
            server.close();
            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("cannot connect to a at 127.0.0.1:");
        }
    }

    @Test
    void roundRobinTakesTurnsAndWeightsAreKept() {
        List<Instance> instances = List.of(
                Instance.of("127.0.0.1:1").withWeight(1),
                Instance.of("127.0.0.1:2").withWeight(9));
        Map<Integer, Integer> turns = new HashMap<>();
        Balancer roundRobin = Balancer.roundRobin();
        Map<Integer, Integer> chances = new HashMap<>();
        Balancer weighted = Balancer.weightedRandom();
        for (int i = 0; i < 10_000; i++) {
            turns.merge(roundRobin.pick(instances).port(), 1, Integer::sum);
            chances.merge(weighted.pick(instances).port(), 1, Integer::sum);
        }
        assertThat(turns).containsEntry(1, 5_000).containsEntry(2, 5_000);
        // Ten standard deviations around the expected 9,000.
        assertThat(chances.get(2)).isBetween(8_700, 9_300);
    }

    @Test
    void resolverIsAskedForEveryCallAndAnEmptyAnswerIsAnError() {
        AtomicReference<List<Instance>> known = new AtomicReference<>(List.of());
        try (Server server =
                        Server.builder().port(0).service(EchoService.echo()).start();
                Client client =
                        Client.builder("a.b.c").resolver(service -> known.get()).build()) {
            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(RpcException.class)
                    .hasMessage("service a.b.c has no instance (expected: at least one)");
            known.set(List.of(Instance.of("127.0.0.1:" + server.port())));
            EchoService.bidi(client).close();
        }
        assertThatThrownBy(() -> Client.builder("a.b.c")
                        .resolver(service -> List.of())
                        .address("127.0.0.1:1")
                        .build())
                .hasMessageContaining("both a resolver and the address 127.0.0.1:1");
        assertThatThrownBy(() -> Instance.of("127.0.0.1:1").withWeight(0)).hasMessageContaining("weight: 0");
    }
}
