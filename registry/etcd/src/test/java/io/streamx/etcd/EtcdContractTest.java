package io.streamx.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.GetOption;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Calls;
import io.streamx.registry.EtcdServer;
import io.streamx.registry.Heard;
import io.streamx.registry.RegistryContract;
import io.streamx.server.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd. */
class EtcdContractTest extends RegistryContract {
    @TempDir
    private static Path folder;

    private static EtcdServer etcd;
    private static Client direct;

    @BeforeAll
    static void startEtcd() throws Exception {
        etcd = EtcdServer.start(folder);
        direct = Client.builder().endpoints(etcd.endpoint()).build();
    }

    @AfterAll
    static void stopEtcd() {
        if (direct != null) {
            direct.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    @Override
    protected Registry registry() {
        return EtcdRegistry.of(etcd.endpoint());
    }

    @Override
    protected Resolver resolver() {
        return EtcdRegistry.of(etcd.endpoint());
    }

    private static void put(String key, String value) throws Exception {
        direct.getKVClient()
                .put(EtcdRegistry.bytes(key), EtcdRegistry.bytes(value))
                .get(10, TimeUnit.SECONDS);
    }

    @Override
    protected void lose(String ofService, Instance instance) throws Exception {
        direct.getKVClient()
                .delete(EtcdRegistry.bytes("kitex/registry-etcd/" + ofService + "/" + instance.address()))
                .get(10, TimeUnit.SECONDS);
    }

    @Override
    protected List<String> putRubbish(String besideService) throws Exception {
        String folder = "kitex/registry-etcd/" + besideService + "/";
        put(folder + "x", "nonsense");
        put(folder + "y", "{\"network\":\"tcp\",\"address\":\"nowhere\",\"weight\":10,\"tags\":null}");
        put(folder + "z", "{\"network\":\"tcp\",\"address\":\"10.0.0.1:80\",\"weight\":\"7\",\"tags\":null}");
        // Another service, whose name begins alike.
        put("kitex/registry-etcd/" + besideService + "2/10.0.0.1:80", EtcdRecord.write(Instance.of("10.0.0.1:80")));
        return List.of("x = nonsense: no JSON", "address: 'nowhere' (expected: host:port", "weight: \"7\"");
    }

    @Override
    protected void stop() throws Exception {
        etcd.stop();
    }

    @Override
    protected void start() throws Exception {
        etcd.start();
    }

    @Test
    void aServerWhoseLeaseIsGoneComesBackAtOnceWithAnotherOne() throws Exception {
        Heard heard = new Heard();
        EtcdRegistry registry = EtcdRegistry.of(etcd.endpoint()).withLease(Duration.ofMinutes(10));
        try (Server server =
                        Calls.server("one", registry, Advertisement.as(service)).start();
                Resolver.Watch watch = registry.watch(service, heard)) {
            heard.await(found -> found.size() == 1);
            long before = lease(server);
            direct.getLeaseClient().revoke(before).get(10, TimeUnit.SECONDS);
            Heard again = new Heard();
            try (Resolver.Watch second = registry.watch(service, again)) {
                again.await(found -> found.size() == 1);
                assertThat(second).isNotSameAs(watch);
            }
            assertThat(lease(server)).isNotEqualTo(before).isNotZero();
        }
    }

    private long lease(Server server) throws Exception {
        return direct.getKVClient()
                .get(
                        EtcdRegistry.bytes("kitex/registry-etcd/" + service + "/127.0.0.1:" + server.port()),
                        GetOption.DEFAULT)
                .get(10, TimeUnit.SECONDS)
                .getKvs()
                .getFirst()
                .getLease();
    }

    @Test
    void aLeaseIsKeptAliveBeyondItsTime() throws Exception {
        Heard heard = new Heard();
        EtcdRegistry registry = EtcdRegistry.of(etcd.endpoint()).withLease(Duration.ofSeconds(2));
        try (Server server =
                        Calls.server("one", registry, Advertisement.as(service)).start();
                Resolver.Watch watch = registry.watch(service, heard)) {
            heard.await(found -> found.size() == 1);
            long lease = lease(server);
            long began = System.nanoTime();
            // Longer than two leases: each look is a request to etcd, so this does not spin.
            while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(5)) {
                assertThat(lease(server)).isEqualTo(lease);
            }
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void recordsWithoutThePrefixAreWhatKitexHasWithAPassword() throws Exception {
        EtcdRegistry registry = EtcdRegistry.of(etcd.endpoint()).withPrefix("");
        Heard heard = new Heard();
        try (Resolver.Watch watch = registry.watch(service, heard)) {
            put("/" + service + "/10.0.0.1:80", EtcdRecord.write(Instance.of("10.0.0.1:80")));
            assertThat(heard.await(found -> !found.isEmpty())).containsExactly(Instance.of("10.0.0.1:80"));
            assertThat(watch).isNotNull();
        }
    }
}
