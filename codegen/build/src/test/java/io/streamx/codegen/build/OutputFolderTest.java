package io.streamx.codegen.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.codegen.GeneratedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
    private static final GeneratedFile A = new GeneratedFile("a/A.java", "class A {}");
    private static final GeneratedFile B = new GeneratedFile("b/B.java", "class B {}");

    @TempDir
    Path dir;

    private Path write(String path, String text) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void aSharedFolderKeepsWhatOthersHaveWritten() throws IOException {
        Path stranger = write("out/b/Stranger.java", "class Stranger {}");
        OutputFolder folder = OutputFolder.shared(dir.resolve("out"), dir.resolve("state"));
        assertThat(folder.replace(List.of(A, B))).isEqualTo(new OutputFolder.Changes(2, 0, 0));
        assertThat(folder.replace(List.of(A))).isEqualTo(new OutputFolder.Changes(0, 1, 1));
        assertThat(stranger).exists();
        assertThat(dir.resolve("out/b/B.java")).doesNotExist();
    }

    @Test
    void anOwnedFolderHasWhatIsGeneratedAndNothingElse() throws IOException {
        Path stranger = write("out/c/Stranger.java", "class Stranger {}");
        OutputFolder folder = OutputFolder.owned(dir.resolve("out"));
        assertThat(folder.replace(List.of(A, B))).isEqualTo(new OutputFolder.Changes(2, 1, 0));
        assertThat(stranger.getParent()).doesNotExist();
        // What a cache has brought back is taken for generated, whoever generated it.
        write("out/a/A.java", "class A { int old; }");
        write("out/d/D.java", "class D {}");
        assertThat(folder.replace(List.of(A, B))).isEqualTo(new OutputFolder.Changes(1, 1, 1));
        assertThat(dir.resolve("out/a/A.java")).hasContent("class A {}");
        assertThat(folder.replace(List.of())).isEqualTo(new OutputFolder.Changes(0, 2, 0));
    }
}
