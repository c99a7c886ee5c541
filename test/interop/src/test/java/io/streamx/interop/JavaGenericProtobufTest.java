package io.streamx.interop;

import static io.streamx.interop.GenericPeer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.PingPong;
import io.streamx.ServerStreamingServer;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.generic.protobuf.ProtobufJsonClient;
import io.streamx.generic.protobuf.ProtobufJsonHandler;
import io.streamx.generic.protobuf.ProtobufService;
import io.streamx.interop.genericpb.Everything;
import io.streamx.server.Server;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services of Protobuf that Java knows from their descriptors alone, with Kitex' JSON of Protobuf on the other side. */
@Timeout(value = 90, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaGenericProtobufTest {
    @RegisterExtension
    static final GoModule kitex = new GoModule("generic");

    private static final ProtobufService SERVICE =
            ProtobufService.of(Everything.getDescriptor().getFile().findServiceByName("GenericPb"));

    /** As Protobuf has it: 64-bit numbers are texts, and enums are names. */
    private static final String JSON = """
            {"text":"grüße","flag":true,"number":-70000,"large":"4503599627370497","real":0.5,"bytes":"AP8=",
             "words":["x","y"],"counts":{"one":"1"},"inner":{"name":"d"},"colour":"RED"}""";

    /** As Kitex has it. */
    private static final String KITEX_JSON = """
            {"text":"grüße","flag":true,"number":-70000,"large":4503599627370497,"real":0.5,"bytes":"AP8=",
             "words":["x","y"],"counts":{"one":1},"inner":{"name":"d"},"colour":1}""";

    private static final BlockingQueue<String> SAW = new LinkedBlockingQueue<>();

    private static final class Echo implements ProtobufJsonHandler {
        @Override
        public String unary(String method, String request) {
            SAW.add(request);
            return request;
        }

        @Override
        public void bidiStreaming(String method, BidiStreamingServer<String, String> stream) {
            for (String message : stream) {
                SAW.add(message);
                stream.send(message);
            }
        }

        @Override
        public void clientStreaming(String method, ClientStreamingServer<String, String> stream) {
            String last = "{}";
            for (String message : stream) {
                SAW.add(message);
                last = message;
            }
            stream.sendAndClose(last);
        }

        @Override
        public void serverStreaming(String method, String request, ServerStreamingServer<String> stream) {
            SAW.add(request);
            for (int i = 0; i < 3; i++) {
                stream.send(request);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aKitexClientCallsAJavaServer(Transport transport) throws Exception {
        SAW.clear();
        boolean isGrpc = transport == Transport.GRPC;
        try (Server server = Server.builder()
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .port(0)
                        .service(SERVICE.bind(new Echo()))
                        .start();
                PeerProcess client = kitex.start("peer", "call")) {
            List<String> modes = isGrpc ? List.of("unary", "bidi", "client", "server") : List.of("unary");
            for (String mode : modes) {
                String method = List.of("Echo", "Talk", "Collect", "Repeat").get(modes.indexOf(mode));
                JsonNode answer = client.ask(
                        GenericPeer.call(
                                "127.0.0.1:" + server.port(),
                                "pb-json",
                                isGrpc ? "grpc" : "ttheader-framed",
                                method,
                                mode,
                                List.of(KITEX_JSON)),
                        JsonNode.class);
                assertThat(answer.has("failure")).as(answer.toString()).isFalse();
                assertThat(answer.get("replies")).hasSize(mode.equals("server") ? 3 : 1);
                for (JsonNode reply : answer.get("replies")) {
                    assertThat(json(reply.asText())).isEqualTo(json(KITEX_JSON));
                }
            }
            assertThat(SAW)
                    .hasSize(modes.size())
                    .allSatisfy(seen -> assertThat(json(seen)).isEqualTo(json(JSON)));
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aJavaClientCallsAKitexServer(Transport transport) throws Exception {
        boolean isGrpc = transport == Transport.GRPC;
        Client.Builder builder = Client.builder("interop.server")
                .connectTimeout(JavaClients.PATIENCE)
                .transport(transport);
        if (!isGrpc) {
            builder.pingPong(PingPong.TTHEADER_FRAMED);
        }
        try (GenericPeer server = new GenericPeer(kitex, "pb-json");
                Client connected = builder.address(server.address()).build()) {
            ProtobufJsonClient client = SERVICE.client(connected);
            List<String> replies = new ArrayList<>();
            List<String> seen = new ArrayList<>();
            replies.add(client.call("Echo", JSON));
            seen.addAll(server.saw("Echo", 1));
            if (isGrpc) {
                try (var stream = client.bidiStreaming("Talk")) {
                    stream.send(JSON);
                    replies.add(stream.recv());
                    stream.closeSend();
                    assertThat(stream.recv()).isNull();
                }
                seen.addAll(server.saw("Talk", 1));
                try (var stream = client.clientStreaming("Collect")) {
                    stream.send(JSON);
                    replies.add(stream.closeAndRecv());
                }
                seen.addAll(server.saw("Collect", 1));
                try (var stream = client.serverStreaming("Repeat", JSON)) {
                    stream.forEach(replies::add);
                }
                seen.addAll(server.saw("Repeat", 1));
            }
            assertThat(replies)
                    .hasSize(isGrpc ? 6 : 1)
                    .allSatisfy(reply -> assertThat(json(reply)).isEqualTo(json(JSON)));
            assertThat(seen).allSatisfy(message -> assertThat(json(message)).isEqualTo(json(KITEX_JSON)));
        }
    }
}
