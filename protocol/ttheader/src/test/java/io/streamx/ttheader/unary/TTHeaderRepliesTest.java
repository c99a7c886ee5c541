package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamx.ApplicationException;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.ExceptionMessage;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.unary.Echo.Text;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes back from a unary call on TTHeader beside or instead of its result. */
@Timeout(60)
class TTHeaderRepliesTest {
    private static Client.Builder client(int port, PingPong carrier) {
        return Client.builder("demo.echo").address("127.0.0.1:" + port).pingPong(carrier);
    }

    @Test
    void afterAReplyThatAnnouncesItTheConnectionIsNotUsedAgain() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client =
                        client(listener.getLocalPort(), PingPong.TTHEADER).build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> echo.say("s"));

            try (RawPeer server = new RawPeer(listener.accept())) {
                reply(server, Map.of("crrst", "1"), "said");
                assertThat(call.get()).isEqualTo("said");
                assertThat(server.isEnded()).isTrue();
            }
        }
    }

    private static void reply(RawPeer server, Map<String, String> strings, String text) throws IOException {
        int seqId = server.receive(PingPong.TTHEADER).header().seqId();
        server.send(RawPeer.bytes(new MessageWriter(io.streamx.wire.Limits.DEFAULT)
                .write(
                        PingPong.TTHEADER,
                        PayloadFormat.THRIFT,
                        0,
                        Map.of(22, "2"),
                        strings,
                        new MessageHeader(MessageHeader.Type.REPLY, "Say", seqId),
                        out -> Echo.SAY.resultCodec().encodeResult(new Text(text), out))));
    }

    @Test
    void aBusinessErrorArrivesWithCodeMessageAndExtra() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client =
                        client(listener.getLocalPort(), PingPong.TTHEADER).build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<BizStatusException> call = CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(BizStatusException.class, () -> echo.say("s")));
            try (RawPeer server = new RawPeer(listener.accept())) {
                reply(
                        server,
                        Map.of("biz-status", "404", "biz-message", "not found", "biz-extra", "{\"k\":\"v\"}"),
                        "ignored");
                assertThat(call.get().code()).isEqualTo(404);
                assertThat(call.get().bizMessage()).isEqualTo("not found");
                assertThat(call.get().extra()).isEqualTo(Map.of("k", "v"));

                // Both ends go on: an agreed outcome is no fault of the connection.
                CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> echo.say("s"));
                reply(server, Map.of("biz-status", "0"), "fine");
                assertThat(next.get()).isEqualTo("fine");
            }
        }
    }

    /** Volo 0.12 sends a business error so, for callers that know the entries and for those that do not. */
    @Test
    void aBusinessStatusWinsOverTheExceptionBesideIt() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = client(listener.getLocalPort(), PingPong.TTHEADER_FRAMED)
                        .build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<Throwable> call =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> echo.say("s")));
            try (RawPeer server = new RawPeer(listener.accept())) {
                exception(
                        server, Map.of("biz-status", "404", "biz-message", "not found", "biz-extra", "{\"k\":\"v\"}"));
                assertThat(call.get()).isInstanceOfSatisfying(BizStatusException.class, business -> {
                    assertThat(business.code()).isEqualTo(404);
                    assertThat(business.bizMessage()).isEqualTo("not found");
                    assertThat(business.extra()).isEqualTo(Map.of("k", "v"));
                });

                CompletableFuture<Throwable> next =
                        CompletableFuture.supplyAsync(() -> catchThrowable(() -> echo.say("s")));
                exception(server, Map.of("biz-status", "0"));
                assertThat(next.get()).isInstanceOf(ApplicationException.class).hasMessage("status_code: 404");
            }
        }
    }

    private static void exception(RawPeer server, Map<String, String> strings) throws IOException {
        RawPeer.Received request = server.receive(PingPong.TTHEADER_FRAMED);
        MessageHeader header = new MessageHeader(
                MessageHeader.Type.EXCEPTION, "Say", request.header().seqId());
        server.send(RawPeer.bytes(new MessageWriter(io.streamx.wire.Limits.DEFAULT)
                .write(
                        PingPong.TTHEADER_FRAMED,
                        PayloadFormat.THRIFT,
                        0,
                        Map.of(),
                        strings,
                        header,
                        out -> ExceptionMessage.CODEC.encode(new ApplicationException(6, "status_code: 404"), out))));
    }

    @Test
    void aValueSentBackHasTheSameKeyFromVoloAndFromKitex() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client =
                        client(listener.getLocalPort(), PingPong.TTHEADER).build()) {
            List<Map<String, String>> told = new CopyOnWriteArrayList<>();
            CompletableFuture<String> call = CompletableFuture.supplyAsync(
                    () -> new EchoClient(client, CallOptions.NONE.withBackward(told::add)).say("s"));
            try (RawPeer server = new RawPeer(listener.accept())) {
                reply(server, Map.of("RPC_BACKWARD_back", "v", "kitex", "k"), "fine");

                assertThat(call.get()).isEqualTo("fine");
                assertThat(told).containsExactly(Map.of("back", "v", "kitex", "k"));
            }
        }
    }

    @Test
    void anExceptionIsTakenFromAProxyThatKnowsNeitherNameNorSequenceId() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client =
                        client(listener.getLocalPort(), PingPong.TTHEADER).build()) {
            CompletableFuture<ApplicationException> call = CompletableFuture.supplyAsync(
                    () -> catchThrowableOfType(ApplicationException.class, () -> new EchoClient(client).say("s")));
            try (RawPeer server = new RawPeer(listener.accept())) {
                server.receive(PingPong.TTHEADER);
                server.send(RawPeer.framed(
                        new MessageHeader(MessageHeader.Type.EXCEPTION, "proxy", 0),
                        out -> ExceptionMessage.CODEC.encode(new ApplicationException(1204, "overloaded"), out)));

                assertThat(call.get()).hasMessage("overloaded");
                assertThat(call.get().type()).isEqualTo(1204);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void whatAHandlerSendsBackReachesTheCallerWhereTheReplyHasRoomForIt(PingPong carrier) {
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) throws Exception {
                CallContext.current().sendBackward("answered-by", "b");
                return new ObedientHandler().say(text);
            }
        };
        boolean room = carrier == PingPong.TTHEADER || carrier == PingPong.TTHEADER_FRAMED;
        try (Server server =
                        Server.builder().port(0).service(Echo.bind(handler)).start();
                Client client = client(server.port(), carrier).build()) {
            Map<String, String> seen = new HashMap<>();
            EchoClient echo = new EchoClient(client, CallOptions.NONE.withBackward(seen::putAll));

            for (String text : new String[] {"hello", "fail", "refuse", "business"}) {
                seen.clear();
                try {
                    echo.say(text);
                } catch (RpcException outcome) {
                    // Backward values come with every outcome.
                }
                assertThat(seen.get("answered-by")).as(text).isEqualTo(room ? "b" : null);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void aHandlerThatSetsHeaderOrTrailerIsToldThatTheReplyHasNoRoomForThem(PingPong carrier) {
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) {
                CallContext call = CallContext.current();
                refusals.add(catchThrowable(() -> call.setHeader(Map.of("served-by", "b"))));
                refusals.add(catchThrowable(() -> call.setTrailer(Map.of("cost", "3"))));
                return text;
            }
        };
        List<Map<String, String>> told = new ArrayList<>();
        try (Server server =
                        Server.builder().port(0).service(Echo.bind(handler)).start();
                Client client = client(server.port(), carrier).build()) {
            new EchoClient(client, CallOptions.NONE.withHeader(told::add).withTrailer(told::add)).say("hello");
        }

        String name = switch (carrier) {
            case FRAMED -> "Framed";
            case BUFFERED -> "buffered";
            case TTHEADER -> "TTHeader";
            case TTHEADER_FRAMED -> "TTHeaderFramed";
        };
        String rest = " of a unary call on " + name + ", whose replies have no room for them (expected: sendBackward,"
                + " whose values TTHeader carries, or a call on gRPC)";
        assertThat(refusals)
                .hasOnlyElementsOfType(IllegalStateException.class)
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "header or trailer entries [served-by]" + rest, "header or trailer entries [cost]" + rest);
        assertThat(told).isEmpty();
    }

    @Test
    void backwardValuesNeedAUnaryCallAndAreNotEmpty() {
        Echo.Handler handler = new Echo.Handler() {
            @Override
            public Text say(Text text) {
                CallContext.current().sendBackward("", "v");
                return text;
            }
        };
        try (Server server =
                        Server.builder().port(0).service(Echo.bind(handler)).start();
                Client client = client(server.port(), PingPong.TTHEADER).build()) {
            assertThatThrownBy(() -> new EchoClient(client).say("x"))
                    .hasMessage("biz error: backward metainfo '' = 'v' (expected: key and value not empty)");
        }
        assertThatThrownBy(() -> CallContext.current().sendBackward("k", "v"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'k'");
    }
}
