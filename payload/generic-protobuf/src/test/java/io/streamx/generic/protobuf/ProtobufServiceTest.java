package io.streamx.generic.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import io.streamx.BidiStreamingClient;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingClient;
import io.streamx.ClientStreamingServer;
import io.streamx.RpcException;
import io.streamx.ServerStreamingClient;
import io.streamx.ServerStreamingServer;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Protobuf services of a descriptor set, called and served with JSON over both transports. */
@Timeout(120)
class ProtobufServiceTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path set;

    private static MethodDescriptorProto method(String name, boolean clientStreams, boolean serverStreams) {
        return MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType(".acme.v1.Word")
                .setOutputType(".acme.v1.Word")
                .setClientStreaming(clientStreams)
                .setServerStreaming(serverStreams)
                .build();
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static FileDescriptorProto file() {
        return FileDescriptorProto.newBuilder()
                .setName("words.proto")
                .setPackage("acme.v1")
                .setSyntax("proto3")
                .addDependency("google/protobuf/any.proto")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Word")
                        .addField(field("text", 1, FieldDescriptorProto.Type.TYPE_STRING))
                        .addField(field("long_count", 2, FieldDescriptorProto.Type.TYPE_INT64))
                        .addField(field("more", 3, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                .setTypeName(".google.protobuf.Any")))
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("Words")
                        .addMethod(method("Change", false, false))
                        .addMethod(method("Split", false, true))
                        .addMethod(method("Join", true, false))
                        .addMethod(method("Chat", true, true)))
                .build();
    }

    @BeforeEach
    void write() throws Exception {
        // What is imported stands behind who imports it, which no tool writes and every reader understands.
        set = Files.write(
                folder.resolve("words.binpb"),
                FileDescriptorSet.newBuilder()
                        .addFile(file())
                        .addFile(Any.getDescriptor().getFile().toProto())
                        .build()
                        .toByteArray());
    }

    /** Answers each message with itself, and each text with its length in front. */
    private static final class Echo implements ProtobufJsonHandler {
        @Override
        public String unary(String method, String request) {
            return request;
        }

        @Override
        public void serverStreaming(String method, String request, ServerStreamingServer<String> stream) {
            stream.send(request);
            stream.send("{\"text\": \"" + method + "\"}");
        }

        @Override
        public void clientStreaming(String method, ClientStreamingServer<String, String> stream) {
            List<String> all = new ArrayList<>();
            for (String message = stream.recv(); message != null; message = stream.recv()) {
                all.add(message);
            }
            stream.sendAndClose("{\"longCount\": " + all.size() + "}");
        }

        @Override
        public void bidiStreaming(String method, BidiStreamingServer<String, String> stream) {
            for (String message = stream.recv(); message != null; message = stream.recv()) {
                stream.send(message);
            }
        }
    }

    private Server serve(ProtobufJsonHandler handler) {
        return Server.builder()
                .port(0)
                .warmUp(false)
                .service(ProtobufService.load(set, "acme.v1.Words").bind(handler))
                .start();
    }

    private static Client connect(Server server, Transport transport) {
        return Client.builder("Words")
                .address("127.0.0.1:" + server.port())
                .transport(transport)
                .warmUp(false)
                .build();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void allFourModesCarryJson(Transport transport) {
        ProtobufService words = ProtobufService.load(set, "acme.v1.Words");
        try (Server server = serve(new Echo());
                Client client = connect(server, transport)) {
            ProtobufJsonClient calls = words.client(client);

            String any = "{\"text\":\"a\",\"longCount\":\"9007199254740993\",\"more\":"
                    + "{\"@type\":\"type.googleapis.com/acme.v1.Word\",\"text\":\"within\"}}";
            assertThat(calls.call("Change", any)).isEqualTo(any);
            assertThat(calls.callAsync("Change", "{\"long_count\": 5}").join()).isEqualTo("{\"longCount\":\"5\"}");
            List<String> parts = new ArrayList<>();
            try (ServerStreamingClient<String> split = calls.serverStreaming("Split", "{\"text\":\"b\"}")) {
                split.forEach(parts::add);
            }
            assertThat(parts).containsExactly("{\"text\":\"b\"}", "{\"text\":\"Split\"}");
            try (ClientStreamingClient<String, String> join = calls.clientStreaming("Join")) {
                join.send("{}");
                join.send("{\"text\":\"c\"}");
                assertThat(join.closeAndRecv()).isEqualTo("{\"longCount\":\"2\"}");
            }
            try (BidiStreamingClient<String, String> chat = calls.bidiStreaming("Chat")) {
                chat.send("{\"text\":\"d\"}");
                assertThat(chat.recv()).isEqualTo("{\"text\":\"d\"}");
                chat.closeSend();
                assertThat(chat.recv()).isNull();
            }
        }
    }

    @Test
    void whatIsNoMessageOfTheMethodIsNotSentAndAShapeWithoutHandlerIsSaidToBeNone() {
        ProtobufService words = ProtobufService.load(set, "acme.v1.Words");
        try (Server server = serve(new ProtobufJsonHandler() {});
                Client client = connect(server, Transport.GRPC)) {
            ProtobufJsonClient calls = words.client(client);

            assertThatThrownBy(() -> calls.call("Change", "{\"txt\":1}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("request: ", "txt", "acme.v1.Word");
            assertThatThrownBy(() -> calls.call("Nobody", "{}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("one of Change, Split, Join, Chat");
            assertThatThrownBy(() -> calls.call("Split", "{}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Split is SERVER (expected: a method that is UNARY)");
            assertThatThrownBy(() -> calls.call("Change", "{}"))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("method Change is not served");
        }
    }

    @Test
    void aDescriptorOfGeneratedClassesOrReflectionServesAsWell() {
        ProtobufService words =
                ProtobufService.of(ProtobufService.load(set, "acme.v1.Words").descriptor());

        assertThat(words.name()).isEqualTo("acme.v1.Words");
        assertThat(words.methods())
                .extracting(method -> method.name())
                .containsExactly("Change", "Split", "Join", "Chat");
        assertThat(words.withIndentation(true).method("Change").toString())
                .isEqualTo(words.method("Change").toString());
    }

    @Test
    void filesThatAreNoSetOrLackAnImportAreRefusedByName() throws Exception {
        Path incomplete = Files.write(
                folder.resolve("incomplete.binpb"),
                FileDescriptorSet.newBuilder().addFile(file()).build().toByteArray());
        Path text = Files.writeString(folder.resolve("text.binpb"), "syntax = \"proto3\";");

        assertThatThrownBy(() -> ProtobufService.loadAll(incomplete))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("incomplete.binpb: imports google/protobuf/any.proto", "--include_imports");
        assertThatThrownBy(() -> ProtobufService.loadAll(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("text.binpb", "--descriptor_set_out");
        assertThatThrownBy(() -> ProtobufService.loadAll(folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> ProtobufService.load(set, "Words"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"Words\"", "one of acme.v1.Words");
    }
}
