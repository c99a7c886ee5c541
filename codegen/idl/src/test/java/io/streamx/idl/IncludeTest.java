package io.streamx.idl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncludeTest {
    @TempDir
    Path dir;

    @Test
    void theWorkingDirectoryComesBeforeTheOwnFolderBeforeTheIncludeFolders() {
        IdlFolder folder = new IdlFolder(dir)
                .with("working-directory/first.thrift", "struct Working {}")
                .with("src/first.thrift", "struct Own {}")
                .with("src/second.thrift", "struct Own {}")
                .with("includes/second.thrift", "struct Included {}")
                .with("includes/deep/third.thrift", "struct Included {}")
                .with("more/deep/third.thrift", "struct More {}")
                .with("src/a.thrift", """
                        include "first.thrift"
                        include "second.thrift"
                        include "deep/third.thrift"
                        struct S { 1: first.Working a 2: second.Own b 3: third.Included c }
                        """);
        IdlFolder.Loaded loaded = folder.load(List.of(dir.resolve("includes"), dir.resolve("more")), "src/a.thrift");
        assertThat(loaded.errors()).isEmpty();
        assertThat(loaded.document().includes())
                .extracting(Include::path, Include::prefix)
                .containsExactly(
                        tuple("first.thrift", "first"),
                        tuple("second.thrift", "second"),
                        tuple("deep/third.thrift", "third"));
    }

    @Test
    void aMissingIncludeSaysWhereItWasLookedForAndItsNamesAreNotReportedAgain() {
        IdlFolder folder = new IdlFolder(dir)
                .with("a.thrift", "include \"x/nope.thrift\"\nstruct S { 1: nope.T t }\nconst i32 C = nope.E.A");
        assertThat(folder.load(List.of(dir.resolve("inc")), "a.thrift").errors())
                .containsExactly("a.thrift:1:9: include \"x/nope.thrift\" not found (looked for: "
                        + "working-directory/x/nope.thrift, x/nope.thrift, inc/x/nope.thrift)");
    }

    @Test
    void aPathThatIsNoFileNameIsRefused() {
        assertThat(IdlFolder.load(dir, "include \"a\0b.thrift\"").errors())
                .singleElement()
                .asString()
                .startsWith("a.thrift:1:9: include \"a\\u0000b.thrift\" is no file name: ");
    }

    @Test
    void aFileThatDoesNotExistIsADiagnosticToo() {
        assertThat(new IdlFolder(dir).load("missing.thrift").errors())
                .containsExactly("missing.thrift:1:1: cannot read missing.thrift: no such file");
    }

    @Test
    void onlyDirectIncludesAreSeen() {
        IdlFolder folder = new IdlFolder(dir)
                .with("c.thrift", "struct C {}")
                .with("b.thrift", "include \"c.thrift\"\nstruct B { 1: c.C c }")
                .with("a.thrift", "include \"b.thrift\"\nstruct A { 1: c.C c 2: B b }");
        assertThat(folder.load("a.thrift").errors())
                .containsExactly(
                        "a.thrift:2:15: undefined type 'c.C' (expected: include \"c.thrift\"; only files this one "
                                + "includes itself are seen)",
                        "a.thrift:2:24: undefined type 'B' (expected: b.B)");
    }

    @Test
    void twoIncludesOfOneBaseNameAreBothSearched() {
        IdlFolder folder = new IdlFolder(dir)
                .with("x/common.thrift", "struct X {}")
                .with("y/common.thrift", "struct Y {}")
                .with(
                        "a.thrift",
                        "include \"x/common.thrift\" include \"y/common.thrift\"\n"
                                + "struct A { 1: common.X x 2: common.Y y 3: common.Z z }");
        assertThat(folder.load("a.thrift").errors())
                .containsExactly(
                        "a.thrift:2:43: undefined type 'common.Z' (expected: a type defined in common.thrift)");
    }

    @Test
    void prefixesMayHoldDots() {
        IdlFolder folder = new IdlFolder(dir)
                .with("a.b.c.thrift", "struct T {} service S {}")
                .with("a.thrift", "include \"a.b.c.thrift\" struct A { 1: a.b.c.T t } service B extends a.b.c.S {}");
        assertThat(folder.load("a.thrift").errors()).isEmpty();
    }

    @Test
    void circlesAreRefusedAtTheIncludeThatClosesThem() {
        IdlFolder folder = new IdlFolder(dir)
                .with("a.thrift", "include \"b.thrift\"")
                .with("b.thrift", "\ninclude \"c.thrift\"")
                .with("c.thrift", "include \"a.thrift\" include \"c.thrift\"");
        assertThat(folder.load("a.thrift").errors())
                .containsExactly(
                        "c.thrift:1:9: include circle: a.thrift -> b.thrift -> c.thrift -> a.thrift",
                        "c.thrift:1:28: include circle: c.thrift -> c.thrift");
    }

    @Test
    void eachFileIsReadOnceAndComesBehindWhatItIncludes() {
        IdlFolder folder = new IdlFolder(dir)
                .with("base.thrift", "struct Base {}")
                .with("b.thrift", "include \"base.thrift\" include \"./base.thrift\"")
                .with("a.thrift", "include \"b.thrift\" include \"base.thrift\" struct A { 1: base.Base b }");
        IdlResult result = folder.load("a.thrift", "b.thrift").result();
        assertThat(result.documents()).extracting(Document::name).containsExactly("a", "b");
        assertThat(result.allDocuments()).extracting(Document::name).containsExactly("base", "b", "a");
        assertThat(result.diagnostics()).isEmpty();
    }

    @Test
    void mistakesInIncludedFilesFailTheRun() {
        IdlFolder folder =
                new IdlFolder(dir).with("b.thrift", "struct B { 1: X x }").with("a.thrift", "include \"b.thrift\"");
        assertThat(folder.load("a.thrift").errors())
                .containsExactly(
                        "b.thrift:1:15: undefined type 'X' (expected: a base type or one defined in this file)");
        assertThat(folder.load("a.thrift").result().documents()).isEmpty();
        assertThat(folder.load("a.thrift").result().allDocuments()).isEmpty();
    }

    @Test
    void includesComeFromJars() throws IOException {
        Path jar = dir.resolve("shared.jar");
        try (FileSystem files = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            Files.createDirectories(files.getPath("idl"));
            Files.writeString(files.getPath("idl/types.thrift"), "include \"base.thrift\" struct T { 1: base.B b }");
            Files.writeString(files.getPath("idl/base.thrift"), "struct B { 1: Broken b }");
        }
        IdlFolder folder =
                new IdlFolder(dir).with("a.thrift", "include \"idl/types.thrift\" struct A { 1: types.T t }");
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            assertThat(folder.load(List.of(files.getPath("/")), "a.thrift").errors())
                    .containsExactly("shared.jar!/idl/base.thrift:1:15: undefined type 'Broken' (expected: a base type "
                            + "or one defined in this file)");
        }
    }
}
