package io.streamx.grpc.connection;

import static io.streamx.grpc.connection.Http2Peer.join;
import static io.streamx.grpc.connection.Http2Peer.message;
import static io.streamx.grpc.connection.Http2Peer.response;
import static io.streamx.grpc.connection.Http2Peer.trailers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.handler.codec.http2.Http2Error;
import io.streamx.RpcTimeoutException;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Unary calls that a server has certainly not processed are made again; others are not. */
@Timeout(60)
class RepeatedCallTest {
    private static final int MAX_CONCURRENT_STREAMS = 3;

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));
    private ServerSocket listener;
    private Client client;

    @BeforeEach
    void listen() throws IOException {
        listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        client = ends.connect(listener.getLocalPort(), plain -> {});
    }

    @AfterEach
    void close() throws Exception {
        listener.close();
        ends.close();
    }

    private Http2Peer server(int... settings) throws IOException {
        Http2Peer peer = Http2Peer.accept(listener);
        peer.settings(settings);
        return peer;
    }

    private CompletableFuture<String> call(String text) {
        return CompletableFuture.supplyAsync(() -> client.call(EchoService.SAY, text, CallOptions.NONE));
    }

    /** A call that waits for its reply, and so has been queued. */
    private CompletableFuture<String> waitingCall(String text) {
        CompletableFuture<String> call = new CompletableFuture<>();
        Thread caller = Thread.ofPlatform().daemon().start(() -> {
            try {
                call.complete(client.call(EchoService.SAY, text, CallOptions.NONE));
            } catch (RuntimeException e) {
                call.completeExceptionally(e);
            }
        });
        while (caller.getState() != Thread.State.WAITING && !call.isDone()) {
            Thread.onSpinWait();
        }
        return call;
    }

    private static void answer(Http2Peer peer, int stream, String text) throws IOException {
        peer.headers(stream, response(), false);
        // The result struct: field 0, the success.
        byte[] encoded = EchoService.encoded(text);
        byte[] result = new byte[encoded.length + 4];
        result[0] = 12;
        System.arraycopy(encoded, 0, result, 3, encoded.length);
        peer.data(stream, join(new byte[] {0, 0, 0, 0, (byte) result.length}, result), false);
        peer.headers(stream, trailers(0, ""), true);
    }

    private static String reply(CompletableFuture<String> call) throws Exception {
        return call.get(10, TimeUnit.SECONDS);
    }

    private static StatusException failure(CompletableFuture<String> call) {
        Throwable thrown = catchThrowable(() -> reply(call));
        assertThat(thrown).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(StatusException.class);
        return (StatusException) thrown.getCause();
    }

    @Test
    void aCallAboveTheLastIdOfAGoAwayIsMadeAgainOnAnotherConnection() throws Exception {
        CompletableFuture<String> call = call("hello");
        try (Http2Peer old = server()) {
            assertThat(old.await(Frame.DATA, 1).payload()).isEqualTo(message("hello"));
            old.goAway(0, 0, "going");
            try (Http2Peer fresh = server()) {
                assertThat(fresh.await(Frame.DATA, 1).payload()).isEqualTo(message("hello"));
                answer(fresh, 1, "done");
                assertThat(reply(call)).isEqualTo("done");
            }
        }
    }

    @Test
    void aRefusedCallIsMadeAgain() throws Exception {
        CompletableFuture<String> call = call("hello");
        try (Http2Peer peer = server()) {
            peer.await(Frame.DATA, 1);
            peer.reset(1, (int) Http2Error.REFUSED_STREAM.code());
            assertThat(peer.await(Frame.DATA, 3).payload()).isEqualTo(message("hello"));
            answer(peer, 3, "done");
            assertThat(reply(call)).isEqualTo("done");
        }
    }

    @Test
    void aCallIsMadeAgainOnce() throws Exception {
        CompletableFuture<String> call = call("hello");
        try (Http2Peer peer = server()) {
            peer.await(Frame.DATA, 1);
            peer.reset(1, (int) Http2Error.REFUSED_STREAM.code());
            peer.await(Frame.DATA, 3);
            peer.reset(3, (int) Http2Error.REFUSED_STREAM.code());
            StatusException failure = failure(call);
            assertThat(failure.code()).isEqualTo(14);
            assertThat(failure.statusMessage()).contains("REFUSED_STREAM");
            assertThat(failure).hasRootCauseMessage("the server has not processed the call: " + failure.getMessage());
        }
    }

    @Test
    void aCallThatWaitsForItsTurnWhenGoAwayComesIsMadeAgainOnAnotherConnection() throws Exception {
        client.warmUp();
        try (Http2Peer old = server(MAX_CONCURRENT_STREAMS, 1)) {
            old.await(frame -> frame.type() == Frame.SETTINGS && frame.isAck());
            try (var running = EchoService.bidi(client)) {
                old.await(Frame.HEADERS, 1);
                CompletableFuture<String> call = waitingCall("hello");
                // Answered after what the call has queued was written, or kept for its turn.
                old.ping(1, false);
                old.await(Frame.PING, 0);
                old.goAway(1, 0, "going");
                try (Http2Peer fresh = server()) {
                    fresh.await(Frame.DATA, 1);
                    answer(fresh, 1, "done");
                    assertThat(reply(call)).isEqualTo("done");
                }
                old.headers(1, response(), false);
                old.headers(1, trailers(0, ""), true);
                assertThat(running.recv()).isNull();
            }
        }
    }

    @Test
    void aCallThatWaitsForItsTurnWhenTheConnectionEndsIsMadeAgain() throws Exception {
        client.warmUp();
        Http2Peer old = server(MAX_CONCURRENT_STREAMS, 1);
        old.await(frame -> frame.type() == Frame.SETTINGS && frame.isAck());
        try (var running = EchoService.bidi(client)) {
            old.await(Frame.HEADERS, 1);
            CompletableFuture<String> call = waitingCall("hello");
            old.ping(1, false);
            old.await(Frame.PING, 0);
            old.close();
            try (Http2Peer fresh = server()) {
                fresh.await(Frame.DATA, 1);
                answer(fresh, 1, "done");
                assertThat(reply(call)).isEqualTo("done");
            }
            assertThat(catchThrowable(running::recv)).isInstanceOf(StatusException.class);
        }
    }

    @Test
    void aCallIsMadeAgainAsLongAsEachConnectionEndsBeforeItsTurn() throws Exception {
        CompletableFuture<String> call = call("hello");
        for (int connection = 0; connection < 6; connection++) {
            try (Http2Peer peer = server()) {
                assertThat(peer.await(Frame.DATA, 1).payload()).isEqualTo(message("hello"));
                peer.goAway(0, 0, "not here");
            }
        }
        try (Http2Peer peer = server()) {
            assertThat(peer.await(Frame.DATA, 1).payload()).isEqualTo(message("hello"));
            answer(peer, 1, "done");
            assertThat(reply(call)).isEqualTo("done");
        }
    }

    @Test
    void aCallThatNeverGetsItsTurnEndsWithItsTime() throws Exception {
        CompletableFuture<String> call = CompletableFuture.supplyAsync(
                () -> client.call(EchoService.SAY, "hello", CallOptions.NONE.withTimeout(Duration.ofMillis(700))));
        // Whatever the client asks for until its time is over, it is sent away.
        Thread.ofVirtual().start(() -> {
            while (!call.isDone()) {
                try (Http2Peer peer = server()) {
                    peer.await(Frame.DATA, 1);
                    peer.goAway(0, 0, "not here");
                } catch (IOException closed) {
                    return;
                }
            }
        });
        assertThat(catchThrowable(() -> reply(call))).hasCauseInstanceOf(RpcTimeoutException.class);
    }

    @Test
    void aCallThatTheServerSendsAwayWithAComplaintIsMadeAgainOnce() throws Exception {
        CompletableFuture<String> call = call("hello");
        for (int connection = 0; connection < 2; connection++) {
            try (Http2Peer peer = server()) {
                peer.await(Frame.DATA, 1);
                peer.goAway(0, (int) Http2Error.ENHANCE_YOUR_CALM.code(), "too much");
            }
        }
        assertThat(failure(call).code()).isEqualTo(14);
    }

    @Test
    void aServerThatEndsConnectionsWithoutAWordIsAskedTwice() throws Exception {
        CompletableFuture<String> call = call("hello");
        Thread server = Thread.ofVirtual().start(() -> {
            while (!call.isDone()) {
                try {
                    listener.accept().close();
                } catch (IOException closed) {
                    return;
                }
            }
        });
        assertThat(failure(call).code()).isEqualTo(14);
        listener.close();
        server.join();
    }

    @Test
    void aCallThatTheServerMayHaveRunIsNotMadeAgain() throws Exception {
        CompletableFuture<String> call = call("hello");
        try (Http2Peer peer = server()) {
            peer.await(Frame.DATA, 1);
            peer.goAway(1, 0, "going");
        }
        assertThat(failure(call).code()).isEqualTo(14);
        assertThat(failure(call)).hasNoCause();
    }

    @Test
    void aRefusalAfterAnAnswerIsNotBelieved() throws Exception {
        CompletableFuture<String> call = call("hello");
        try (Http2Peer peer = server()) {
            peer.await(Frame.DATA, 1);
            peer.headers(1, response(), false);
            peer.reset(1, (int) Http2Error.REFUSED_STREAM.code());
            assertThat(failure(call).code()).isEqualTo(14);
            peer.ping(1, false);
            peer.await(Frame.PING, 0);
            assertThat(peer.seen()).noneMatch(frame -> frame.stream() == 3);
        }
    }

    @Test
    void aStreamIsNotOpenedAgainAndSaysThatItWasNotProcessed() throws Exception {
        try (var stream = EchoService.bidi(client);
                Http2Peer peer = server()) {
            peer.await(Frame.HEADERS, 1);
            peer.reset(1, (int) Http2Error.REFUSED_STREAM.code());
            assertThat(catchThrowable(stream::recv))
                    .isInstanceOfSatisfying(
                            StatusException.class,
                            status -> assertThat(status.code()).isEqualTo(14))
                    .hasMessageContaining("REFUSED_STREAM");
        }
    }
}
