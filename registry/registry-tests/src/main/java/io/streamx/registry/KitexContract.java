package io.streamx.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.server.Server;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Kitex with its own registry module on the other side, in both directions. */
@Timeout(300)
public abstract class KitexContract {
    private static final AtomicInteger SERVICES = new AtomicInteger();

    private final String service = "kitex.service" + SERVICES.incrementAndGet();

    /** Where servers register. */
    protected abstract Registry registry();

    /** Where clients look, which is the registry that servers register in. */
    protected abstract Resolver resolver();

    /** What the peer calls the registry. */
    protected abstract String kind();

    /** The registry's address, as the peer takes it. */
    protected abstract String address();

    /** What the peer's registry module adds to the tags of each server. */
    protected Map<String, String> addedTags() {
        return Map.of();
    }

    private Instance instance(KitexPeer peer) {
        return Instance.of(peer.address()).withTags(addedTags());
    }

    @BeforeAll
    static void build() {
        KitexPeer.build();
    }

    @Test
    void kitexServersAreFoundWithTheirWeightsAndTagsAndLeave() throws Exception {
        Heard heard = new Heard();
        try (Resolver.Watch watch = resolver().watch(service, heard);
                Client client = Client.builder(service)
                        .resolver(resolver())
                        .connectionWait(Duration.ofSeconds(30))
                        .build();
                KitexPeer heavy = KitexPeer.serve(kind(), address(), service, "heavy", 30, "zone=north")) {
            try (KitexPeer light = KitexPeer.serve(kind(), address(), service, "light", 10)) {
                List<Instance> found = heard.await(instances -> instances.size() == 2);
                assertThat(found)
                        .containsExactlyInAnyOrder(
                                instance(heavy).withWeight(30).withTag("zone", "north"), instance(light));
                while (Calls.answers(client, 10).size() < 2) {
                    Thread.onSpinWait();
                }
                assertThat(Calls.answers(client, 10_000)).isEqualTo(Map.of("heavy", 7500, "light", 2500));
            }
            heard.await(instances -> instances.size() == 1);
            while (Calls.answers(client, 10).size() > 1) {
                Thread.onSpinWait();
            }
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void javaServersAreFoundByKitexWithTheirWeightsAndLeave() throws Exception {
        Heard heard = new Heard();
        try (Server heavy = Calls.server(
                                "heavy", registry(), Advertisement.as(service).withWeight(30))
                        .start();
                Resolver.Watch watch = resolver().watch(service, heard)) {
            try (Server light = Calls.server(
                                    "light",
                                    registry(),
                                    Advertisement.as(service).withTag("zone", "north"))
                            .start();
                    KitexPeer client = callsOf(heard, 2)) {
                Map<String, Integer> answers = client.answers(10_000);
                assertThat(answers.keySet()).isEqualTo(Set.of("heavy", "light"));
                // The bounds are six standard deviations away from the mean, should Kitex choose by chance.
                assertThat(answers.get("heavy")).isBetween(7_240, 7_760);

                light.close();
                heard.await(instances -> instances.size() == 1);
                // Kitex asks again every 5 s; what it meets until then is refused, and goes to the other. A call that
                // takes a kept connection in the moment in which the leaving server ends it fails: Kitex does not make
                // it again.
                Map<String, Integer> left = client.answers(100);
                assertThat(left).doesNotContainKey("light");
                assertThat(left.get("heavy")).isBetween(98, 100);
            }
            assertThat(List.of(heavy.port(), watch)).hasSize(2);
        }
    }

    private KitexPeer callsOf(Heard heard, int instances) throws InterruptedException {
        heard.await(found -> found.size() == instances);
        return KitexPeer.call(kind(), address(), service);
    }
}
