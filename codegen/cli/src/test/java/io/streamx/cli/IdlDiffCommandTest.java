package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdlDiffCommandTest {
    @TempDir
    private Path dir;

    private final Console console = new Console();

    private String write(String name, String idl) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, idl).toString();
    }

    @Test
    void whatBreaksNothingIsSilent() throws IOException {
        String old = write("old/a.thrift", "struct A { 1: i32 x }");
        String now = write("new/a.thrift", "struct A { 1: i32 x, 2: optional string y }");
        assertThat(console.run("idl", "diff", old, now)).as(console.err()).isZero();
        assertThat(console.out()).isEmpty();
    }

    @Test
    void eachBreakIsALineWithPlaceKindAndReason() throws IOException {
        String old = write("old/a.thrift", "struct A { 1: i32 x, 2: required i32 y }");
        String now = write("new/a.thrift", "struct A {\n 1: i64 x\n}");
        assertThat(console.run("idl", "diff", old, now)).isEqualTo(1);
        assertThat(console.out())
                .hasLineCount(2)
                .contains(now + ":2:9: breaks wire and source: type-changed A.x: the type was i32, is i64: ")
                .contains(old + ":1:38: breaks wire and source: field-removed A.y: ");
    }

    @Test
    void onlyOneKindOfBreakCountsWhereOnlyOneIsAskedFor() throws IOException {
        String old = write("old/a.thrift", "struct A { 1: i32 x }");
        String now = write("new/a.thrift", "struct A { 1: i32 y }");
        assertThat(console.run("idl", "diff", "--only", "wire", old, now)).isZero();
        assertThat(console.run("idl", "diff", "--only", "source", old, now)).isEqualTo(1);
        assertThat(console.run("idl", "diff", "--only", "json", old, now)).isEqualTo(2);
        assertThat(console.err()).contains("--only: json (expected: wire or source)");
    }

    @Test
    void machinesGetAnObjectALine() throws IOException {
        String old = write("old/a.thrift", "enum E { A = 1 }");
        String now = write("new/a.thrift", "enum E { A = 2 }");
        assertThat(console.run("idl", "diff", "--json", old, now)).isEqualTo(1);
        assertThat(console.out().strip())
                .isEqualTo("{\"file\":\"" + now + "\",\"line\":1,\"column\":10,\"kind\":\"enum-number-changed\","
                        + "\"element\":\"E.A\",\"breaks\":[\"wire\"],\"reason\":\"the number was 1, is 2: peers take it for"
                        + " another value, or for none they know\"}");
    }

    @Test
    void aFolderIsComparedWithAJarAndEachFindsItsOwnIncludes() throws IOException {
        write("new/types/t.thrift", "struct T { 1: i64 v }");
        write("new/a.thrift", "include \"types/t.thrift\"\nstruct A { 1: t.T x }");
        Path jar = dir.resolve("old.jar");
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Files.createDirectories(files.getPath("/types"));
            Files.writeString(files.getPath("/types/t.thrift"), "struct T { 1: i32 v }");
            Files.writeString(files.getPath("/a.thrift"), "include \"types/t.thrift\"\nstruct A { 1: t.T x }");
        }
        assertThat(console.run("idl", "diff", jar.toString(), dir.resolve("new").toString()))
                .as(console.err())
                .isEqualTo(1);
        assertThat(console.out()).hasLineCount(1).contains("type-changed T.v");
    }

    @Test
    void whatCannotBeComparedIsNamed() throws IOException {
        String good = write("old/a.thrift", "struct A {}");
        String bad = write("new/a.thrift", "struct A {");
        String text = write("new/a.zip", "no archive");
        Files.createDirectory(dir.resolve("empty"));
        assertThat(console.run("idl", "diff", good, bad)).isEqualTo(2);
        assertThat(console.run("idl", "diff", good, dir.resolve("gone").toString()))
                .isEqualTo(2);
        assertThat(console.run("idl", "diff", good, dir.resolve("empty").toString()))
                .isEqualTo(2);
        assertThat(console.run("idl", "diff", good, text)).isEqualTo(2);
        assertThat(console.err())
                .contains(bad + ":1:11: unexpected end of file")
                .contains("gone: no such file (expected: a Thrift file, a folder or a jar)")
                .contains("empty: no file ends with .thrift (expected: at least one)")
                .contains("a.zip: cannot be read as a jar: ");
    }
}
