package io.streamx.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Heard;
import io.streamx.registry.RegistryContract;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryNTimes;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real ZooKeeper, in this process. */
class ZookeeperContractTest extends RegistryContract {
    private static TestingServer zookeeper;
    private static CuratorFramework direct;

    @BeforeAll
    static void startZookeeper() throws Exception {
        zookeeper = new TestingServer();
        direct = CuratorFrameworkFactory.newClient(zookeeper.getConnectString(), new RetryNTimes(100, 100));
        direct.start();
    }

    @AfterAll
    static void stopZookeeper() throws Exception {
        direct.close();
        zookeeper.close();
    }

    private static ZookeeperRegistry here() {
        return ZookeeperRegistry.of(zookeeper.getConnectString()).withSession(Duration.ofSeconds(10));
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
    protected void lose(String ofService, Instance instance) throws Exception {
        direct.delete().forPath("/" + ofService + "/" + instance.address());
    }

    @Override
    protected List<String> putRubbish(String besideService) throws Exception {
        put(besideService, "10.0.0.1:80", "");
        put(besideService, "10.0.0.2:80", "nonsense");
        put(besideService, "10.0.0.3:80", "{\"Weight\":\"7\",\"Tags\":null}");
        put(besideService, "lock-0001", "{\"Weight\":7,\"Tags\":null}");
        return List.of("10.0.0.1:80 = : no data", "no JSON", "Weight: \"7\"", "address: 'lock-0001'");
    }

    private static void put(String service, String name, String data) throws Exception {
        direct.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.PERSISTENT)
                .forPath("/" + service + "/" + name, data.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected void stop() throws Exception {
        zookeeper.stop();
    }

    @Override
    protected void start() throws Exception {
        zookeeper.restart();
    }

    @Test
    void aServerThatIsRestartedReplacesTheNodeOfItsFormerLife() throws Exception {
        // What a process leaves that ended without a word: a node that is there until its session times out.
        Instance self = Instance.of("127.0.0.1:7777").withWeight(77);
        String path = "/" + service + "/127.0.0.1:7777";
        direct.create()
                .creatingParentsIfNeeded()
                .withMode(CreateMode.EPHEMERAL)
                .forPath(path, "{\"Weight\":1,\"Tags\":null}".getBytes(StandardCharsets.UTF_8));
        long former = direct.checkExists().forPath(path).getEphemeralOwner();
        Heard heard = new Heard();
        try (Registry.Registration registration = here().register(service, self);
                Resolver.Watch watch = here().watch(service, heard)) {
            assertThat(heard.await(found -> found.equals(List.of(self)))).hasSize(1);
            assertThat(direct.checkExists().forPath(path).getEphemeralOwner()).isNotEqualTo(former);
            assertThat(watch).isNotSameAs(registration);
        }
        assertThat(direct.checkExists().forPath(path)).isNull();
    }
}
