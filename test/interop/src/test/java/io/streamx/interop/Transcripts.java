package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/** Compares what a client wrote down with what its case expects. */
final class Transcripts {
    private Transcripts() {}

    /** A line that begins with {@code ~} is a regular expression for the whole line. */
    static void assertMatches(List<String> expected, List<String> seen) {
        for (int i = 0; i < Math.min(expected.size(), seen.size()); i++) {
            String want = expected.get(i);
            if (want.startsWith("~")) {
                assertThat(seen.get(i))
                        .as("line %d of %s", i + 1, shortened(seen))
                        .matches(Pattern.compile(want.substring(1), Pattern.DOTALL));
            } else {
                assertThat(seen.get(i))
                        .as("line %d of %s", i + 1, shortened(seen))
                        .isEqualTo(want);
            }
        }
        assertThat(shortened(seen)).as("all lines").hasSameSizeAs(expected);
    }

    /** A message of megabytes must not fill the report. */
    private static List<String> shortened(List<String> lines) {
        return lines.stream()
                .map(line -> line.length() <= 300 ? line : line.substring(0, 300) + "... (" + line.length() + ")")
                .toList();
    }
}
