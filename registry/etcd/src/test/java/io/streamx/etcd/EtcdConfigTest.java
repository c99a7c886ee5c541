package io.streamx.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.etcd.jetcd.Client;
import io.streamx.config.ConfigSource;
import io.streamx.registry.ConfigContract;
import io.streamx.registry.EtcdServer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real etcd as a config centre. */
@Timeout(120)
class EtcdConfigTest extends ConfigContract {
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

    private static void put(String key, String value) throws Exception {
        direct.getKVClient()
                .put(EtcdRegistry.bytes(key), EtcdRegistry.bytes(value))
                .get(10, TimeUnit.SECONDS);
    }

    @Override
    protected ConfigSource source() {
        return EtcdConfig.of(etcd.endpoint());
    }

    @Override
    protected void put(String client, String server, String category, String text) throws Exception {
        String key = "/KitexConfig/" + (client.isEmpty() ? "" : client + "/") + server + "/" + category;
        if (text == null) {
            direct.getKVClient().delete(EtcdRegistry.bytes(key)).get(10, TimeUnit.SECONDS);
        } else {
            put(key, text);
        }
    }

    private static final class Told implements ConfigSource.Listener {
        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

        @Override
        public void onText(String text) {
            texts.add(text == null ? "none" : text);
        }

        @Override
        public void onUnavailable(String reason) {
            failures.add(reason);
        }

        String next() throws InterruptedException {
            return texts.poll(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void textsAreFollowedUnderKitexKeysThroughAnEtcdThatGoesAway() throws Exception {
        Told retry = new Told();
        Told limit = new Told();
        EtcdConfig config = EtcdConfig.of(etcd.endpoint());
        try (ConfigSource.Watch first = config.watch(new ConfigSource.ConfigKey("web", "orders", "retry"), retry);
                ConfigSource.Watch second = config.watch(new ConfigSource.ConfigKey("", "orders", "limit"), limit)) {
            assertThat(retry.next()).isEqualTo("none");
            assertThat(limit.next()).isEqualTo("none");
            put("/KitexConfig/web/orders/retry", "{}");
            assertThat(retry.next()).isEqualTo("{}");
            put("/KitexConfig/orders/limit", "{\"qps_limit\":10}");
            assertThat(limit.next()).isEqualTo("{\"qps_limit\":10}");

            etcd.stop();
            assertThat(retry.failures.poll(60, TimeUnit.SECONDS)).isNotBlank();
            etcd.start();
            put("/KitexConfig/web/orders/retry", "{\"*\":{\"enable\":false}}");
            String text = retry.next();
            while (text != null && !text.contains("enable")) {
                // It is told what it knows when etcd is back, before or after the change.
                text = retry.next();
            }
            assertThat(text).isEqualTo("{\"*\":{\"enable\":false}}");
            direct.getKVClient()
                    .delete(EtcdRegistry.bytes("/KitexConfig/web/orders/retry"))
                    .get(10, TimeUnit.SECONDS);
            while (text != null && !text.equals("none")) {
                text = retry.next();
            }
            assertThat(text).isEqualTo("none");
            assertThat(second).isNotSameAs(first);
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdConfig.of("127.0.0.1:2379"))
                .withMessage("endpoint: '127.0.0.1:2379' (expected: http://host:port or https://host:port)");
        assertThat(EtcdConfig.of("http://127.0.0.1:2379")
                        .describe(new ConfigSource.ConfigKey("web", "orders", "retry")))
                .isEqualTo("etcd http://127.0.0.1:2379 /KitexConfig/web/orders/retry");
    }
}
