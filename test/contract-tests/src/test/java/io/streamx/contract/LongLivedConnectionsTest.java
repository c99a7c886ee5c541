package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.Relay;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection outlives any number of streams that end otherwise than well: what guards against floods spares them. */
class LongLivedConnectionsTest extends OnEveryTransport {
    private static final int MANY = 1000;

    private Relay relay;

    private Client connect(ServiceDefinition service) {
        Server server = ends.serve(service);
        relay = ends.add(Relay.to(server.port()));
        return ends.connect(relay.port(), builder -> {});
    }

    /** One stream lives through all of it. */
    private void manyTimesBeside(Client client, Consumer<BidiStreamingClient<String, String>> end) {
        try (var other = client.clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            other.send("begin");
            for (int i = 0; i < MANY; i++) {
                try (var stream = EchoService.bidi(client)) {
                    end.accept(stream);
                }
            }
            other.send("end");
            assertThat(other.closeAndRecv()).isEqualTo("got 2");
        }
    }

    @AfterEach
    void thereWasOneConnection() {
        assertThat(relay.accepted()).isEqualTo(1);
    }

    @Test
    void ofStreamsThatCallersCancel() {
        manyTimesBeside(connect(EchoService.echo()), stream -> {
            stream.send("m");
            assertThat(stream.recv()).isEqualTo("m");
            stream.cancel("enough");
        });
    }

    @Test
    void ofStreamsThatCallersCancelAtOnce() {
        manyTimesBeside(connect(EchoService.echo()), stream -> stream.cancel("at once"));
    }

    @Test
    void ofStreamsThatHandlersLeaveBeforeTheirCallers() {
        manyTimesBeside(
                connect(EchoService.bidi(stream -> stream.send("bye"))),
                stream -> assertThat(stream).containsExactly("bye"));
    }

    @Test
    void ofStreamsThatFail() {
        manyTimesBeside(
                connect(EchoService.bidi(stream -> {
                    throw new IllegalArgumentException("boom");
                })),
                stream -> assertThatThrownBy(stream::recv).satisfies(errors().handlerFailed("boom")));
    }

    @Test
    void ofStreamsWhoseTimeIsOver() {
        Client client = connect(EchoService.bidi(stream -> new CountDownLatch(1).await()));
        client.warmUp();
        CallOptions soon = CallOptions.NONE.withTimeout(Duration.ofMillis(1));
        try (var other = client.clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            other.send("begin");
            for (int i = 0; i < MANY; i++) {
                // Some are not even opened in that time.
                assertThatThrownBy(() -> {
                            try (var stream = client.bidiStreaming(EchoService.BIDI, soon)) {
                                stream.recv();
                            }
                        })
                        .isInstanceOf(RpcException.class)
                        .hasMessageContaining("1ms");
            }
            other.send("end");
            assertThat(other.closeAndRecv()).isEqualTo("got 2");
        }
    }
}
