package io.streamx.thrift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImmutableValuesTest {
    @Test
    void binariesAreEqualByContent() {
        assertThat(Binary.of((byte) 1, (byte) 2)).isEqualTo(Binary.of(ByteBuffer.wrap(new byte[] {1, 2})));
        assertThat(Binary.of((byte) 1)).hasSameHashCodeAs(Binary.of((byte) 1)).isNotEqualTo(Binary.of((byte) 2));
        assertThat(Binary.of()).isSameAs(Binary.EMPTY);
        assertThat(Binary.ofUtf8("é").toUtf8()).isEqualTo("é");
        assertThat(Binary.of((byte) -1)).isGreaterThan(Binary.of((byte) 1));
    }

    @Test
    void aBinaryDoesNotChangeWithTheArraysAroundIt() {
        byte[] given = {1, 2};
        Binary binary = Binary.of(given);
        given[0] = 9;
        binary.toByteArray()[1] = 9;
        assertThat(binary.at(0)).isEqualTo((byte) 1);
        assertThat(binary.asReadOnlyBuffer().isReadOnly()).isTrue();
        assertThat(binary).hasToString("Binary[2 bytes: 0102]");
        assertThat(Binary.of(new byte[17])).hasToString("Binary[17 bytes: " + "00".repeat(16) + "...]");
        assertThat(Binary.EMPTY).hasToString("Binary[empty]");
    }

    @Test
    void copiesDoNotChangeWithTheirSource() {
        List<Set<Integer>> list = new ArrayList<>(List.of(new LinkedHashSet<>(Set.of(1))));
        List<Set<Integer>> copy = Immutable.copyOf(list, "list");
        list.get(0).add(2);
        list.clear();
        assertThat(copy).containsExactly(Set.of(1));
        assertThatThrownBy(() -> copy.get(0).add(3)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> copy.remove(0)).isInstanceOf(UnsupportedOperationException.class);

        Map<String, List<String>> map = new LinkedHashMap<>(Map.of("k", new ArrayList<>(List.of("v"))));
        Map<String, List<String>> copyOfMap = Immutable.copyOf(map, "map");
        map.get("k").add("w");
        assertThat(copyOfMap).isEqualTo(Map.of("k", List.of("v")));
    }

    @Test
    void aCopyIsCopiedOnce() {
        List<String> list = Immutable.copyOf(List.of("a"), "list");
        Set<String> set = Immutable.copyOf(Set.of("a"), "set");
        Map<String, String> map = Immutable.copyOf(Map.of("a", "b"), "map");
        assertThat(Immutable.copyOf(list, "list")).isSameAs(list);
        assertThat(Immutable.copyOf(set, "set")).isSameAs(set);
        assertThat(Immutable.copyOf(map, "map")).isSameAs(map);
    }

    @Test
    void aNullElementIsNamed() {
        assertThatThrownBy(() -> Immutable.copyOf(Arrays.asList("a", null), "names"))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("names[1]");
        assertThatThrownBy(() -> Immutable.copyOf(List.of(Arrays.asList("a", null)), "rows"))
                .hasMessage("rows[0][1]");
    }
}
