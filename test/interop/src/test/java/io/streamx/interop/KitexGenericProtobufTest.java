package io.streamx.interop;

import static io.streamx.interop.GenericPeer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.PingPong;
import io.streamx.ServerStreamingServer;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.generic.BinaryClient;
import io.streamx.interop.genericpb.Colour;
import io.streamx.interop.genericpb.Everything;
import io.streamx.interop.genericpb.GenericPb;
import io.streamx.interop.genericpb.Inner;
import io.streamx.server.Server;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Kitex' generic calls of Protobuf, as JSON and as bytes, over gRPC and behind a TTHeader, in both directions. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KitexGenericProtobufTest {
    @RegisterExtension
    static final GoModule kitex = new GoModule("generic");

    private static final Everything EVERYTHING = Everything.newBuilder()
            .setText("grüße")
            .setFlag(true)
            .setNumber(-70000)
            .setLarge(4503599627370497L)
            .setReal(0.5)
            .setBytes(ByteString.copyFrom(new byte[] {0, -1}))
            .addWords("x")
            .addWords("y")
            .putCounts("one", 1)
            .setInner(Inner.newBuilder().setName("d"))
            .setColour(Colour.RED)
            .build();

    /** What Kitex' JSON has for it: unlike that of Protobuf its 64-bit numbers are numbers and its enums, too. */
    private static final String JSON = """
            {"text":"grüße","flag":true,"number":-70000,"large":4503599627370497,"real":0.5,"bytes":"AP8=",
             "words":["x","y"],"counts":{"one":1},"inner":{"name":"d"},"colour":1}""";

    private static final BlockingQueue<Everything> SAW = new LinkedBlockingQueue<>();

    private static final class Echo implements GenericPb {
        @Override
        public Everything echo(Everything request) {
            SAW.add(request);
            return request;
        }

        @Override
        public void talk(BidiStreamingServer<Everything, Everything> stream) {
            for (Everything message : stream) {
                SAW.add(message);
                stream.send(message);
            }
        }

        @Override
        public void collect(ClientStreamingServer<Everything, Everything> stream) {
            Everything last = Everything.getDefaultInstance();
            for (Everything message : stream) {
                SAW.add(message);
                last = message;
            }
            stream.sendAndClose(last);
        }

        @Override
        public void repeat(Everything request, ServerStreamingServer<Everything> stream) {
            SAW.add(request);
            for (int i = 0; i < 3; i++) {
                stream.send(request);
            }
        }
    }

    static Stream<Arguments> formsAndTransports() {
        return Stream.of("pb-json", "pb-binary")
                .flatMap(form -> Stream.of("ttheader-framed", "grpc").map(transport -> Arguments.of(form, transport)));
    }

    private static boolean isEverything(String form, String reply) throws InvalidProtocolBufferException {
        return form.equals("pb-json")
                ? json(reply).equals(json(JSON))
                : Everything.parseFrom(Base64.getDecoder().decode(reply)).equals(EVERYTHING);
    }

    @ParameterizedTest
    @MethodSource("formsAndTransports")
    void aKitexClientCallsAJavaServer(String form, String transport) throws Exception {
        SAW.clear();
        String sent = form.equals("pb-json") ? JSON : Base64.getEncoder().encodeToString(EVERYTHING.toByteArray());
        try (Server server = Server.builder()
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .port(0)
                        .service(GenericPb.bind(new Echo()))
                        .start();
                PeerProcess client = kitex.start("peer", "call")) {
            String address = "127.0.0.1:" + server.port();
            List<String> modes =
                    transport.equals("grpc") ? List.of("unary", "bidi", "client", "server") : List.of("unary");
            for (String mode : modes) {
                String method = List.of("Echo", "Talk", "Collect", "Repeat").get(modes.indexOf(mode));
                JsonNode answer = client.ask(
                        GenericPeer.call(address, form, transport, method, mode, List.of(sent)), JsonNode.class);
                assertThat(answer.has("failure")).as(answer.toString()).isFalse();
                assertThat(answer.get("replies")).hasSize(mode.equals("server") ? 3 : 1);
                for (JsonNode reply : answer.get("replies")) {
                    assertThat(isEverything(form, reply.asText()))
                            .as(reply.asText())
                            .isTrue();
                }
            }
            assertThat(SAW).hasSize(modes.size()).containsOnly(EVERYTHING);
        }
    }

    @ParameterizedTest
    @MethodSource("formsAndTransports")
    void aJavaClientCallsAKitexServer(String form, String transport) throws Exception {
        boolean isGrpc = transport.equals("grpc");
        byte[] bytes = EVERYTHING.toByteArray();
        Client.Builder builder = Client.builder("interop.server").connectTimeout(JavaClients.PATIENCE);
        if (isGrpc) {
            builder.transport(Transport.GRPC);
        } else {
            builder.pingPong(PingPong.TTHEADER_FRAMED);
        }
        try (GenericPeer server = new GenericPeer(kitex, form);
                Client connected = builder.address(server.address()).build()) {
            BinaryClient client = BinaryClient.protobuf(connected, "GenericPb", "genericpb");
            List<byte[]> replies = new ArrayList<>();
            List<String> seen = new ArrayList<>();
            replies.add(client.call("Echo", bytes));
            seen.addAll(server.saw("Echo", 1));
            if (isGrpc) {
                try (var stream = client.bidiStreaming("Talk")) {
                    stream.send(bytes);
                    replies.add(stream.recv());
                    stream.closeSend();
                    assertThat(stream.recv()).isNull();
                }
                seen.addAll(server.saw("Talk", 1));
                // Without a schema a server of Kitex takes each stream for a bidirectional one.
                if (form.equals("pb-json")) {
                    try (var stream = client.clientStreaming("Collect")) {
                        stream.send(bytes);
                        replies.add(stream.closeAndRecv());
                    }
                    seen.addAll(server.saw("Collect", 1));
                    try (var stream = client.serverStreaming("Repeat", bytes)) {
                        stream.forEach(replies::add);
                    }
                    seen.addAll(server.saw("Repeat", 1));
                }
            }
            for (byte[] reply : replies) {
                assertThat(Everything.parseFrom(reply)).isEqualTo(EVERYTHING);
            }
            for (String message : seen) {
                assertThat(isEverything(form, message)).as(message).isTrue();
            }
        }
    }
}
