package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The parts that both languages must read and compute alike; the values are those of the Go peer. */
class ListTest {
    @Test
    void everyCaseIsReadAndHasANameOfItsOwn() {
        assertThat(CaseList.due("java", "kitex"))
                .extracting(InteropCase::name)
                .hasSizeGreaterThan(60)
                .doesNotHaveDuplicates();
    }

    @Test
    void patternsAreThoseOfTheGoPeer() {
        assertThat(Payload.pattern(0, 3)).isEqualTo("PR0");
        assertThat(Payload.pattern(1, 3)).isEqualTo("PXg");
        assertThat(Payload.pattern(9_999, 0)).isEmpty();
    }

    @Test
    void digestsAreThoseOfTheGoPeer() {
        Payload.Digest digest = new Payload.Digest();
        digest.add("a");
        digest.add("b");

        assertThat(digest).hasToString("count=2 bytes=2 crc=9e83486d");
        assertThat(Payload.patternDigest(0, 5)).isEqualTo("count=0 bytes=0 crc=00000000");
    }

    @Test
    void aScriptNestedInAnArgumentIsReadBackAsItWas() {
        String nested = "!send:ready;wait:ключ%";

        List<Step> steps = Step.parse("!chain:127.0.0.1%3A80:" + Step.encode(nested) + ";end");

        assertThat(steps)
                .containsExactly(new Step("chain", List.of("127.0.0.1:80", nested)), new Step("end", List.of()));
    }

    @Test
    void entriesKeepEverythingAfterTheFirstEqualsSign() {
        assertThat(new Step("hdr", List.of("a=1=2,b=")).entries(0)).isEqualTo(Map.of("a", "1=2", "b", ""));
    }

    @Test
    void anArgumentThatIsNoNumberIsNamed() {
        assertThatThrownBy(() -> new Step("n", List.of("ten")).number(0))
                .hasMessage("step n: argument 1 is 'ten' (expected: a number)");
    }
}
