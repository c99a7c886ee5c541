package io.streamx.etcd;

import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.EtcdServer;
import io.streamx.registry.KitexContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Kitex' registry-etcd v0.3.0 and a real etcd. */
class EtcdKitexTest extends KitexContract {
    @TempDir
    private static Path folder;

    private static EtcdServer etcd;

    @BeforeAll
    static void startEtcd() throws Exception {
        etcd = EtcdServer.start(folder);
    }

    @AfterAll
    static void stopEtcd() {
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

    @Override
    protected String kind() {
        return "etcd";
    }

    @Override
    protected String address() {
        return etcd.hostAndPort();
    }
}
