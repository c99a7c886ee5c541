package io.streamx.nacos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Heard;
import io.streamx.registry.Nonsense;
import io.streamx.registry.RegistryContract;
import io.streamx.registry.RegistryRefusals;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real client of Nacos, and a stub that plays Nacos' API. */
class NacosContractTest extends RegistryContract {
    private static final String GROUP = "DEFAULT_GROUP";

    private static NacosStub nacos;

    @BeforeAll
    static void startNacos() throws IOException {
        nacos = new NacosStub();
    }

    @AfterAll
    static void stopNacos() {
        nacos.close();
    }

    private static NacosRegistry here() {
        return NacosRegistry.of(nacos.hostAndPort()).withLook(Duration.ofMillis(200));
    }

    @Override
    protected Registry registry() {
        return here();
    }

    @Override
    protected Resolver resolver() {
        return here();
    }

    @Override
    protected void lose(String ofService, Instance instance) {
        nacos.records().remove(GROUP, ofService, instance.address().toString());
    }

    private static void put(String service, String owner, String instance) throws IOException {
        nacos.records().put(GROUP, service, owner, (com.fasterxml.jackson.databind.node.ObjectNode)
                NacosRecords.JSON.readTree(instance));
    }

    private static String instance(String ip, int port, String rest) {
        return "{\"ip\":\"" + ip + "\",\"port\":" + port + ",\"clusterName\":\"DEFAULT\",\"ephemeral\":true," + rest
                + "}";
    }

    @Override
    protected List<String> putRubbish(String besideService) throws IOException {
        put(besideService, "a", instance("10.0.0.1", 0, "\"weight\":1.0,\"healthy\":true"));
        put(besideService, "b", instance(" ", 80, "\"weight\":1.0,\"healthy\":true"));
        put(besideService, "c", instance("10.0.0.3", 80, "\"weight\":-1.0,\"healthy\":true"));
        return List.of(
                "10.0.0.1:0 of weight 1.0: port: 0 (expected: 1 to 65535)",
                "host: ' ' (expected: a name or an IP address)",
                "weight: -1.0 (expected: > 0)");
    }

    @Override
    protected void stop() throws Exception {
        nacos.stop();
    }

    @Override
    protected void start() throws IOException {
        nacos.start();
    }

    @Test
    void recordsAreThoseOfKitexAndIpv6HasBrackets() throws Exception {
        Heard heard = new Heard();
        Instance self = Instance.of("[::1]:8888").withWeight(20).withTags(Map.of("zone", "north"));
        try (Resolver.Watch watch = here().watch(service, heard);
                Registry.Registration registration = here().register(service, self)) {
            assertThat(heard.await(found -> !found.isEmpty())).containsExactly(self);
            assertThat(nacos.grpc().registered())
                    .anySatisfy(sent -> assertThat(sent)
                            .contains("\"ip\":\"[::1]\"")
                            .contains(
                                    "\"port\":8888,\"weight\":20.0,\"healthy\":true,\"enabled\":true,\"ephemeral\":true")
                            .contains("\"clusterName\":\"DEFAULT\"")
                            .contains("\"metadata\":{\"zone\":\"north\"}"));
            assertThat(watch).isNotSameAs(registration);
        }
    }

    @Test
    void fractionsOfWeightsAreKeptAndWhatIsOutOfUseOrInAnotherClusterIsLeftOut() throws Exception {
        put(service, "a", instance("10.0.0.1", 80, "\"weight\":0.5,\"healthy\":true,\"metadata\":{\"k\":\"v\"}"));
        put(service, "b", instance("10.0.0.2", 80, "\"weight\":1.0,\"healthy\":false"));
        put(service, "c", instance("10.0.0.3", 80, "\"weight\":1.0,\"healthy\":true,\"enabled\":false"));
        put(service, "d", instance("10.0.0.4", 80, "\"weight\":0.0,\"healthy\":true"));
        put(
                service,
                "e",
                instance("10.0.0.5", 80, "\"weight\":1.0,\"healthy\":true").replace("DEFAULT", "ELSEWHERE"));
        Heard heard = new Heard();
        Heard elsewhere = new Heard();
        try (Resolver.Watch watch = here().watch(service, heard);
                Resolver.Watch second = here().withCluster("ELSEWHERE").watch(service, elsewhere)) {
            assertThat(heard.await(found -> !found.isEmpty()))
                    .containsExactly(new Instance("10.0.0.1", 80, 0.5, Map.of("k", "v")));
            assertThat(elsewhere.await(found -> !found.isEmpty()))
                    .containsExactly(new Instance("10.0.0.5", 80, 1, Map.of()));
            assertThat(heard.skipped()).isEmpty();
            assertThat(watch).isNotSameAs(second);
        }
    }

    @Test
    void twoServersOfOneRegistryAreBothThere() throws Exception {
        Heard heard = new Heard();
        NacosRegistry one = here();
        try (Registry.Registration first = one.register(service, Instance.of("10.0.0.1:80"));
                Registry.Registration second = one.register(service, Instance.of("10.0.0.2:80"));
                Resolver.Watch watch = one.watch(service, heard)) {
            heard.await(found -> found.size() == 2);
            first.close();
            assertThat(heard.await(found -> found.size() == 1)).containsExactly(Instance.of("10.0.0.2:80"));
            assertThat(List.of(second, watch)).hasSize(2);
        }
    }

    @Test
    void aPasswordThatIsRefusedIsSaidAndARightOneIsTaken() throws Exception {
        nacos.requirePassword("secret");
        try {
            RegistryRefusals.areSaidAndHarmNobody(here().withUser("nacos", "wrong"), service, "user not found");
            Heard heard = new Heard();
            try (Resolver.Watch watch = here().withUser("nacos", "secret").watch(service, heard)) {
                assertThat(heard.await(List::isEmpty)).isEmpty();
                assertThat(watch).isNotNull();
            }
        } finally {
            nacos.requirePassword("");
        }
    }

    @Test
    void whatIsNoNacosIsSaid() throws Exception {
        try (Nonsense nonsense = new Nonsense()) {
            RegistryRefusals.areSaidAndHarmNobody(NacosRegistry.of(nonsense.hostAndPort()), service, "");
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NacosRegistry.of("http://127.0.0.1:8848"))
                .withMessageStartingWith("address: 'http://127.0.0.1:8848' (expected: host:port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> here().register("a@@b", Instance.of("h:1")))
                .withMessage("service: 'a@@b' (expected: a name without @@)");
        assertThat(NacosRegistry.of("h:8848")
                        .withNamespace("n")
                        .withGroup("g")
                        .withCluster("c")
                        .describe("a.b"))
                .isEqualTo("Nacos h:8848 namespace n group g cluster c as a.b");
    }
}
