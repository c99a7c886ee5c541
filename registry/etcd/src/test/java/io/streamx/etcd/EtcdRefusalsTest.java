package io.streamx.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Auth;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.registry.EtcdServer;
import io.streamx.registry.Heard;
import io.streamx.registry.Nonsense;
import io.streamx.registry.RegistryRefusals;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that refuses, and one that is none. */
@Timeout(180)
class EtcdRefusalsTest {
    @TempDir
    private Path folder;

    private static void requirePassword(String endpoint) throws Exception {
        try (Client direct = Client.builder().endpoints(endpoint).build()) {
            Auth auth = direct.getAuthClient();
            ByteSequence root = EtcdRegistry.bytes("root");
            auth.userAdd(root, EtcdRegistry.bytes("secret")).get(10, TimeUnit.SECONDS);
            auth.roleAdd(root).get(10, TimeUnit.SECONDS);
            auth.userGrantRole(root, root).get(10, TimeUnit.SECONDS);
            auth.authEnable().get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPasswordThatIsRefusedIsSaidAndARightOneIsTaken() throws Exception {
        try (EtcdServer etcd = EtcdServer.start(folder)) {
            requirePassword(etcd.endpoint());
            EtcdRegistry registry = EtcdRegistry.of(etcd.endpoint());
            RegistryRefusals.areSaidAndHarmNobody(
                    registry.withUser("root", "wrong"), "a.b.c", "the user or the password is refused");
            Heard heard = new Heard();
            EtcdRegistry right = registry.withUser("root", "secret");
            try (Registry.Registration registration = right.register("a.b.c", Instance.of("10.0.0.1:80"));
                    Resolver.Watch watch = right.watch("a.b.c", heard)) {
                assertThat(heard.await(found -> !found.isEmpty())).containsExactly(Instance.of("10.0.0.1:80"));
                assertThat(watch).isNotSameAs(registration);
            }
        }
    }

    @Test
    void whatIsNoEtcdIsSaid() throws Exception {
        try (Nonsense nonsense = new Nonsense()) {
            RegistryRefusals.areSaidAndHarmNobody(EtcdRegistry.of("http://" + nonsense.hostAndPort()), "a.b.c", "");
        }
    }
}
