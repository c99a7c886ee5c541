package io.streamx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.testkit.LogLines;
import java.time.Duration;

/** What users see of a registry that refuses them, or is none. */
public final class RegistryRefusals {
    private RegistryRefusals() {}

    /**
     * A call fails within its time, and names the registry, the service, and why; a server serves all the same, and says once
     * that it is not registered.
     *
     * @param why a part of the reason; empty for any
     */
    public static <R extends Registry & Resolver> void areSaidAndHarmNobody(R registry, String service, String why)
            throws Exception {
        Heard heard = new Heard();
        try (LogLines log = new LogLines();
                Resolver.Watch watch = registry.watch(service, heard)) {
            assertThat(heard.awaitFailure()).contains(why);
            try (Client client = Client.builder(service).resolver(registry).build()) {
                assertThatThrownBy(() -> client.call(
                                EchoService.SAY, "who", CallOptions.NONE.withTimeout(Duration.ofSeconds(3))))
                        .isInstanceOf(RpcException.class)
                        .hasMessageContaining("service " + service + " was not found in " + registry.describe(service)
                                + " within the timeout of 3000 ms");
            }
            try (Server server = Calls.server("one", registry, Advertisement.as(service))
                            .start();
                    Client direct = Client.builder(service)
                            .address("127.0.0.1:" + server.port())
                            .build()) {
                String line = "not registered, and tried again until it is";
                while (log.containing(line).isEmpty()) {
                    assertThat(Calls.who(direct)).isEqualTo("one");
                }
                assertThat(Calls.who(direct)).isEqualTo("one");
                assertThat(log.containing(line)).singleElement().asString().contains(service, registry.toString(), why);
            }
            assertThat(watch).isNotNull();
        }
    }
}
