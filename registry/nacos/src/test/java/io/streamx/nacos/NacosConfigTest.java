package io.streamx.nacos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamx.config.ConfigSource;
import io.streamx.registry.ConfigContract;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real client of Nacos as a config centre, and a stub that plays Nacos' API. */
@Timeout(120)
class NacosConfigTest extends ConfigContract {
    private static final String GROUP = "DEFAULT_GROUP";

    private static NacosStub nacos;

    @BeforeAll
    static void startNacos() throws IOException {
        nacos = new NacosStub();
    }

    @AfterAll
    static void stopNacos() {
        nacos.close();
    }

    private static NacosConfig here() {
        return NacosConfig.of(nacos.hostAndPort()).withLook(Duration.ofMillis(200));
    }

    @Override
    protected ConfigSource source() {
        return here();
    }

    @Override
    protected void put(String client, String server, String category, String text) {
        nacos.records().text(GROUP, (client.isEmpty() ? "" : client + ".") + server + "." + category, text);
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

        /** What is told is what is there when it is asked for, so a text may come more than once. */
        void await(String expected) throws InterruptedException {
            String text = next();
            while (text != null && !text.equals(expected)) {
                text = next();
            }
            assertThat(text).isEqualTo(expected);
        }
    }

    @Test
    void textsAreFollowedUnderKitexDataIdsThroughANacosThatGoesAway() throws Exception {
        Told retry = new Told();
        Told limit = new Told();
        NacosConfig config = here();
        try (ConfigSource.Watch first = config.watch(new ConfigSource.ConfigKey("web", "orders", "retry"), retry);
                ConfigSource.Watch second = config.watch(new ConfigSource.ConfigKey("", "orders", "limit"), limit)) {
            assertThat(retry.next()).isEqualTo("none");
            assertThat(limit.next()).isEqualTo("none");
            nacos.records().text(GROUP, "web.orders.retry", "{}");
            retry.await("{}");
            nacos.records().text(GROUP, "orders.limit", "{\"qps_limit\":10}");
            limit.await("{\"qps_limit\":10}");

            nacos.stop();
            assertThat(retry.failures.poll(60, TimeUnit.SECONDS)).isNotBlank();
            nacos.records().text(GROUP, "web.orders.retry", "{\"*\":{\"enable\":false}}");
            nacos.start();
            retry.await("{\"*\":{\"enable\":false}}");
            nacos.records().text(GROUP, "web.orders.retry", null);
            retry.await("none");
            assertThat(second).isNotSameAs(first);
        }
    }

    @Test
    void aPasswordThatIsRefusedIsSaid() throws Exception {
        nacos.requirePassword("secret");
        try {
            Told refused = new Told();
            Told told = new Told();
            ConfigSource.ConfigKey key = new ConfigSource.ConfigKey("web", "secrets", "retry");
            nacos.records().text(GROUP, "web.secrets.retry", "{}");
            try (ConfigSource.Watch first = here().withUser("nacos", "wrong").watch(key, refused);
                    ConfigSource.Watch second =
                            here().withUser("nacos", "secret").watch(key, told)) {
                assertThat(refused.failures.poll(60, TimeUnit.SECONDS)).contains("user not found");
                told.await("{}");
                assertThat(first).isNotSameAs(second);
            }
        } finally {
            nacos.requirePassword("");
        }
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NacosConfig.of())
                .withMessage("servers: none (expected: at least one host:port)");
        assertThat(NacosConfig.of("127.0.0.1:8848").describe(new ConfigSource.ConfigKey("web", "orders", "retry")))
                .isEqualTo("Nacos 127.0.0.1:8848 group DEFAULT_GROUP web.orders.retry");
    }
}
