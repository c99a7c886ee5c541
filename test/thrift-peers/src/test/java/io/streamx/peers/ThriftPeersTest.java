package io.streamx.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.peers.thrift.Item;
import io.streamx.peers.thrift.Peers;
import io.streamx.peers.thrift.PeersClient;
import io.streamx.peers.thrift.Refused;
import io.streamx.server.Server;
import io.streamx.thrift.Binary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of every kind between Java and the libraries of other languages, in both directions, on every carrier they have. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThriftPeersTest {
    /** The number of turns that is a business error and not a declared exception. */
    private static final int NO_SUCH_ITEM = -404;

    private static Stream<Arguments> peersAndCarriers() {
        return Peer.built().stream()
                .flatMap(peer -> peer.carriers().stream().map(carrier -> Arguments.of(peer, carrier)));
    }

    /** What a client of another language prints that plays all that every carrier can. */
    private static List<String> played() {
        return List.of(
                "turned cba 7 y,x 1099511627776 00ff True 0.5 abc",
                "refused times: -1 (expected: 0 or more)",
                "noted None",
                "told the last word");
    }

    private static Item item(String name) {
        return Item.builder()
                .name(name)
                .count(7)
                .tags(List.of("x", "y"))
                .sums(Map.of("a", 1L << 40))
                .raw(Binary.of(new byte[] {0, -1}))
                .flag(true)
                .ratio(0.5)
                .build();
    }

    private static final class Handler implements Peers {
        private volatile String told = "";

        @Override
        public Item turn(Item item, int times) {
            if (times == NO_SUCH_ITEM) {
                throw new BizStatusException(404, "no such item", Map.of("item", item.name()));
            }
            if (times < 0) {
                throw new Refused("times: " + times + " (expected: 0 or more)");
            }
            Item turned = item;
            for (int i = 0; i < times; i++) {
                turned = turned.toBuilder()
                        .name(new StringBuilder(turned.name()).reverse().toString())
                        .tags(turned.tags().reversed())
                        .build();
            }
            return turned;
        }

        /** Answers with what came as metainfo, as metainfo of the way back. */
        @Override
        public void note(String text) {
            CallContext call = CallContext.current();
            String chain = call.persistent("CHAIN");
            String hop = call.transientValue("HOP");
            if (chain != null && hop != null) {
                call.sendBackward("BACK", chain + " and " + hop);
            }
        }

        @Override
        public void tell(String text) {
            told = text;
        }

        @Override
        public String told() {
            return told;
        }
    }

    @ParameterizedTest
    @MethodSource("peersAndCarriers")
    void aClientOfTheOtherLanguageCallsAJavaServer(Peer peer, PingPong carrier) throws Exception {
        try (Server server =
                Server.builder().port(0).service(Peers.bind(new Handler())).start()) {
            List<String> said = peer.play(carrier, server.port());

            assertThat(said).startsWith(played().toArray(String[]::new));
            if (carrier == PingPong.TTHEADER_FRAMED) {
                // Volo looks for RPC_BACKWARD_BACK. A Kitex server writes BACK alone, and so does ours.
                assertThat(said)
                        .endsWith("business error 404 no such item Some([(\"item\", \"abc\")])", "back None")
                        .hasSize(played().size() + 2);
            } else {
                assertThat(said).hasSize(played().size());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("peersAndCarriers")
    void aJavaClientCallsAServerOfTheOtherLanguage(Peer peer, PingPong carrier) throws Exception {
        try (Peer.Serving server = peer.serve(carrier);
                Client client = Client.builder("peers")
                        .address("127.0.0.1:" + server.port())
                        .pingPong(carrier)
                        .build()) {
            PeersClient peers = new PeersClient(client);

            Item turned = peers.turn(item("abc").toBuilder().inner(item("in")).build(), 1);

            assertThat(turned)
                    .isEqualTo(item("cba").toBuilder()
                            .tags(List.of("y", "x"))
                            .inner(item("in"))
                            .build());
            assertThatThrownBy(() -> peers.turn(item("abc"), -1))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.why()).isEqualTo("times: -1 (expected: 0 or more)"));
            peers.note("some text");
            peers.tell("the last word");
            assertThat(peers.told()).isEqualTo("the last word");
        }
    }

    static List<Peer> peersBehindTTHeader() {
        return Peer.built().stream()
                .filter(peer -> peer.carriers().contains(PingPong.TTHEADER_FRAMED))
                .toList();
    }

    /** Source: docs/protocol/unary.md; Volo's server sends the text of an application exception beside its business error. */
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("peersBehindTTHeader")
    void aJavaClientGetsBusinessErrorsAndMetainfoOfTheWayBack(Peer peer) throws Exception {
        Map<String, String> back = new ConcurrentHashMap<>();
        try (Peer.Serving server = peer.serve(PingPong.TTHEADER_FRAMED);
                Client client = Client.builder("peers")
                        .address("127.0.0.1:" + server.port())
                        .build()) {
            PeersClient peers = new PeersClient(client);

            assertThatThrownBy(() -> peers.turn(item("abc"), NO_SUCH_ITEM))
                    .isInstanceOfSatisfying(BizStatusException.class, error -> {
                        assertThat(error.code()).isEqualTo(404);
                        assertThat(error.bizMessage()).isEqualTo("no such item");
                        assertThat(error.extra()).containsEntry("item", "abc");
                    });

            peers.withPersistent("CHAIN", "all the way")
                    .withTransient("HOP", "one hop")
                    .withBackward(back::putAll)
                    .note("with metainfo");
            assertThat(back).containsEntry("BACK", "all the way and one hop");
        }
    }

    static List<Peer> peersOfPlainThrift() {
        return Peer.built().stream()
                .filter(peer -> !peer.carriers().contains(PingPong.TTHEADER_FRAMED))
                .toList();
    }

    /** The default carrier is for Kitex and Volo: a peer of plain Thrift closes, and the error says what to set. */
    @ParameterizedTest
    @MethodSource("peersOfPlainThrift")
    void aClientThatIsNotToldTheCarrierIsToldWhatToSet(Peer peer) throws Exception {
        try (Peer.Serving server = peer.serve(PingPong.FRAMED);
                Client client = Client.builder("peers")
                        .address("127.0.0.1:" + server.port())
                        .timeout(Duration.ofSeconds(10))
                        .build()) {
            PeersClient peers = new PeersClient(client);

            assertThatThrownBy(() -> peers.note("some text")).hasMessageContaining("pingPong(PingPong.FRAMED)");
        }
    }
}
