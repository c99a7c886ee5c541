package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenCommandTest {
    private static final String ECHO = """
            namespace java com.example.echo
            struct Message { 1: required string text }
            service Base { i32 Count(), oneway void Forget(1: string key) }
            service Echo extends Base {
                Message PingPong(1: Message message, 2: i64 at),
                Message Both(1: Message message) (streaming.mode="bidirectional"),
                Message Up(1: Message message) (streaming.mode="client"),
                Message Down(1: Message message) (streaming.mode="server"),
            }
            """;

    @TempDir
    Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return StreamXCommand.run(
                new Terminal(
                        InputStream.nullInputStream(),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        reaction -> () -> {}),
                args);
    }

    private String write(String path, String text) throws IOException {
        Path file = dir.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    private List<String> generated() throws IOException {
        Path root = dir.resolve("out");
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void protobufIsToldWhatToUse() throws IOException {
        String file = write("a.proto", "syntax = \"proto3\";\nmessage A {}");
        assertThat(run("gen", "-o", dir.resolve("out").toString(), file)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("streamx: bad input: " + file + ": Protobuf (expected: Thrift; ")
                .contains("io.streamx:streamx-protoc-plugin", "examples/protobuf-quickstart");
        assertThat(generated()).isEmpty();
    }

    @Test
    void generatesTheFilesAndWhatTheyInclude() throws IOException {
        write("shared/types.thrift", "namespace java com.types\nstruct T {}");
        String file = write("a.thrift", "namespace java com.a\ninclude \"types.thrift\"\nstruct A { 1: types.T t }");
        int exitCode = run(
                "gen",
                "-I",
                dir.resolve("shared").toString(),
                "-o",
                dir.resolve("out").toString(),
                file);
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(generated())
                .containsExactly(
                        "com/a/A.java", "com/a/package-info.java", "com/types/T.java", "com/types/package-info.java");
        assertThat(out.toString()).isEqualTo("generated 4 files in " + dir.resolve("out") + System.lineSeparator());
    }

    @Test
    void thePackageCanBeSet() throws IOException {
        String file = write("a.thrift", "namespace java com.a\nstruct A {}");
        assertThat(run("gen", "--package", "org.other", "-o", dir.resolve("out").toString(), file))
                .isZero();
        assertThat(generated()).containsExactly("org/other/A.java", "org/other/package-info.java");
    }

    @Test
    void anUnchangedFileIsNotWrittenAgain() throws IOException {
        String file = write("a.thrift", "namespace java com.a\nstruct A {}");
        assertThat(run("gen", "-o", dir.resolve("out").toString(), file)).isZero();
        Path generated = dir.resolve("out/com/a/A.java");
        FileTime longAgo = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(generated, longAgo);
        assertThat(run("gen", "-o", dir.resolve("out").toString(), file)).isZero();
        assertThat(Files.getLastModifiedTime(generated)).isEqualTo(longAgo);
    }

    @Test
    void errorsInTheIdlGoToStderrAndExitWithOne() throws IOException {
        String file = write("a.thrift", "struct A { 1: B b\n 0: i32 }");
        assertThat(run(
                        "gen",
                        "-o",
                        dir.resolve("out").toString(),
                        file,
                        dir.resolve("no.thrift").toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":1:15: undefined type 'B' (expected: a base type or one defined in this file)",
                        file + ":2:9: unexpected '}' in struct A (expected: the name of a field)",
                        dir.resolve("no.thrift") + ":1:1: cannot read " + dir.resolve("no.thrift") + ": no such file",
                        "3 errors");
        assertThat(out.toString()).isEmpty();
        assertThat(generated()).isEmpty();
    }

    @Test
    void anOutputThatCannotBeWrittenExitsWithOne() throws IOException {
        String file = write("a.thrift", "struct A {}");
        assertThat(run("gen", "-o", file, file)).isEqualTo(1);
        assertThat(err.toString()).startsWith("cannot write to " + file + ": ");
    }

    @Test
    void aWrongCommandLineExitsWithTwo() throws IOException {
        String file = write("a.thrift", "struct A {}");
        assertThat(run()).isEqualTo(2);
        assertThat(run("gen")).isEqualTo(2);
        assertThat(run("gen", "--nonsense", file)).isEqualTo(2);
        assertThat(run("nonsense")).isEqualTo(2);
        assertThat(run("gen", "--package", "1.class", file)).isEqualTo(2);
        assertThat(err.toString())
                .contains("Missing command (expected: call, ")
                .contains("Missing required parameter: 'file'")
                .contains("Unknown option: '--nonsense'")
                .contains("Unmatched argument at index 0: 'nonsense'")
                .contains("--package: Java package: '1.class' (expected: ");
    }

    @Test
    void helpNamesOptionsAndExitCodes() {
        assertThat(run("--help")).isZero();
        assertThat(run("gen", "--help")).isZero();
        assertThat(out.toString())
                .contains("Usage: streamx [-hV] [COMMAND]")
                .contains("--skeleton")
                .contains("-I, --include=dir")
                .contains("-o, --output=dir")
                .contains("--package=name")
                .contains("the IDL has errors");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void skeletonsAreWrittenOnceAndNeverOverwritten() throws IOException {
        String file = write("echo.thrift", ECHO);
        assertThat(run("gen", "--skeleton", "-o", dir.resolve("out").toString(), file))
                .isZero();
        Path handler = dir.resolve("out/com/example/echo/EchoHandler.java");
        Path main = dir.resolve("out/com/example/echo/ServerMain.java");
        assertThat(Files.readString(handler)).isEqualTo("""
                package com.example.echo;

                import io.streamx.BidiStreamingServer;
                import io.streamx.ClientStreamingServer;
                import io.streamx.ServerStreamingServer;

                /** Serves {@code Echo}. */
                public final class EchoHandler implements Echo {
                    @Override
                    public int count() {
                        throw new UnsupportedOperationException("Count is not implemented yet");
                    }

                    @Override
                    public void forget(String key) {
                        throw new UnsupportedOperationException("Forget is not implemented yet");
                    }

                    @Override
                    public Message pingPong(Message message, long at) {
                        throw new UnsupportedOperationException("PingPong is not implemented yet");
                    }

                    @Override
                    public void both(BidiStreamingServer<Message, Message> stream) {
                        throw new UnsupportedOperationException("Both is not implemented yet");
                    }

                    @Override
                    public void up(ClientStreamingServer<Message, Message> stream) {
                        throw new UnsupportedOperationException("Up is not implemented yet");
                    }

                    @Override
                    public void down(Message message, ServerStreamingServer<Message> stream) {
                        throw new UnsupportedOperationException("Down is not implemented yet");
                    }
                }
                """);
        assertThat(Files.readString(main)).isEqualTo("""
                package com.example.echo;

                import io.streamx.server.Server;

                /** Starts the server. */
                public final class ServerMain {
                    private ServerMain() {}

                    /** Serves on port 8888, or on the port given as argument (0: any free one), until the process is stopped. */
                    public static void main(String[] args) throws Exception {
                        int port = args.length == 0 ? 8888 : Integer.parseInt(args[0]);
                        try (Server server = Server.builder()
                                .port(port)
                                .service(Base.bind(new BaseHandler()))
                                .service(Echo.bind(new EchoHandler()))
                                .start()) {
                            System.out.println("Serving on port " + server.port());
                            server.awaitTermination();
                        }
                    }
                }
                """);

        Files.writeString(handler, "changed by hand");
        assertThat(run("gen", "--skeleton", "-o", dir.resolve("out").toString(), file))
                .isZero();
        assertThat(handler).hasContent("changed by hand");
        assertThat(out.toString()).contains("started " + handler).contains("kept " + handler);
    }
}
