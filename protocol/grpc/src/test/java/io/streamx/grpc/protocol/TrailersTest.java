package io.streamx.grpc.protocol;

import static io.streamx.grpc.protocol.GoldenConversation.headers;
import static io.streamx.grpc.protocol.GoldenConversation.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.BizStatusException;
import io.streamx.Metadata;
import io.streamx.StatusCode;
import io.streamx.StatusDetail;
import io.streamx.StatusException;
import io.streamx.service.PayloadFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrailersTest {
    private static StatusException status(String... trailers) {
        return (StatusException) Objects.requireNonNull(Trailers.outcome(headers(trailers)));
    }

    private static BizStatusException business(String... trailers) {
        return (BizStatusException) Objects.requireNonNull(Trailers.outcome(headers(trailers)));
    }

    private static String details(int code, String message, StatusDetail... details) {
        return MetadataHeaders.encodeBinary(new StatusDetailsEncoding(code, message, List.of(details)).encode());
    }

    // ---- reading ----

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 16, 17, 20, 1900, Integer.MAX_VALUE})
    void anyCodeIsKept(int code) {
        StatusException status = status("grpc-status", Integer.toString(code), "grpc-message", "%E4%BD%A0");

        assertThat(status.code()).isEqualTo(code);
        assertThat(status.statusMessage()).isEqualTo("你");
        assertThat(status.getStackTrace()).isEmpty();
    }

    @Test
    void ofSeveralStatusesTheLastCounts() {
        StatusException status = status(
                "grpc-status", "0", "grpc-message", "of the server", "grpc-status", "14", "grpc-message", "of a proxy");
        assertThat(status.code()).isEqualTo(14);
        assertThat(status.statusMessage()).isEqualTo("of a proxy");
        assertThat(Trailers.outcome(headers("grpc-status", "14", "grpc-status", "0")))
                .isNull();
    }

    @Test
    void zeroIsSuccessWhateverElseIsThere() {
        assertThat(Trailers.outcome(headers("grpc-status", "0"))).isNull();
        assertThat(Trailers.outcome(headers("grpc-status", "0", "grpc-message", "x", "biz-status", "nonsense")))
                .isNull();
    }

    @Test
    void noStatusIsUnknownWithTheMessageThatCame() {
        assertThat(status("grpc-message", "why").code()).isEqualTo(StatusCode.UNKNOWN);
        assertThat(status("grpc-message", "why").statusMessage()).isEqualTo("why");
        assertThat(status().statusMessage()).isEqualTo("trailers without grpc-status");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "-1", "2147483648", "1.0", " 1", "0x1"})
    void aMalformedStatusIsInternalAndNamed(String value) {
        StatusException status = status("grpc-status", value, "grpc-message", "why");

        assertThat(status.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(status.statusMessage())
                .isEqualTo("malformed grpc-status: '" + value + "' (expected: a number of 0 to 2147483647)"
                        + "; with message: why");
    }

    @ParameterizedTest
    @CsvSource({"10001", "0", "-1", "2147483647", "-2147483648"})
    void anyBusinessCodeIsOne(int code) {
        BizStatusException business =
                business("grpc-status", "13", "grpc-message", "m", "biz-status", Integer.toString(code));

        assertThat(business.code()).isEqualTo(code);
        assertThat(business.bizMessage()).isEqualTo("m");
        assertThat(business.extra()).isEmpty();
        assertThat(Objects.requireNonNull(business.status()).code()).isEqualTo(13);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "2147483648", "1.5"})
    void aMalformedBusinessStatusIsInternalAndNamed(String value) {
        StatusException status = status("grpc-status", "9", "grpc-message", "m", "biz-status", value);

        assertThat(status.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(status.statusMessage())
                .isEqualTo("malformed biz-status: '" + value
                        + "' (expected: a 32-bit number); with status 9 FAILED_PRECONDITION: m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{\"a\":1}", "x"})
    void malformedExtraIsInternalAndNamed(String extra) {
        StatusException status =
                status("grpc-status", "13", "grpc-message", "m", "biz-status", "7", "biz-extra", extra);

        assertThat(status.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(status.statusMessage())
                .startsWith("malformed header info, extra: '" + extra + "'")
                .endsWith("; with biz-status 7, status 13 INTERNAL: m");
    }

    @Test
    void extraMayHoldAnyText() {
        assertThat(business("grpc-status", "13", "biz-status", "7", "biz-extra", "{\"k\":\"余额\"}")
                        .extra())
                .isEqualTo(Map.of("k", "余额"));
    }

    @Test
    void theStatusInTheDetailsWins() {
        StatusDetail detail = new StatusDetail("t/a.B", new byte[] {1, 2});
        StatusException status = status(
                "grpc-status", "13", "grpc-message", "outer", "grpc-status-details-bin", details(9, "inner", detail));

        assertThat(status.code()).isEqualTo(9);
        assertThat(status.statusMessage()).isEqualTo("inner");
        assertThat(status.details()).containsExactly(detail);
        assertThat(status("grpc-status", "0", "grpc-status-details-bin", details(9, "inner"))
                        .code())
                .isEqualTo(9);
    }

    @Test
    void detailsWithoutACodeOfTheirOwnKeepTheStatusOutside() {
        StatusDetail detail = new StatusDetail("t/a.B", new byte[] {});
        StatusException status =
                status("grpc-status", "5", "grpc-message", "outer", "grpc-status-details-bin", details(0, "", detail));

        assertThat(status.code()).isEqualTo(5);
        assertThat(status.statusMessage()).isEqualTo("outer");
        assertThat(status.details()).containsExactly(detail);
    }

    @ParameterizedTest
    @CsvSource({"'!', '!'", "'CA', cut short", "'Gn8', length 127"})
    void malformedDetailsAreInternalNextToTheStatusTheyHid(String value, String named) {
        StatusException status = status("grpc-status", "5", "grpc-message", "why", "grpc-status-details-bin", value);

        assertThat(status.code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(status.statusMessage())
                .startsWith("malformed grpc-status-details-bin: ")
                .contains(named)
                .endsWith("; with status NOT_FOUND: why");
    }

    @ParameterizedTest
    @CsvSource({
        "400, 13", "401, 16", "403, 7", "404, 12", "429, 14", "502, 14", "503, 14", "504, 14", "200, 2", "500, 2",
        "x, 2"
    })
    void anAnswerThatIsNotGrpcHasTheStatusOfItsHttpCode(String http, int code) {
        assertThatThrownBy(() -> ResponseHead.parse(headers(":status", http, "content-type", "text/html")))
                .isInstanceOfSatisfying(StatusException.class, status -> {
                    assertThat(status.code()).isEqualTo(code);
                    assertThat(status.statusMessage())
                            .isEqualTo("answer of no gRPC server: HTTP status '" + http
                                    + "', content-type 'text/html' (expected: application/grpc)");
                });
    }

    @Test
    void anAnswerWithNeitherStatusNorTypeIsInternal() {
        assertThatThrownBy(() -> ResponseHead.parse(headers("a", "b")))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        status -> assertThat(status.code()).isEqualTo(StatusCode.INTERNAL));
    }

    @Test
    void theHttpStatusOfAGrpcAnswerIsIgnored() {
        assertThat(ResponseHead.parse(headers(":status", "500", "content-type", "application/grpc+any"))
                        .contentType()
                        .subtype())
                .isEqualTo("any");
        assertThat(ResponseHead.parse(headers("content-type", "application/grpc"))
                        .encoding())
                .isEqualTo("identity");
    }

    @Test
    void interimAnswersAreTold() {
        assertThat(ResponseHead.isInformational(headers(":status", "103"))).isTrue();
        assertThat(ResponseHead.isInformational(headers(":status", "200"))).isFalse();
        assertThat(ResponseHead.isInformational(headers("a", "b"))).isFalse();
    }

    // ---- writing ----

    private static HeaderListLimits limits(long announced) {
        return HeaderListLimits.of(announced, PayloadFormat.PROTOBUF);
    }

    @Test
    void fieldsStandInKitexOrder() {
        BizStatusException business = new BizStatusException(
                5, "m", Map.of("k", "v"), new StatusException(9, "", List.of(new StatusDetail("t", new byte[] {1}))));

        Http2Headers written = Trailers.only(
                new ContentType("thrift"),
                Metadata.of("Own", "1"),
                HandlerStatus.of(business, true, "S.M", Dialect.KITEX),
                HeaderListLimits.NONE);

        assertThat(lines(written))
                .containsExactly(
                        ":status: 200",
                        "content-type: application/grpc+thrift",
                        "grpc-status: 9",
                        "grpc-message: m",
                        "biz-status: 5",
                        "biz-extra: {\"k\":\"v\"}",
                        "grpc-status-details-bin: " + details(9, "m", new StatusDetail("t", new byte[] {1})),
                        "own: 1");
    }

    /** Raw UTF-8 in an entry costs some callers their connection, and JSON has another way to write it. */
    @Test
    void aBusinessErrorsEntriesBeyondAsciiAreSentInAsciiAlone() {
        BizStatusException business = new BizStatusException(404, "größe", Map.of("name", "Jürg \uD83D\uDE00\n"));

        Http2Headers written = Trailers.only(
                new ContentType("proto"),
                Metadata.EMPTY,
                HandlerStatus.of(business, true, "S.M", Dialect.STANDARD),
                HeaderListLimits.NONE);

        written.forEach(entry -> assertThat(entry.getValue().chars()).allMatch(c -> c >= ' ' && c <= '~'));
        assertThat(((BizStatusException) Objects.requireNonNull(Trailers.outcome(written))).extra())
                .isEqualTo(business.extra());
    }

    @Test
    void aMessageTooLongForTheCallerIsCut() {
        HandlerStatus status = HandlerStatus.of(13, "%".repeat(10_000));

        Http2Headers written = Trailers.of(Metadata.of("own", "1"), status, limits(2_000));

        assertThat(HeaderListSize.of(written)).isLessThanOrEqualTo(2_000).isGreaterThan(1_990);
        assertThat(written.get("own")).hasToString("1");
        assertThat(status(lines(written).stream()
                                .flatMap(line -> java.util.stream.Stream.of(line.split(": ", 2)))
                                .toArray(String[]::new))
                        .statusMessage())
                .matches("%+");
    }

    @Test
    void aCallerThatTakesNextToNothingIsToldTheCodeAtLeast() {
        Metadata entries = Metadata.of("own", "v".repeat(5_000));
        AtomicLong tooLarge = new AtomicLong();

        Http2Headers some = Trailers.of(entries, HandlerStatus.of(5, "gone"), limits(150), tooLarge::set);
        Http2Headers least = Trailers.of(entries, HandlerStatus.of(5, "gone"), limits(50), tooLarge::set);

        assertThat(tooLarge).hasValueGreaterThan(5_000);
        assertThat(HeaderListSize.of(some)).isLessThanOrEqualTo(150);
        assertThat(some.get("grpc-message").toString()).startsWith("the trailers are of");
        assertThat(lines(least)).containsExactly("grpc-status: 5");
    }

    @Test
    void trailersThatDoNotFitWithAnyMessageAreReplacedByAStatusThatSaysSo() {
        Metadata entries = Metadata.of("own", "v".repeat(5_000));

        StatusException instead =
                (StatusException) Trailers.outcome(Trailers.of(entries, HandlerStatus.OK, limits(1_000)));
        StatusException failed =
                (StatusException) Trailers.outcome(Trailers.of(entries, HandlerStatus.of(5, "gone"), limits(1_000)));

        assertThat(Objects.requireNonNull(instead).code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(instead.statusMessage())
                .isEqualTo("the trailers are of 5123 bytes (expected: at most 999, as the caller announced);"
                        + " their message began with: ");
        assertThat(Objects.requireNonNull(failed).code()).isEqualTo(5);
        assertThat(failed.statusMessage()).endsWith("began with: gone");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"0, -, true", "0, '', true", "1, '', false", "00, '', false", "0, text, false", "'', '', false"})
    void successWithoutAnythingElseIsKnownAtOnce(String status, @Nullable String message, boolean bare) {
        Http2Headers trailers = new DefaultHttp2Headers(false).add("grpc-status", status);
        if (message != null) {
            trailers.add("grpc-message", message);
        }

        assertThat(Trailers.isBareSuccess(trailers)).isEqualTo(bare);
        assertThat(Trailers.isBareSuccess(trailers.add("name", "value"))).isFalse();
    }

    @Test
    void twoStatusesAreNoBareSuccessSinceTheLastCounts() {
        Http2Headers trailers =
                new DefaultHttp2Headers(false).add("grpc-status", "0").add("grpc-status", "5");

        assertThat(Trailers.isBareSuccess(trailers)).isFalse();
        assertThat(Trailers.outcome(trailers)).isNotNull();
    }
}
