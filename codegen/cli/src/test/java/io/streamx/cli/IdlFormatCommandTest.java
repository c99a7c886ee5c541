package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdlFormatCommandTest {
    private static final String IN_STYLE = "struct A {\n    1: i32 x, // a\n}\n";

    @TempDir
    private Path dir;

    private final Console console = new Console();

    private Path write(String name, String idl) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, idl);
    }

    @Test
    void filesOfAFolderAreWrittenBackInTheStyle() throws IOException {
        Path messy = write("deep/a.thrift", "struct A{1:i32 x // a\n}");
        Path right = write("b.thrift", IN_STYLE);
        assertThat(console.run("idl", "format", "--check", dir.toString())).isEqualTo(1);
        assertThat(console.out().strip())
                .isEqualTo(messy + ": not in the style (expected: what streamx idl format makes of it)");
        assertThat(messy).hasContent("struct A{1:i32 x // a\n}");

        assertThat(console.run("idl", "format", messy.toString(), right.toString()))
                .isZero();
        assertThat(messy).hasContent(IN_STYLE);
        assertThat(console.out()).contains("formatted " + messy).doesNotContain("formatted " + right);
        assertThat(console.run("idl", "format", "--check", dir.toString())).isZero();
    }

    @Test
    void aFileKeepsItsPermissionsAndALinkStaysALink() throws IOException {
        Path messy = write("a.thrift", "struct A{1:i32 x // a\n}");
        Files.setPosixFilePermissions(messy, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(dir.resolve("link.thrift"), messy.getFileName());
        assertThat(console.run("idl", "format", link.toString())).isZero();
        assertThat(link).isSymbolicLink();
        assertThat(messy).hasContent(IN_STYLE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(messy)))
                .isEqualTo("rw-r-----");
        assertThat(dir).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void theStandardInputIsFormattedToTheStandardOutput() {
        assertThat(console.piped("struct A{1:i32 x // a\n}").run("idl", "format", "-"))
                .isZero();
        assertThat(console.out()).isEqualTo(IN_STYLE);
    }

    @Test
    void aFileWithMistakesIsNamedAndTheOthersAreFormatted() throws IOException {
        Path broken = write("a.thrift", "struct A {");
        Path messy = write("b.thrift", "struct A{1:i32 x // a\n}");
        assertThat(console.run("idl", "format", broken.toString(), messy.toString()))
                .isEqualTo(1);
        assertThat(console.err()).contains(broken + ":1:11: unexpected end of file in struct A (expected: '}')");
        assertThat(broken).hasContent("struct A {");
        assertThat(messy).hasContent(IN_STYLE);
        assertThat(console.run("idl", "format", dir.resolve("gone").toString())).isEqualTo(2);
        assertThat(console.err()).contains("gone: no such file (expected: a Thrift file or a folder)");
    }
}
