package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.etcd.EtcdRegistry;
import io.streamx.registry.EtcdServer;
import io.streamx.registry.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** Plays the HTTP API of Nacos 3 or of the versions before, for one service. */
    private static HttpServer nacos(String path, String answer, List<String> asked) throws IOException {
        HttpServer nacos = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        nacos.createContext("/", exchange -> {
            try (exchange) {
                asked.add(String.valueOf(exchange.getRequestURI()));
                boolean isKnown = exchange.getRequestURI().getPath().equals(path);
                byte[] body = (isKnown ? answer : "{}").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(isKnown ? 200 : 404, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        nacos.start();
        return nacos;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/nacos/v3/client/ns/instance/list | {\"code\":0,\"message\":\"success\",\"data\":[%s]}",
                "/nacos/v1/ns/instance/list | {\"name\":\"words.service\",\"hosts\":[%s]}"
            })
    void aServiceIsFoundByItsNameInEveryVersionOfNacos(String path, String answer) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (WordsService words = new WordsService(dir)) {
            String good = "{\"ip\":\"127.0.0.1\",\"port\":"
                    + words.address().substring(words.address().lastIndexOf(58) + 1)
                    + ",\"weight\":10.0,\"healthy\":true,\"enabled\":true,\"metadata\":{}}";
            String others = "{\"ip\":\"127.0.0.1\",\"port\":1,\"weight\":10.0,\"healthy\":false,\"enabled\":true},"
                    + "{\"ip\":\"127.0.0.1\",\"port\":1,\"weight\":10.0,\"healthy\":true,\"enabled\":false},"
                    + "{\"ip\":\"127.0.0.1\",\"port\":1,\"weight\":0.0,\"healthy\":true,\"enabled\":true},"
                    + "{\"ip\":\"\",\"port\":1,\"weight\":1.0,\"healthy\":true,\"enabled\":true},";
            HttpServer nacos = nacos(path, String.format(answer, others + good), asked);
            try {
                String registry =
                        "nacos://127.0.0.1:1,127.0.0.1:" + nacos.getAddress().getPort() + "?namespace=dev&group=WORDS";
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
            } finally {
                nacos.stop(0);
            }
            assertThat(console.out()).startsWith("{\"text\":\"a!\"");
            assertThat(asked).contains(path + "?serviceName=words.service&groupName=WORDS&namespaceId=dev");
        }
    }

    @Test
    void aNacosThatDoesNotEndItsAnswerIsGivenUpForTheNextOne() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer stalled = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stalled.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            awaitEnd(over);
            exchange.close();
        });
        stalled.start();
        HttpServer nacos =
                nacos("/nacos/v3/client/ns/instance/list", "{\"code\":0,\"data\":[]}", new CopyOnWriteArrayList<>());
        CompletableFuture<List<Instance>> found = new CompletableFuture<>();
        NacosLookup lookup = new NacosLookup(
                List.of(
                        "127.0.0.1:" + stalled.getAddress().getPort(),
                        "127.0.0.1:" + nacos.getAddress().getPort()),
                "",
                "DEFAULT_GROUP");
        try (Resolver.Watch watch = lookup.watch("words.service", new Resolver.Listener() {
            @Override
            public void onInstances(List<Instance> instances) {
                found.complete(instances);
            }

            @Override
            public void onUnavailable(String reason) {
                found.completeExceptionally(new AssertionError(reason));
            }

            @Override
            public void onSkipped(String entry, String reason) {}
        })) {
            assertThat(found.get(60, TimeUnit.SECONDS)).isEmpty();
            assertThat(watch).isNotNull();
        } finally {
            over.countDown();
            stalled.stop(0);
            nacos.stop(0);
        }
    }

    private static void awaitEnd(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aNacosThatHasNothingOrIsNotThereIsAMissingConnection() throws Exception {
        try (WordsService words = new WordsService(dir)) {
            HttpServer nacos =
                    nacos("/nacos/v3/client/ns/instance/list", "{\"code\":0,\"data\":[]}", new ArrayList<>());
            try {
                for (int port : new int[] {nacos.getAddress().getPort(), 1}) {
                    assertThat(console.run(
                                    "call",
                                    "words.service",
                                    "Words/change",
                                    "--registry",
                                    "nacos://127.0.0.1:" + port,
                                    "--connect-timeout",
                                    "2s",
                                    "--idl",
                                    words.idl().toString()))
                            .as(console.err())
                            .isEqualTo(7);
                }
            } finally {
                nacos.stop(0);
            }
            assertThat(console.err()).contains("cannot connect");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "etcd",
                "etcd://",
                "eureka://127.0.0.1:1",
                "127.0.0.1:2379",
                "dns://host:port",
                "nacos://host",
                "nacos://my_host:8848",
                "nacos://a@b:8848",
                "nacos://a:1,b:65536",
                "nacos://a:1?zone=b"
            })
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
