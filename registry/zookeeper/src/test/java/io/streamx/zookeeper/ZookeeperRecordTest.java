package io.streamx.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamx.discovery.Instance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The data of nodes, as Kitex' registry-zookeeper writes and reads it. */
class ZookeeperRecordTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void recordsAreWrittenToTheByteAsKitexDoes() {
        assertThat(ZookeeperRecord.write(Instance.of("10.0.0.1:8888")))
                .asString()
                .isEqualTo("{\"Weight\":10,\"Tags\":null}");
        assertThat(ZookeeperRecord.write(
                        Instance.of("h:1").withWeight(2.6).withTags(Map.of("zone", "north", "a", "<"))))
                .asString()
                .isEqualTo("{\"Weight\":3,\"Tags\":{\"a\":\"\\u003c\",\"zone\":\"north\"}}");
    }

    @Test
    void recordsAreRead() {
        assertThat(ZookeeperRecord.read("10.0.0.1:8888", bytes("{\"Weight\":7,\"Tags\":{\"k\":\"v\"}}")))
                .isEqualTo(new Instance("10.0.0.1", 8888, 7, Map.of("k", "v")));
        assertThat(ZookeeperRecord.read("::1:8888", bytes("{\"weight\":1.5}")))
                .isEqualTo(new Instance("::1", 8888, 1.5, Map.of()));
        assertThat(ZookeeperRecord.read("h:1", bytes("{}")).weight()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h:1 | '' | no data (expected: ",
                "h:1 | nonsense | no JSON: ",
                "h:1 | [] | not a JSON object (expected: ",
                "h:1 | {\"Weight\":\"7\"} | Weight: \"7\" (expected: a number greater than 0)",
                "h:1 | {\"Weight\":0} | Weight: 0 (expected: a number greater than 0)",
                "h:1 | {\"Tags\":7} | Tags: 7 (expected: an object of texts, or null)",
                "h:1 | {\"Tags\":{\"k\":[]}} | tag k: [] (expected: a text)",
                "lock-000001 | {} | address: 'lock-000001' (expected: host:port",
            })
    void whatIsNoRecordIsNamedWithWhatWasExpected(String name, String data, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZookeeperRecord.read(name, bytes(data)))
                .withMessageStartingWith(message.strip());
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        ZookeeperRegistry registry = ZookeeperRegistry.of("127.0.0.1:2181");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.watch("/a.b.c", null))
                .withMessage("service: '/a.b.c' (expected: a name that does not begin or end with '/')");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ZookeeperRegistry.of(" "))
                .withMessageStartingWith("servers: ' ' (expected: host:port");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.withSession(Duration.ZERO))
                .withMessage("session: PT0S (expected: > 0)");
        assertThat(registry.describe("a.b.c")).isEqualTo("ZooKeeper 127.0.0.1:2181 under /a.b.c");
    }
}
