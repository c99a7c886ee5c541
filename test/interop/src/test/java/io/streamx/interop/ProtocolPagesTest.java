package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The pages in {@code docs/protocol} are what comments in the code cite, by page and heading. A page may be rewritten, but
 * a heading that is cited has to stay, and the examples have to add up.
 */
class ProtocolPagesTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Path PAGES = ROOT.resolve(Path.of("docs", "protocol"));

    /** A page and, in quotes, the headings that are cited of it, as in docs/protocol/idl.md "5. Values" and "6. Protobuf". */
    private static final Pattern CITATION =
            Pattern.compile("docs/protocol/([\\w-]+\\.md)((?:(?:,| and)? \"\\d[^\"]*\")*)");

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)(?:, section (\\d+(?:\\.\\d+)?))?");
    private static final Pattern EXAMPLE_LINE = Pattern.compile("([0-9a-f]{4})  ((?:[0-9a-f]{2})+)(?: .*)?");

    @Test
    void everyCitationInTheCodeNamesAPageAndAHeadingThatExist() throws IOException {
        Set<String> missing = new TreeSet<>();
        int citations = 0;
        for (Path source : sources()) {
            for (MatchResult citation :
                    CITATION.matcher(withoutLineBreaks(source)).results().toList()) {
                Path page = PAGES.resolve(citation.group(1));
                if (!Files.exists(page)) {
                    missing.add(source + ": no page " + page);
                    continue;
                }
                for (MatchResult heading :
                        QUOTED.matcher(citation.group(2)).results().toList()) {
                    citations++;
                    if (!headings(page).contains(heading.group(1))) {
                        missing.add(source + ": no heading \"" + heading.group(1) + "\" in " + page);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(citations).isGreaterThan(50);
    }

    @Test
    void noCommentCitesADocumentThatIsNotHere() throws IOException {
        Pattern elsewhere = Pattern.compile(
                "[Ss]pec (?:ttheader|ttheader-streaming|unary-thrift|metainfo|semantics|grpc|idl)\\b(?! \\[)");
        List<Path> citing = new ArrayList<>();
        for (Path source : sources()) {
            if (!source.endsWith("ProtocolPagesTest.java")
                    && elsewhere.matcher(withoutLineBreaks(source)).find()) {
                citing.add(source);
            }
        }
        assertThat(citing).isEmpty();
    }

    @Test
    void everyLinkFromPageToPageLeadsToAPageAndASection() throws IOException {
        Set<String> broken = new TreeSet<>();
        for (Path page : pages()) {
            String text = Files.readString(page).replaceAll("\\s+", " ");
            for (MatchResult link : LINK.matcher(text).results().toList()) {
                Path target = PAGES.resolve(link.group(1));
                if (!Files.exists(target)) {
                    broken.add(page + ": " + link.group(1));
                } else if (link.group(2) != null
                        && headings(target).stream().noneMatch(heading -> isNumbered(heading, link.group(2)))) {
                    broken.add(page + ": " + link.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theBytesOfEveryExampleStandWhereItSaysAndAreAsManyAsItsLengthAnnounces() throws IOException {
        int examples = 0;
        for (Path page : pages()) {
            List<Byte> bytes = new ArrayList<>();
            for (String line : Files.readAllLines(page)) {
                Matcher example = EXAMPLE_LINE.matcher(line);
                if (example.matches()) {
                    assertThat(bytes).as(page + ": " + line).hasSize(Integer.parseInt(example.group(1), 16));
                    for (byte value : HexFormat.of().parseHex(example.group(2))) {
                        bytes.add(value);
                    }
                } else if (line.startsWith("total ")) {
                    assertThat(line).isEqualTo("total " + bytes.size() + " bytes");
                    assertThat(announced(bytes)).as(page + ": " + line).isEqualTo(bytes.size() - 4);
                    bytes.clear();
                    examples++;
                }
            }
            assertThat(bytes).as(page + " has an example without an end").isEmpty();
        }
        assertThat(examples).isEqualTo(16);
    }

    private static int announced(List<Byte> bytes) {
        int length = 0;
        for (byte value : bytes.subList(0, 4)) {
            length = length << 8 | value & 0xff;
        }
        return length;
    }

    private static boolean isNumbered(String heading, String number) {
        return heading.startsWith(number + ".") || heading.startsWith(number + " ");
    }

    private static Set<String> headings(Path page) throws IOException {
        Set<String> headings = new TreeSet<>();
        boolean code = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                code = !code;
            } else if (!code && line.startsWith("#")) {
                headings.add(line.replaceFirst("^#+ ", ""));
            }
        }
        return headings;
    }

    private static List<Path> pages() throws IOException {
        try (var files = Files.list(PAGES)) {
            return files.filter(file -> file.toString().endsWith(".md")).toList();
        }
    }

    /** A citation may go on in the next line of its comment. */
    private static String withoutLineBreaks(Path source) throws IOException {
        return Files.readString(source, StandardCharsets.UTF_8).replaceAll("\\R\\s*(?:\\*|//)?\\s*", " ");
    }

    /** The Java of all modules, without what a build made. */
    static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = String.valueOf(folder.getFileName());
                return name.equals("target") || name.equals(".git")
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".java")) {
                    sources.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return sources;
    }
}
