package io.streamx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Entries that replace others, and what is shown of them. */
class MetadataTest {
    @Test
    void entriesReplaceThoseOfTheirNamesWhateverTheCapitals() {
        Metadata before =
                Metadata.of("Authorization", "old").plus("tag", "blue").plus("AUTHORIZATION", "older");

        assertThat(before.replacedBy(Metadata.of("authorization", "new")))
                .isEqualTo(Metadata.of("tag", "blue").plus("authorization", "new"));
    }

    @Test
    void credentialsAreNotShown() {
        Metadata entries = Metadata.of("tag", "blue").plus("Authorization", "Bearer abc");

        assertThat(entries).hasToString("{tag=blue, Authorization=(hidden)}");
        assertThat(entries.entries()).hasToString("[tag=blue, Authorization=(hidden)]");
    }
}
