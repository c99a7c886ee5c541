package io.streamx.protoc.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server may bind a service before anything else has run: the generated class is the first that its JVM sees. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FirstTouchTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "golden.proto.edition2024.NewestMethods",
                "golden.proto.edition2023.EditionsMethods",
                "golden.proto.imports.ImportsMethods",
                "golden.proto.chatroom.ChatRoom_Methods",
                "golden.proto.proto2.OldServiceMethods"
            })
    void aGeneratedClassWorksAsTheFirstOneOfAJvm(String type) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FirstTouch.class.getName(),
                        type)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.strip()).startsWith("[").endsWith("]");
    }
}
