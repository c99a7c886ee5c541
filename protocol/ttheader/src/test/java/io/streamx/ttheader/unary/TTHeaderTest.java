package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.PayloadFormat;
import io.streamx.thrift.MessageHeader;
import io.streamx.ttheader.unary.Echo.Text;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TTHeaderTest {
    private static Client.Builder client(int port, PingPong carrier) {
        return Client.builder("demo.echo").address("127.0.0.1:" + port).pingPong(carrier);
    }

    /** Says what its context knows. */
    private static final class ContextTeller implements Echo.Handler {
        @Override
        public Text say(Text text) {
            CallContext context = CallContext.current();
            Duration remaining = context.remaining();
            return new Text("from " + context.from() + " to " + context.service() + "." + context.method()
                    + ", persistent " + context.persistents() + ", transient " + context.transients() + ", "
                    + (remaining == null ? "no limit" : remaining.toMillis() <= 5000 ? "within 5 s" : "later"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PingPong.class,
            names = {"TTHEADER", "TTHEADER_FRAMED"})
    void theHandlerKnowsWhoCallsWithWhatAndHowLongItHas(PingPong carrier) {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ContextTeller()))
                        .start();
                Client client =
                        client(server.port(), carrier).callerName("demo.caller").build()) {
            CallOptions options = CallOptions.NONE
                    .withPersistent("p", "1")
                    .withTransient("t", "2")
                    .withTimeout(Duration.ofSeconds(5));

            assertThat(new EchoClient(client, options).say("?"))
                    .isEqualTo("from demo.caller to Echo.Say, persistent {p=1}, transient {t=2}, within 5 s");
            assertThat(new EchoClient(client).say("?"))
                    .isEqualTo("from demo.caller to Echo.Say, persistent {}, transient {}, no limit");
        }
    }

    @Test
    void aCallWithinAHandlerPassesOnPersistentMetainfoTheRemainingTimeAndTheMethod() {
        try (Server last = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ContextTeller()))
                        .start();
                Client toLast = client(last.port(), PingPong.TTHEADER)
                        .callerName("demo.middle")
                        .build();
                Server middle = Server.builder()
                        .port(0)
                        .service(Echo.bind(new Echo.Handler() {
                            @Override
                            public Text say(Text text) {
                                return new Text(new EchoClient(toLast).say(text.value()));
                            }
                        }))
                        .start();
                Client client = client(middle.port(), PingPong.TTHEADER).build()) {
            CallOptions options = CallOptions.NONE
                    .withPersistent("p", "1")
                    .withTransient("t", "2")
                    .withTimeout(Duration.ofSeconds(5));

            assertThat(new EchoClient(client, options).say("?"))
                    .isEqualTo("from demo.middle to Echo.Say, persistent {p=1}, transient {}, within 5 s");
        }
    }

    @Test
    void whatAClientSaysOfItself() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = client(listener.getLocalPort(), PingPong.TTHEADER_FRAMED)
                        .callerName("demo.caller")
                        .connectTimeout(Duration.ofSeconds(7))
                        .build()) {
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> new EchoClient(
                            client,
                            CallOptions.NONE.withTimeout(Duration.ofSeconds(30)).withPersistent("p", "1"))
                    .say("hello"));

            try (RawPeer server = new RawPeer(listener.accept())) {
                RawPeer.Received request = server.receive(PingPong.TTHEADER_FRAMED);
                int seqId = request.header().seqId();
                server.send(RawPeer.bytes(new MessageWriter(io.streamx.wire.Limits.DEFAULT)
                        .write(
                                PingPong.BUFFERED,
                                PayloadFormat.THRIFT,
                                0,
                                Map.of(),
                                Map.of(),
                                new MessageHeader(MessageHeader.Type.REPLY, "Say", seqId),
                                out -> Echo.SAY.resultCodec().encodeResult(new Text("on another carrier"), out))));

                assertThat(call.get()).isEqualTo("on another carrier");
                assertThat(request.header().type()).isEqualTo(MessageHeader.Type.CALL);
                Map<Integer, String> ints = new HashMap<>(request.ints());
                // What is left once there is a connection.
                assertThat(Integer.parseInt(ints.remove(12))).isBetween(20_000, 30_000);
                assertThat(ints)
                        .isEqualTo(Map.of(
                                1, "framed", 3, "demo.caller", 6, "demo.echo", 9, "Say", 17, "7000", 20, "", 22, "1"));
                assertThat(request.strings()).isEqualTo(Map.of("isn", "Echo", "RPC_PERSIST_p", "1"));
            }
        }
    }

    @Test
    void aOnewayRequestSaysSoAndLeavesTheConnectionInUse() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client =
                        client(listener.getLocalPort(), PingPong.TTHEADER).build()) {
            EchoClient echo = new EchoClient(client);
            CompletableFuture<Void> note = CompletableFuture.runAsync(() -> echo.note("n"));

            try (RawPeer server = new RawPeer(listener.accept())) {
                RawPeer.Received request = server.receive(PingPong.TTHEADER);
                assertThat(request.header().type()).isEqualTo(MessageHeader.Type.ONEWAY);
                assertThat(request.ints()).containsEntry(22, "4").doesNotContainKeys(12, 17);
                note.get();

                // A server with another IDL answers; that is not the answer to the next call.
                MessageHeader stray = new MessageHeader(
                        MessageHeader.Type.REPLY, "Note", request.header().seqId());
                server.send(RawPeer.framed(stray, out -> out.writeByte(0)));
                CompletableFuture<String> say = CompletableFuture.supplyAsync(() -> echo.say("s"));
                int seqId = server.receive(PingPong.TTHEADER).header().seqId();
                server.send(RawPeer.framed(
                        new MessageHeader(MessageHeader.Type.REPLY, "Say", seqId),
                        out -> Echo.SAY.resultCodec().encodeResult(new Text("said"), out)));
                assertThat(say.get()).isEqualTo("said");
            }
        }
    }

    @Test
    void byDefaultWhatACallPromisesTravelsWithIt() {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ObedientHandler()))
                        .start();
                Client client = Client.builder("demo.echo")
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            assertThatThrownBy(() -> new EchoClient(client).say("business"))
                    .isInstanceOf(BizStatusException.class)
                    .hasMessage("biz error: code=7, msg=no money, extra={account=<1&2>}");
        }
    }

    @Test
    void aPeerThatClosesOnATTHeaderIsTakenForOneOfPlainThrift() throws Exception {
        try (ServerSocket listener = new ServerSocket(0);
                Client client = Client.builder("demo.echo")
                        .address("127.0.0.1:" + listener.getLocalPort())
                        .build()) {
            CompletableFuture<Throwable> call =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> new EchoClient(client).say("s")));
            try (RawPeer server = new RawPeer(listener.accept())) {
                server.receive(PingPong.TTHEADER_FRAMED);
            }
            assertThat(call.get())
                    .hasMessageContaining("got no reply: the connection was closed (a server that speaks plain Thrift"
                            + " closes on carrier TTHEADER_FRAMED, which begins with a TTHeader: it needs"
                            + " pingPong(PingPong.FRAMED) or BUFFERED)");
        }
    }

    @Test
    void aServerAnswersEachRequestOnItsOwnCarrier() throws IOException {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ObedientHandler()))
                        .start();
                RawPeer peer = RawPeer.connect(server.port())) {
            for (int round = 0; round < 3; round++) {
                for (PingPong carrier : PingPong.values()) {
                    String text = carrier + " " + round;
                    peer.send(RawPeer.request(carrier, 0, Map.of(), Map.of(), "Say", text, round));
                    assertThat(peer.receive(carrier).said()).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void aClientWithoutTheHandlersOfKitexIsServedToo() throws IOException {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ObedientHandler()))
                        .start();
                RawPeer peer = RawPeer.connect(server.port())) {
            peer.send(RawPeer.request(PingPong.TTHEADER, 0, Map.of(), Map.of(), "Missing", "x", 1));
            assertThat(peer.receive(PingPong.TTHEADER).exception())
                    .startsWith("20: unknown service , method Missing (served: Echo with ");
        }
    }

    @Test
    void anUnknownServiceIsNamedButAMethodThatOnlyOneServiceHasIsFound() throws IOException {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ObedientHandler()))
                        .start();
                RawPeer peer = RawPeer.connect(server.port())) {
            Map<String, String> other = Map.of("isn", "Other");
            peer.send(RawPeer.request(PingPong.TTHEADER, 0, Map.of(), other, "Say", "x", 1));
            assertThat(peer.receive(PingPong.TTHEADER).said()).isEqualTo("x");
            peer.send(RawPeer.request(PingPong.TTHEADER, 0, Map.of(), other, "Missing", "x", 2));
            assertThat(peer.receive(PingPong.TTHEADER).exception())
                    .startsWith("20: unknown service Other, method Missing (served: Echo with ");
            assertThat(peer.isEnded()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PingPong.class,
            names = {"TTHEADER", "TTHEADER_FRAMED"})
    void aChecksumIsCheckedWhereThereIsOne(PingPong carrier) throws IOException {
        try (Server server = Server.builder()
                .port(0)
                .service(Echo.bind(new ObedientHandler()))
                .start()) {
            byte[] plain = RawPeer.request(carrier, 0, Map.of(), Map.of(), "Say", "hello", 1);
            java.util.zip.CRC32C sum = new java.util.zip.CRC32C();
            // Without entries the header is one word.
            sum.update(plain, 18, plain.length - 18);
            String right = "%08x".formatted(sum.getValue());
            try (RawPeer peer = RawPeer.connect(server.port())) {
                peer.send(RawPeer.request(carrier, 0, Map.of(), Map.of("crc32c", right), "Say", "hello", 1));
                assertThat(peer.receive(carrier).said()).isEqualTo("hello");
                peer.send(RawPeer.request(carrier, 0, Map.of(), Map.of("crc32c", "00000000"), "Say", "hello", 2));
                assertThat(peer.isEnded()).isTrue();
            }
        }
    }

    @Test
    void metainfoBeyondWhatAHeaderHoldsIsAnErrorAtTheCallAndTheConnectionStaysInUse() {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ContextTeller()))
                        .start();
                Client client = client(server.port(), PingPong.TTHEADER).build()) {
            EchoClient much = new EchoClient(client, CallOptions.NONE.withPersistent("big", "v".repeat(65_536)));

            assertThatThrownBy(() -> much.say("x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("RPC_PERSIST_big");
            assertThat(new EchoClient(client).say("x")).startsWith("from ");
        }
    }

    @Test
    void aTimeoutThatIsNoNumberIsNone() throws IOException {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ContextTeller()))
                        .start();
                RawPeer peer = RawPeer.connect(server.port())) {
            for (String millis : new String[] {"", "soon", "0", "-1", "99999999999"}) {
                peer.send(RawPeer.request(PingPong.TTHEADER, 0, Map.of(12, millis), Map.of(), "Say", "x", 1));
                assertThat(peer.receive(PingPong.TTHEADER).said()).endsWith("no limit");
            }
        }
    }

    @Test
    void aMiddlewareMayAddMetainfo() {
        try (Server server = Server.builder()
                        .port(0)
                        .service(Echo.bind(new ContextTeller()))
                        .start();
                Client client = client(server.port(), PingPong.TTHEADER)
                        .unaryMiddleware(next -> (call, request) -> Objects.requireNonNull(
                                next.call(call.withOptions(call.options().withTransient("added", "yes")), request)))
                        .build()) {
            assertThat(new EchoClient(client).say("?")).contains("transient {added=yes}");
        } catch (RpcException e) {
            throw new AssertionError(e);
        }
    }
}
