package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.grpc.GrpcOptions;
import io.streamx.grpc.connection.Keepalive.Due;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeepaliveTest {
    private final Keepalive keepalive = new Keepalive(100, 20, false, 0);

    @Test
    void aSilentPeerIsPingedAndThenGone() {
        assertThat(keepalive.look(99, true)).isEqualTo(Due.NOTHING);
        assertThat(keepalive.waitNanos()).isEqualTo(1);
        assertThat(keepalive.look(100, true)).isEqualTo(Due.PING);
        assertThat(keepalive.waitNanos()).isEqualTo(20);
        assertThat(keepalive.look(119, true)).isEqualTo(Due.NOTHING);
        assertThat(keepalive.look(120, true)).isEqualTo(Due.CLOSE);
    }

    @Test
    void anythingThatComesIsAnAnswer() {
        keepalive.look(100, true);
        keepalive.onRead(110);
        assertThat(keepalive.look(120, true)).isEqualTo(Due.NOTHING);
        assertThat(keepalive.waitNanos()).isEqualTo(90);
        assertThat(keepalive.look(210, true)).isEqualTo(Due.PING);
    }

    @Test
    void withoutCallsItIsPingedOnlyWhereThatWasAskedFor() {
        assertThat(keepalive.look(500, false)).isEqualTo(Due.NOTHING);
        assertThat(new Keepalive(100, 20, true, 0).look(500, false)).isEqualTo(Due.PING);
    }

    @Test
    void aClientDoesNotPingMoreOftenThanServersBear() {
        GrpcOptions often =
                GrpcOptions.builder().keepAliveTime(Duration.ofSeconds(1)).build();
        assertThat(often.clientKeepAliveTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(often.serverKeepAliveTime()).isEqualTo(Duration.ofSeconds(1));
        assertThat(GrpcOptions.DEFAULT.clientKeepAliveTime()).isNull();
        assertThat(GrpcOptions.DEFAULT.serverKeepAliveTime()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void theFourthQuickPingIsOneTooMany() {
        PingStrikes strikes = new PingStrikes(100, 1000);
        assertThat(strikes.onPing(0, true)).isFalse();
        assertThat(strikes.onPing(10, true)).isFalse();
        assertThat(strikes.onPing(20, true)).isFalse();
        assertThat(strikes.onPing(30, true)).isTrue();
    }

    @Test
    void whatTheServerSendsClearsTheStrikes() {
        PingStrikes strikes = new PingStrikes(100, 1000);
        for (int i = 0; i < 100; i++) {
            assertThat(strikes.onPing(i, true)).isFalse();
            strikes.clear();
        }
    }

    @Test
    void pingsWithoutCallsHaveToBeFurtherApart() {
        PingStrikes strikes = new PingStrikes(100, 1000);
        assertThat(strikes.onPing(0, false)).isFalse();
        assertThat(strikes.onPing(200, false)).isFalse();
        assertThat(strikes.onPing(400, false)).isFalse();
        assertThat(strikes.onPing(600, false)).isTrue();
    }

    @Test
    void aRateLimitCountsInWindows() {
        RateLimit limit = new RateLimit(2, 100);
        assertThat(limit.exceededAt(0)).isFalse();
        assertThat(limit.exceededAt(50)).isFalse();
        assertThat(limit.exceededAt(99)).isTrue();
        assertThat(limit.exceededAt(100)).isFalse();
    }
}
