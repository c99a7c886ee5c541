package io.streamx.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.PingPong;
import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.discovery.Advertisement;
import io.streamx.fixtures.EchoService;
import io.streamx.registry.Calls;
import io.streamx.registry.EtcdServer;
import io.streamx.registry.Heard;
import io.streamx.registry.KitexPeer;
import io.streamx.server.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Three servers behind a real etcd, restarted one after the other while Kitex and Java call them. */
@Timeout(300)
@EnabledIfSystemProperty(
        named = "registry.rolling",
        matches = "true",
        disabledReason = "takes most of a minute; -Dregistry.rolling=true runs it")
class RollingUpdateTest {
    private static final String SERVICE = "rolling.update";
    /** So many calls of each kind are made with each set of servers. */
    private static final int CALLS_EACH_TIME = 40;

    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Map<String, LongAdder> made = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean finished = new AtomicBoolean();
    private EtcdRegistry registry;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private Server start(String name) {
        return Calls.server(name, registry, Advertisement.as(SERVICE))
                .leaveDelay(Duration.ofSeconds(6))
                .start();
    }

    private interface Call {
        void make(Client client);
    }

    /** Calls without a pause until the test ends. */
    private Thread load(String kind, Client client, Call call) {
        made.put(kind, new LongAdder());
        return Thread.ofPlatform().start(() -> {
            while (!finished.get()) {
                try {
                    call.make(client);
                    made.get(kind).increment();
                } catch (RuntimeException e) {
                    failures.add(kind + ": " + e);
                }
            }
        });
    }

    private Client connect(Transport transport, PingPong carrier) {
        Client.Builder builder = Client.builder(SERVICE).resolver(registry).transport(transport);
        if (carrier != null) {
            builder.pingPong(carrier);
        }
        Client client = builder.build();
        open.add(client);
        return client;
    }

    private static void stream(Client client) {
        try (var stream = EchoService.bidi(client)) {
            stream.send("who");
            String answer = stream.recv();
            stream.closeSend();
            if (answer == null || stream.recv() != null) {
                throw new IllegalStateException("one message was sent, and first came " + answer);
            }
        }
    }

    /** Waits until each kind of call was made so often again. */
    private void awaitCalls() {
        Map<String, Long> before = new TreeMap<>();
        made.forEach((kind, count) -> before.put(kind, count.sum()));
        before.forEach((kind, count) -> {
            while (made.get(kind).sum() < count + CALLS_EACH_TIME && failures.isEmpty()) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void nothingIsLostWhenServersAreRestartedInTurn() throws Exception {
        KitexPeer.build();
        EtcdServer etcd = EtcdServer.start(folder);
        open.add(etcd);
        registry = EtcdRegistry.of(etcd.endpoint());
        List<Server> servers = new ArrayList<>(List.of(start("1"), start("2"), start("3")));
        open.add(() -> servers.forEach(Server::close));
        Heard heard = new Heard();
        open.add(registry.watch(SERVICE, heard));
        heard.await(found -> found.size() == 3);

        List<Thread> loads = new ArrayList<>();
        for (PingPong carrier : PingPong.values()) {
            loads.add(load("unary on " + carrier, connect(Transport.TTHEADER, carrier), Calls::who));
        }
        loads.add(load("unary on gRPC", connect(Transport.GRPC, null), Calls::who));
        loads.add(load("streams on TTHeader", connect(Transport.TTHEADER, null), RollingUpdateTest::stream));
        loads.add(load("streams on gRPC", connect(Transport.GRPC, null), RollingUpdateTest::stream));
        KitexPeer kitex = KitexPeer.call("etcd", etcd.hostAndPort(), SERVICE);
        open.add(kitex);
        made.put("unary of Kitex", new LongAdder());
        loads.add(Thread.ofPlatform().start(() -> {
            while (!finished.get()) {
                kitex.answers(20).forEach((answer, count) -> {
                    made.get("unary of Kitex").add(count);
                    if (answer.startsWith("error")) {
                        failures.add("unary of Kitex: " + answer);
                    }
                });
            }
        }));

        awaitCalls();
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).close();
            awaitCalls();
            servers.set(i, start("new " + (i + 1)));
            heard.await(found -> found.size() == 3);
            awaitCalls();
        }
        finished.set(true);
        for (Thread load : loads) {
            load.join();
        }
        Map<String, Long> counts = new TreeMap<>();
        made.forEach((kind, count) -> counts.put(kind, count.sum()));
        System.out.println("rolling update: " + counts + ", failed: " + failures);
        assertThat(failures).isEmpty();
    }
}
