package io.streamx.grpc.protocol;

import static io.streamx.grpc.protocol.GoldenConversation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.BizStatusException;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.service.PayloadFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The header lists that Kitex and grpc-go exchanged, read and written. */
class GoldenHeadersTest {
    @SuppressWarnings("unused") // names the parameters of a test
    private static final List<String> CONVERSATIONS = GoldenConversation.NAMES;

    private static final Set<String> FIXED = Set.of(
            ":method",
            ":scheme",
            ":path",
            ":authority",
            "content-type",
            "te",
            "grpc-encoding",
            "grpc-accept-encoding",
            "grpc-timeout");

    private static final List<StatusDetail> DETAIL = List.of(new StatusDetail(
            "type.googleapis.com/google.protobuf.StringValue",
            new byte[] {0x0A, 11, 'd', 'e', 't', 'a', 'i', 'l', ' ', 't', 'e', 'x', 't'}));

    private static Metadata metadata(String name) {
        return MetadataHeaders.ofRequest(
                GoldenConversation.read(name).requests().get(0));
    }

    private static RequestHead request(String name) throws MalformedRequestException {
        return RequestHead.parse(GoldenConversation.read(name).requests().get(0));
    }

    private static Http2Headers end(String name) {
        return GoldenConversation.read(name).trailers().get(0);
    }

    // ---- requests ----

    @ParameterizedTest
    @FieldSource("CONVERSATIONS")
    void eachRequestNamesWhatItsConversationIsAbout(String name) throws Exception {
        GoldenConversation conversation = GoldenConversation.read(name);

        for (Http2Headers headers : conversation.requests()) {
            RequestHead head = RequestHead.parse(headers);

            assertThat(head.format())
                    .isEqualTo(name.startsWith("thrift") ? PayloadFormat.THRIFT : PayloadFormat.PROTOBUF);
            assertThat('/' + head.grpcPackage() + '.' + head.service() + '/' + head.method())
                    .isEqualTo(headers.path().toString());
            assertThat(MetadataHeaders.ofRequest(headers).names())
                    .contains("x-scn", "user-agent", "content-type", ":authority");
        }
        assertThat(conversation.requests()).isNotEmpty();
    }

    @ParameterizedTest
    @FieldSource("CONVERSATIONS")
    void eachRequestIsWrittenAgainAsItCame(String name) throws Exception {
        for (Http2Headers headers : GoldenConversation.read(name).requests()) {
            Http2Headers written = withEntries(RequestHead.parse(headers), MetadataHeaders.of(headers))
                    .toHeaders(headers.scheme().toString(), headers.authority().toString());

            if (!name.startsWith("grpc-go")) { // whose order is another one
                assertThat(fixed(written)).isEqualTo(fixed(headers));
            }
            List<String> expected = lines(headers);
            expected.replaceAll(line -> line.startsWith("user-agent") ? "user-agent: streamx-java" : line);
            assertThat(lines(written)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static RequestHead withEntries(RequestHead head, Metadata entries) {
        return RequestHead.of(
                        head.path(),
                        head.format(),
                        head.timeout(),
                        head.persistents(),
                        head.transients(),
                        entries,
                        head.source())
                .withCompression(head.encoding(), head.acceptEncodings());
    }

    private static List<String> fixed(Http2Headers headers) {
        List<String> lines = new ArrayList<>(lines(headers));
        lines.removeIf(line -> !FIXED.contains(line.substring(0, line.indexOf(": "))));
        return lines;
    }

    @Test
    void pathCallerAndScenarioOfAThriftCall() throws Exception {
        RequestHead head = request("thrift-unary");

        assertThat(head.grpcPackage()).isEqualTo("echo");
        assertThat(head.service()).isEqualTo("TestService");
        assertThat(head.method()).isEqualTo("PingPong");
        assertThat(head.source()).isEqualTo("heldout.client");
        assertThat(head.timeout()).isNull();
        assertThat(head.encoding()).isEqualTo("identity");
        assertThat(head.acceptEncodings()).isEmpty();
        assertThat(metadata("thrift-unary").firstValues())
                .containsEntry("x-scn", "thrift/unary_1")
                .containsEntry(":authority", "heldout.server")
                .containsEntry("user-agent", "kitex/v0.16.3");
    }

    @Test
    void packageOfAnUnknownServiceIsNotPartOfItsName() throws Exception {
        RequestHead head = request("pb-unknown-service");

        assertThat(head.grpcPackage()).isEqualTo("other.pkg");
        assertThat(head.service()).isEqualTo("NoSuchService");
    }

    @Test
    void metainfoAndMetadataOfOneRequest() throws Exception {
        RequestHead head = request("thrift-bidi-metainfo");

        assertThat(head.persistents()).isEqualTo(Map.of("P_KEY", "p value"));
        assertThat(head.transients()).isEqualTo(Map.of("LOWER", "x", "T_KEY", "t value", "A_BIN", "bin value"));
        Metadata entries = metadata("thrift-bidi-metainfo");
        assertThat(entries.values("x-one")).containsExactly("1");
        assertThat(entries.values("x-two")).containsExactly("a", "b");
        assertThat(entries.binaryValues("X-Raw-Bin")).containsExactly(new byte[] {0, 1, (byte) 0xFE});
    }

    @Test
    void timeoutsOfThreeRequests() throws Exception {
        assertThat(request("pb-bidi-deadline").timeout()).isEqualTo(Duration.ofNanos(149_414_000));
        assertThat(request("thrift-unary-rpc-timeout").timeout()).isEqualTo(Duration.ofNanos(149_279_000));
        assertThat(request("grpc-go-to-kitex-unary").timeout()).isEqualTo(Duration.ofNanos(19_997_909_000L));
    }

    @Test
    void aCallerWithGzipSaysSoTwice() throws Exception {
        RequestHead head = request("pb-bidi-gzip");

        assertThat(head.encoding()).isEqualTo("gzip");
        assertThat(head.acceptEncodings()).containsExactly("gzip");
    }

    // ---- responses ----

    @ParameterizedTest
    @FieldSource("CONVERSATIONS")
    void eachHeadOfAResponseIsReadAndWrittenAgain(String name) {
        for (Http2Headers headers : GoldenConversation.read(name).responses()) {
            ResponseHead head = ResponseHead.parse(headers);

            Http2Headers written = ResponseHead.headers(head.contentType(), head.encoding(), head.metadata());
            assertThat(lines(written)).isEqualTo(lines(headers));
        }
    }

    @Test
    void headerAndTrailerEntriesOfTheHandler() {
        GoldenConversation plain = GoldenConversation.read("thrift-bidi-header-trailer");
        assertThat(ResponseHead.parse(plain.responses().get(0)).metadata().firstValues())
                .isEqualTo(Map.of("h1", "v1"));
        assertThat(Trailers.metadata(plain.trailers().get(0)).firstValues()).isEqualTo(Map.of("t1", "v2"));

        GoldenConversation binary = GoldenConversation.read("thrift-bidi-bin-metadata");
        assertThat(ResponseHead.parse(binary.responses().get(0)).metadata().firstValues())
                .isEqualTo(Map.of("x-bin", "abc"));
        assertThat(Trailers.metadata(binary.trailers().get(0)).firstValues()).isEqualTo(Map.of("y-bin", "\1\2é"));
    }

    @Test
    void aResponseThatIsCompressedSaysWithWhat() {
        assertThat(ResponseHead.parse(GoldenConversation.read("pb-bidi-gzip")
                                .responses()
                                .get(0))
                        .encoding())
                .isEqualTo("gzip");
    }

    // ---- ends ----

    record End(String conversation, HandlerStatus status) {
        @Override
        public String toString() {
            return conversation;
        }
    }

    private static HandlerStatus thrown(Throwable failure) {
        return HandlerStatus.of(failure, true, "PbTestService.Echo", Dialect.KITEX);
    }

    static Stream<End> ends() {
        Stream<End> failures = Stream.of(
                new End("pb-bidi-panic", thrown(new Ouch())),
                new End(
                        "pb-gzip-refused",
                        thrown(new IllegalStateException("no kitex compressor registered found for:gzip"))),
                new End("pb-server-biz", thrown(new BizStatusException(10001, "no money", Map.of("k", "v")))),
                new End("pb-server-error-after-2", thrown(new IllegalStateException("boom"))),
                new End("pb-trailers-only", HandlerStatus.OK),
                new End("pb-unary-error-utf8", thrown(new IllegalStateException("böse 你\n100%"))),
                new End(
                        "pb-unary-gbiz",
                        thrown(new BizStatusException(
                                10002,
                                "grpc style",
                                new java.util.TreeMap<>(Map.of("a", "1", "b", "2")),
                                new StatusException(StatusCode.FAILED_PRECONDITION, "grpc style", DETAIL)))),
                new End(
                        "pb-unary-status-details",
                        thrown(new StatusException(StatusCode.FAILED_PRECONDITION, "pre", DETAIL))),
                new End(
                        "pb-unknown-method",
                        HandlerStatus.unknownMethod(
                                new GrpcPath("pb", "PbTestService", "NoSuchMethod"), Dialect.KITEX)),
                new End(
                        "pb-unknown-service",
                        HandlerStatus.unknownService(new GrpcPath("pb", "NoSuchService", "Any"), Dialect.KITEX)));
        Stream<End> successes = GoldenConversation.NAMES.stream()
                .filter(name -> GoldenConversation.read(name).trailers().stream()
                        .anyMatch(trailers ->
                                !trailers.contains(":status") && "0".contentEquals(trailers.get("grpc-status"))))
                .map(name -> new End(name, HandlerStatus.OK));
        return Stream.concat(failures, successes);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void eachEndIsWrittenAsKitexDoes(End end) {
        for (Http2Headers recorded : GoldenConversation.read(end.conversation).trailers()) {
            Metadata entries = Trailers.metadata(recorded);

            Http2Headers written = recorded.contains(":status")
                    ? Trailers.only(
                            ResponseHead.parse(recorded).contentType(), entries, end.status, HeaderListLimits.NONE)
                    : Trailers.of(entries, end.status, HeaderListLimits.NONE);

            // A map of extra entries has no order of its own.
            assertThat(lines(written))
                    .usingElementComparator((a, b) -> sorted(a).compareTo(sorted(b)))
                    .isEqualTo(lines(recorded));
        }
    }

    private static String sorted(String line) {
        return line.startsWith("biz-extra")
                ? line.chars()
                        .sorted()
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : line;
    }

    @ParameterizedTest
    @MethodSource("ends")
    void eachEndIsReadAsWhatItsHandlerThrew(End end) {
        for (Http2Headers recorded : GoldenConversation.read(end.conversation).trailers()) {
            Throwable outcome = Trailers.outcome(recorded);

            if (end.status.isOk()) {
                assertThat(outcome).isNull();
            } else if (end.status.business() != null) {
                assertThat(outcome).isInstanceOfSatisfying(BizStatusException.class, business -> {
                    assertThat(business.code()).isEqualTo(end.status.business().code());
                    assertThat(business.bizMessage()).isEqualTo(end.status.message());
                    assertThat(business.extra()).isEqualTo(end.status.business().extra());
                    StatusException under = Objects.requireNonNull(business.status());
                    assertThat(under.code()).isEqualTo(end.status.code());
                    assertThat(under.details()).isEqualTo(end.status.details());
                });
            } else {
                assertThat(outcome).isInstanceOfSatisfying(StatusException.class, status -> {
                    assertThat(status.code()).isEqualTo(end.status.code());
                    assertThat(status.statusMessage()).isEqualTo(end.status.message());
                    assertThat(status.details()).isEqualTo(end.status.details());
                });
            }
        }
    }

    @Test
    void everyRecordedEndIsOneOfThose() {
        List<String> covered = ends().map(End::conversation).toList();

        assertThat(GoldenConversation.NAMES.stream()
                        .filter(name ->
                                !GoldenConversation.read(name).trailers().isEmpty()))
                .allMatch(covered::contains);
    }

    /** What a Go program panics with is a text; ours is an error that shows as one. */
    private static final class Ouch extends Error {
        @Override
        public String toString() {
            return "ouch";
        }
    }
}
