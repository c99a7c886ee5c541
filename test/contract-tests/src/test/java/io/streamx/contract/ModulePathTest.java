package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a program on the module path can use, and that it runs there. All other tests run on the class path. Needs the jars
 * of the modules, whose descriptors are made when they are packaged.
 */
@Timeout(180)
class ModulePathTest {
    private static final Pattern NEEDED = Pattern.compile(
            "(streamx-(api|core|thrift|ttheader|grpc|test-fixtures)|netty-|jspecify|slf4j-api|jctools-core|jackson-core).*\\.jar");

    private static final String PROGRAM = """
        package program;

        import io.streamx.BidiStreamingClient;
        import io.streamx.Transport;
        import io.streamx.client.Client;
        import io.streamx.fixtures.EchoService;
        import io.streamx.grpc.GrpcOptions;
        import io.streamx.server.Server;
        import io.streamx.service.CallOptions;

        public final class Main {
            public static void main(String[] args) throws Exception {
                try (Server server = Server.builder().port(0).service(EchoService.echo()).start()) {
                    for (Transport transport : Transport.values()) {
                        try (Client client = Client.builder("EchoService")
                                        .address("127.0.0.1:" + server.port())
                                        .transport(transport)
                                        .transportOptions(GrpcOptions.DEFAULT)
                                        .build();
                                BidiStreamingClient<String, String> stream =
                                        client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
                            stream.send("ping");
                            stream.closeSend();
                            System.out.println(transport + " stream " + stream.recv());
                            System.out.println(transport + " call "
                                    + client.call(EchoService.SAY, "hello", CallOptions.NONE));
                        }
                    }
                }
            }
        }
        """;

    private String modulePath;

    @TempDir
    private Path folder;

    @BeforeEach
    void findTheJars() {
        List<String> jars = new ArrayList<>();
        for (String entry :
                System.getProperty("java.class.path").split(Pattern.quote(System.getProperty("path.separator")))) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path) && entry.matches(".*(core|protocol|payload).*")) {
                abort("skipped: the modules under test are folders of classes (expected: jars, as in mvn verify): "
                        + path);
            }
            if (NEEDED.matcher(path.getFileName().toString()).matches()) {
                jars.add(entry);
            }
        }
        modulePath = String.join(System.getProperty("path.separator"), jars);
    }

    @Test
    void clientAndServerRunOnTheModulePathOverBothTransports() throws Exception {
        assertThat(compile(
                        "requires io.streamx.core; requires io.streamx.grpc; requires io.streamx.thrift; requires"
                                + " streamx.test.fixtures;",
                        PROGRAM))
                .isEmpty();

        assertThat(run())
                .contains("TTHEADER stream ping", "TTHEADER call hello", "GRPC stream ping", "GRPC call hello");
    }

    @Test
    void aProgramSeesNeitherTheEngineNorWhatIsForWireModules() {
        for (String hidden : List.of(
                "io.streamx.engine.StreamConnection",
                "io.streamx.engine.flow.InboundQueue",
                "io.streamx.wire.Limits",
                "io.streamx.net.EventLoops")) {
            assertThat(compile(
                            "requires io.streamx.core;",
                            "package program; public final class Main { " + hidden + " field; }"))
                    .anySatisfy(message -> assertThat(message).contains("is not visible"));
        }
    }

    /** What is wrong with a module of one class {@code program.Main}. */
    private List<String> compile(String requires, String main) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> errors = new ArrayList<>();
        StringWriter rest = new StringWriter();
        boolean compiled = compiler.getTask(
                        rest,
                        null,
                        diagnostic -> {
                            if (diagnostic.getKind() == javax.tools.Diagnostic.Kind.ERROR) {
                                errors.add(diagnostic.getMessage(Locale.ROOT));
                            }
                        },
                        List.of("--module-path", modulePath, "-d", folder.toString()),
                        null,
                        List.of(
                                source("module-info.java", "module program { " + requires + " }"),
                                source("program/Main.java", main)))
                .call();
        if (!compiled && errors.isEmpty()) {
            errors.add(rest.toString());
        }
        return errors;
    }

    private static JavaFileObject source(String path, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    private String run() throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(Arrays.asList(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        modulePath + System.getProperty("path.separator") + folder,
                        "--module",
                        "program/program.Main"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        process.destroyForcibly();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended).as(text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }
}
