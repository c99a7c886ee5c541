package io.streamx.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors;
import com.google.protobuf.DynamicMessage;
import io.streamx.BizStatusException;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.StreamingMode;
import io.streamx.grpc.services.ReflectionService;
import io.streamx.protobuf.ProtobufMethod;
import io.streamx.server.Server;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import io.streamx.service.ServiceDefinition;
import io.streamx.service.ServiceDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of Protobuf services that are known from their schemas alone. */
@Timeout(120)
class ProtobufCallTest {
    private static final String PROTOC = protoc();

    @TempDir
    private Path dir;

    private Server server;
    private final Console console = new Console();

    private static String protoc() {
        Path executable = Path.of("target", "protoc", "protoc.exe").toAbsolutePath();
        executable.toFile().setExecutable(true);
        return executable.toString();
    }

    @BeforeEach
    void serve() throws Exception {
        Files.writeString(dir.resolve("types.proto"), """
                syntax = "proto3";
                package sample.types;
                enum Kind { SMALL = 0; LARGE = 1; }
                message Word { string text = 1; int64 count = 2; Kind kind = 3; bytes raw = 4; }
                """);
        Path proto = Files.writeString(dir.resolve("words.proto"), """
                syntax = "proto3";
                package sample.v1;
                import "types.proto";
                service Words {
                  rpc Change(sample.types.Word) returns (sample.types.Word);
                  rpc Upload(stream sample.types.Word) returns (sample.types.Word);
                  rpc Download(sample.types.Word) returns (stream sample.types.Word);
                  rpc Chat(stream sample.types.Word) returns (stream sample.types.Word);
                }
                """);
        server = Server.builder()
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .service(ReflectionService::of)
                .service(words(ProtoFiles.proto(proto, List.of(), PROTOC)))
                .start();
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static ServiceDefinition words(ProtoSchema schema) {
        Descriptors.ServiceDescriptor service = schema.method("Words", "Change").getService();
        DynamicMessage word = DynamicMessage.getDefaultInstance(
                service.findMethodByName("Change").getInputType());
        MethodDescriptor<DynamicMessage, DynamicMessage> change =
                ProtobufMethod.unary("sample.v1", "Words", "Change", word, word);
        MethodDescriptor<DynamicMessage, DynamicMessage> upload =
                ProtobufMethod.streaming("sample.v1", "Words", "Upload", StreamingMode.CLIENT, word, word);
        MethodDescriptor<DynamicMessage, DynamicMessage> download =
                ProtobufMethod.streaming("sample.v1", "Words", "Download", StreamingMode.SERVER, word, word);
        MethodDescriptor<DynamicMessage, DynamicMessage> chat =
                ProtobufMethod.streaming("sample.v1", "Words", "Chat", StreamingMode.BIDIRECTIONAL, word, word);
        return ServiceDefinition.builder(new ServiceDescriptor(
                        "Words", "sample.v1", PayloadFormat.PROTOBUF, List.of(change, upload, download, chat), service))
                .unary(change, ProtobufCallTest::changed)
                .clientStreaming(upload, stream -> {
                    List<String> texts = new ArrayList<>();
                    stream.forEach(each -> texts.add(text(each)));
                    stream.sendAndClose(withText(word, String.join(" ", texts)));
                })
                .serverStreaming(download, (request, stream) -> {
                    stream.send(request);
                    stream.send(changed(request));
                })
                .bidiStreaming(chat, stream -> {
                    for (DynamicMessage each : stream) {
                        stream.send(changed(each));
                    }
                })
                .build();
    }

    private static DynamicMessage changed(DynamicMessage word) {
        switch (text(word)) {
            case "status":
                throw new StatusException(
                        StatusCode.NOT_FOUND,
                        "no such word",
                        List.of(new StatusDetail("type.googleapis.com/sample.types.Word", new byte[] {10, 1, 'a'})));
            case "business":
                throw new BizStatusException(1001, "not today", Map.of("word", "business"));
            default:
                return withText(word, text(word) + "!");
        }
    }

    private static String text(DynamicMessage word) {
        return (String) word.getField(word.getDescriptorForType().findFieldByName("text"));
    }

    private static DynamicMessage withText(DynamicMessage word, String text) {
        return word.toBuilder()
                .setField(word.getDescriptorForType().findFieldByName("text"), text)
                .build();
    }

    private String[] call(String method, List<String> source, String... options) {
        List<String> args =
                new ArrayList<>(List.of("call", "127.0.0.1:" + server.port(), method, "--connect-timeout", "20s"));
        args.addAll(source);
        args.addAll(List.of(options));
        return args.toArray(String[]::new);
    }

    /** How the command learns of the service. */
    private List<String> source(String kind) throws Exception {
        return switch (kind) {
            case "proto" -> List.of("--idl", dir.resolve("words.proto").toString(), "--protoc", PROTOC);
            case "set" -> {
                Path set = dir.resolve("words.protoset");
                assertThat(new ProcessBuilder(
                                        PROTOC,
                                        "-I" + dir,
                                        "--include_imports",
                                        "--descriptor_set_out=" + set,
                                        "words.proto")
                                .inheritIO()
                                .start()
                                .waitFor())
                        .isZero();
                yield List.of("--descriptor-set", set.toString());
            }
            default -> List.of("--reflect");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"proto", "set", "reflection"})
    void allFourModes(String kind) throws Exception {
        List<String> source = source(kind);
        String word = "{\"text\":\"a\",\"count\":\"9007199254740993\",\"kind\":\"LARGE\",\"raw\":\"AP8=\"}";
        assertThat(console.run(call("sample.v1.Words/Change", source, "-d", word)))
                .as(console.err())
                .isZero();
        assertThat(console.out()).isEqualTo(word.replace("\"a\"", "\"a!\"") + "\n");
        assertThat(console.err()).isEmpty();

        Console download = new Console();
        assertThat(download.run(call("Words/Download", source, "-d", "{\"text\":\"b\",\"kind\":1}")))
                .isZero();
        assertThat(download.out())
                .isEqualTo("{\"text\":\"b\",\"kind\":\"LARGE\"}\n{\"text\":\"b!\",\"kind\":\"LARGE\"}\n");

        Console upload = new Console().piped("{\"text\":\"c\"}\n{\"text\":\"d\"}\n");
        assertThat(upload.run(call("Words/Upload", source))).isZero();
        assertThat(upload.out()).isEqualTo("{\"text\":\"c d\"}\n");

        Console chat = new Console().piped("{\"text\":\"e\"}\n{\"text\":\"f\"}\n");
        assertThat(chat.run(call("Words/Chat", source))).isZero();
        assertThat(chat.out()).isEqualTo("{\"text\":\"e!\"}\n{\"text\":\"f!\"}\n");
    }

    @Test
    void unaryCallsTravelOnTtheaderWhenTold() throws Exception {
        assertThat(console.run(call(
                        "Words/Change", source("proto"), "--carrier", "ttheader-framed", "-d", "{\"text\":\"a\"}")))
                .as(console.err())
                .isZero();
        assertThat(console.out()).isEqualTo("{\"text\":\"a!\"}\n");
    }

    @Test
    void aStatusHasItsDetailsAndABusinessErrorItsExtra() {
        assertThat(console.run(call("Words/Change", List.of("--reflect"), "-d", "{\"text\":\"status\"}", "--json")))
                .isEqualTo(5);
        assertThat(console.err())
                .isEqualTo(
                        "{\"error\":{\"kind\":\"rpc-error\",\"exitCode\":5,\"code\":5,\"codeName\":\"NOT_FOUND\","
                                + "\"text\":\"no such word\",\"details\":[{\"type\":\"sample.types.Word\",\"value\":\"CgFh\"}]}}\n");

        Console business = new Console();
        assertThat(business.run(call("Words/Change", List.of("--reflect"), "-d", "{\"text\":\"business\"}")))
                .isEqualTo(3);
        assertThat(business.err()).isEqualTo("streamx: business error 1001: not today\n  extra: word=business\n");
    }

    @Test
    void whatDoesNotFitTheSchemaIsBadInput() throws Exception {
        assertBad("one of sample.v1.Words", call("Wrds/Change", source("proto")));
        assertBad("one of Change, Upload, Download, Chat", call("Words/Chnge", source("proto")));
        assertBad("Wrds", call("Wrds/Change", source("reflection")));
        assertBad(
                "expected: the fields of sample.types.Word",
                call("Words/Change", source("proto"), "-d", "{\"txt\":1}"));
        assertBad(
                "no file",
                call("Words/Change", List.of("--idl", dir.resolve("none.proto").toString())));
        assertBad(
                "no file",
                call(
                        "Words/Change",
                        List.of("--descriptor-set", dir.resolve("none").toString())));
        assertBad(
                "is no descriptor set",
                call(
                        "Words/Change",
                        List.of("--descriptor-set", dir.resolve("words.proto").toString())));
        assertBad(
                "--protoc: ",
                call(
                        "Words/Change",
                        List.of("--idl", dir.resolve("words.proto").toString(), "--protoc", "/none/protoc")));
        Path wrong = Files.writeString(dir.resolve("wrong.proto"), "syntax = \"proto3\"; message {");
        assertBad("wrong.proto:1:", call("Words/Change", List.of("--idl", wrong.toString(), "--protoc", PROTOC)));
        assertBad("--idl", call("Words/Change", List.of()));
    }

    private static void assertBad(String what, String... args) {
        Console console = new Console();
        assertThat(console.run(args)).as(what).isEqualTo(2);
        assertThat(console.err()).contains(what);
        assertThat(console.out()).isEmpty();
    }

    @Test
    void aServerWithoutReflectionIsAnRpcError() throws Exception {
        try (Server silent = Server.builder()
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .service(words(ProtoFiles.proto(dir.resolve("words.proto"), List.of(), PROTOC)))
                .start()) {
            String[] args = call("Words/Change", List.of("--reflect"));
            args[1] = "127.0.0.1:" + silent.port();
            assertThat(console.run(args)).isEqualTo(5);
            assertThat(console.err()).startsWith("streamx: RPC error ").contains("grpc.reflection.v1alpha");
        }
    }
}
