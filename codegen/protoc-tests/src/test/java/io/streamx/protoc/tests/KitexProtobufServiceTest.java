package io.streamx.protoc.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors;
import golden.proto.kinds.Kinds;
import golden.proto.kinds.KindsClient;
import golden.proto.kinds.KindsMethods;
import golden.proto.kinds.Request;
import golden.proto.kinds.Response;
import golden.proto.lite.Lite;
import golden.proto.lite.LiteClient;
import golden.proto.lite.LiteMethods;
import golden.proto.lite.Small;
import golden.proto.proto2.OldMessages.Old;
import golden.proto.proto2.OldService;
import golden.proto.proto2.OldServiceClient;
import io.streamx.ApplicationException;
import io.streamx.BidiStreamingServer;
import io.streamx.BizStatusException;
import io.streamx.CallContext;
import io.streamx.ClientStreamingServer;
import io.streamx.PingPong;
import io.streamx.ServerStreamingServer;
import io.streamx.StreamingMode;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.PayloadFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unary calls of generated Protobuf services over Kitex' carriers, which need no gRPC. */
@Timeout(60)
class KitexProtobufServiceTest {
    private static Server server;

    private static final class Handler implements Kinds {
        @Override
        public Response pingPong(Request request) {
            return switch (request.getMessage()) {
                case "!fail" -> throw new IllegalStateException("boom");
                case "!biz" -> throw new BizStatusException(404, "not found", Map.of("k", "v"));
                case "!metainfo" -> {
                    CallContext.current().sendBackward("back", "b");
                    yield response(String.valueOf(CallContext.current().persistent("p"))
                            + CallContext.current().method());
                }
                case "!empty" -> Response.getDefaultInstance();
                default -> response(request.getMessage());
            };
        }

        @Override
        public void collect(ClientStreamingServer<Request, Response> stream) {
            throw new AssertionError("not called");
        }

        @Override
        public void produce(Request request, ServerStreamingServer<Response> stream) {
            throw new AssertionError("not called");
        }

        @Override
        public void chat(BidiStreamingServer<Request, Response> stream) {
            throw new AssertionError("not called");
        }
    }

    private static Response response(String message) {
        return Response.newBuilder().setMessage(message).build();
    }

    private static Request request(String message) {
        return Request.newBuilder().setMessage(message).build();
    }

    @BeforeAll
    static void serve() {
        Lite lite =
                request -> request.toBuilder().setText(request.getText() + "!").build();
        OldService old = request -> request;
        server = Server.builder()
                .port(0)
                .service(Kinds.bind(new Handler()))
                .service(Lite.bind(lite))
                .service(OldService.bind(old))
                .start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Client.Builder client(PingPong carrier) {
        return Client.builder("demo.b").address("127.0.0.1:" + server.port()).pingPong(carrier);
    }

    @ParameterizedTest
    @EnumSource(PingPong.class)
    void callsComeBackOnAnyCarrier(PingPong carrier) {
        try (Client client = client(carrier).build()) {
            KindsClient kinds = new KindsClient(client);

            assertThat(kinds.pingPong(request("hello"))).isEqualTo(response("hello"));
            assertThat(kinds.pingPong(request(""))).isEqualTo(response(""));
            assertThat(kinds.pingPong(request("!empty"))).isEqualTo(Response.getDefaultInstance());
            assertThat(kinds.pingPong(request("x".repeat(1 << 20)))).isEqualTo(response("x".repeat(1 << 20)));
            assertThatThrownBy(() -> kinds.pingPong(request("!fail")))
                    .isInstanceOf(ApplicationException.class)
                    .hasMessage("biz error: boom");
        }
    }

    @Test
    void whatGoesBesideACallGoesBesideThisOne() throws Exception {
        try (Client client = client(PingPong.TTHEADER_FRAMED).build()) {
            List<Map<String, String>> backward = new ArrayList<>();
            KindsClient kinds = new KindsClient(client)
                    .withPersistent("p", "persistent ")
                    .withTimeout(Duration.ofSeconds(30))
                    .withBackward(backward::add);

            assertThat(kinds.pingPongAsync(request("!metainfo")).get()).isEqualTo(response("persistent PingPong"));
            assertThat(backward).singleElement().asString().contains("back=b");
            assertThatThrownBy(() -> kinds.pingPong(request("!biz")))
                    .isInstanceOfSatisfying(BizStatusException.class, e -> {
                        assertThat(e.code()).isEqualTo(404);
                        assertThat(e.extra()).containsEntry("k", "v");
                    });
            assertThatThrownBy(() -> kinds.pingPongAsync(request("!fail")).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ApplicationException.class);
        }
    }

    @Test
    void middlewareSeesTheMessagesThemselves() {
        List<Object> seen = new ArrayList<>();
        try (Client client = client(PingPong.TTHEADER_FRAMED)
                .unaryMiddleware(next -> (call, request) -> {
                    seen.add(request);
                    return next.call(call, request);
                })
                .build()) {
            new KindsClient(client).pingPong(request("seen"));
        }
        assertThat(seen).containsExactly(request("seen"));
    }

    @Test
    void liteMessagesAndThoseOfProto2TravelAlike() {
        try (Client client = client(PingPong.TTHEADER_FRAMED).build()) {
            assertThat(new LiteClient(client)
                            .find(Small.newBuilder().setText("small").build())
                            .getText())
                    .isEqualTo("small!");

            OldServiceClient old = new OldServiceClient(client);
            Old complete = Old.newBuilder().setKey("k").build();
            assertThat(old.find(complete)).isEqualTo(complete);
            assertThatThrownBy(() -> old.find(Old.getDefaultInstance()))
                    .hasStackTraceContaining("golden.proto2.Old cannot be written: required fields are not set: key");
        }
    }

    @Test
    void theServiceIsDescribedAsTheProtoHasIt() {
        assertThat(KindsMethods.DESCRIPTOR.name()).isEqualTo("Kinds");
        assertThat(KindsMethods.DESCRIPTOR.grpcPackage()).isEqualTo("golden.kinds");
        assertThat(KindsMethods.DESCRIPTOR.format()).isEqualTo(PayloadFormat.PROTOBUF);
        assertThat(KindsMethods.DESCRIPTOR.methods())
                .extracting(MethodDescriptor::mode)
                .containsExactly(
                        StreamingMode.UNARY, StreamingMode.CLIENT, StreamingMode.SERVER, StreamingMode.BIDIRECTIONAL);
        assertThat(KindsMethods.CHAT.grpcPackage()).isEqualTo("golden.kinds");
        assertThat(KindsMethods.DESCRIPTOR.schema())
                .isInstanceOfSatisfying(
                        Descriptors.ServiceDescriptor.class,
                        schema -> assertThat(schema.getFullName()).isEqualTo("golden.kinds.Kinds"));
        assertThat(LiteMethods.DESCRIPTOR.schema()).isNull();
    }
}
