package io.streamx.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Heard;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library's mock of an API server, which keeps what it is given and tells of changes. */
@EnableKubernetesMockClient(crud = true)
@Timeout(120)
class KubernetesResolverTest {
    private KubernetesClient client;
    private final Heard heard = new Heard();

    private KubernetesResolver of(String service) {
        Config config = client.getConfiguration();
        return KubernetesResolver.of(service, "rpc")
                .inNamespace("shop")
                .withClient(
                        () -> new KubernetesClientBuilder().withConfig(config).build());
    }

    private static EndpointSliceBuilder slice(String name, String service) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("shop")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withName("http")
                .withPort(80)
                .endPort()
                .addNewPort()
                .withName("rpc")
                .withPort(8888)
                .endPort();
    }

    private static EndpointSliceBuilder with(EndpointSliceBuilder slice, String address, Boolean ready, String zone) {
        return slice.addToEndpoints(new EndpointBuilder()
                .withAddresses(address)
                .withZone(zone)
                .withNewConditions()
                .withReady(ready)
                .endConditions()
                .build());
    }

    private void create(EndpointSlice slice) {
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("shop")
                .resource(slice)
                .create();
    }

    @Test
    void readyEndpointsAreInstancesWithTheirZonesAndChangesAreTold() throws Exception {
        EndpointSlice first = with(
                        with(with(slice("orders-1", "orders"), "10.0.0.1", true, "north"), "10.0.0.2", false, "north"),
                        "10.0.0.3",
                        null,
                        null)
                .build();
        create(first);
        create(with(slice("others-1", "others"), "10.0.9.9", true, "north").build());
        try (Resolver.Watch watch = of("orders").watch("a.b.c", heard)) {
            Instance one = new Instance("10.0.0.1", 8888, 10, Map.of("zone", "north"));
            Instance three = Instance.of("10.0.0.3:8888");
            heard.await(found -> found.equals(List.of(one, three)));

            create(with(slice("orders-2", "orders"), "10.0.0.4", true, "south").build());
            Instance four = new Instance("10.0.0.4", 8888, 10, Map.of("zone", "south"));
            heard.await(found -> found.equals(List.of(one, three, four)));

            client.discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace("shop")
                    .withName("orders-1")
                    .delete();
            heard.await(found -> found.equals(List.of(four)));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void aSliceWithoutThePortIsLeftOutAndSaid() throws Exception {
        create(new EndpointSliceBuilder(with(slice("orders-1", "orders"), "10.0.0.1", true, null)
                        .build())
                .withPorts()
                .build());
        try (Resolver.Watch watch = of("orders").watch("a.b.c", heard)) {
            heard.await(List::isEmpty);
            assertThat(heard.skipped()).contains("EndpointSlice orders-1: ports: [] (expected: one of the name 'rpc')");
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KubernetesResolver.of("", "rpc"))
                .withMessage("service: '' (expected: a name in Kubernetes)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KubernetesResolver.of("orders", 0))
                .withMessage("port: 0 (expected: 1 to 65535)");
        assertThat(KubernetesResolver.of("orders", 8888).inNamespace("shop"))
                .hasToString("Kubernetes service shop/orders, port 8888");
    }
}
