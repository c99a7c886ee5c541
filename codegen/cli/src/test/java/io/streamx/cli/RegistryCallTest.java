package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Resolver;
import io.streamx.etcd.EtcdRegistry;
import io.streamx.registry.EtcdServer;
import io.streamx.registry.Heard;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class RegistryCallTest {
    @TempDir
    private Path dir;

    private final Console console = new Console();

    @Test
    void aServiceIsFoundByItsNameInEtcd() throws Exception {
        try (EtcdServer etcd = EtcdServer.start(Files.createDirectory(dir.resolve("etcd")));
                WordsService words = new WordsService(
                        dir,
                        server -> server.registry(EtcdRegistry.of(etcd.endpoint()))
                                .advertise(Advertisement.as("words.service").withAddress("127.0.0.1")))) {
            Heard heard = new Heard();
            try (Resolver.Watch watch = EtcdRegistry.of(etcd.endpoint()).watch("words.service", heard)) {
                heard.await(instances -> !instances.isEmpty());
            }
            String registry = "etcd://" + etcd.hostAndPort();
            assertThat(console.run(
                            "call",
                            "words.service",
                            "Words/change",
                            "--registry",
                            registry,
                            "--idl",
                            words.idl().toString(),
                            "-d",
                            "{\"text\":\"a\"}"))
                    .as(console.err())
                    .isZero();
            assertThat(console.out()).startsWith("{\"text\":\"a!\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"etcd", "etcd://", "eureka://127.0.0.1:1", "127.0.0.1:2379", "dns://host:port"})
    void aRegistryThatIsNoneIsRefused(String url) throws Exception {
        try (WordsService words = new WordsService(dir)) {
            assertThat(console.run(
                            "call",
                            "words:1",
                            "Words/change",
                            "--registry",
                            url,
                            "--idl",
                            words.idl().toString()))
                    .isEqualTo(2);
            assertThat(console.err()).startsWith("streamx: bad input: --registry: " + url + " (expected: ");
        }
    }
}
