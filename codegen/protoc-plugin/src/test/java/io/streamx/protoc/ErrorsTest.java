package io.streamx.protoc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users see of a real protoc when something is wrong, and what options do. */
class ErrorsTest {
    private static final String SERVICE = """
            syntax = "proto3";
            package acme;
            option java_package = "com.acme";
            message M {}
            service S {
              rpc Do(M) returns (M);
            }
            """;

    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.resolve("protos"));
    }

    private Protoc.Result run(String options, Map<String, String> protos) throws Exception {
        for (var proto : new TreeMap<>(protos).entrySet()) {
            Files.writeString(root.resolve(proto.getKey()), proto.getValue());
        }
        List<String> names = new ArrayList<>(protos.keySet());
        names.sort(null);
        return new Protoc(directory).run(root, options, names);
    }

    private void assertRefused(Map<String, String> protos, String... lines) throws Exception {
        Protoc.Result result = run("", protos);
        assertThat(result.said().lines()).containsExactly(lines);
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.files()).isEmpty();
    }

    @Test
    void methodsThatBecomeOneInJavaAreNamedBothWithThePlace() throws Exception {
        assertRefused(
                Map.of("a.proto", SERVICE.replace("}\n\n", "}").replace("  rpc", "  rpc do(M) returns (M);\n  rpc")),
                "--streamx_out: a.proto:7:3: methods do and Do of service S both become do_ (expected: names that differ"
                        + " in Java)");
    }

    @Test
    void servicesThatBecomeOneInJavaAreNamedBoth() throws Exception {
        assertRefused(
                Map.of(
                        "a.proto",
                        SERVICE,
                        "b.proto",
                        SERVICE.replace("package acme;", "package acme.more;")
                                .replace("service S", "service s")
                                .replace("message M", "message N")
                                .replace("(M)", "(N)")),
                "--streamx_out: b.proto:5:1: service s and service S of a.proto both become com.acme.S (expected: another"
                        + " name, option java_package or java_outer_classname in one of them, or option java_package of"
                        + " the plugin)");
    }

    @Test
    void aServiceCalledAsTheClassOfItsFileSaysSo() throws Exception {
        assertThat(run("", Map.of("chat_room.proto", SERVICE.replace("service S", "service chat_room")))
                        .said())
                .contains("chat_room.proto:5:1: service chat_room and the outer class of chat_room.proto both become"
                        + " com.acme.ChatRoom");
    }

    @Test
    void servicesOfTwoFilesThatDifferInCapitalsOnlySaySo() throws Exception {
        assertRefused(
                Map.of(
                        "a.proto",
                        SERVICE.replace("service S", "service ChatRoom"),
                        "b.proto",
                        SERVICE.replace("package acme;", "package acme.more;")
                                .replace("service S", "service CHATROOM")
                                .replace("message M", "message N")
                                .replace("(M)", "(N)")),
                "--streamx_out: b.proto:5:1: service CHATROOM and service ChatRoom of a.proto both become com.acme.CHATROOM"
                        + " where file systems do not tell capitals apart, as ChatRoom is taken (expected: another name,"
                        + " option java_package or java_outer_classname in one of them, or option java_package of the"
                        + " plugin)");
    }

    @Test
    void aGenericServiceOfProtocIsInTheWay() throws Exception {
        assertThat(run(
                                "",
                                Map.of(
                                        "a.proto",
                                        SERVICE.replace(
                                                "message M",
                                                "option java_generic_services = true;\noption java_multiple_files = true;\n"
                                                        + "message M")))
                        .said())
                .contains("service S and the generic service that option java_generic_services of a.proto asks protoc"
                        + " for both become com.acme.S");
    }

    @Test
    void aMessageWithoutJavaPackageCannotBeNamedFromOne() throws Exception {
        assertRefused(
                Map.of(
                        "a.proto",
                        "syntax = \"proto3\";\nmessage Loose {}\n",
                        "b.proto",
                        SERVICE.replace("package acme;", "import \"a.proto\";").replace("Do(M)", "Do(Loose)")),
                "--streamx_out: b.proto:6:3: method S.Do: message Loose of a.proto is in no Java package, and com.acme.S"
                        + " cannot name it (expected: option java_package in a.proto)");
    }

    @Test
    void allErrorsComeAtOnce() throws Exception {
        String twice = SERVICE.replace("  rpc", "  rpc do(M) returns (M);\n  rpc");
        assertThat(run(
                                "",
                                Map.of(
                                        "a.proto",
                                        twice,
                                        "b.proto",
                                        twice.replace("acme;", "b;").replace("com.acme", "com.b")))
                        .said()
                        .lines())
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "java_pakage=a.b | option 'java_pakage=a.b' (expected: java_package=NAME, kotlin or lite)",
                "=x | option '=x' (expected: java_package=NAME, kotlin or lite)",
                "java_package=a..b | option java_package: 'a..b' (expected: names with dots between, as com.acme.rpc)",
                "java_package=a.class | option java_package: 'a.class' (expected: names with dots between, as"
                        + " com.acme.rpc)",
                "java_package | option java_package: '' (expected: names with dots between, as com.acme.rpc)",
                "lite=yes | option lite: 'yes' (expected: true or false)"
            })
    void optionsThatAreNoneSaySo(String options, String error) throws Exception {
        Protoc.Result result = run(options, Map.of("a.proto", SERVICE));

        assertThat(result.said().strip()).isEqualTo("--streamx_out: " + error);
        assertThat(result.files()).isEmpty();
    }

    @Test
    void servicesGoIntoAnotherPackageAndDescriptorsStayAway() throws Exception {
        Protoc.Result result = run("java_package=com.acme.rpc,lite", Map.of("a.proto", SERVICE));

        assertThat(result.said()).isEmpty();
        assertThat(result.files().keySet())
                .containsExactly("com/acme/rpc/S.java", "com/acme/rpc/SClient.java", "com/acme/rpc/SMethods.java");
        assertThat(result.files().get("com/acme/rpc/SMethods.java"))
                .contains("package com.acme.rpc;", "import com.acme.A;", "MethodDescriptor<A.M, A.M> DO")
                .doesNotContain("getDescriptor");
        assertThat(run("lite=false", Map.of("a.proto", SERVICE)).files().get("com/acme/SMethods.java"))
                .contains("getDescriptor");
    }

    @Test
    void aFileWithoutServicesGivesNothing() throws Exception {
        Protoc.Result result = run("", Map.of("a.proto", "syntax = \"proto3\";\nmessage M {}\n"));

        assertThat(result.said()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.files()).isEmpty();
    }
}
