package io.streamx.ttheader.unary;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.streamx.PingPong;
import io.streamx.server.Server;
import io.streamx.testkit.CertificateAuthority;
import io.streamx.testkit.CertificateAuthority.Issued;
import io.streamx.tls.ServerTls;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsEndTest {
    @TempDir
    Path directory;

    @Test
    void theEndOfAConnectionAfterItsLastReplyIsAnnouncedByTls() throws Exception {
        Issued localhost = new CertificateAuthority(directory, "authority").server("127.0.0.1");
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (Server server = Server.builder()
                        .port(0)
                        .tls(ServerTls.builder()
                                .identity(localhost.chain(), localhost.key())
                                .build())
                        .service(Echo.bind(new ObedientHandler()))
                        .start();
                SSLSocket peer = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            peer.setSoTimeout(20_000);
            peer.getOutputStream()
                    .write(RawPeer.request(PingPong.FRAMED, 0, Map.of(), Map.of(), "Missing", "hello", 1));

            InputStream in = peer.getInputStream();
            byte[] length = in.readNBytes(4);
            assertThat(in.readNBytes(length[3])).hasSize(length[3]).startsWith(0x80, 0x01, 0x00, 0x03);
            // Without the announcement this would be an error.
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
