package io.streamx.interop;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Kitex server as it is by default: it has no compression at all. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KitexWithoutGzipTest {
    @RegisterExtension
    static final KitexPeers kitex = new KitexPeers();

    private static final JavaClients clients = new JavaClients();

    private static PeerProcess server;
    private static String address;

    @BeforeAll
    static void startServer() {
        server = kitex.startServerWithoutGzip();
        address = "127.0.0.1:" + server.announcement().get("port").asInt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "row-51-gzip-on-a-server-without-it-grpc",
                "row-51-gzip-on-a-server-without-it-protobuf",
                "unary-echo-grpc",
                "unary-echo-protobuf",
                "bidi-100x100B-grpc",
                "bidi-100x100B-protobuf",
                "identity-grpc",
                "identity-protobuf"
            })
    void aJavaClientIsRefusedOnlyWhenItCompresses(String played) throws Exception {
        CasePlayer.assertPlays(CaseList.named(played), clients, address, "kitex", address);
    }

    @AfterAll
    static void closeAll() {
        clients.close();
        if (server != null) {
            server.close();
        }
    }
}
