package io.streamx.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Heard;
import io.streamx.registry.Nonsense;
import io.streamx.registry.RegistryContract;
import io.streamx.registry.RegistryRefusals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A stub that plays Consul's API. */
class ConsulContractTest extends RegistryContract {
    private static ConsulStub consul;

    @BeforeAll
    static void startConsul() throws IOException {
        consul = new ConsulStub();
    }

    @AfterAll
    static void stopConsul() {
        consul.close();
    }

    private static ConsulRegistry here() {
        return ConsulRegistry.of(consul.address()).withLook(Duration.ofMillis(100));
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
        consul.remove(ofService + ":" + instance.address());
    }

    @Override
    protected List<String> putRubbish(String besideService) throws IOException {
        consul.put("{\"ID\":\"x\",\"Name\":\"" + besideService + "\",\"Address\":\"10.0.0.1\",\"Port\":0}");
        consul.put("{\"ID\":\"y\",\"Name\":\"" + besideService
                + "\",\"Address\":\"10.0.0.1\",\"Port\":80,\"Weights\":{\"Passing\":0}}");
        return List.of("port: 0 (expected: 1 to 65535)", "weight: 0.0 (expected: > 0)");
    }

    @Override
    protected void stop() {
        consul.stop();
    }

    @Override
    protected void start() throws IOException {
        consul.start();
    }

    @Test
    void entriesAreThoseOfKitexAndIpv6HasBracketsInItsCheck() throws Exception {
        Heard heard = new Heard();
        Instance self = Instance.of("[::1]:8888").withWeight(20).withTags(Map.of("zone", "north", "a", "b:c"));
        try (Resolver.Watch watch = here().watch(service, heard);
                Registry.Registration registration = here().withToken("secret").register(service, self)) {
            assertThat(heard.await(found -> !found.isEmpty())).containsExactly(self);
            assertThat(consul.registered())
                    .contains("{\"ID\":\"" + service + ":[::1]:8888\",\"Name\":\"" + service
                            + "\",\"Tags\":[\"a:b:c\",\"zone:north\"],\"Port\":8888,\"Address\":\"::1\","
                            + "\"Weights\":{\"Passing\":20,\"Warning\":20},"
                            + "\"Check\":{\"TCP\":\"[::1]:8888\",\"Interval\":\"5s\",\"Timeout\":\"5s\","
                            + "\"DeregisterCriticalServiceAfter\":\"1m\"}}");
            assertThat(consul.tokens()).contains("secret");
            assertThat(watch).isNotSameAs(registration);
        }
    }

    @Test
    void anEntryWithoutAddressIsAtItsNodeAndTagsWithoutColonAreLeftOut() throws Exception {
        consul.put("{\"ID\":\"z\",\"Name\":\"" + service
                + "\",\"Address\":\"\",\"Port\":80,\"Tags\":[\"plain\",\"k:v\"],\"Weights\":{\"Passing\":3}}");
        Heard heard = new Heard();
        try (Resolver.Watch watch = here().watch(service, heard)) {
            assertThat(heard.await(found -> !found.isEmpty()))
                    .containsExactly(new Instance("127.0.0.2", 80, 3, Map.of("k", "v")));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void whatIsNoAnswerOfConsulIsSaid() throws Exception {
        HttpServer garbage = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        garbage.createContext("/", exchange -> {
            byte[] body = "Permission denied".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        garbage.start();
        try {
            RegistryRefusals.areSaidAndHarmNobody(
                    ConsulRegistry.of("http://127.0.0.1:" + garbage.getAddress().getPort()),
                    service,
                    "status 403: Permission denied (expected: 200)");
        } finally {
            garbage.stop(0);
        }
    }

    @Test
    void whatIsNoConsulIsSaid() throws Exception {
        try (Nonsense nonsense = new Nonsense()) {
            RegistryRefusals.areSaidAndHarmNobody(ConsulRegistry.of("http://" + nonsense.hostAndPort()), service, "");
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConsulRegistry.of("127.0.0.1:8500"))
                .withMessage("agent: '127.0.0.1:8500' (expected: http://host:port or https://host:port)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> here().register(" ", Instance.of("h:1")))
                .withMessage("service: ' ' (expected: a name)");
    }
}
