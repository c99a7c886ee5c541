package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.client.ConnectionMode;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Multiplexed, long and short connections, and several instances of a service. */
class ConnectionModesTest extends OnEveryTransport {
    private static void callOne(Client client) {
        try (var stream = EchoService.bidi(client)) {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    private Relay relay() {
        return ends.add(Relay.to(ends.serve(EchoService.echo()).port()));
    }

    private Client.Builder client() {
        return Client.builder("a.b.c").with(transport::choose);
    }

    @Test
    void shortConnectionIsClosedWhenItsStreamHasEnded() throws Exception {
        Relay relay = relay();
        Client client = ends.connect(relay.port(), builder -> builder.connectionMode(ConnectionMode.SHORT));
        for (int i = 1; i <= 2; i++) {
            callOne(client);
            relay.awaitClosed(i);
            assertThat(relay.accepted()).isEqualTo(i);
        }
    }

    @Test
    void longConnectionIsUsedForTheNextStreamAndNeverForTwo() {
        Relay relay = relay();
        Client client = ends.connect(relay.port(), builder -> builder.connectionMode(ConnectionMode.LONG));
        for (int i = 0; i < 3; i++) {
            callOne(client);
        }
        assertThat(relay.accepted()).isEqualTo(1);
        try (var one = EchoService.bidi(client);
                var two = EchoService.bidi(client)) {
            one.send("1");
            two.send("2");
            assertThat(one.recv()).isEqualTo("1");
            assertThat(two.recv()).isEqualTo("2");
            assertThat(one.call().remoteAddress()).isEqualTo(two.call().remoteAddress());
        }
        assertThat(relay.accepted()).isEqualTo(2);
    }

    @Test
    void multiplexedConnectionIsUsedForAllStreams() {
        Relay relay = relay();
        Client client = ends.connect(relay.port(), builder -> {});
        try (var one = EchoService.bidi(client);
                var two = EchoService.bidi(client)) {
            one.send("1");
            two.send("2");
            assertThat(one.recv()).isEqualTo("1");
            assertThat(two.recv()).isEqualTo("2");
        }
        assertThat(relay.accepted()).isEqualTo(1);
    }

    @Test
    void idleConnectionIsClosed() throws Exception {
        Relay relay = relay();
        Client client = ends.connect(relay.port(), builder -> builder.idleTimeout(Duration.ofMillis(100)));
        client.warmUp();
        relay.awaitClosed(1);
    }

    @Test
    void connectionWithAStreamIsNotIdle() {
        Relay relay = relay();
        Client client = ends.connect(relay.port(), builder -> builder.idleTimeout(Duration.ofMillis(50)));
        try (var open = EchoService.bidi(client)) {
            open.send("open");
            assertThat(open.recv()).isEqualTo("open");
            // Several idle timeouts pass while the other stream waits for its own limit.
            try (var waiting =
                    client.bidiStreaming(EchoService.BIDI, CallOptions.NONE.withTimeout(Duration.ofMillis(300)))) {
                assertThatThrownBy(waiting::recv).satisfies(errors().streamTimeout("300ms", "the options of the call"));
            }
            open.send("still here");
            assertThat(open.recv()).isEqualTo("still here");
        }
        assertThat(relay.accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = ConnectionMode.class,
            names = {"MUX", "LONG"})
    void streamOpenedWhileItsConnectionIsClosedForIdlenessGetsAnother(ConnectionMode mode) {
        Duration idle = Duration.ofMillis(1);
        Client client = ends.connect(
                ends.serve(EchoService.echo()),
                builder -> builder.connectionMode(mode).idleTimeout(idle));
        for (int i = 0; i < 400; i++) {
            callOne(client);
            // The next comes when the idle timeout is just about to pass, a little earlier or later each time.
            long until = System.nanoTime() + idle.toNanos() - 200_000 + i * 1_000L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void warmUpMakesEveryConnection() throws Exception {
        Relay relay = relay();
        ends.connect(relay.port(), builder -> builder.connections(3)).warmUp();
        relay.awaitAccepted(3);
    }

    @Test
    void instanceThatCannotBeConnectedToIsPassedOver() throws IOException {
        int dead;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            dead = socket.getLocalPort();
        }
        Server server = ends.serve(EchoService.echo());
        try (Client client = client().address("127.0.0.1:" + dead)
                .address("127.0.0.1:" + server.port())
                .build()) {
            for (int i = 0; i < 4; i++) {
                callOne(client);
            }
            server.close();
            // The end of the connection may be on its way still: streams are opened on it until it is there.
            Throwable failure = null;
            while (failure == null) {
                failure = catchThrowable(() -> EchoService.bidi(client).close());
            }
            assertThat(failure)
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("cannot connect to a.b.c at 127.0.0.1:");
        }
    }
}
