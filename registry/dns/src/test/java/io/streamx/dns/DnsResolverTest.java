package io.streamx.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.dns.DnsResponseCode;
import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Calls;
import io.streamx.registry.Heard;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services named by DNS, asked of a name server of the test. */
@Timeout(120)
class DnsResolverTest {
    private final NameServer names = new NameServer();
    private final Heard heard = new Heard();

    @AfterEach
    void closeServer() {
        names.close();
    }

    private DnsResolver of(String nameAndPort) {
        return DnsResolver.of(nameAndPort).withServers(names.address());
    }

    @Test
    void allAddressesOfANameAreInstancesAndAreAskedForAgain() throws Exception {
        names.addresses("orders.example", "10.0.0.1", "10.0.0.2", "2001:db8::7");
        try (Resolver.Watch watch = of("orders.example:8888").watch("a.b.c", heard)) {
            assertThat(heard.await(found -> found.size() == 3))
                    .containsExactlyInAnyOrder(
                            Instance.of("10.0.0.1:8888"),
                            Instance.of("10.0.0.2:8888"),
                            Instance.of("[2001:db8:0:0:0:0:0:7]:8888"));
            names.addresses("orders.example", "10.0.0.2");
            heard.await(found -> found.equals(List.of(Instance.of("10.0.0.2:8888"))));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void targetsOfServiceRecordsHavePortsAndWeightsAndTheFirstPriorityIsTaken() throws Exception {
        names.service("_orders._tcp.example", 1, 30, 7001, "one.example");
        names.service("_orders._tcp.example", 1, 0, 7002, "two.example");
        names.service("_orders._tcp.example", 2, 10, 7003, "spare.example");
        names.addresses("one.example", "10.0.0.1");
        names.addresses("two.example", "10.0.0.2");
        names.addresses("spare.example", "10.0.0.3");
        try (Resolver.Watch watch = DnsResolver.srv("_orders._tcp.example")
                .withServers(names.address())
                .watch("a.b.c", heard)) {
            assertThat(heard.await(found -> !found.isEmpty()))
                    .containsExactlyInAnyOrder(
                            Instance.of("10.0.0.1:7001").withWeight(30),
                            Instance.of("10.0.0.2:7002").withWeight(1));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void aNameThatIsNotThereHasNoInstanceAndOneThatCannotBeAskedForKeepsItsLast() throws Exception {
        try (Server server = Calls.server("one", (service, self) -> () -> {}, Advertisement.DEFAULT)
                        .start();
                Client client = Client.builder("a.b.c")
                        .resolver(of("orders.example:" + server.port()))
                        .build();
                Resolver.Watch watch = of("orders.example:" + server.port()).watch("a.b.c", heard)) {
            assertThatThrownBy(() -> Calls.who(client))
                    .hasMessage("service a.b.c has no instance in DNS orders.example:" + server.port()
                            + " (expected: at least one)");
            names.addresses("orders.example", "127.0.0.1");
            heard.await(found -> found.size() == 1);
            names.fail(DnsResponseCode.SERVFAIL);
            assertThat(heard.awaitFailure()).contains("A of orders.example").contains("ServFail");
            try (Client late = Client.builder("a.b.c")
                    .resolver(of("orders.example:" + server.port()))
                    .connectionWait(Duration.ofMillis(700))
                    .build()) {
                assertThatThrownBy(() -> Calls.who(late))
                        .hasMessageContaining("service a.b.c was not found in DNS orders.example:" + server.port());
            }
            names.fail(null);
            heard.await(found -> found.size() == 1);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsResolver.of("orders.example"))
                .withMessageStartingWith("address: 'orders.example' (expected: host:port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsResolver.srv(""))
                .withMessageStartingWith("name: '' (expected: such as _orders._tcp.example)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DnsResolver.of("h:1").withLongestInterval(Duration.ofMillis(1)))
                .withMessage("interval: PT0.001S (expected: 1 s or more)");
    }
}
