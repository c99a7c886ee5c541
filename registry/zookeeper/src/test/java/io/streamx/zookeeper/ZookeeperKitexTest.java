package io.streamx.zookeeper;

import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.KitexContract;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Kitex' registry-zookeeper of 2021-12-17 and a real ZooKeeper. */
class ZookeeperKitexTest extends KitexContract {
    private static TestingServer zookeeper;

    @BeforeAll
    static void startZookeeper() throws Exception {
        zookeeper = new TestingServer();
    }

    @AfterAll
    static void stopZookeeper() throws Exception {
        if (zookeeper != null) {
            zookeeper.close();
        }
    }

    @Override
    protected Registry registry() {
        return ZookeeperRegistry.of(zookeeper.getConnectString());
    }

    @Override
    protected Resolver resolver() {
        return ZookeeperRegistry.of(zookeeper.getConnectString());
    }

    @Override
    protected String kind() {
        return "zookeeper";
    }

    @Override
    protected String address() {
        return zookeeper.getConnectString();
    }
}
