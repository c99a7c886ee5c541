package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.ConnectionInfo;
import io.streamx.ConnectionListener;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is told of connections at both ends: that they are made, that they end, and why. */
class ConnectionListenerTest extends OnEveryTransport {
    private static final class Told implements ConnectionListener {
        private record Event(ConnectionInfo connection, String what) {}

        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

        @Override
        public void onOpen(ConnectionInfo connection) {
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            events.add(new Event(connection, "open"));
        }

        @Override
        public void onClose(ConnectionInfo connection, String reason) {
            events.add(new Event(connection, reason));
        }

        Event next() throws InterruptedException {
            Event next = events.poll(20, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }
    }

    private final Told atServer = new Told();
    private final Told atClient = new Told();
    private final Server server = ends.serve(EchoService.echo(), builder -> builder.connectionListener(atServer));

    private Client connect() {
        return ends.connect(server, builder -> builder.connectionListener(atClient));
    }

    private void call(Client client) {
        try (var stream = EchoService.bidi(client)) {
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void eachEndIsToldOfAConnectionWhenItIsMadeAndWhenItEnds() throws Exception {
        Client client = connect();
        call(client);
        Told.Event made = atClient.next();
        assertThat(made.what()).isEqualTo("open");
        assertThat(made.connection().side()).isEqualTo(ConnectionInfo.Side.CLIENT);
        assertThat(made.connection().service()).isEqualTo("echo");
        Told.Event accepted = atServer.next();
        assertThat(accepted.what()).isEqualTo("open");
        assertThat(accepted.connection().side()).isEqualTo(ConnectionInfo.Side.SERVER);
        assertThat(accepted.connection().localAddress())
                .isEqualTo(made.connection().remoteAddress());
        assertThat(accepted.connection().remoteAddress())
                .isEqualTo(made.connection().localAddress());

        client.close();
        Told.Event closed = atClient.next();
        assertThat(closed.connection()).isSameAs(made.connection());
        assertThat(closed.what()).contains("the client was closed");
        assertThat(atServer.next().connection()).isSameAs(accepted.connection());
    }

    @Test
    void aConnectionThatAServerEndsHasItsReasonThere() throws Exception {
        call(connect());
        assertThat(atServer.next().what()).isEqualTo("open");
        server.close();
        assertThat(atServer.next().what()).contains("the server was closed");
    }

    @Test
    void anIdleConnectionSaysSo() throws Exception {
        call(ends.connect(
                server, builder -> builder.connectionListener(atClient).idleTimeout(Duration.ofMillis(50))));
        assertThat(atClient.next().what()).isEqualTo("open");
        assertThat(atClient.next().what()).isEqualTo("it was idle");
    }

    @Test
    void aUnaryCallsConnectionIsToldOfToo() throws Exception {
        Client client = connect();
        assertThat(client.call(EchoService.SAY, "m", CallOptions.NONE)).isEqualTo("m");
        assertThat(atClient.next().what()).isEqualTo("open");
        client.close();
        assertThat(atClient.next().what()).isNotEmpty().isNotEqualTo("open");
    }
}
