package io.streamx.resilience;

import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.Parameter;

/** The servers and clients of one test on one transport, which are closed behind it. */
abstract class CallsOnBothTransports {
    @Parameter
    Transport transport;

    final List<AutoCloseable> open = new ArrayList<>();
    final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    final Server serve(ServiceDefinition service, Resilience... installed) {
        Server.Builder builder = Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .shutdownWindow(Duration.ofMillis(200))
                .service(service);
        for (Resilience one : installed) {
            builder.install(one);
        }
        Server server = builder.start();
        open.add(server);
        return server;
    }

    final Client.Builder builder(Server... servers) {
        Client.Builder builder = Client.builder("a.b.c").transport(transport);
        if (transport == Transport.TTHEADER) {
            builder.pingPong(PingPong.TTHEADER);
        }
        for (Server server : servers) {
            builder.address("127.0.0.1:" + server.port());
        }
        return builder;
    }

    final Client connect(Resilience resilience, Server... servers) {
        Client client = builder(servers).install(resilience).build();
        open.add(client);
        return client;
    }

    static String say(Client client, String text) {
        return client.call(EchoService.SAY, text, CallOptions.NONE);
    }

    /** A service whose unary method does that; its streams echo. */
    static ServiceDefinition unary(ServiceDefinition.UnaryHandler<String, String> handler) {
        return EchoService.with(
                stream -> {
                    for (String message : stream) {
                        stream.send(message);
                    }
                },
                handler);
    }

    static Policies retry(RetryPolicy policy) {
        return Policies.NONE.withRetry(Policies.ALL, policy);
    }
}
