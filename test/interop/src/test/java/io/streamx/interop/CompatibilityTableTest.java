package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/compatibility.md} promises tests; this keeps it to its word. */
class CompatibilityTableTest {
    private static final Path TABLE = Path.of("..", "..", "docs", "compatibility.md");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST = Pattern.compile("(\\w+Test)\\.(\\w+)");
    private static final Pattern CASE = Pattern.compile("[a-z][a-z0-9]*(-\\w+)+");
    private static final Pattern CASE_OF_A_ROW = Pattern.compile("(?:unary-)?row-(\\d+)-.*");

    private static final Set<Integer> ROWS =
            IntStream.rangeClosed(1, 76).boxed().collect(Collectors.toCollection(TreeSet::new));

    @Test
    void everySituationHasARowAndEveryRowNamesATest() throws IOException {
        Set<Integer> seen = new TreeSet<>();
        for (String line : rows()) {
            assertThat(seen.add(number(line)))
                    .as("row %s stands twice", number(line))
                    .isTrue();
            assertThat(names(line)).as(line).isNotEmpty();
        }
        assertThat(seen).isEqualTo(ROWS);
    }

    @Test
    void everyCaseNamedIsInTheList() throws IOException {
        assertThat(caseNames()).isNotEmpty();
        assertThat(CaseList.names()).containsAll(caseNames());
    }

    @Test
    void everyCaseThatShowsASituationIsNamedInItsRow() throws IOException {
        List<String> rows = rows();
        for (String name : CaseList.names()) {
            List<MatchResult> found = CASE_OF_A_ROW.matcher(name).results().toList();
            if (!found.isEmpty()) {
                int number = Integer.parseInt(found.getFirst().group(1));
                assertThat(rows)
                        .as("row %s names case %s", number, name)
                        .anyMatch(line -> number(line) == number && names(line).contains(name));
            }
        }
    }

    @Test
    void everyTestNamedExists() throws IOException {
        List<Path> sources = testSources();
        Set<String> missing = new TreeSet<>();
        for (String name : testNames()) {
            List<MatchResult> parts = TEST.matcher(name).results().toList();
            String file = parts.getFirst().group(1) + ".java";
            String method = parts.getFirst().group(2);
            boolean exists = false;
            for (Path source : sources) {
                exists |= source.endsWith(file) && declares(source, method);
            }
            if (!exists) {
                missing.add(name);
            }
        }
        assertThat(missing).isEmpty();
    }

    /** Whether JUnit runs a method of that name: between it and the blank line above stands an annotation of a test. */
    private static boolean declares(Path source, String method) throws IOException {
        List<String> lines = Files.readAllLines(source);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(" void " + method + "(")) {
                for (int above = i - 1; above >= 0 && !lines.get(above).isBlank(); above--) {
                    if (lines.get(above).matches("\\s*@(Parameterized)?Test\\b.*")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static List<Path> testSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.walk(Path.of("..", ".."), 2)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(file -> file.toString().endsWith("Test.java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(TABLE).stream()
                .filter(line -> ROW.matcher(line).matches())
                .toList();
    }

    private static int number(String row) {
        return Integer.parseInt(ROW.matcher(row).results().toList().getFirst().group(1));
    }

    /** Cases and tests a line names. */
    private static Set<String> names(String line) {
        return CODE.matcher(line)
                .results()
                .map(code -> code.group(1))
                .filter(code ->
                        TEST.matcher(code).matches() || CASE.matcher(code).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> caseNames() throws IOException {
        return named(CASE);
    }

    private static Set<String> testNames() throws IOException {
        return named(TEST);
    }

    private static Set<String> named(Pattern kind) throws IOException {
        return Files.readAllLines(TABLE).stream()
                .flatMap(line -> names(line).stream())
                .filter(name -> kind.matcher(name).matches())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
