package io.streamx.grpc.protocol;

import static io.streamx.grpc.protocol.GoldenConversation.headers;
import static io.streamx.grpc.protocol.GoldenConversation.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.BinaryValue;
import io.streamx.StatusCode;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTest {
    private static Http2Headers written(Map<String, String> entries) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        Metadata.addTo(headers, entries);
        return headers;
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
        assertThatCode(() -> Metadata.check(Map.of(name, "\n"))).doesNotThrowAnyException();
        assertThat(Metadata.of(headers(name.toLowerCase(java.util.Locale.ROOT), "v")))
                .isEqualTo(Metadata.NONE);
    }

    @Test
    void namesAreSentInLowerCase() {
        assertThat(lines(written(Map.of("X-Trace_Id.V2", "Value")))).containsExactly("x-trace_id.v2: Value");
    }

    @Test
    void underscoresAndEmptyValuesTravelAsTheyAre() {
        assertThat(lines(written(Map.of("under_score", "")))).containsExactly("under_score: ");
        assertThat(Metadata.of(headers("under_score", "")).entries()).isEqualTo(Map.of("under_score", ""));
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "a, YQ", "ab, YWI", "abc, YWJj", "'é', w6k"})
    void bytesAreSentInBase64WithoutPadding(String value, String base64) {
        assertThat(lines(written(Map.of("x-bin", value)))).containsExactly("x-bin: " + base64);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "YQ, a", "YQ==, a", "YWI, ab", "YWI=, ab", "YWJj, abc"})
    void bytesAreReadWithAndWithoutPadding(String base64, String value) {
        assertThat(Metadata.of(headers("x-bin", base64)).entries()).isEqualTo(Map.of("x-bin", value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQ,Ag", "YQ=", "Y", "YQ===", "Y Q", "!", "YW-_", "é"})
    void whatIsNoBase64IsLeftOut(String value) {
        Metadata read = Metadata.of(headers("x-bin", value, "y", "1"));

        assertThat(read.entries()).isEqualTo(Map.of("y", "1"));
        assertThat(read.conflict()).isNull();
    }

    @Test
    void anyBytesComeBack() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }

        Metadata read = Metadata.of(written(Map.of("all-bin", BinaryValue.of(all))));

        assertThat(BinaryValue.bytes(Objects.requireNonNull(read.entries().get("all-bin"))))
                .isEqualTo(all);
    }

    @Test
    void textThatIsNotAsciiTravelsAsUtf8() {
        Map<String, String> entries = Map.of("x", "余额 é😀", "y", "\uDCFF");

        assertThat(Metadata.of(written(entries)).entries()).isEqualTo(entries);
        assertThat(written(Map.of("x", "é")).get("x")).hasSize(2);
    }

    @Test
    void aNameWithSeveralValuesHasItsFirstAndAConflictThatNamesIt() {
        Metadata read = Metadata.of(headers("a", "1", "b", "2", "a", "3", "b", "4"));

        assertThat(read.entries()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(Objects.requireNonNull(read.conflict()).code()).isEqualTo(StatusCode.INTERNAL);
        assertThat(read.conflict().statusMessage())
                .isEqualTo("cannot convert http2 metadata to streaming header, several values of 'a' (expected: one)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:b", "a\n", "ä", "a(", "a,b", "a/b"})
    void aNameThatNoHeaderCanHaveIsNamed(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.check(Map.of(name, "v")))
                .withMessageStartingWith("entry '" + name.replace('\n', '?') + "' (expected: a name of letters");
        assertThatIllegalArgumentException().isThrownBy(() -> written(Map.of(name, "v")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"connection", "Keep-Alive", "transfer-encoding", "upgrade", "proxy-connection"})
    void headersOfHttp1ConnectionsAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.check(Map.of(name, "v")))
                .withMessageStartingWith("entry '" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\n", "\r", "\u001B", "\u007F"})
    void aControlCharacterInAValueIsNamed(String character) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metadata.check(Map.of("k", "ab" + character)))
                .withMessage(String.format(
                        "entry 'k' = 'ab?': character U+%04X at 2"
                                + " (expected: no control characters, or a name that ends in -bin)",
                        (int) character.charAt(0)));
        assertThatCode(() -> Metadata.check(Map.of("k-bin", character))).doesNotThrowAnyException();
    }

    @Test
    void metainfoKeysAreConvertedAsKitexDoes() {
        Http2Headers headers = new DefaultHttp2Headers(false);

        GrpcMetainfo.addTo(headers, Map.of("REQ_ID", "1", "E", "", "", "e"), Map.of("k1", "2"));
        GrpcMetainfo.addTo(headers, Map.of("A_BIN", "bin value"), Map.of("a-b", "3"));

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
