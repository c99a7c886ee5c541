package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams and calls on which all goes well. */
class MessagesTest extends OnEveryTransport {
    private Client connect() {
        return ends.connect(ends.serve(EchoService.echo()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 10_000})
    void bidirectionalEchoesEveryMessageInOrder(int count) {
        try (var stream = EchoService.bidi(connect())) {
            Thread.startVirtualThread(() -> {
                for (int i = 0; i < count; i++) {
                    stream.send("message " + i);
                }
                stream.closeSend();
            });
            int received = 0;
            for (String message : stream) {
                assertThat(message).isEqualTo("message " + received++);
            }
            assertThat(received).isEqualTo(count);
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void clientStreamingGetsOneReply() {
        try (var stream = connect().clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            for (int i = 0; i < 3; i++) {
                stream.send("n" + i);
            }
            assertThat(stream.closeAndRecv()).isEqualTo("got 3");
        }
    }

    @Test
    void clientStreamingWithoutAReplyGetsTheEnd() {
        Client client = ends.connect(ends.serve(EchoService.with(
                stream -> {},
                stream -> assertThat(stream.recv()).isNull(),
                (request, stream) -> {},
                request -> request)));
        try (var stream = client.clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            if (transport.requiresOneReply()) {
                assertThatThrownBy(stream::closeAndRecv)
                        .isInstanceOfSatisfying(
                                StatusException.class,
                                status -> assertThat(status.code()).isEqualTo(StatusCode.UNIMPLEMENTED));
            } else {
                assertThat(stream.closeAndRecv()).isNull();
            }
        }
    }

    @Test
    void serverStreamingGetsAllReplies() {
        List<String> replies = new ArrayList<>();
        try (var stream = connect().serverStreaming(EchoService.PRODUCE, "3", CallOptions.NONE)) {
            stream.forEach(replies::add);
        }
        assertThat(replies).containsExactly("reply 0", "reply 1", "reply 2");
    }

    @Test
    void aUnaryCallGetsItsResult() {
        Client client = connect();
        for (int i = 0; i < 3; i++) {
            assertThat(client.call(EchoService.SAY, "m" + i, CallOptions.NONE)).isEqualTo("m" + i);
        }
    }

    @Test
    void messagesOfManyMegabytesPassWhole() {
        String large = "0123456789abcdef".repeat(512 << 10);
        Client client = connect();
        try (var stream = EchoService.bidi(client)) {
            for (int i = 0; i < 3; i++) {
                stream.send(large);
                assertThat(stream.recv()).isEqualTo(large);
            }
        }
        assertThat(client.call(EchoService.SAY, large, CallOptions.NONE)).isEqualTo(large);
    }

    @Test
    void closeSendTwiceOrAfterTheEndDoesNothing() {
        try (var stream = EchoService.bidi(connect())) {
            stream.closeSend();
            stream.closeSend();
            assertThat(stream.recv()).isNull();
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }
}
