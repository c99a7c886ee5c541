package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.streamx.BizStatusException;
import io.streamx.RpcException;
import io.streamx.StatusException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Header lists of any content: they are read, or refused with the errors that are declared, and cost their size. */
class HostileHeadersTest {
    private static final String[] NAMES = {
        ":method",
        ":scheme",
        ":path",
        ":authority",
        ":status",
        ":other",
        "content-type",
        "user-agent",
        "te",
        "grpc-timeout",
        "grpc-encoding",
        "grpc-accept-encoding",
        "grpc-status",
        "grpc-message",
        "grpc-status-details-bin",
        "grpc-message-type",
        "biz-status",
        "biz-extra",
        "rpc-persist-a",
        "rpc-persist-",
        "rpc-transit-b-bin",
        "rpc-transit-c",
        "source-service",
        "x",
        "x-bin",
        "-bin",
        "",
        "under_score"
    };
    private static final String[] VALUES = {
        "",
        "POST",
        "http",
        "/a.b.S/M",
        "/",
        "//",
        "application/grpc",
        "application/grpc+thrift",
        "application/grpc;x",
        "1S",
        "-1S",
        "99999999H",
        "x",
        "0",
        "13",
        "-1",
        "99999999999",
        "{}",
        "{\"a\":\"b\"}",
        "{\"a\":",
        "%",
        "%41%",
        "%E4%BD",
        "YQ",
        "YQ==",
        "CAkSD3ByZQ",
        "CAkSA3ByZQ",
        "GgIKAA",
        "gzip,identity",
        ",,,",
        "null",
        "200",
        "103"
    };

    private final Random random = new Random(20261124);

    private AsciiString value() {
        if (random.nextInt(3) > 0) {
            return GoldenConversation.bytes(VALUES[random.nextInt(VALUES.length)]);
        }
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return new AsciiString(bytes, false);
    }

    private Http2Headers list() {
        Http2Headers headers = new DefaultHttp2Headers(false);
        if (random.nextBoolean()) { // otherwise few would come past the first checks
            headers.add(":method", "POST").add(":scheme", "http");
            headers.add(":path", "/a.S/M").add("content-type", "application/grpc");
        }
        for (int i = random.nextInt(12); i > 0; i--) {
            headers.add(GoldenConversation.bytes(NAMES[random.nextInt(NAMES.length)]), value());
        }
        return headers;
    }

    @Test
    void anyListIsARequestOrNamesWhatIsWrongWithIt() {
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            Http2Headers headers = list();
            long size = HeaderListSize.of(headers);
            try {
                RequestHead head = RequestHead.parse(headers);
                assertThat(chars(MetadataHeaders.ofRequest(headers).firstValues())
                                + chars(head.persistents())
                                + chars(head.transients()))
                        .isLessThanOrEqualTo(2 * size);
                assertThat(head.timeout() == null || !head.timeout().isNegative())
                        .isTrue();
                assertThat(head.timeout() == null || head.timeout().compareTo(Duration.ofHours(99_999_999)) <= 0)
                        .isTrue();
                read++;
            } catch (MalformedRequestException malformed) {
                assertThat(malformed.getMessage()).contains("expected: ").hasSizeLessThan(600);
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    @Test
    void anyListIsAHeadOfAResponseOrAStatus() {
        for (int i = 0; i < 50_000; i++) {
            Http2Headers headers = list();
            try {
                ResponseHead head = ResponseHead.parse(headers);
                assertThat(chars(head.metadata().firstValues())).isLessThanOrEqualTo(HeaderListSize.of(headers));
            } catch (StatusException status) {
                assertThat(status.statusMessage()).contains("expected: application/grpc");
            }
        }
    }

    @Test
    void anyListIsAnOutcome() {
        int business = 0;
        for (int i = 0; i < 50_000; i++) {
            RpcException outcome = Trailers.outcome(list());
            assertThat(outcome == null || outcome instanceof StatusException || outcome instanceof BizStatusException)
                    .isTrue();
            business += outcome instanceof BizStatusException ? 1 : 0;
        }
        assertThat(business).isGreaterThan(10);
    }

    /** Far more than the table of Netty's headers has buckets: to look each name up would take the square of them. */
    @Test
    @Timeout(20)
    void manyHeadersCostTheirNumber() throws Exception {
        Http2Headers headers = GoldenConversation.headers(
                ":method", "POST", ":scheme", "http", ":path", "/a.S/M", "content-type", "application/grpc");
        int count = 400_000;
        for (int i = 0; i < count; i++) {
            headers.add("x-" + i % 1_000, "v");
        }
        headers.add("grpc-status", "5");

        assertThat(MetadataHeaders.ofRequest(headers).entries()).hasSizeGreaterThan(1_000);
        assertThat(Trailers.outcome(headers)).isNotNull();
    }

    private static long chars(Map<String, String> entries) {
        return entries.entrySet().stream()
                .mapToLong(entry ->
                        (long) entry.getKey().length() + entry.getValue().length())
                .sum();
    }
}
