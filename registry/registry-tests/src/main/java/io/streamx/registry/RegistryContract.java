package io.streamx.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Registry;
import io.streamx.discovery.Resolver;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a user may rely on with every registry. */
@Timeout(600)
public abstract class RegistryContract {
    /** How long the registry stays away; leases and sessions end meanwhile when it is long. See docs/discovery.md, Tests. */
    private static final long AWAY_SECONDS = Long.getLong("registry.away.seconds", 0);

    private static final AtomicInteger SERVICES = new AtomicInteger();

    /** The name of the service of one test, so that tests do not see each other's records. */
    protected final String service = "contract.service" + SERVICES.incrementAndGet();

    /** Where servers register. */
    protected abstract Registry registry();

    /** Where clients look, which is the registry that servers register in. */
    protected abstract Resolver resolver();

    /** Takes a record out behind the back of the server that keeps it there. */
    protected abstract void lose(String ofService, Instance instance) throws Exception;

    /**
     * Puts records that no client can use beside those of a service.
     *
     * @return parts of what is said of them
     */
    protected abstract List<String> putRubbish(String besideService) throws Exception;

    /** Stops the registry; what it holds it finds again when it is started. */
    protected abstract void stop() throws Exception;

    /** Starts the registry again, at the address it had. */
    protected abstract void start() throws Exception;

    private Client.Builder client() {
        return Client.builder(service).resolver(resolver()).connectionWait(Duration.ofSeconds(30));
    }

    private Server.Builder server(String name) {
        return Calls.server(name, registry(), Advertisement.as(service));
    }

    @Test
    void aServerIsFoundWithItsWeightAndTagsUntilItCloses() throws Exception {
        Heard heard = new Heard();
        try (Resolver.Watch watch = resolver().watch(service, heard)) {
            heard.await(List::isEmpty);
            Server server = Calls.server(
                            "one",
                            registry(),
                            Advertisement.as(service)
                                    .withWeight(25)
                                    .withTag("zone", "north")
                                    .withTag("version", "1.2"))
                    .start();
            try (server;
                    Client client = client().build()) {
                assertThat(heard.await(found -> !found.isEmpty()))
                        .containsExactly(new Instance(
                                "127.0.0.1", server.port(), 25, Map.of("zone", "north", "version", "1.2")));
                assertThat(Calls.who(client)).isEqualTo("one");
                try (var stream = EchoService.bidi(client)) {
                    stream.send("who");
                    assertThat(stream.recv()).isEqualTo("one");
                }
            }
            heard.await(List::isEmpty);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void weightsAreHonouredAndAnInstanceThatLeavesIsCalledNoMore() throws Exception {
        Heard heard = new Heard();
        try (Server light = Calls.server(
                                "light", registry(), Advertisement.as(service).withWeight(10))
                        .start();
                Server heavy = Calls.server(
                                "heavy", registry(), Advertisement.as(service).withWeight(30))
                        .start();
                Client client = client().build();
                Resolver.Watch watch = resolver().watch(service, heard)) {
            heard.await(found -> found.size() == 2);
            while (Calls.answers(client, 10).size() < 2) {
                // The client follows the registry by itself, and may hear of the second server a moment later.
                Thread.onSpinWait();
            }
            assertThat(Calls.answers(client, 10_000)).isEqualTo(Map.of("heavy", 7500, "light", 2500));
            heavy.close();
            heard.await(found -> found.size() == 1);
            assertThat(Calls.answers(client, 20)).isEqualTo(Map.of("light", 20));
            assertThat(List.of(light.port(), watch)).hasSize(2);
        }
    }

    @Test
    void aRecordThatGotLostIsPutBack() throws Exception {
        Heard heard = new Heard();
        try (Server server = server("one").start();
                Resolver.Watch watch = resolver().watch(service, heard)) {
            Instance instance = heard.await(found -> !found.isEmpty()).getFirst();
            Heard again = new Heard();
            lose(service, instance);
            try (Resolver.Watch second = resolver().watch(service, again)) {
                again.await(found -> found.equals(List.of(instance)));
                assertThat(List.of(server.port(), watch, second)).hasSize(3);
            }
        }
    }

    @Test
    void foreignRubbishIsSkippedAndNamedAndHurtsNobody() throws Exception {
        Heard heard = new Heard();
        List<String> said = putRubbish(service);
        try (Server server = server("one").start();
                Client client = client().build();
                Resolver.Watch watch = resolver().watch(service, heard)) {
            heard.await(found -> found.size() == 1);
            for (String part : said) {
                assertThat(heard.skipped()).anyMatch(line -> line.contains(part));
            }
            while (true) {
                try {
                    assertThat(Calls.who(client)).isEqualTo("one");
                    break;
                } catch (RpcException notRegisteredYet) {
                    assertThat(notRegisteredYet)
                            .hasMessageContaining("has no instance in")
                            .hasMessageContaining(service);
                }
            }
            assertThat(List.of(server.port(), watch)).hasSize(2);
        }
    }

    @Test
    void aServiceThatNobodyServesIsAnErrorThatNamesItAndTheRegistry() {
        try (Client client = client().build()) {
            assertThatThrownBy(() -> Calls.who(client))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("service " + service + " has no instance in "
                            + resolver().describe(service))
                    .hasMessageContaining("(expected: at least one)");
        }
    }

    @Test
    void whileTheRegistryIsAwayCallsGoOnAndServersComeBackToIt() throws Exception {
        Heard heard = new Heard();
        try (Server one = server("one").start();
                Client client = client().build();
                Resolver.Watch watch = resolver().watch(service, heard)) {
            heard.await(found -> found.size() == 1);
            while (true) {
                try {
                    assertThat(Calls.who(client)).isEqualTo("one");
                    break;
                } catch (RpcException notFoundYet) {
                    Thread.onSpinWait();
                }
            }
            stop();
            Server two;
            try {
                assertThat(heard.awaitFailure()).isNotBlank();
                long began = System.nanoTime();
                do {
                    assertThat(Calls.answers(client, 50)).isEqualTo(Map.of("one", 50));
                } while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(AWAY_SECONDS));

                // A server that starts meanwhile serves and keeps trying; a client that starts is told why it has to
                // wait.
                two = server("two").start();
                try (Client late = client().build()) {
                    assertThatThrownBy(() -> late.call(
                                    EchoService.SAY, "who", CallOptions.NONE.withTimeout(Duration.ofMillis(300))))
                            .isInstanceOf(RpcException.class)
                            .hasMessageContaining(service)
                            .hasMessageContaining(resolver().describe(service))
                            .hasMessageContaining("300 ms");
                }
                try (Client direct = Client.builder(service)
                        .address("127.0.0.1:" + two.port())
                        .build()) {
                    assertThat(Calls.who(direct)).isEqualTo("two");
                }
            } finally {
                start();
            }
            try (two) {
                long back = System.nanoTime();
                heard.await(found -> found.size() == 2);
                System.out.printf(
                        "%s: away for %d s, and found again by who had followed it after %d ms%n",
                        resolver().describe(service),
                        AWAY_SECONDS,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - back));
                Heard after = new Heard();
                try (Resolver.Watch second = resolver().watch(service, after)) {
                    after.await(found -> found.size() == 2);
                    assertThat(second).isNotNull();
                }
                while (Calls.answers(client, 10).size() < 2) {
                    Thread.onSpinWait();
                }
            }
            heard.await(found -> found.size() == 1);
            assertThat(List.of(one.port(), watch)).hasSize(2);
        }
    }
}
