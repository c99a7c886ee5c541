package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.BidiStreamingServer;
import io.streamx.ClientStreamingServer;
import io.streamx.ServerStreamingServer;
import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.auth.Authenticator;
import io.streamx.auth.NamedPrincipal;
import io.streamx.grpc.services.HealthService;
import io.streamx.grpc.services.ReflectionService;
import io.streamx.interop.messages.MessageService;
import io.streamx.interop.messages.Reply;
import io.streamx.interop.messages.Request;
import io.streamx.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tool grpcurl, which learns of a server's services by reflection, against a Java server. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrpcurlTest {
    @RegisterExtension
    static final GoModule grpcGo = new GoModule("grpcgo");

    private static final HealthService HEALTH = new HealthService();
    private static Server server;

    private static final class Handler implements MessageService {
        @Override
        public Reply ask(Request request) {
            if (request.getMessage().isEmpty()) {
                throw new StatusException(StatusCode.INVALID_ARGUMENT, "an empty message");
            }
            return reply(request.getMessage());
        }

        @Override
        public void talk(BidiStreamingServer<Request, Reply> stream) {
            for (Request request : stream) {
                stream.send(reply(request.getMessage()));
            }
        }

        @Override
        public void gather(ClientStreamingServer<Request, Reply> stream) {
            StringBuilder all = new StringBuilder();
            for (Request request : stream) {
                all.append(request.getMessage());
            }
            stream.sendAndClose(reply(all.toString()));
        }

        @Override
        public void tell(Request request, ServerStreamingServer<Reply> stream) {
            for (int i = 0; i < 3; i++) {
                stream.send(reply(request.getMessage() + i));
            }
        }

        private static Reply reply(String message) {
            return Reply.newBuilder().setMessage(message).build();
        }
    }

    /**
     * What the tool said.
     *
     * @param exitCode 0 when it went well
     * @param said on both outputs
     */
    private record Result(int exitCode, String said) {}

    @BeforeAll
    static void serve() {
        server = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .service(MessageService.bind(new Handler()))
                .service(HEALTH.definition())
                .service(ReflectionService::of)
                .start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            HEALTH.shutDown();
            server.close();
        }
    }

    private static Result run(List<String> command, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), said);
    }

    /** Calls the tool on the server; {@code arguments} come after its address, {@code flags} before. */
    private static Result grpcurl(List<String> flags, String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(grpcGo.program("grpcurl").toString(), "-plaintext"));
        command.addAll(flags);
        command.add("127.0.0.1:" + server.port());
        command.addAll(List.of(arguments));
        return run(command, input);
    }

    private static String call(String method, String json) throws Exception {
        Result result = grpcurl(List.of("-d", "@", "-format", "json"), json, method);
        assertThat(result.exitCode).as(result.said).isZero();
        return result.said.replaceAll("\\s+", "");
    }

    /** Its credentials are those of grpc-go: headers of the request. */
    @Test
    void aCallerIsKnownByItsToken() throws Exception {
        try (Server guarded = Server.builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .service(MessageService.bind(new Handler()))
                .service(ReflectionService::of)
                .authenticator(Authenticator.bearer(
                        (token, call) -> token.equals("s3cret") ? new NamedPrincipal("grpcurl") : null))
                .start()) {
            List<String> call = List.of(
                    grpcGo.program("grpcurl").toString(),
                    "-plaintext",
                    "-H",
                    "authorization: Bearer TOKEN",
                    "-d",
                    "{\"message\": \"m\"}",
                    "127.0.0.1:" + guarded.port(),
                    "streamx.interop.MessageService.Ask");
            Result known = run(with(call, "s3cret"), "");
            assertThat(known.exitCode()).as(known.said()).isZero();
            Result refused = run(with(call, "guessed"), "");
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.said()).contains("the bearer token is not valid");
        }
    }

    private static List<String> with(List<String> command, String token) {
        return command.stream().map(word -> word.replace("TOKEN", token)).toList();
    }

    @Test
    void servicesAndTheirMethodsAreListed() throws Exception {
        assertThat(grpcurl(List.of(), "", "list").said().lines())
                .containsExactly(
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection",
                        "streamx.interop.MessageService");
        assertThat(grpcurl(List.of(), "", "list", "streamx.interop.MessageService")
                        .said()
                        .lines())
                .containsExactly(
                        "streamx.interop.MessageService.Ask",
                        "streamx.interop.MessageService.Gather",
                        "streamx.interop.MessageService.Talk",
                        "streamx.interop.MessageService.Tell");
    }

    @Test
    void servicesAndMessagesAreDescribed() throws Exception {
        assertThat(grpcurl(List.of(), "", "describe", "streamx.interop.MessageService")
                        .said())
                .contains("rpc Talk ( stream .streamx.interop.Request ) returns ( stream .streamx.interop.Reply );");
        assertThat(grpcurl(List.of(), "", "describe", "streamx.interop.Request").said())
                .contains("message Request {", "string message = 1;");
        Result unknown = grpcurl(List.of(), "", "describe", "streamx.interop.Nothing");
        assertThat(unknown.exitCode()).isNotZero();
        assertThat(unknown.said()).contains("Symbol not found: streamx.interop.Nothing");
    }

    @Test
    void methodsOfEveryKindAreCalled() throws Exception {
        assertThat(call("streamx.interop.MessageService/Ask", "{\"message\":\"hello\"}"))
                .isEqualTo("{\"message\":\"hello\"}");
        assertThat(call("streamx.interop.MessageService/Talk", "{\"message\":\"a\"}{\"message\":\"b\"}"))
                .isEqualTo("{\"message\":\"a\"}{\"message\":\"b\"}");
        assertThat(call("streamx.interop.MessageService/Gather", "{\"message\":\"a\"}{\"message\":\"b\"}"))
                .isEqualTo("{\"message\":\"ab\"}");
        assertThat(call("streamx.interop.MessageService/Tell", "{\"message\":\"n\"}"))
                .isEqualTo("{\"message\":\"n0\"}{\"message\":\"n1\"}{\"message\":\"n2\"}");
    }

    @Test
    void aStatusIsShown() throws Exception {
        Result result = grpcurl(List.of("-d", "{}"), "", "streamx.interop.MessageService/Ask");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.said()).contains("Code: InvalidArgument", "Message: an empty message");
    }

    @Test
    void healthIsChecked() throws Exception {
        assertThat(call("grpc.health.v1.Health/Check", "{}")).isEqualTo("{\"status\":\"SERVING\"}");
    }
}
