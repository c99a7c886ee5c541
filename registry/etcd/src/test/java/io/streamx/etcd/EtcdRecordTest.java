package io.streamx.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.streamx.discovery.Instance;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bytes of records, as registry-etcd v0.3.0 writes and reads them. */
class EtcdRecordTest {
    @Test
    void recordsAreWrittenToTheByteAsKitexDoes() {
        assertThat(EtcdRecord.write(Instance.of("10.0.0.1:8888")))
                .isEqualTo("{\"network\":\"tcp\",\"address\":\"10.0.0.1:8888\",\"weight\":10,\"tags\":null}");
        assertThat(EtcdRecord.write(
                        Instance.of("[::1]:8888").withWeight(2.6).withTags(Map.of("zone", "north", "a<b", "x&y"))))
                .isEqualTo("{\"network\":\"tcp\",\"address\":\"[::1]:8888\",\"weight\":3,"
                        + "\"tags\":{\"a\\u003cb\":\"x\\u0026y\",\"zone\":\"north\"}}");
        assertThat(EtcdRecord.write(Instance.of("h:1").withWeight(0.2))).contains("\"weight\":1,");
    }

    @Test
    void recordsAreReadAsKitexDoesAndIpv6WithoutBracketsToo() {
        assertThat(EtcdRecord.read(
                        "{\"network\":\"tcp\",\"address\":\"10.0.0.1:8888\",\"weight\":7,\"tags\":{\"k\":\"v\"}}"))
                .isEqualTo(new Instance("10.0.0.1", 8888, 7, Map.of("k", "v")));
        assertThat(EtcdRecord.read("{\"Address\":\"::1:8888\",\"WEIGHT\":0,\"Tags\":null,\"more\":[1]}"))
                .isEqualTo(new Instance("::1", 8888, 10, Map.of()));
        assertThat(EtcdRecord.read("{\"address\":\"h:1\"}").weight()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | no JSON: ",
                "[1] | not a JSON object (expected: ",
                "{} | address: null (expected: \"host:port\")",
                "{\"address\":5} | address: 5 (expected: \"host:port\")",
                "{\"address\":\"nowhere\"} | address: 'nowhere' (expected: host:port",
                "{\"address\":\"h:1\",\"weight\":\"7\"} | weight: \"7\" (expected: a number)",
                "{\"address\":\"h:1\",\"tags\":[]} | tags: [] (expected: an object of texts, or null)",
                "{\"address\":\"h:1\",\"tags\":{\"k\":1}} | tag k: 1 (expected: a text)",
                "{\"address\":\"h:1\",\"network\":\"unix\"} | network: \"unix\" (expected: \"tcp\")",
            })
    void whatIsNoRecordIsNamedWithWhatWasExpected(String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdRecord.read(value))
                .withMessageStartingWith(message.strip());
    }

    @Test
    void settingsThatCannotWorkAreRefusedWhereTheyAreMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EtcdRegistry.of("127.0.0.1:2379"))
                .withMessage("endpoint: '127.0.0.1:2379' (expected: http://host:port or https://host:port)");
        EtcdRegistry registry = EtcdRegistry.of("http://127.0.0.1:2379");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.register("a/b", Instance.of("h:1")))
                .withMessageStartingWith("service: 'a/b' (expected: a name without '/'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.withLease(Duration.ofSeconds(1)))
                .withMessage("lease: PT1S (expected: 2 s or more)");
        assertThat(registry.describe("a.b.c")).isEqualTo("etcd http://127.0.0.1:2379 under kitex/registry-etcd/a.b.c/");
        assertThat(registry.withPrefix("").describe("a.b.c")).isEqualTo("etcd http://127.0.0.1:2379 under /a.b.c/");
    }
}
