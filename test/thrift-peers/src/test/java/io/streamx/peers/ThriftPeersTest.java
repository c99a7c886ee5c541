package io.streamx.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.PingPong;
import io.streamx.client.Client;
import io.streamx.peers.thrift.Item;
import io.streamx.peers.thrift.Peers;
import io.streamx.peers.thrift.PeersClient;
import io.streamx.peers.thrift.Refused;
import io.streamx.server.Server;
import io.streamx.thrift.Binary;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls of every kind between Java and the libraries of other languages, in both directions, on both carriers they have. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThriftPeersTest {
    private static Stream<Arguments> peersAndCarriers() {
        return Arrays.stream(Peer.values())
                .flatMap(peer ->
                        Stream.of(PingPong.FRAMED, PingPong.BUFFERED).map(carrier -> Arguments.of(peer, carrier)));
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

        @Override
        public void note(String text) {}

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
            assertThat(peer.play(carrier, server.port()))
                    .containsExactly(
                            "turned cba 7 y,x 1099511627776 00ff True 0.5 abc",
                            "refused times: -1 (expected: 0 or more)",
                            "noted None",
                            "told the last word");
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

    /** The default carrier is for Kitex and Volo: a peer of plain Thrift closes, and the error says what to set. */
    @ParameterizedTest
    @EnumSource(Peer.class)
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
