package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.BidiStreamingClient;
import io.streamx.CallContext;
import io.streamx.RpcException;
import io.streamx.RpcTimeoutException;
import io.streamx.balancer.Balancer;
import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.MemoryRegistry;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import io.streamx.service.ServiceDefinition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Servers that make themselves known in a registry, and clients that follow what it says. */
class DiscoveryTest extends OnEveryTransport {
    private final MemoryRegistry registry = new MemoryRegistry();

    private Client.Builder client() {
        return Client.builder("a.b.c").with(transport::choose).resolver(registry);
    }

    /** A service that answers with its name, to unary calls and on streams. */
    private static ServiceDefinition named(String name) {
        return EchoService.with(
                stream -> {
                    for (String ignored : stream) {
                        stream.send(name);
                    }
                },
                request -> name);
    }

    private static Server.Builder server(String name) {
        return Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .leaveDelay(Duration.ZERO)
                .shutdownWindow(Duration.ofSeconds(5))
                .service(named(name))
                .advertise(Advertisement.as("a.b.c"));
    }

    private static String say(Client client) {
        return client.call(EchoService.SAY, "who", CallOptions.NONE);
    }

    private static String ask(BidiStreamingClient<String, String> stream) {
        stream.send("who");
        return stream.recv();
    }

    private static Map<String, Integer> answers(Client client, int calls) {
        Map<String, Integer> answers = new TreeMap<>();
        for (int i = 0; i < calls; i++) {
            answers.merge(say(client), 1, Integer::sum);
        }
        return answers;
    }

    @Test
    void aServerIsFoundWhileItServesAndLeavesTheRegistryBeforeItsPortIsGone() {
        AtomicReference<String> atLeaving = new AtomicReference<>("nothing");
        Registry watching = (service, self) -> {
            Registry.Registration registration = registry.register(service, self);
            return () -> {
                try (Socket socket = new Socket(self.host(), self.port())) {
                    atLeaving.set("the port takes connections: " + socket.isConnected());
                } catch (IOException e) {
                    atLeaving.set(e.toString());
                }
                registration.close();
            };
        };
        Server server = server("one")
                .registry(watching)
                .advertise(Advertisement.as("a.b.c").withWeight(20).withTag("zone", "north"))
                .start();
        try (server;
                Client client = client().build()) {
            assertThat(registry.instances("a.b.c"))
                    .containsExactly(new Instance("127.0.0.1", server.port(), 20, Map.of("zone", "north")));
            assertThat(say(client)).isEqualTo("one");
            try (var stream = EchoService.bidi(client)) {
                assertThat(ask(stream)).isEqualTo("one");
            }
        }
        assertThat(registry.instances("a.b.c")).isEmpty();
        assertThat(atLeaving.get()).isEqualTo("the port takes connections: true");
        assertThat(registry.watches()).isZero();
    }

    @Test
    void aServerWithoutAnAdvertisementIsFoundUnderTheNameOfItsFirstService() {
        try (Server server = Server.builder()
                .port(0)
                .service(named("one"))
                .registry(registry)
                .start()) {
            assertThat(registry.instances("EchoService")).singleElement().satisfies(instance -> {
                assertThat(instance.port()).isEqualTo(server.port());
                assertThat(instance.host()).isNotEqualTo("0.0.0.0").doesNotContain("::");
            });
        }
    }

    @Test
    void anAddressThatCannotBeAdvertisedStartsNoServer() {
        Server.Builder builder = server("one")
                .registry(registry)
                .advertise(Advertisement.as("a.b.c").withAddress("10.0.0.1:99999"));
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("address: '10.0.0.1:99999' (expected: host:port");
        assertThat(registry.instances("a.b.c")).isEmpty();
    }

    @Test
    void newStreamsAndCallsAvoidAServerThatIsLeavingAndGoToOneThatComes() {
        try (Server one = server("one").registry(registry).start();
                Client client = client().build();
                var kept = EchoService.bidi(client)) {
            assertThat(ask(kept)).isEqualTo("one");
            try (Server two = server("two").registry(registry).start()) {
                assertThat(answers(client, 10)).isEqualTo(Map.of("one", 5, "two", 5));
                Thread closing = Thread.ofVirtual().start(one::close);
                while (registry.instances("a.b.c").size() > 1) {
                    Thread.onSpinWait();
                }
                assertThat(answers(client, 10)).isEqualTo(Map.of("two", 10));
                try (var stream = EchoService.bidi(client)) {
                    assertThat(ask(stream)).isEqualTo("two");
                }
                // What runs on the one that leaves goes on.
                assertThat(ask(kept)).isEqualTo("one");
                kept.closeSend();
                assertThat(kept.recv()).isNull();
                assertThat(closing).isNotNull();
            }
        }
    }

    @Test
    void aServerThatHasLeftItsRegistryServesAsBeforeUntilItsCallersHaveHeardOfIt() throws Exception {
        try (Server one = server("one")
                        .leaveDelay(Duration.ofMinutes(5))
                        .registry(registry)
                        .start();
                Client unaware = Client.builder("a.b.c")
                        .with(transport::choose)
                        .address("127.0.0.1:" + one.port())
                        .build()) {
            assertThat(say(unaware)).isEqualTo("one");
            Thread closing = Thread.ofVirtual().start(one::close);
            while (!registry.instances("a.b.c").isEmpty()) {
                Thread.onSpinWait();
            }
            // Calls, streams, and who connects only now.
            assertThat(answers(unaware, 10)).isEqualTo(Map.of("one", 10));
            try (Client late = Client.builder("a.b.c")
                    .with(transport::choose)
                    .address("127.0.0.1:" + one.port())
                    .build()) {
                assertThat(say(late)).isEqualTo("one");
                try (var stream = EchoService.bidi(late)) {
                    assertThat(ask(stream)).isEqualTo("one");
                }
            }
            // Nobody is connected any more, so there is nobody to wait for.
            unaware.close();
            closing.join();
        }
    }

    @Test
    void aHandlerIsToldThatItsServerIsLeavingAndSaysGoodbyeToItsCaller() throws Exception {
        ServiceDefinition chat = EchoService.bidi(stream -> {
            CallContext.current().onDraining(() -> stream.send("the server is leaving"));
            for (String message : stream) {
                stream.send(message);
            }
        });
        Server server = Server.builder()
                .port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .advertise(Advertisement.as("a.b.c"))
                .leaveDelay(Duration.ZERO)
                .shutdownWindow(Duration.ofSeconds(30))
                .service(chat)
                .registry(registry)
                .start();
        try (server;
                Client client = client().build();
                var stream = client.bidiStreaming(EchoService.BIDI, CallOptions.NONE)) {
            stream.send("hello");
            assertThat(stream.recv()).isEqualTo("hello");
            Thread closing = Thread.ofVirtual().start(server::close);
            assertThat(stream.recv()).isEqualTo("the server is leaving");
            stream.closeSend();
            assertThat(stream.recv()).isNull();
            closing.join();
        }
    }

    @Test
    void weightsAreHonouredToTheCall() {
        try (Server light = server("light")
                        .registry(registry)
                        .advertise(Advertisement.as("a.b.c").withWeight(10))
                        .start();
                Server heavy = server("heavy")
                        .registry(registry)
                        .advertise(Advertisement.as("a.b.c").withWeight(30))
                        .start();
                Client client = client().build()) {
            assertThat(light.port()).isNotEqualTo(heavy.port());
            assertThat(answers(client, 400)).isEqualTo(Map.of("heavy", 300, "light", 100));
        }
    }

    @Test
    void theLastAnswerStaysInUseWhileTheRegistryIsAway() {
        try (Server one = server("one").registry(registry).start();
                Client client = client().build()) {
            assertThat(say(client)).isEqualTo("one");
            registry.down("nobody answers");
            assertThat(answers(client, 3)).isEqualTo(Map.of("one", 3));
            registry.up();
            assertThat(answers(client, 3)).isEqualTo(Map.of("one", 3));
            assertThat(one.port()).isPositive();
        }
    }

    @Test
    void aServiceWithoutInstancesIsAnErrorThatNamesRegistryAndServiceAndWhatWasFound() {
        try (Client client = client().build()) {
            String none = "service a.b.c has no instance in the registry in memory (expected: at least one)";
            assertThatThrownBy(() -> say(client))
                    .isInstanceOf(RpcException.class)
                    .hasMessage(none);
            assertThatThrownBy(() -> EchoService.bidi(client)).hasMessage(none);
            registry.rubbish("a.b.c/x = {}", "address: 'x' (expected: host:port)");
            assertThatThrownBy(() -> say(client))
                    .hasMessage(none + "; 1 record there cannot be used, the last: a.b.c/x = {}: address: 'x'"
                            + " (expected: host:port)");
            try (Server server = server("one").registry(registry).start()) {
                assertThat(say(client)).isEqualTo("one");
                assertThat(server.port()).isPositive();
            }
        }
    }

    @Test
    void aRegistryThatIsDownAtFirstFailsACallWithinItsTimeAndSaysWhy() {
        registry.down("connection refused: 127.0.0.1:2379");
        try (Client client = client().connectionWait(Duration.ofSeconds(30)).build()) {
            assertThatThrownBy(() ->
                            client.call(EchoService.SAY, "who", CallOptions.NONE.withTimeout(Duration.ofMillis(100))))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessageMatching(
                            "service a\\.b\\.c was not found in the registry in memory within the timeout of "
                                    + "100 ms, set by the options of the call; passed \\d+ ms: "
                                    + "connection refused: 127\\.0\\.0\\.1:2379");
            try (Server server = server("one").registry(registry).start()) {
                registry.up();
                assertThat(say(client)).isEqualTo("one");
                assertThat(server.port()).isPositive();
            }
        }
        registry.down("still");
        try (Client client = client().connectionWait(Duration.ofMillis(50)).build()) {
            assertThatThrownBy(() -> EchoService.bidi(client))
                    .isInstanceOf(RpcTimeoutException.class)
                    .hasMessageContaining("within the connection wait of 50 ms, set by the client; passed ")
                    .hasMessageEndingWith(" ms: still");
        }
    }

    @Test
    void anInstanceThatCannotBeConnectedToIsPassedOver() throws IOException {
        List<Integer> dead = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                dead.add(socket.getLocalPort());
            }
        }
        dead.forEach(port -> registry.register("a.b.c", Instance.of("127.0.0.1:" + port)));
        try (Server server = server("alive").registry(registry).start();
                Client client = client().build()) {
            assertThat(answers(client, 20)).isEqualTo(Map.of("alive", 20));
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void leastActiveLeavesTheServerThatHoldsLongStreams() {
        try (Server one = server("one").registry(registry).start();
                Client client = client().balancer(Balancer.leastActive()).build()) {
            List<BidiStreamingClient<String, String>> streams = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                streams.add(EchoService.bidi(client));
                assertThat(ask(streams.getLast())).isEqualTo("one");
            }
            try (Server two = server("two").registry(registry).start()) {
                for (int i = 0; i < 4; i++) {
                    streams.add(EchoService.bidi(client));
                    assertThat(ask(streams.getLast())).isEqualTo("two");
                }
                assertThat(two.port()).isNotEqualTo(one.port());
                streams.forEach(stream -> {
                    stream.closeSend();
                    assertThat(stream.recv()).isNull();
                });
                assertThat(answers(client, 200).values())
                        .allSatisfy(calls -> assertThat(calls).isBetween(50, 150));
            }
        }
    }

    @Test
    void consistentHashKeepsTheCallsOfOneKeyTogether() {
        Balancer byRequest = Balancer.consistentHash(
                (call, request) -> call.options().persistents().get("user"));
        try (Server one = server("one").registry(registry).start();
                Server two = server("two").registry(registry).start();
                Client client = client().balancer(byRequest).build()) {
            assertThat(one.port()).isNotEqualTo(two.port());
            Map<String, Integer> users = new TreeMap<>();
            for (int user = 0; user < 50; user++) {
                CallOptions options = CallOptions.NONE.withPersistent("user", "user " + user);
                String first = client.call(EchoService.SAY, "who", options);
                users.merge(first, 1, Integer::sum);
                assertThat(client.call(EchoService.SAY, "who", options)).isEqualTo(first);
                try (var stream = client.bidiStreaming(EchoService.BIDI, options)) {
                    assertThat(ask(stream)).isEqualTo(first);
                }
            }
            assertThat(users.keySet()).containsExactly("one", "two");
        }
    }

    @Test
    void aPollingResolverAsksAgain() {
        AtomicReference<List<Instance>> known = new AtomicReference<>(List.of());
        Resolver polling = Resolver.polling("the list of the test", Duration.ofMillis(5), (service, skipped) -> {
            assertThat(service).isEqualTo("a.b.c");
            return known.get();
        });
        try (Server server = server("one").start();
                Client client = Client.builder("a.b.c")
                        .with(transport::choose)
                        .resolver(polling)
                        .build()) {
            assertThatThrownBy(() -> say(client))
                    .hasMessage("service a.b.c has no instance in the list of the test (expected: at least one)");
            known.set(List.of(Instance.of("127.0.0.1:" + server.port())));
            String answer = null;
            while (answer == null) {
                try {
                    answer = say(client);
                } catch (RpcException notAskedAgainYet) {
                    Thread.onSpinWait();
                }
            }
            assertThat(answer).isEqualTo("one");
        }
    }
}
