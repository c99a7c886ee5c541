package io.streamx.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.codegen.java.JavaNames;
import io.streamx.idl.Diagnostic;
import io.streamx.idl.IdlResult;
import io.streamx.idl.ThriftIdl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaGeneratorTest {
    @TempDir
    Path directory;

    @Test
    void thePackageIsThatOfJavaElseOfAnyElseOfGoElseTheFileName() throws IOException {
        assertThat(paths("namespace java a.b\nnamespace * c\nnamespace go d\nstruct S {}"))
                .containsExactly("a/b/S.java", "a/b/package-info.java");
        assertThat(paths("namespace go d\nnamespace * c\nstruct S {}")).contains("c/S.java");
        assertThat(paths("namespace go d.e\nstruct S {}")).contains("d/e/S.java");
        assertThat(paths("struct S {}")).contains("file/S.java");
    }

    @Test
    void aPackageThatJavaDoesNotAllowIsMadeOne() throws IOException {
        assertThat(paths("namespace go a.default.2x\nstruct S {}")).contains("a/default_/_2x/S.java");
    }

    @Test
    void thePackageCanBeChosen() throws IOException {
        IdlResult idl = load(Map.of("one", "struct S {}", "two", "struct T {}"));
        GeneratorOptions options =
                GeneratorOptions.DEFAULTS.withJavaPackage("x.y").withJavaPackage("two", "z");
        assertThat(JavaGenerator.generate(idl.documents(), options).files())
                .extracting(GeneratedFile::path)
                .containsExactly("x/y/S.java", "x/y/package-info.java", "z/T.java", "z/package-info.java");
        assertThatThrownBy(() -> GeneratorOptions.DEFAULTS.withJavaPackage("x.class"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Java package: 'x.class' (expected: names with dots between, as com.example.echo)");
    }

    @Test
    void oneClassFromTwoFilesIsAnError() throws IOException {
        IdlResult idl = load(Map.of("one", "namespace * p\nstruct S {}", "two", "namespace * p\n\nenum s { A }"));
        GeneratorResult result = JavaGenerator.generate(idl.documents(), GeneratorOptions.DEFAULTS);
        assertThat(result.hasErrors()).isTrue();
        assertThat(result.files()).isEmpty();
        assertThat(result.diagnostics())
                .extracting(Diagnostic::message)
                .singleElement()
                .asString()
                .startsWith("s and a definition of ")
                .endsWith("one.thrift both become p.S (expected: another namespace java in one of the files)");
    }

    @Test
    void oneFileFromTwoNamesThatDifferInCapitalsOnlyIsAnError() throws IOException {
        IdlResult idl = load(Map.of("one", "namespace * p\nstruct URL {}", "two", "namespace * p\nstruct Url {}"));
        assertThat(JavaGenerator.generate(idl.documents(), GeneratorOptions.DEFAULTS)
                        .diagnostics())
                .extracting(Diagnostic::message)
                .singleElement()
                .asString()
                .endsWith("both become p.Url where file systems do not tell capitals apart (expected: another namespace"
                        + " java in one of the files)");
        assertThat(paths("namespace * p\nstruct URL {}\nstruct Url {}"))
                .containsExactly("p/URL.java", "p/Url_.java", "p/package-info.java");
    }

    @Test
    void moreMembersThanAJavaClassHoldsAreAnError() throws IOException {
        StringBuilder struct = new StringBuilder("struct S {");
        for (int id = 1; id <= 2_001; id++) {
            struct.append(id).append(": i32 a").append(id).append(' ');
        }
        IdlResult idl = load(Map.of("file", struct.append('}').toString()));
        assertThat(JavaGenerator.generate(idl.documents(), GeneratorOptions.DEFAULTS)
                        .diagnostics())
                .extracting(Diagnostic::message)
                .containsExactly("S has 2001 fields (expected: at most 2000, which is what a Java class can hold)");
    }

    @Test
    void moreArgumentsThanAJavaMethodTakesAreAnError() throws IOException {
        StringBuilder service = new StringBuilder("service S { void f(");
        for (int id = 1; id <= 128; id++) {
            service.append(id).append(": i64 a").append(id).append(' ');
        }
        IdlResult idl = load(Map.of("file", service.append(") }").toString()));
        assertThat(JavaGenerator.generate(idl.documents(), GeneratorOptions.DEFAULTS)
                        .diagnostics())
                .extracting(Diagnostic::message)
                .singleElement()
                .asString()
                .startsWith("f has 128 arguments (expected: at most as many as a Java method can have");
    }

    @Test
    void namesBecomeThoseOfJava() {
        assertThat(JavaNames.type("lower_service")).isEqualTo("LowerService");
        assertThat(JavaNames.type("HTTPRequest")).isEqualTo("HTTPRequest");
        assertThat(JavaNames.member("PingPong")).isEqualTo("pingPong");
        assertThat(JavaNames.member("URLPath")).isEqualTo("urlPath");
        assertThat(JavaNames.member("ID")).isEqualTo("id");
        assertThat(JavaNames.member("class")).isEqualTo("class_");
        assertThat(JavaNames.member("_")).isEqualTo("_field");
        assertThat(JavaNames.constant("PingPong")).isEqualTo("PING_PONG");
        assertThat(JavaNames.constant("HTTPRequest2")).isEqualTo("HTTP_REQUEST2");
        assertThat(JavaNames.constant("already_SNAKE")).isEqualTo("ALREADY_SNAKE");
    }

    @Test
    void theKotlinOfServicesIsWrittenWhereItIsAskedFor() throws IOException {
        String idl = "namespace java p\n"
                + "struct S {}\n"
                + "service Chat { S in(1: S val), S all(1: S s) (streaming.mode=\"server\") }\n"
                + "service ChatCoroutines {}";
        assertThat(paths(idl)).noneMatch(path -> path.endsWith(".kt"));

        GeneratorOptions options = GeneratorOptions.DEFAULTS.withKotlin(true);
        List<GeneratedFile> files = JavaGenerator.generate(
                        load(Map.of("file", idl)).documents(), options)
                .files();
        List<GeneratedFile> kotlin =
                files.stream().filter(file -> file.path().endsWith(".kt")).toList();
        assertThat(kotlin)
                .extracting(GeneratedFile::path)
                .containsExactly("p/ChatCoroutinesCoroutines.kt", "p/ChatCoroutines_.kt");
        assertThat(kotlin.get(1).content())
                .contains("public suspend fun `in`(`val`: p.S): p.S = call { blocking.`in`(`val`) }")
                .contains("public fun all(s: p.S): Flow<p.S> = flowFrom { blocking.all(s) }")
                .contains("public fun bind(handler: ChatCoroutines_): io.streamx.service.ServiceDefinition");
    }

    private List<String> paths(String idl) throws IOException {
        return JavaGenerator.generate(load(Map.of("file", idl)).documents(), GeneratorOptions.DEFAULTS).files().stream()
                .map(GeneratedFile::path)
                .toList();
    }

    private IdlResult load(Map<String, String> idlFiles) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> file : idlFiles.entrySet()) {
            files.add(Files.writeString(directory.resolve(file.getKey() + ".thrift"), file.getValue()));
        }
        files.sort(null);
        IdlResult idl = ThriftIdl.load(files, List.of());
        assertThat(idl.errors()).isEmpty();
        return idl;
    }
}
