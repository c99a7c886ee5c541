package io.streamx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamx.config.ConfigSource;
import io.streamx.testkit.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents that Kitex' config centres hold, read and followed. */
class KitexPoliciesTest {
    private static Policies read(String category, String text) {
        return KitexPolicies.with(Policies.NONE, category, text);
    }

    @Test
    void timeoutsAreReadAndZeroIsNoLimit() {
        Policies read = read(
                "rpc_timeout",
                "{\"*\":{\"conn_timeout_ms\":100,\"rpc_timeout_ms\":3000},"
                        + "\"Slow\":{\"conn_timeout_ms\":500,\"rpc_timeout_ms\":0}}");
        assertThat(read.timeouts()).isEqualTo(Map.of("*", Duration.ofSeconds(3), "Slow", Duration.ZERO));
        assertThat(read.connectTimeout()).isEqualTo(Duration.ofMillis(100));
        assertThat(read("rpc_timeout", "{\"A\":{\"conn_timeout_ms\":100},\"B\":{\"conn_timeout_ms\":300}}")
                        .connectTimeout())
                .isEqualTo(Duration.ofMillis(300));
        assertThat(read("rpc_timeout", "{\"*\":{\"conn_timeout_ms\":0}}").connectTimeout())
                .isNull();
    }

    @Test
    void degradationIsReadAndADisabledOneIsNone() {
        assertThat(read("degradation", "{\"enable\":true,\"percentage\":30}").degradation())
                .isEqualTo(new DegradationPolicy(30));
        assertThat(read("degradation", "{\"enable\":false,\"percentage\":30}").degradation())
                .isEqualTo(DegradationPolicy.NONE);
        assertThat(read("degradation", null).degradation()).isNull();
    }

    @Test
    void whatIsDisabledForOneMethodHoldsAgainstWhatIsSaidOfAllAndOfAllAgainstTheProgram() {
        Policies read = read("retry", """
            {"*":{"enable":true,"type":1,"backup_policy":{"retry_delay_ms":100}},"Off":{"enable":false}}
            """);
        assertThat(read.backupOf("Off")).isNull();
        assertThat(read.retryOf("Off")).isEqualTo(RetryPolicy.NONE);
        assertThat(read.backupOf("On")).isNotNull();
        Policies breakers = read("circuit_break", "{\"*\":{\"enable\":true},\"Off\":{\"enable\":false}}");
        assertThat(Policies.of("Off", breakers.breakers())).isEqualTo(BreakerPolicy.NONE);
        assertThat(new Breakers(method -> Policies.of(method, breakers.breakers())).of("Off", "Off"))
                .isNull();
        Resilience resilience = Resilience.of(
                Policies.NONE.withRetry("*", RetryPolicy.idempotent(3)).withBreaker("*", BreakerPolicy.of(0.5, 10)));
        resilience.override(read("retry", "{\"*\":{\"enable\":false}}"));
        assertThat(resilience.effective().retryOf("Get")).isEqualTo(RetryPolicy.NONE);
        assertThat(resilience.effective().breakers()).containsEntry("*", BreakerPolicy.of(0.5, 10));
    }

    @Test
    void retriesAndBackupsAreRead() {
        Policies read = read("retry", """
            {"*":{"enable":true,"type":0,"failure_policy":{
               "stop_policy":{"max_retry_times":3,"max_duration_ms":2000,"cb_policy":{"error_rate":0.3}},
               "backoff_policy":{"backoff_type":"fixed","cfg_items":{"fix_ms":50}}}},
             "Get":{"enable":true,"type":1,"backup_policy":{"retry_delay_ms":100}},
             "Off":{"enable":false,"type":0}}
            """);
        assertThat(read.retries())
                .isEqualTo(Map.of(
                        "*",
                        new RetryPolicy(
                                4,
                                Duration.ofSeconds(2),
                                BackOff.fixed(Duration.ofMillis(50)),
                                EnumSet.of(FailureKind.NOT_RUN, FailureKind.TIMEOUT),
                                0.3),
                        "Off",
                        RetryPolicy.NONE));
        assertThat(read.backups()).isEqualTo(Map.of("Get", new BackupPolicy(Duration.ofMillis(100), 0.1)));
    }

    @Test
    void breakersAndLimitsAreReadAndTheStarIsHonouredForBreakersToo() {
        Policies read = read(
                "circuit_break",
                "{\"Echo\":{\"enable\":true,\"err_rate\":0.3,\"min_sample\":100},\"*\":{\"enable\":true}}");
        assertThat(read.breakers())
                .isEqualTo(Map.of("Echo", BreakerPolicy.of(0.3, 100), "*", BreakerPolicy.of(0.5, 200)));
        assertThat(read("limit", "{\"connection_limit\":100,\"qps_limit\":10}").limit())
                .isEqualTo(new LimitPolicy(100, 10));
        assertThat(read("limit", null).limit()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry | nonsense | no JSON: ",
                "retry | [1] | document: [1] (expected: an object)",
                "retry | {\"Get\":7} | method Get: policy: 7 (expected: an object)",
                "retry | {\"Get\":{\"enable\":\"yes\"}} | method Get: enable: \"yes\" (expected: true or false)",
                "retry | {\"Get\":{\"enable\":true,\"type\":9}} | method Get: type: 9 (expected: 0 for failure, 1 for"
                        + " backup)",
                "rpc_timeout | {\"Get\":{\"rpc_timeout_ms\":-1}} | method Get: rpc_timeout_ms: -1 (expected: a whole"
                        + " number, 0 or more)",
                "circuit_break | {\"Get\":{\"enable\":true,\"err_rate\":7}} | method Get: errorRate: 7.0 (expected:"
                        + " more than 0, at most 1)",
                "degradation | {\"enable\":true,\"percentage\":101} | percent: 101 (expected: 0 to 100)",
                "limit | {\"qps_limit\":\"10\"} | qps_limit: \"10\" (expected: a whole number, 0 or more)",
            })
    void whatIsNoPolicyIsNamedWithWhatWasExpected(String category, String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(category, text))
                .withMessageStartingWith(message.strip());
    }

    /** A config centre in memory. */
    private static final class Centre implements ConfigSource {
        private final Map<ConfigKey, Listener> followed = new LinkedHashMap<>();
        private final List<ConfigKey> ended = new ArrayList<>();

        @Override
        public Watch watch(ConfigKey key, Listener listener) {
            followed.put(key, listener);
            return () -> ended.add(key);
        }

        void put(String category, String text) {
            followed.forEach((key, listener) -> {
                if (key.category().equals(category)) {
                    listener.onText(text);
                }
            });
        }

        @Override
        public String toString() {
            return "the config centre of the test";
        }
    }

    @Test
    void documentsAreInForceAtOnceAndABrokenOneChangesNothing() {
        Centre centre = new Centre();
        Policies own = Policies.NONE.withTimeout("*", Duration.ofSeconds(9));
        Resilience resilience = Resilience.of(own);
        try (LogLines log = new LogLines();
                LivePolicies live = LivePolicies.ofClient(resilience, centre, "web", "orders")) {
            assertThat(centre.followed)
                    .containsOnlyKeys(
                            new ConfigSource.ConfigKey("web", "orders", "retry"),
                            new ConfigSource.ConfigKey("web", "orders", "rpc_timeout"),
                            new ConfigSource.ConfigKey("web", "orders", "circuit_break"),
                            new ConfigSource.ConfigKey("web", "orders", "degradation"));
            centre.put("rpc_timeout", "{\"*\":{\"rpc_timeout_ms\":100}}");
            centre.put("circuit_break", "{\"*\":{\"enable\":true,\"err_rate\":0.3,\"min_sample\":5}}");
            assertThat(resilience.effective().timeouts()).isEqualTo(Map.of("*", Duration.ofMillis(100)));
            Policies before = resilience.effective();

            centre.put("rpc_timeout", "{\"*\":{\"rpc_timeout_ms\":\"soon\"}}");
            centre.put("rpc_timeout", "{\"*\":{\"rpc_timeout_ms\":\"soon\"}}");
            assertThat(resilience.effective()).isEqualTo(before);
            assertThat(log.containing("changes nothing"))
                    .singleElement()
                    .asString()
                    .contains("rpc_timeout_ms: \"soon\"");

            centre.put("rpc_timeout", null);
            assertThat(resilience.effective().timeouts()).isEqualTo(own.timeouts());
            assertThat(resilience.effective().breakers()).isEqualTo(before.breakers());
            centre.put("circuit_break", null);
            assertThat(resilience.effective()).isEqualTo(own);
            assertThat(live).isNotNull();
        }
        assertThat(centre.ended).hasSize(4);
    }
}
