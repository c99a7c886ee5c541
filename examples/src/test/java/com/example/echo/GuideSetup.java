package com.example.echo;

import io.streamx.client.Client;
import io.streamx.server.Server;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The servers and clients of one test, which are closed behind it. */
abstract class GuideSetup {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    final Server serve(TestService handler) {
        return keep(Server.builder().port(0).service(TestService.bind(handler)).start());
    }

    final Client connect(Server server) {
        return keep(
                Client.builder("a.b.c").address("127.0.0.1:" + server.port()).build());
    }

    final TestServiceClient call(TestService handler) {
        return new TestServiceClient(connect(serve(handler)));
    }

    final <T extends AutoCloseable> T keep(T closeable) {
        open.add(closeable);
        return closeable;
    }
}
