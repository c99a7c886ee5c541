package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BinaryValue;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Header and trailer of unary calls between a Java client and a Java server. */
@Timeout(60)
class UnaryMetadataTest {
    /** The message that replies "hello": a result struct whose field 0 is the text. */
    private static final byte[] SAID_HELLO = saidHello();

    private final OpenEnds ends = new OpenEnds(builder -> builder.transport(Transport.GRPC));
    private final List<Map<String, String>> headers = new ArrayList<>();
    private final List<Map<String, String>> trailers = new ArrayList<>();
    private final CallOptions asking = CallOptions.NONE.withHeader(headers::add).withTrailer(trailers::add);

    @AfterEach
    void close() throws Exception {
        ends.close();
    }

    private static byte[] saidHello() {
        byte[] text = EchoService.encoded("hello");
        byte[] prefix = {0, 0, 0, 0, (byte) (text.length + 4), 12, 0, 0};
        return Http2Peer.join(prefix, text, new byte[1]);
    }

    private Client clientOf(ServiceDefinition.UnaryHandler<String, String> say) {
        return ends.connect(ends.serve(EchoService.with(stream -> {}, say)));
    }

    static void setBoth() {
        CallContext.current().setHeader(Map.of("served-by", "b"));
        CallContext.current().setTrailer(Map.of("cost", "3"));
    }

    private void assertBothCame() {
        assertBothCame(headers, trailers);
    }

    static void assertBothCame(List<Map<String, String>> headers, List<Map<String, String>> trailers) {
        assertThat(headers).containsExactly(Map.of("served-by", "b"));
        assertThat(trailers).containsExactly(Map.of("cost", "3"));
    }

    // ---- what a caller is shown ----

    @Test
    void aReplyComesWithHeaderAndTrailer() {
        Client client = clientOf(request -> {
            setBoth();
            return request;
        });

        assertThat(client.call(EchoService.SAY, "hello", asking)).isEqualTo("hello");
        assertBothCame();
    }

    @Test
    void entriesThatTheCallerDoesNotTakeAreRefusedWhereTheyAreSet() {
        Server server = ends.serve(EchoService.with(stream -> {}, request -> {
            assertThatThrownBy(() -> CallContext.current().setHeader(Map.of("large", "v".repeat(9_000))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'large' of 9005 bytes")
                    .hasMessageContaining("less than 8192");
            setBoth();
            CallContext.current().setCompression("identity");
            return request;
        }));
        Client client = ends.connect(
                server,
                settings -> settings.transportOptions(
                        GrpcOptions.builder().maxHeaderListBytes(8_192).build()));

        assertThat(client.call(EchoService.SAY, "hello", asking)).isEqualTo("hello");
        assertBothCame();
    }

    @Test
    void anErrorComesWithThemToo() {
        Client client = clientOf(request -> {
            setBoth();
            throw new StatusException(StatusCode.NOT_FOUND, "no " + request);
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", asking))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.NOT_FOUND))
                .hasNoSuppressedExceptions();
        assertBothCame();
    }

    @Test
    void anErrorWithTrailerEntriesAloneComesInOnePieceWithThem() {
        Client client = clientOf(request -> {
            CallContext.current().setTrailer(Map.of("cost", "3"));
            throw new StatusException(StatusCode.NOT_FOUND, "no " + request);
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", asking)).isInstanceOf(StatusException.class);
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of("cost", "3"));
    }

    @Test
    void aBusinessErrorComesWithThemToo() {
        Client client = clientOf(request -> {
            setBoth();
            throw new BizStatusException(7, "not today", Map.of("why", "closed"));
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "x", asking))
                .isInstanceOfSatisfying(
                        BizStatusException.class,
                        failure -> assertThat(failure.extra()).containsEntry("why", "closed"));
        assertBothCame();
    }

    @Test
    void whereNothingCameBothAreToldThat() {
        assertThat(clientOf(request -> request).call(EchoService.SAY, "hello", asking))
                .isEqualTo("hello");
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of());
    }

    @Test
    void aCallThatNeverBeganTellsBothThatNothingCame() {
        Server gone = ends.serve(EchoService.echo());
        gone.close();
        Client client = ends.connect(gone);

        assertThat(catchThrowable(() -> client.call(EchoService.SAY, "hello", asking)))
                .isNotNull();
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of());
    }

    @Test
    void aCallThatTimesOutTellsBothThatNothingCame() {
        CountDownLatch never = new CountDownLatch(1);
        Client client = clientOf(request -> {
            setBoth();
            never.await();
            return request;
        });

        assertThat(catchThrowable(
                        () -> client.call(EchoService.SAY, "hello", asking.withTimeout(Duration.ofMillis(200)))))
                .isNotNull()
                .hasNoSuppressedExceptions();
        assertThat(headers).containsExactly(Map.of());
        assertThat(trailers).containsExactly(Map.of());
    }

    @Test
    void bytesTravelInEntriesWhoseNameEndsInBin() {
        byte[] bytes = {0, (byte) 0xAB, (byte) 0xFF, '\n'};
        Client client = clientOf(request -> {
            CallContext.current().setHeader(Map.of("trace-bin", BinaryValue.of(bytes)));
            CallContext.current().setTrailer(Map.of("digest-bin", BinaryValue.of(bytes)));
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        assertThat(BinaryValue.bytes(headers.getFirst().get("trace-bin"))).isEqualTo(bytes);
        assertThat(BinaryValue.bytes(trailers.getFirst().get("digest-bin"))).isEqualTo(bytes);
    }

    @Test
    void theLaterValueOfAKeyWins() {
        Client client = clientOf(request -> {
            CallContext.current().setHeader(Map.of("a", "1", "b", "1"));
            CallContext.current().setHeader(Map.of("b", "2"));
            return request;
        });

        client.call(EchoService.SAY, "hello", asking);

        assertThat(headers).containsExactly(Map.of("a", "1", "b", "2"));
    }

    @Test
    void twoCallersAtTheSameTimeAreEachShownTheirOwn() throws Exception {
        CountDownLatch bothRun = new CountDownLatch(2);
        Client client = clientOf(request -> {
            CallContext.current().setHeader(Map.of("for", request));
            bothRun.countDown();
            bothRun.await();
            CallContext.current().setTrailer(Map.of("for", request));
            return request;
        });
        Map<String, Thread> toldOn = new HashMap<>();
        List<Map<String, String>> others = new ArrayList<>();

        CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> client.call(
                EchoService.SAY,
                "other",
                CallOptions.NONE.withHeader(others::add).withTrailer(others::add)));
        client.call(EchoService.SAY, "one", asking.withHeader(entries -> {
            toldOn.put("header", Thread.currentThread());
            headers.add(entries);
        }));

        assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo("other");
        assertThat(others).containsExactly(Map.of("for", "other"), Map.of("for", "other"));
        assertThat(headers).containsExactly(Map.of("for", "one"));
        assertThat(trailers).containsExactly(Map.of("for", "one"));
        assertThat(toldOn).containsEntry("header", Thread.currentThread());
    }

    @Test
    void aReceiverThatThrowsFailsACallThatWentWellAndHidesNoOtherFailure() {
        IllegalStateException broken = new IllegalStateException("receiver is broken");
        CallOptions options = CallOptions.NONE.withHeader(entries -> {
            throw broken;
        });
        Client client = clientOf(request -> {
            if (request.equals("fail")) {
                throw new StatusException(StatusCode.NOT_FOUND, "no");
            }
            return request;
        });

        assertThatThrownBy(() -> client.call(EchoService.SAY, "hello", options)).isSameAs(broken);
        assertThatThrownBy(() -> client.call(EchoService.SAY, "fail", options))
                .isInstanceOf(StatusException.class)
                .hasSuppressedException(broken);
    }

    // ---- on the wire ----

    @Test
    void anErrorAfterAHeaderIsHeadersAndThenTrailers() throws Exception {
        Server server = ends.serve(EchoService.with(stream -> {}, request -> {
            setBoth();
            throw new StatusException(StatusCode.NOT_FOUND, "no " + request);
        }));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, Http2Peer.request("Say"), false);
            peer.data(1, Http2Peer.message("hello"), true);

            Frame head = peer.await(Frame.HEADERS, 1);
            assertThat(head.endsStream()).isFalse();
            assertThat(head.headers())
                    .containsEntry(":status", "200")
                    .containsEntry("served-by", "b")
                    .doesNotContainKeys("grpc-status", "cost");
            Frame end = peer.await(Frame.HEADERS, 1);
            assertThat(end.endsStream()).isTrue();
            assertThat(end.headers())
                    .containsEntry("grpc-status", "5")
                    .containsEntry("cost", "3")
                    .doesNotContainKeys(":status", "served-by");
        }
    }

    /** Calls a server whose header has a name twice. */
    private String callWithAHeaderNameTwice(int status, CallOptions options) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Client client = ends.connect(listener.getLocalPort(), plain -> {});
            CompletableFuture<String> reply =
                    CompletableFuture.supplyAsync(() -> client.call(EchoService.SAY, "hello", options));
            try (Http2Peer peer = Http2Peer.accept(listener)) {
                peer.settings();
                peer.await(Frame.DATA, 1);
                byte[] head = Http2Peer.join(
                        peer.block(1, Http2Peer.response()),
                        peer.block(1, Map.of("k", "v1")),
                        peer.block(1, Map.of("k", "v2")));
                peer.write(Frame.HEADERS, Frame.END_HEADERS, 1, head);
                if (status == StatusCode.OK) {
                    peer.data(1, SAID_HELLO, false);
                }
                peer.headers(1, Http2Peer.trailers(status, ""), true);
                return reply.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aHeaderNameTwiceIsShownWithBothValues() throws Exception {
        List<Metadata> all = new ArrayList<>();

        assertThat(callWithAHeaderNameTwice(StatusCode.OK, asking)).isEqualTo("hello");
        assertThat(headers).containsExactly(Map.of("k", "v1"));
        assertThat(callWithAHeaderNameTwice(StatusCode.OK, CallOptions.NONE.withHeaderMetadata(all::add)))
                .isEqualTo("hello");
        assertThat(all.getFirst().values("k")).containsExactly("v1", "v2");
    }

    @Test
    void valuesOfOneNameArriveInOrderBothWays() {
        byte[] bytes = {0, (byte) 0xFF};
        Metadata sent = Metadata.builder()
                .add("x-two", "a")
                .add("x-bytes-bin", bytes)
                .add("x-two", "b")
                .build();
        Client client = clientOf(request -> {
            Metadata came = CallContext.current().metadata();
            CallContext.current().setHeader(came);
            CallContext.current().setTrailer(came.replacedBy(Metadata.of("x-two", "c")));
            return request;
        });
        List<Metadata> all = new ArrayList<>();

        client.call(
                EchoService.SAY,
                "hello",
                CallOptions.NONE
                        .withMetadata(sent)
                        .withMetadata(Metadata.of("x-two", "last"))
                        .withHeaderMetadata(all::add)
                        .withTrailerMetadata(all::add));

        assertThat(all.get(0).values("X-Two")).containsExactly("a", "b", "last");
        assertThat(all.get(0).binaryValues("x-bytes-bin")).containsExactly(bytes);
        assertThat(all.get(1).values("x-two")).containsExactly("c");
    }

    @Test
    void aHandlerSendsItsHeaderBeforeItsReply() throws Exception {
        CountDownLatch headerSeen = new CountDownLatch(1);
        Server server = ends.serve(EchoService.with(stream -> {}, request -> {
            CallContext call = CallContext.current();
            call.sendHeader(Map.of("served-by", "b"));
            assertThatThrownBy(() -> call.setHeader(Map.of("late", "1")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after it has been sent");
            call.setTrailer(Map.of("cost", "3"));
            assertThat(headerSeen.await(30, TimeUnit.SECONDS)).isTrue();
            return request;
        }));
        try (Http2Peer peer = Http2Peer.greet(server.port())) {
            peer.headers(1, Http2Peer.request("Say"), false);
            peer.data(1, Http2Peer.message("hello"), true);

            assertThat(peer.await(Frame.HEADERS, 1).headers()).containsEntry("served-by", "b");
            headerSeen.countDown();
            Frame end = peer.play(frame -> frame.stream() == 1 && frame.endsStream());
            assertThat(end.headers()).containsEntry("cost", "3").containsEntry("grpc-status", "0");
        }
    }
}
