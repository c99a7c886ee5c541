package io.streamx.ttheader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BizStatusException;
import io.streamx.RpcException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BizStatusEntriesTest {
    @Test
    void aBusinessErrorComesBackAsItWent() {
        Map<String, String> extra = Map.of("k", "v", "quote", "\"<&>\\", "text", "余额不足\n😀", "", "");
        Map<String, String> entries = new LinkedHashMap<>();

        BizStatusEntries.add(new BizStatusException(-10001, "insufficient balance", extra), entries);

        BizStatusException read = Objects.requireNonNull(BizStatusEntries.find(entries));
        assertThat(read.code()).isEqualTo(-10001);
        assertThat(read.bizMessage()).isEqualTo("insufficient balance");
        assertThat(read.extra()).isEqualTo(extra);
    }

    @Test
    void withoutExtraNoExtraEntryIsSent() {
        Map<String, String> entries = new LinkedHashMap<>();

        BizStatusEntries.add(new BizStatusException(404, "not found"), entries);

        assertThat(entries).containsExactly(Map.entry("biz-status", "404"), Map.entry("biz-message", "not found"));
    }

    @Test
    void theEscapesOfGoAreRead() {
        BizStatusException read = Objects.requireNonNull(BizStatusEntries.find(
                Map.of("biz-status", "1", "biz-extra", "{\"a\\u003cb\":\"\\u0026\\u003e\",\"nil\":null}")));

        assertThat(read.extra()).isEqualTo(Map.of("a<b", "&>", "nil", ""));
        assertThat(read.bizMessage()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "", "abc", "2147483648", "-2147483649", "1.5", " 7"})
    void aStatusOfZeroOrThatIsNoNumberIsNoBusinessError(String status) {
        assertThat(BizStatusEntries.find(Map.of("biz-status", status, "biz-extra", "broken")))
                .isNull();
    }

    @Test
    void entriesWithoutStatusAreNoBusinessError() {
        assertThat(BizStatusEntries.find(Map.of("biz-message", "m"))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", " { } "})
    void emptyExtraIsNone(String extra) {
        BizStatusException read =
                Objects.requireNonNull(BizStatusEntries.find(Map.of("biz-status", "7", "biz-extra", extra)));

        assertThat(read.extra()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "[]", "\"x\"", "{\"a\":1}", "{\"a\":{}}", "{\"a\":\"b\"} {}", "{\"a\":\"b\"}x", "{a:1}"})
    void extraThatIsNoObjectOfTextsIsNamedInTheError(String extra) {
        assertThatThrownBy(() -> BizStatusEntries.find(Map.of("biz-status", "7", "biz-extra", extra)))
                .isInstanceOf(RpcException.class)
                .hasMessageStartingWith("malformed header info, extra: '" + extra + "'");
    }
}
