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
import org.junit.jupiter.api.Test;

/** What has to hold over all modules and that no module can check by itself. */
class RepositoryTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Path BOM = ROOT.resolve(Path.of("core", "bom", "pom.xml"));
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([\\w-]+)</artifactId>");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)</version>");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    /** Between backticks: a class, or a package with what follows it. */
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w+)`");

    @Test
    void theBomHasEveryModuleThatIsPublishedAndNoOther() throws IOException {
        Set<String> published = new TreeSet<>();
        for (Path pom : poms()) {
            String text = Files.readString(pom);
            if (!text.contains("<maven.deploy.skip>true</maven.deploy.skip>")
                    && !text.contains("<packaging>pom</packaging>")) {
                published.add(ownArtifact(text));
            }
        }
        String bom = Files.readString(BOM);
        String managed = bom.substring(bom.indexOf("<dependencyManagement>"), bom.indexOf("</dependencyManagement>"));
        assertThat(matches(ARTIFACT, managed)).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void theBomHasTheVersionOfTheBuild() throws IOException {
        assertThat(matches(VERSION, Files.readString(BOM)).getFirst())
                .isEqualTo(matches(VERSION, Files.readString(ROOT.resolve("pom.xml")))
                        .getFirst());
    }

    @Test
    void everyClassThatTheMapOfContributingNamesExists() throws IOException {
        Set<String> classes = ProtocolPagesTest.sources().stream()
                .map(file -> String.valueOf(file.getFileName()))
                .map(name -> name.substring(0, name.length() - ".java".length()))
                .collect(Collectors.toSet());
        String text = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
        String map = text.substring(text.indexOf("## Where does X live"), text.indexOf("## Rules"));
        List<String> named = matches(CLASS, map);
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(classes).containsAll(named);
    }

    private static List<Path> poms() throws IOException {
        List<Path> poms = new ArrayList<>();
        for (String wing : matches(MODULE, Files.readString(ROOT.resolve("pom.xml")))) {
            Path pom = ROOT.resolve(wing).resolve("pom.xml");
            poms.add(pom);
            for (String module : matches(MODULE, Files.readString(pom))) {
                poms.add(pom.resolveSibling(module).resolve("pom.xml"));
            }
        }
        return poms;
    }

    /** The first artifact that is not the parent's. */
    private static String ownArtifact(String pom) {
        return matches(ARTIFACT, pom.substring(pom.indexOf("</parent>") + 1)).getFirst();
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(found -> pattern.matcher(found).replaceFirst("$1"))
                .toList();
    }
}
