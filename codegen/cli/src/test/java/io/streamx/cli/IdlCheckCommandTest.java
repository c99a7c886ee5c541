package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdlCheckCommandTest {
    @TempDir
    private Path dir;

    private final Console console = new Console();

    private String write(String name, String idl) throws IOException {
        return Files.writeString(dir.resolve(name), idl).toString();
    }

    @Test
    void whatIsRightIsSilent() throws IOException {
        write("types.thrift", "struct T {}");
        String file = write("a.thrift", "include \"types.thrift\"\nstruct A { 1: types.T t }");
        assertThat(console.run("idl", "check", file)).as(console.out()).isZero();
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).isEmpty();
    }

    @Test
    void eachMistakeIsALineWithItsPlaceAlsoInIncludedFiles() throws IOException {
        write("types.thrift", "struct T { 1: Missing m }");
        String file = write("a.thrift", "include \"types.thrift\"\nstruct A { 1: types.T t\n 1: i32 twice }");
        assertThat(console.run("idl", "check", file)).isEqualTo(1);
        assertThat(console.out())
                .hasLineCount(2)
                .contains("types.thrift:1:15: ")
                .contains("a.thrift:3:");
    }

    @Test
    void withoutACommandOrAFileTheCommandLineIsWrong() {
        assertThat(console.run("idl")).isEqualTo(2);
        assertThat(console.err()).contains("Missing command (expected: ");
        assertThat(console.run("idl", "check")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "diff", "format"})
    void protobufIsToldToBeNoThrift(String command) throws IOException {
        String file = write("a.proto", "syntax = \"proto3\";\nmessage A {}");
        assertThat(command.equals("diff") ? console.run("idl", command, file, file) : console.run("idl", command, file))
                .isEqualTo(2);
        assertThat(console.err()).contains(file + ": Protobuf (expected: Thrift; ");
        assertThat(console.out()).isEmpty();
    }
}
