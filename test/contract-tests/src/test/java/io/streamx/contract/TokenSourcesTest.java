package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDefinition.ServerStreamingHandler;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Iterators and streams of the JDK as what handlers send, and received messages as streams of the JDK. */
class TokenSourcesTest extends OnEveryTransport {
    private static ServiceDefinition producing(ServerStreamingHandler<String, String> handler) {
        return EchoService.with(stream -> {}, stream -> stream.sendAndClose("unused"), handler, request -> request);
    }

    private Client serve(ServerStreamingHandler<String, String> handler) {
        return ends.connect(ends.serve(producing(handler)));
    }

    @Test
    void whatIteratorsListsAndStreamsHaveIsSent() {
        Client client = serve((request, stream) -> {
            stream.sendAll(List.of("a", "b").iterator());
            stream.sendAll(List.of("c"));
            stream.sendAll(Stream.of("d", "e").parallel());
        });

        try (Stream<String> tokens = client.serverStreaming(EchoService.PRODUCE, "m", CallOptions.NONE)
                .asStream()) {
            assertThat(tokens.map(String::toUpperCase)).containsExactly("A", "B", "C", "D", "E");
        }
    }

    @Test
    void aReaderWhoLeavesStopsTheProducerBehindTwoHops() throws Exception {
        CountDownLatch stopped = new CountDownLatch(1);
        Client toModel = serve((request, stream) ->
                stream.sendAll(Stream.generate(() -> "token").onClose(stopped::countDown)));
        Client client = serve((request, stream) ->
                stream.sendAll(toModel.serverStreaming(EchoService.PRODUCE, request, CallOptions.NONE)
                        .asStream()));

        try (Stream<String> tokens = client.serverStreaming(EchoService.PRODUCE, "m", CallOptions.NONE)
                .asStream()) {
            assertThat(tokens.limit(3)).containsExactly("token", "token", "token");
        }

        assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aProducerThatWaitsForItsNextTokenIsInterrupted() throws Exception {
        CompletableFuture<String> ended = new CompletableFuture<>();
        Client client = serve((request, stream) -> stream.sendAll(new Iterator<String>() {
            private boolean begun;

            @Override
            public boolean hasNext() {
                if (begun) {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        ended.complete("interrupted");
                        return false;
                    }
                }
                return true;
            }

            @Override
            public String next() {
                begun = true;
                return "token";
            }
        }));

        try (var stream = client.serverStreaming(EchoService.PRODUCE, "m", CallOptions.NONE)) {
            assertThat(stream.recv()).isEqualTo("token");
        }

        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
    }
}
