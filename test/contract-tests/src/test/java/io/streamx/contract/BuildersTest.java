package io.streamx.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.client.Client;
import io.streamx.discovery.Instance;
import io.streamx.discovery.Resolver;
import io.streamx.endpoint.Extension;
import io.streamx.endpoint.LifecycleListener;
import io.streamx.fixtures.EchoService;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients and servers settle before anything travels. */
@Timeout(60)
class BuildersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "localhost:",
                ":80",
                "localhost:http",
                "localhost:0",
                "localhost:65536",
                "::1:80",
                "localhost:-1",
                " :80"
            })
    void malformedAddressIsRefusedWhereItIsSet(String address) {
        assertThatThrownBy(() -> Client.builder("a").address(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + address + "'")
                .hasMessageContaining("expected: host:port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8888", "127.0.0.1:1", "[::1]:65535", "a.b.c:80"})
    void wellFormedAddressIsAccepted(String address) {
        Client.builder("a").address(address).build().close();
    }

    @Test
    void aCallerNameThatWouldBeTwoNamesOfACancelPathIsRefused() {
        assertThatThrownBy(() -> Client.builder("a").callerName("front,back"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("callerName: 'front,back'"
                        + " (expected: no comma, which stands between the names of a cancel path)");
    }

    @Test
    void missingAddressIsRefusedWhenTheClientIsBuilt() {
        assertThatThrownBy(() -> Client.builder("a.b.c").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no address was set for a.b.c");
    }

    /** Fails when it is told of a beginning, and keeps whom it was told of. */
    private static final class FailingAtOpen<E> implements LifecycleListener<E> {
        private final List<String> told = new ArrayList<>();

        @Override
        public void onOpen(E endpoint) {
            told.add("open");
            throw new IllegalStateException("not now");
        }

        @Override
        public void onClose(E endpoint) {
            told.add("close");
        }
    }

    @Test
    void whatNobodyIsGivenBecauseAListenerFailedIsClosed() {
        FailingAtOpen<Server> ofServers = new FailingAtOpen<>();
        Server.Builder builder = Server.builder()
                .inProcess("begins-badly")
                .service(EchoService.echo())
                .lifecycleListener(ofServers);
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not now");
        assertThat(ofServers.told).containsExactly("open", "close");
        // The name is free again.
        Server.builder()
                .inProcess("begins-badly")
                .service(EchoService.echo())
                .start()
                .close();
        FailingAtOpen<Client> ofClients = new FailingAtOpen<>();
        assertThatThrownBy(() -> Client.builder("a")
                        .inProcess("begins-badly")
                        .lifecycleListener(ofClients)
                        .build())
                .hasMessage("not now");
        assertThat(ofClients.told).containsExactly("open", "close");
    }

    /** Counts the calls of either kind at whichever end it is installed into. */
    private static final class Counting implements Extension {
        private final AtomicInteger atClients = new AtomicInteger();
        private final AtomicInteger atServers = new AtomicInteger();

        @Override
        public void installInto(Client.Builder client) {
            client.middleware(next -> (call, request) -> {
                atClients.incrementAndGet();
                return next.proceed(call, request);
            });
        }

        @Override
        public void installInto(Server.Builder server) {
            server.middleware(next -> (call, request) -> {
                atServers.incrementAndGet();
                return next.proceed(call, request);
            });
        }
    }

    @Test
    void oneExtensionInstallsItselfIntoAClientAndAServer() {
        Counting counting = new Counting();
        try (Server server = Server.builder()
                        .port(0)
                        .service(EchoService.echo())
                        .install(counting)
                        .start();
                Client client = Client.builder("EchoService")
                        .address("127.0.0.1:" + server.port())
                        .install(counting)
                        .build()) {
            assertThat(client.call(EchoService.SAY, "hello", CallOptions.NONE)).isEqualTo("hello");
        }
        assertThat(counting.atClients).hasValue(1);
        assertThat(counting.atServers).hasValue(1);
    }

    @Test
    void portInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            assertThatThrownBy(() -> Server.builder()
                            .port(taken.getLocalPort())
                            .service(EchoService.echo())
                            .start())
                    .isInstanceOf(RpcException.class)
                    .hasMessageStartingWith("cannot listen on port " + taken.getLocalPort() + ": ")
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void serverWithoutPortServiceOrWithOneTwiceIsRefused() {
        assertThatThrownBy(() -> Server.builder().service(EchoService.echo()).start())
                .hasMessageContaining("no port was set");
        assertThatThrownBy(() -> Server.builder().port(0).start()).hasMessageContaining("no service was added");
        assertThatThrownBy(() -> Server.builder()
                        .port(0)
                        .service(EchoService.echo())
                        .service(EchoService.echo())
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("service: EchoService was given twice");
        assertThatThrownBy(() -> Server.builder().port(70_000)).hasMessageContaining("70000 (expected: 0 to 65535");
    }

    @Test
    void aServerOfUnknownMethodsAloneStarts() {
        try (Server server = Server.builder()
                .port(0)
                .unknownUnaryMethodHandler((call, request) -> request)
                .start()) {
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    void aResolverAndAnAddressOrAnInstanceWithoutWeightAreRefused() {
        assertThatThrownBy(() -> Client.builder("a.b.c")
                        .resolver(Resolver.fixed(List.of()))
                        .address("127.0.0.1:1")
                        .build())
                .hasMessageContaining("both a resolver and the address 127.0.0.1:1");
        assertThatThrownBy(() -> Instance.of("127.0.0.1:1").withWeight(0)).hasMessageContaining("weight: 0");
    }
}
