package io.streamx.registry;

import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Registry;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Servers that answer with their names, and clients that count the answers. */
public final class Calls {
    private Calls() {}

    /** A server of this machine that is registered under that service's name. */
    public static Server.Builder server(String name, Registry registry, Advertisement self) {
        return Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .leaveDelay(Duration.ZERO)
                .shutdownWindow(Duration.ofSeconds(5))
                .service(EchoService.with(
                        stream -> {
                            for (String ignored : stream) {
                                stream.send(name);
                            }
                        },
                        request -> name))
                .advertise(self)
                .registry(registry);
    }

    /** The name of the server that answers one call. */
    public static String who(Client client) {
        return String.valueOf(client.call(EchoService.SAY, "who", CallOptions.NONE));
    }

    /** How often each server answers, by name. */
    public static Map<String, Integer> answers(Client client, int calls) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < calls; i++) {
            answers.merge(who(client), 1, Integer::sum);
        }
        return answers;
    }
}
