package io.streamx.grpc.protocol;

import static io.streamx.grpc.protocol.GoldenConversation.headers;
import static io.streamx.grpc.protocol.GoldenConversation.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.Metadata;
import io.streamx.service.PayloadFormat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
    private static Http2Headers request(String... more) {
        Http2Headers headers = headers(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                "/echo.TestService/Echo",
                "content-type",
                "application/grpc");
        for (int i = 0; i < more.length; i += 2) {
            headers.set(GoldenConversation.bytes(more[i]), GoldenConversation.bytes(more[i + 1]));
        }
        return headers;
    }

    private static MalformedRequestException malformed(Http2Headers headers) {
        return catchThrowableOfType(MalformedRequestException.class, () -> RequestHead.parse(headers));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "/echo.TestService/Echo echo TestService Echo",
                "/a.b.S/M a.b S M",
                "/S/M '' S M",
                "S/M '' S M",
                "/a.b/c.S/M a.b/c S M",
                "/.S/M '' S M",
                "/a./M a '' M",
                "//M '' '' M",
                "/S/ '' S ''",
                "//S/M '' /S M",
                "/x.y.z/a.b x.y z a.b",
            })
    void aPathIsCutAtItsLastSlashAndTheLastDotBefore(String path, String grpcPackage, String service, String method)
            throws Exception {
        RequestHead head = RequestHead.parse(request(":path", path));

        assertThat(head.grpcPackage()).isEqualTo(grpcPackage);
        assertThat(head.service()).isEqualTo(service);
        assertThat(head.method()).isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/Echo", "Echo", "*", "/a.b.c"})
    void aPathWithoutMethodIsAnsweredWithItsStatus(String path) {
        MalformedRequestException malformed = malformed(request(":path", path));

        String name = path.startsWith("/") ? path.substring(1) : path;
        assertThat(malformed)
                .hasMessage("malformed method name, method=\"" + name + "\" (expected: /package.Service/Method)");
        assertThat(lines(malformed.response()))
                .containsExactly(
                        ":status: 200",
                        "content-type: application/grpc",
                        "grpc-status: 13",
                        "grpc-message: " + malformed.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {":method", ":scheme", ":path"})
    void aRequestWithoutOneOfItsPseudoHeadersIsReset(String name) {
        Http2Headers headers = request();
        headers.remove(name);
        MalformedRequestException missing = malformed(headers);
        MalformedRequestException empty = malformed(request(name, ""));
        Http2Headers twice = request();
        twice.add(name, "other");
        MalformedRequestException repeated = malformed(twice);

        assertThat(List.of(missing, empty, repeated)).allSatisfy(malformed -> {
            assertThat(malformed.response()).isNull();
            assertThat(malformed.resetCode()).isEqualTo(Http2Error.PROTOCOL_ERROR.code());
            assertThat(malformed).hasMessageContaining(name).hasMessageContaining("expected: one");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text/html",
                "application/json",
                "Application/GRPC",
                "application/grpcx",
                "application/grpc-web"
            })
    void aContentTypeThatIsNotGrpcIsAnsweredAsHttpDoes(String type) {
        MalformedRequestException malformed = malformed(request("content-type", type));

        assertThat(lines(malformed.response()))
                .contains(":status: 415", "content-type: application/grpc", "grpc-status: 13")
                .hasSize(4);
        assertThat(malformed)
                .hasMessageStartingWith("content-type of /echo.TestService/Echo: '" + type + "' (expected:");
    }

    @Test
    void noContentTypeIsAnsweredAsHttpDoes() {
        Http2Headers headers = request();
        headers.remove("content-type");

        MalformedRequestException malformed = malformed(headers);

        assertThat(malformed).hasMessageStartingWith("content-type of /echo.TestService/Echo: none (expected:");
        assertThat(malformed.response().status()).hasToString("415");
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc, '', PROTOBUF, application/grpc",
        "application/grpc+proto, proto, PROTOBUF, application/grpc+proto",
        "application/grpc+json, json, PROTOBUF, application/grpc+json",
        "application/grpc+thrift, thrift, THRIFT, application/grpc+thrift",
        "application/grpc;thrift, thrift, THRIFT, application/grpc+thrift",
        "application/grpc+Thrift, Thrift, PROTOBUF, application/grpc+Thrift",
        "application/grpc+thrift;v=1, thrift;v=1, PROTOBUF, application/grpc+thrift;v=1",
        "application/grpc;charset=utf-8, charset=utf-8, PROTOBUF, application/grpc+charset=utf-8",
        "application/grpc+, '', PROTOBUF, application/grpc",
    })
    void theSubtypeChoosesTheFormatAndComesBack(String type, String subtype, PayloadFormat format, String answer)
            throws Exception {
        RequestHead head = RequestHead.parse(request("content-type", type));

        assertThat(head.contentType().subtype()).isEqualTo(subtype);
        assertThat(head.format()).isEqualTo(format);
        assertThat(head.contentType().value()).isEqualTo(answer);
    }

    @Test
    void aTimeoutThatIsNoneIsAnsweredWithItsStatus() {
        MalformedRequestException malformed = malformed(request("grpc-timeout", "soon"));

        assertThat(malformed).hasMessageStartingWith("malformed grpc-timeout: 'soon'");
        assertThat(lines(malformed.response())).contains(":status: 200", "grpc-status: 13");
    }

    @Test
    void acceptedEncodingsAreReadFromListsAndRepeatedHeaders() throws Exception {
        Http2Headers headers = request("grpc-accept-encoding", " identity,gzip ,, zstd");
        headers.add("grpc-accept-encoding", "br");

        RequestHead head = RequestHead.parse(headers);

        assertThat(head.acceptEncodings()).containsExactly("identity", "gzip", "zstd", "br");
    }

    @Test
    void aHeadIsWrittenInKitexOrder() {
        RequestHead head = new RequestHead(
                "EchoService",
                "EchoBidi",
                "tenant",
                ContentType.of(PayloadFormat.THRIFT),
                Duration.ofMillis(150),
                Map.of("P", "1"),
                Map.of("REQ_ID", "2"),
                Metadata.of("X-One", "3"),
                "gzip",
                List.of("identity", "gzip"),
                "caller");

        assertThat(lines(head.toHeaders("https", "the.destination")))
                .containsExactly(
                        ":method: POST",
                        ":scheme: https",
                        ":path: /tenant.EchoService/EchoBidi",
                        ":authority: the.destination",
                        "content-type: application/grpc+thrift",
                        "user-agent: streamx-java",
                        "te: trailers",
                        "grpc-encoding: gzip",
                        "grpc-accept-encoding: identity,gzip",
                        "grpc-timeout: 150000u",
                        "rpc-transit-req-id: 2",
                        "rpc-persist-p: 1",
                        "source-service: caller",
                        "x-one: 3");
    }

    @Test
    void aHeadThatCompressesNothingSaysNothingOfIt() {
        RequestHead head = RequestHead.of(
                new GrpcPath("", "EchoService", "Echo"),
                PayloadFormat.PROTOBUF,
                null,
                Map.of(),
                Map.of(),
                Metadata.EMPTY,
                "");

        assertThat(lines(head.toHeaders("http", "d")))
                .containsExactly(
                        ":method: POST",
                        ":scheme: http",
                        ":path: /EchoService/Echo",
                        ":authority: d",
                        "content-type: application/grpc",
                        "user-agent: streamx-java",
                        "te: trailers");
    }

    @Test
    void theFrameworksEntriesReplaceTheUsers() {
        RequestHead head = RequestHead.of(
                new GrpcPath("p", "S", "M"),
                PayloadFormat.PROTOBUF,
                null,
                Map.of("K", "framework"),
                Map.of(),
                Metadata.of(Map.of(
                        "rpc-persist-k", "user",
                        "SOURCE-SERVICE", "user",
                        "grpc-timeout", "1S",
                        "te", "gzip",
                        ":path", "/other/Path",
                        "grpc-accept-encoding", "br")),
                "framework");

        assertThat(lines(head.toHeaders("http", "d")))
                .contains("rpc-persist-k: framework", "source-service: framework", "te: trailers", ":path: /p.S/M")
                .hasSize(9);
    }

    @Test
    void metainfoThatNoHeaderCanCarryIsNamed() {
        RequestHead head = RequestHead.of(
                new GrpcPath("p", "S", "M"),
                PayloadFormat.PROTOBUF,
                null,
                Map.of("KEY", "a\nb"),
                Map.of(),
                Metadata.EMPTY,
                "");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> head.toHeaders("http", "d"))
                .withMessage("persistent metainfo 'KEY' = 'a?b': character U+000A at 1"
                        + " (expected: printable ASCII, or a name that ends in -bin)");
    }
}
