package io.streamx.grpc.protocol;

import static io.streamx.grpc.protocol.GoldenConversation.headers;
import static io.streamx.grpc.protocol.GoldenConversation.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.BinaryValue;
import io.streamx.Metadata;
import io.streamx.service.PayloadFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataHeadersTest {
    private static Http2Headers written(Map<String, String> entries) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        MetadataHeaders.addTo(headers, Metadata.of(entries), PayloadFormat.PROTOBUF);
        return headers;
    }

    private static void check(String name, String value) {
        MetadataHeaders.check(Metadata.of(name, value), PayloadFormat.PROTOBUF);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":status",
                ":custom",
                "content-type",
                "Content-Type",
                "user-agent",
                "te",
                "grpc-message-type",
                "grpc-encoding",
                "grpc-accept-encoding",
                "grpc-timeout",
                "grpc-status",
                "GRPC-Message",
                "grpc-status-details-bin",
                "biz-status",
                "biz-extra"
            })
    void reservedNamesAreNeitherSentNorShown(String name) {
        assertThat(written(Map.of(name, "v"))).isEmpty();
        assertThatCode(() -> check(name, "\n")).doesNotThrowAnyException();
        assertThat(MetadataHeaders.of(headers(name.toLowerCase(java.util.Locale.ROOT), "v")))
                .isEqualTo(Metadata.EMPTY);
    }

    @Test
    void credentialsThatNoHeaderCanCarryAreNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check("Authorization", "Bearer abc\n"))
                .withMessageContaining("'Authorization' = '(hidden)': character U+000A at 10")
                .withMessageNotContaining("abc");
    }

    @Test
    void namesAreSentInLowerCase() {
        assertThat(lines(written(Map.of("X-Trace_Id.V2", "Value")))).containsExactly("x-trace_id.v2: Value");
    }

    @Test
    void underscoresAndEmptyValuesTravelAsTheyAre() {
        assertThat(lines(written(Map.of("under_score", "")))).containsExactly("under_score: ");
        assertThat(MetadataHeaders.of(headers("under_score", "")).firstValues()).isEqualTo(Map.of("under_score", ""));
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "a, YQ", "ab, YWI", "abc, YWJj", "'é', w6k"})
    void bytesAreSentInBase64WithoutPadding(String value, String base64) {
        assertThat(lines(written(Map.of("x-bin", value)))).containsExactly("x-bin: " + base64);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "YQ, a", "YQ==, a", "YWI, ab", "YWI=, ab", "YWJj, abc"})
    void bytesAreReadWithAndWithoutPadding(String base64, String value) {
        assertThat(MetadataHeaders.of(headers("x-bin", base64)).firstValues()).isEqualTo(Map.of("x-bin", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"YQ=", "Y", "YQ===", "Y Q", "!", "YW-_", "é"})
    void whatIsNoBase64IsLeftOut(String value) {
        Metadata read = MetadataHeaders.of(headers("x-bin", value, "y", "1"));

        assertThat(read.firstValues()).isEqualTo(Map.of("y", "1"));
    }

    @Test
    void anyBytesComeBack() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        Metadata read = MetadataHeaders.of(written(Map.of("all-bin", BinaryValue.of(all))));

        assertThat(BinaryValue.bytes(Objects.requireNonNull(read.first("all-bin"))))
                .isEqualTo(all);
    }

    @Test
    void textThatIsNotAsciiTravelsAsUtf8BesideThriftAlone() {
        Metadata entries =
                Metadata.builder().add("x", "余额 é😀").add("y", "\uDCFF").build();
        Http2Headers headers = new DefaultHttp2Headers(false);
        MetadataHeaders.addTo(headers, entries, PayloadFormat.THRIFT);

        assertThat(MetadataHeaders.of(headers)).isEqualTo(entries);
        assertThat(Objects.requireNonNull(headers.get("y"))).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check("x", "Jürg"))
                .withMessage("entry 'x' = 'Jürg': character U+00FC at 1"
                        + " (expected: printable ASCII, or a name that ends in -bin)");
    }

    @Test
    void allValuesOfANameTravelInOrder() {
        Metadata entries = Metadata.builder()
                .add("a", "1")
                .add("b", "2")
                .add("A", "3")
                .add("x-bin", new byte[] {0, 1})
                .add("x-bin", new byte[] {4, 16})
                .build();

        Http2Headers written = new DefaultHttp2Headers(false);
        MetadataHeaders.addTo(written, entries, PayloadFormat.PROTOBUF);

        assertThat(lines(written)).containsExactly("a: 1", "b: 2", "a: 3", "x-bin: AAE", "x-bin: BBA");
        assertThat(MetadataHeaders.of(written).values("a")).containsExactly("1", "3");
        assertThat(MetadataHeaders.of(written).binaryValues("X-Bin"))
                .containsExactly(new byte[] {0, 1}, new byte[] {4, 16});
    }

    @Test
    void bytesJoinedWithCommasAreSeveralValues() {
        assertThat(MetadataHeaders.of(headers("x-bin", "AAE,BBA=, AQ", "x-bin", "Ag"))
                        .binaryValues("x-bin"))
                .containsExactly(new byte[] {0, 1}, new byte[] {4, 16}, new byte[] {1}, new byte[] {2});
    }

    @Test
    void spacesAtTheEndsOfAValueAreNotSent() {
        assertThat(lines(written(Map.of("a", "  b c ")))).containsExactly("a: b c");
    }

    @Test
    void whatHttpSaysToItsOwnEndsIsNoMetadata() {
        assertThat(MetadataHeaders.of(
                        headers("trailer", "Grpc-Status", "trailer", "Grpc-Message", "content-length", "3")))
                .isEqualTo(Metadata.EMPTY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:b", "a\n", "ä", "a(", "a,b", "a/b"})
    void aNameThatNoHeaderCanHaveIsNamed(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(name, "v"))
                .withMessageStartingWith("entry '" + name.replace('\n', '?') + "' (expected: a name of letters");
        assertThatIllegalArgumentException().isThrownBy(() -> written(Map.of(name, "v")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection", "Keep-Alive", "transfer-encoding", "upgrade", "proxy-connection"})
    void headersOfHttp1ConnectionsAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(name, "v"))
                .withMessageStartingWith("entry '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\n", "\r", "\u001B", "\u007F"})
    void aControlCharacterInAValueIsNamed(String character) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check("k", "ab" + character))
                .withMessage(String.format(
                        "entry 'k' = 'ab?': character U+%04X at 2"
                                + " (expected: printable ASCII, or a name that ends in -bin)",
                        (int) character.charAt(0)));
        assertThatCode(() -> check("k-bin", character)).doesNotThrowAnyException();
    }

    @Test
    void metainfoKeysAreConvertedAsKitexDoes() {
        Http2Headers headers = new DefaultHttp2Headers(false);

        GrpcMetainfo.addTo(headers, Map.of("REQ_ID", "1", "E", "", "", "e"), Map.of("k1", "2"), PayloadFormat.PROTOBUF);
        GrpcMetainfo.addTo(headers, Map.of("A_BIN", "bin value"), Map.of("a-b", "3"), PayloadFormat.PROTOBUF);

        assertThat(lines(headers))
                .containsExactly(
                        "rpc-transit-k1: 2",
                        "rpc-persist-req-id: 1",
                        "rpc-transit-a-b: 3",
                        "rpc-persist-a-bin: YmluIHZhbHVl");
        assertThat(GrpcMetainfo.of(headers))
                .isEqualTo(
                        new GrpcMetainfo(Map.of("REQ_ID", "1", "A_BIN", "bin value"), Map.of("K1", "2", "A_B", "3")));
    }

    @Test
    void metainfoTakesTheFirstOfSeveralValuesAndNoEmptyOnes() {
        GrpcMetainfo read = GrpcMetainfo.of(headers(
                "rpc-persist-a",
                "1",
                "rpc-persist-a",
                "2",
                "rpc-persist-",
                "x",
                "rpc-transit-e",
                "",
                "rpc-transit-b-bin",
                "!"));

        assertThat(read).isEqualTo(new GrpcMetainfo(Map.of("A", "1"), Map.of()));
        assertThat(GrpcMetainfo.of(headers("x", "y"))).isSameAs(GrpcMetainfo.NONE);
    }
}
