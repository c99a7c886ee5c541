package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.CallContext;
import io.streamx.CancellableContext;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What handlers and callers are told of whether a message came compressed; where nothing is compressed, that it did not. */
class CompressedMessagesTest extends OnEveryTransport {
    private static final CallOptions GZIP = CallOptions.NONE.withCompression("gzip");

    private final ConcurrentLinkedQueue<Boolean> atServer = new ConcurrentLinkedQueue<>();

    private Client connect(ServiceDefinition service) {
        return ends.connect(ends.serve(service));
    }

    /** A service that writes down what it is told of each request, and answers any but of the bidirectional method. */
    private ServiceDefinition noting(ServiceDefinition.BidiStreamingHandler<String, String> bidi) {
        return EchoService.with(
                bidi,
                stream -> {
                    while (stream.recv() != null) {
                        atServer.add(stream.isLastReceivedCompressed());
                    }
                    stream.sendAndClose("all");
                },
                (request, stream) -> {
                    atServer.add(stream.isLastReceivedCompressed());
                    stream.send(request);
                },
                request -> {
                    atServer.add(CallContext.current().isRequestCompressed());
                    return request;
                });
    }

    @Test
    void eachMessageOfAStreamIsToldApart() {
        Client client = connect(noting(stream -> {
            for (String message : stream) {
                atServer.add(stream.isLastReceivedCompressed());
                atServer.add(stream.call().isRequestCompressed());
                stream.setMessageCompression(!message.equals("plain"));
                stream.send(message);
            }
        }));

        try (var stream = client.bidiStreaming(EchoService.BIDI, GZIP)) {
            assertThat(stream.isLastReceivedCompressed()).isFalse();
            for (String message : List.of("plain", "compressed", "compressed", "plain", "compressed")) {
                stream.setMessageCompression(message.equals("compressed"));
                stream.send(message);
                assertThat(stream.recv()).isEqualTo(message);

                boolean expected = message.equals("compressed") && transport.compresses();
                assertThat(stream.isLastReceivedCompressed()).isEqualTo(expected);
                assertThat(atServer.poll()).isEqualTo(expected);
                assertThat(atServer.poll()).isEqualTo(expected);
            }
            stream.closeSend();
            assertThat(stream.recv()).isNull();
            assertThat(stream.isLastReceivedCompressed()).as("the last of all").isEqualTo(transport.compresses());
        }
    }

    @Test
    void messagesThatWaitUnreadDoNotCount() {
        int count = 1_000;
        Client client = connect(noting(stream -> {
            for (int i = 0; i < count; i++) {
                stream.setMessageCompression(i % 3 == 0);
                stream.send(String.valueOf(i));
            }
        }));

        try (var stream = client.bidiStreaming(EchoService.BIDI, GZIP)) {
            assertThat(stream.trailer()).as("all have come").isEmpty();
            for (int i = 0; i < count; i++) {
                assertThat(stream.recv()).isEqualTo(String.valueOf(i));
                assertThat(stream.isLastReceivedCompressed()).isEqualTo(i % 3 == 0 && transport.compresses());
            }
        }
    }

    @Test
    void theOneRequestOrReplyOfAStreamIsTold() {
        Client client = connect(noting(stream -> {}));

        for (CallOptions options : List.of(GZIP, CallOptions.NONE)) {
            boolean expected = options.equals(GZIP) && transport.compresses();
            try (var stream = client.serverStreaming(EchoService.PRODUCE, "one", options)) {
                assertThat(stream.recv()).isEqualTo("one");
                assertThat(stream.isLastReceivedCompressed()).isEqualTo(expected);
            }
            try (var stream = client.clientStreaming(EchoService.COLLECT, options)) {
                stream.send("one");
                assertThat(stream.closeAndRecv()).isEqualTo("all");
                assertThat(stream.isLastReceivedCompressed()).isEqualTo(expected);
            }
            assertThat(atServer).containsExactly(expected, expected);
            atServer.clear();
        }
    }

    @Test
    void theRequestOfAUnaryCallIsToldByItsContextOnAnyThread() {
        Client client = connect(EchoService.with(stream -> {}, request -> {
            try (CancellableContext derived = CallContext.current().cancellable()) {
                Thread thread = Thread.startVirtualThread(
                        derived.wrap(() -> atServer.add(CallContext.current().isRequestCompressed())));
                thread.join();
            }
            return request;
        }));

        client.call(EchoService.SAY, "x", GZIP);
        client.call(EchoService.SAY, "x", CallOptions.NONE);

        assertThat(atServer).containsExactly(transport.compresses(), false);
        assertThat(CallContext.current().isRequestCompressed())
                .as("outside a handler")
                .isFalse();
    }

    @Test
    void middlewareIsToldOfTheMessageItReceived() {
        ConcurrentLinkedQueue<Boolean> atClient = new ConcurrentLinkedQueue<>();
        Client client = ends.connect(
                ends.serve(
                        EchoService.echo(),
                        settings -> settings.recvMiddleware(next -> stream -> {
                            Object message = next.recv(stream);
                            atServer.add(stream.isLastReceivedCompressed());
                            return message;
                        })),
                settings -> settings.recvMiddleware(next -> stream -> {
                    Object message = next.recv(stream);
                    atClient.add(stream.isLastReceivedCompressed());
                    return message;
                }));

        try (var stream = client.bidiStreaming(EchoService.BIDI, GZIP)) {
            stream.send("x");
            assertThat(stream.recv()).isEqualTo("x");
        }

        assertThat(atClient).containsExactly(transport.compresses());
        assertThat(atServer.peek()).isEqualTo(transport.compresses());
    }
}
