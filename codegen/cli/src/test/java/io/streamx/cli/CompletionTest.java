package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shell offers after the key Tab. */
class CompletionTest {
    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({
        "streamx ca, call",
        "streamx call --transpo, --transport",
        "streamx gen --skel, --skeleton",
        "streamx call --carrier ttheader-, ttheader-framed",
        "streamx bench --transport g, grpc"
    })
    void bashCompletesCommandsAndOptions(String typed, String offered) throws Exception {
        Console console = new Console();
        assertThat(console.run("generate-completion")).isZero();
        Path script = Files.writeString(dir.resolve("completion"), console.out());
        String bash = "source " + script + "; COMP_WORDS=(" + typed + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                + " COMP_LINE='" + typed + "'; COMP_POINT=${#COMP_LINE}; _complete_streamx; echo \"${COMPREPLY[@]}\"";
        Process process =
                new ProcessBuilder("bash", "-c", bash).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.split("\\s+")).contains(offered);
    }

    @Test
    void theScriptIsForZshToo() {
        Console console = new Console();
        assertThat(console.run("generate-completion")).isZero();
        assertThat(console.out()).contains("bashcompinit").contains("complete -F _complete_streamx");
    }

    @Test
    void theManualPageHasEveryCommandAndManReadsItWithoutAWarning() throws Exception {
        Console console = new Console();
        assertThat(console.run("generate-man-page")).isZero();
        assertThat(console.out())
                .startsWith(".TH STREAMX 1 ")
                .contains(
                        ".SH \"streamx call\"",
                        ".SH \"streamx bench\"",
                        ".SH \"streamx idl diff\"",
                        ".SS \"Exit codes\"")
                .doesNotContain("${", "%n");

        Path page = Files.writeString(dir.resolve("streamx.1"), console.out());
        Process man;
        try {
            man = new ProcessBuilder("groff", "-man", "-Tutf8", "-ww", page.toString()).start();
        } catch (IOException e) {
            assumeThat(e)
                    .as("no groff: what man makes of the page was not tried")
                    .isNull();
            return;
        }
        // Bold and underlined, by overstriking or by colours, as the groff at hand does it.
        String shown = new String(man.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .replaceAll(".\b", "")
                .replaceAll("\u001b\\[[0-9;]*m", "")
                .replaceAll("[\u2010\u2212]", "-");
        assertThat(new String(man.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(man.waitFor()).isZero();
        assertThat(shown).contains("streamx record", "--listen host:port");
    }
}
