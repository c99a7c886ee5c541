package io.streamx.grpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import io.streamx.Metadata;
import io.streamx.service.PayloadFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BareRequestTest {
    private static RequestHead head(@Nullable Duration timeout, String source) {
        return RequestHead.of(
                new GrpcPath("acme.v1", "Echo", "Say"),
                PayloadFormat.THRIFT,
                timeout,
                Map.of(),
                Map.of(),
                Metadata.EMPTY,
                source);
    }

    private static List<String> entries(Http2Headers headers) {
        List<String> entries = new ArrayList<>();
        headers.forEach(header -> entries.add(header.getKey() + "=" + header.getValue()));
        return entries;
    }

    @Test
    void saysWhatTheHeadOfSuchARequestSays() {
        BareRequest bare = BareRequest.of(head(null, "shop"), "http", "acme.echo");

        assertThat(entries(bare.headers(null)))
                .containsExactlyInAnyOrderElementsOf(entries(head(null, "shop").toHeaders("http", "acme.echo")));
    }

    @Test
    void addsTheTimeoutOfEachRequest() {
        BareRequest bare = BareRequest.of(head(null, ""), "https", "acme.echo");

        for (Duration timeout : List.of(Duration.ZERO, Duration.ofMillis(1500), Duration.ofDays(400))) {
            Http2Headers headers = bare.headers(timeout);
            assertThat(entries(headers))
                    .containsExactlyInAnyOrderElementsOf(
                            entries(head(timeout, "").toHeaders("https", "acme.echo")));
            assertThat(HeaderListSize.of(headers)).isLessThanOrEqualTo(bare.bytes());
        }
        assertThat(entries(bare.headers(null))).noneMatch(entry -> entry.startsWith("grpc-timeout"));
    }

    @Test
    void carriesTheTextsOfAnyLanguageThatAHeadCarries() {
        BareRequest bare = BareRequest.of(head(null, "商店"), "http", "服务");

        assertThat(entries(bare.headers(null)))
                .containsExactlyInAnyOrderElementsOf(entries(head(null, "商店").toHeaders("http", "服务")));
        assertThat(bare.isTo("acme.echo")).isFalse();
    }

    @Test
    void knowsWhomItsRequestsGoTo() {
        BareRequest bare = BareRequest.of(head(null, ""), "http", "acme.echo");

        assertThat(bare.isTo("acme.echo")).isTrue();
        assertThat(bare.isTo("acme.ech")).isFalse();
    }
}
