package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.streamx.ApplicationException;
import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.StatusCode;
import io.streamx.StreamEndedException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How a handler ends a stream, early or with an error, and what its caller sees. */
class OutcomesOfStreamsTest extends OnEveryTransport {
    private Client connect(ServiceDefinition service) {
        return ends.connect(ends.serve(service));
    }

    private static ServiceDefinition collecting(ServiceDefinition.ClientStreamingHandler<String, String> collect) {
        return EchoService.with(stream -> {}, collect, (request, stream) -> {}, request -> request);
    }

    @Test
    void handlerThatReturnsEarlyEndsTheStream() {
        Client client = connect(EchoService.bidi(stream -> stream.send("bye")));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("bye");
            assertThat(stream.recv()).isNull();
            assertThatThrownBy(() -> stream.send("late")).satisfies(errors().sendAfterEnd());
            stream.closeSend();
            assertThat(stream.recv()).isNull();
        }
    }

    @Test
    void anUploadWhoseHandlerHasSeenEnoughGetsItsReply() {
        Client client = connect(collecting(stream -> stream.sendAndClose("enough after " + stream.recv())));
        try (var stream = client.clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            int sent = 0;
            try {
                while (true) {
                    stream.send("m" + sent);
                    sent++;
                }
            } catch (StreamEndedException early) {
                assertThat(sent).isPositive();
            }
            assertThat(stream.closeAndRecv()).isEqualTo("enough after m0");
            assertThat(stream.closeAndRecv()).isNull();
        }
    }

    @Test
    void anUploadThatTheHandlerRefusesThrowsItsErrorFromEverySendAndFromTheReply() {
        Client client = connect(collecting(stream -> {
            throw new IllegalStateException("boom");
        }));
        try (var stream = client.clientStreaming(EchoService.COLLECT, CallOptions.NONE)) {
            assertThatThrownBy(() -> {
                        while (true) {
                            stream.send("m");
                        }
                    })
                    .satisfies(errors().handlerFailed("boom"));
            assertThatThrownBy(stream::closeAndRecv).satisfies(errors().handlerFailed("boom"));
        }
    }

    @Test
    void aMethodThatIsNotImplementedIsToldAsAnUnknownOne() {
        Client client = connect(EchoService.with(
                stream -> {
                    throw EchoService.BIDI.unimplemented();
                },
                request -> {
                    throw EchoService.SAY.unimplemented();
                }));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv)
                    .hasMessageContaining("unknown method Bidi")
                    .asInstanceOf(type(RpcException.class))
                    .returns(StatusCode.UNIMPLEMENTED, RpcException::statusCode);
        }
        assertThatThrownBy(() -> client.call(EchoService.SAY, "hi", CallOptions.NONE))
                .hasMessageContaining("unknown method Say")
                .asInstanceOf(type(RpcException.class))
                .returns(StatusCode.UNIMPLEMENTED, RpcException::statusCode);
    }

    @Test
    void sendAfterCloseSendIsRefusedAndTheStreamGoesOn() {
        Client client = connect(EchoService.bidi(stream -> {
            assertThat(stream.recv()).isNull();
            stream.send("reply");
        }));
        try (var stream = EchoService.bidi(client)) {
            stream.closeSend();
            assertThatThrownBy(() -> stream.send("late")).satisfies(errors().sendAfterCloseSend());
            assertThat(stream).containsExactly("reply");
        }
    }

    @Test
    void failureOfTheHandlerComesAfterItsMessages() {
        Client client = connect(EchoService.bidi(stream -> {
            stream.send("one");
            throw new IllegalStateException("boom");
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("one");
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(stream::recv).satisfies(errors().handlerFailed("boom"));
            }
            assertThatThrownBy(() -> stream.send("late")).satisfies(errors().handlerFailed("boom"));
        }
    }

    @Test
    void errorOfTheHandlerIsToldAsAPanic() {
        Client client = connect(EchoService.bidi(stream -> {
            throw new AssertionError("broken");
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv)
                    .satisfies(errors().handlerPanicked("EchoService.Bidi", "java.lang.AssertionError: broken"));
        }
    }

    @Test
    void businessErrorArrivesWholeAfterTheMessages() {
        Client client = connect(EchoService.bidi(stream -> {
            stream.send("one");
            throw new IllegalStateException(
                    "wrapped", new BizStatusException(10001, "insufficient <balance>", Map.of("k", "v")));
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isEqualTo("one");
            assertThatThrownBy(stream::recv)
                    .asInstanceOf(type(BizStatusException.class))
                    .satisfies(e -> {
                        assertThat(e.code()).isEqualTo(10001);
                        assertThat(e.bizMessage()).isEqualTo("insufficient <balance>");
                        assertThat(e.extra()).containsOnly(Map.entry("k", "v"));
                    });
        }
    }

    @Test
    void businessErrorOfAUnaryCallArrivesWhole() {
        Client client = connect(EchoService.with(stream -> {}, request -> {
            throw new BizStatusException(-3, "non può", Map.of("k", "v"));
        }));
        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .asInstanceOf(type(BizStatusException.class))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(-3);
                    assertThat(e.bizMessage()).isEqualTo("non può");
                    assertThat(e.extra()).containsOnly(Map.entry("k", "v"));
                });
    }

    @Test
    void unknownMethodIsAnswered() {
        Client client = connect(EchoService.echo());
        try (var stream = client.bidiStreaming(EchoService.MISSING, CallOptions.NONE)) {
            assertThatThrownBy(stream::recv).satisfies(errors().unknownMethod("Missing"));
        }
    }

    @Test
    void failureOfAMiddlewareKeepsItsOwnTypeAndText() {
        Client client = ends.connect(ends.serve(
                EchoService.echo(),
                builder -> builder.streamMiddleware(next -> (call, stream) -> {
                    throw new ApplicationException(42, "not today");
                })));
        try (var stream = EchoService.bidi(client)) {
            assertThatThrownBy(stream::recv).satisfies(errors().middlewareFailedWith(42, "not today"));
        }
    }

    @Test
    void streamOutlivesItsHandlerNowhere() throws Exception {
        AtomicReference<BidiStreamingServer<String, String>> kept = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Client client = connect(EchoService.bidi(stream -> {
            kept.set(stream);
            CallContext.current().onCancel(done::countDown);
        }));
        try (var stream = EchoService.bidi(client)) {
            assertThat(stream.recv()).isNull();
        }
        done.await();
        assertThatThrownBy(() -> kept.get().send("late")).satisfies(errors().handlerReturned());
        assertThatThrownBy(() -> kept.get().recv()).satisfies(errors().handlerReturned());
    }
}
