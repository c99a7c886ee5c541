package io.streamx.grpc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.streamx.StatusCode;
import io.streamx.StatusException;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.grpc.GrpcOptions;
import io.streamx.wire.TransportOptionsByType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CalmedKeepaliveTest {
    @Test
    void eachComplaintDoublesTheTimeOfTheClientThatIsMeant() {
        TransportOptionsByType client =
                TransportOptionsByType.NONE.with(GrpcOptions.builder().build());
        TransportOptionsByType other =
                TransportOptionsByType.NONE.with(GrpcOptions.builder().build());

        assertThat(CalmedKeepalive.of(client).nanos(10)).isEqualTo(10);
        CalmedKeepalive.of(client).tooManyPings();
        assertThat(CalmedKeepalive.of(client).nanos(10)).isEqualTo(20);
        CalmedKeepalive.of(client).tooManyPings();
        assertThat(CalmedKeepalive.of(client).nanos(10)).isEqualTo(40);
        assertThat(CalmedKeepalive.of(client).nanos(Long.MAX_VALUE / 3)).isEqualTo(Long.MAX_VALUE);
        assertThat(CalmedKeepalive.of(other).nanos(10)).isEqualTo(10);
    }

    @Test
    void whatAGoAwaySaysIsTheReasonOfTheStreamsItEnds() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Client client = Client.builder("echo")
                        .address("127.0.0.1:" + listener.getLocalPort())
                        .transport(Transport.GRPC)
                        .connectTimeout(Duration.ofSeconds(20))
                        .build();
                var stream = EchoService.bidi(client);
                Http2Peer peer = Http2Peer.accept(listener)) {
            peer.settings();
            peer.await(Frame.HEADERS, 1);
            peer.headers(1, Http2Peer.response(), false);
            assertThat(stream.header()).isEmpty();
            peer.goAway(1, 11, "too_many_pings");
            peer.close();

            StatusException failure = catchThrowableOfType(StatusException.class, stream::recv);
            assertThat(failure.code()).isEqualTo(StatusCode.UNAVAILABLE);
            assertThat(failure.statusMessage()).contains("ENHANCE_YOUR_CALM, 'too_many_pings'");
        }
    }
}
