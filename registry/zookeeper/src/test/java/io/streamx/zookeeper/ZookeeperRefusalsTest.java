package io.streamx.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.Heard;
import io.streamx.registry.Nonsense;
import io.streamx.registry.RegistryRefusals;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ZooKeeper that refuses, and one that is none. */
@Timeout(180)
class ZookeeperRefusalsTest {
    /** To read, write, create, delete and administer. */
    private static final int ALL = 31;

    private static final byte[] RIGHT = "root:secret".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WRONG = "root:wrong".getBytes(StandardCharsets.UTF_8);

    @Test
    void aPasswordThatIsRefusedIsSaidAndARightOneIsTaken() throws Exception {
        try (TestingServer zookeeper = new TestingServer();
                CuratorFramework direct = CuratorFrameworkFactory.builder()
                        .connectString(zookeeper.getConnectString())
                        .retryPolicy(new RetryOneTime(100))
                        .authorization("digest", RIGHT)
                        .build()) {
            direct.start();
            direct.create().withACL(List.of(new ACL(ALL, new Id("auth", "")))).forPath("/a.b.c");
            ZookeeperRegistry registry = ZookeeperRegistry.of(zookeeper.getConnectString());
            RegistryRefusals.areSaidAndHarmNobody(
                    registry.withClient(builder -> builder.authorization("digest", WRONG)), "a.b.c", "NoAuth");
            ZookeeperRegistry right = registry.withClient(builder -> builder.authorization("digest", RIGHT));
            Heard heard = new Heard();
            try (Registry.Registration registration = right.register("a.b.c", Instance.of("10.0.0.1:80"));
                    Resolver.Watch watch = right.watch("a.b.c", heard)) {
                assertThat(heard.await(found -> !found.isEmpty())).containsExactly(Instance.of("10.0.0.1:80"));
                assertThat(watch).isNotSameAs(registration);
            }
        }
    }

    @Test
    void whatIsNoZooKeeperIsSaid() throws Exception {
        try (Nonsense nonsense = new Nonsense()) {
            RegistryRefusals.areSaidAndHarmNobody(ZookeeperRegistry.of(nonsense.hostAndPort()), "a.b.c", "");
        }
    }
}
