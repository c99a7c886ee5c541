package io.streamx.interop;

import io.streamx.PingPong;
import io.streamx.RecvTimeout;
import io.streamx.Transport;
import io.streamx.auth.CallCredentials;
import io.streamx.client.Client;
import io.streamx.client.ConnectionMode;
import io.streamx.interop.InteropCase.Options;
import io.streamx.interop.absentmessages.AbsentMessageServiceClient;
import io.streamx.interop.echo.TestServiceClient;
import io.streamx.interop.messages.MessageServiceClient;
import io.streamx.interop.newer.KeptServiceClient;
import io.streamx.interop.older.UpgradedServiceClient;
import io.streamx.interop.scenario.ScenarioServiceClient;
import io.streamx.interop.shapes.ShapeServiceClient;
import io.streamx.service.ServiceClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Java clients by address and options, so that cases share connections as users' calls do. One thread at a time. */
final class JavaClients implements AutoCloseable {
    private record Key(
            String address,
            String name,
            int connections,
            @Nullable String carrier,
            @Nullable String transport,
            Map<String, String> metadata,
            @Nullable String token,
            ConnectionMode mode) {}

    /** For connecting; the first time takes long where the machine has much else to do. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<Key, Client> clients = new HashMap<>();

    /** The generated clients for one case. */
    Views views(String address, Options options, Placeholders values) {
        Key key = new Key(
                address,
                options.clientName() == null ? "interop.a" : options.clientName(),
                options.connections() == null ? 0 : options.connections(),
                options.carrier(),
                options.transport(),
                options.metadata(),
                options.token(),
                mode(options.pool()));
        return new Views(clients.computeIfAbsent(key, JavaClients::connect), options, values, new HashMap<>());
    }

    private static Client connect(Key key) {
        Client.Builder builder = Client.builder("interop.server")
                .address(key.address)
                .callerName(key.name)
                .connectTimeout(PATIENCE)
                .connectionMode(key.mode);
        if (Options.GRPC.equals(key.transport)) {
            builder = builder.transport(Transport.GRPC);
        } else if (Options.KITEX_PROTOBUF.equals(key.transport)) {
            builder = builder.pingPong(PingPong.TTHEADER_FRAMED);
        } else if (key.carrier != null) {
            builder = builder.pingPong(carrier(key.carrier));
        }
        if (!key.metadata.isEmpty()) {
            builder = builder.openingHook((call, entries) -> key.metadata.forEach(entries::put));
        }
        if (key.token != null) {
            String token = key.token;
            builder = builder.credentials(CallCredentials.bearer(() -> token).overClearText());
        }
        if (key.connections > 0) {
            builder = builder.connections(key.connections);
        }
        return builder.build();
    }

    /** Of the names that are in the list; {@code closed} says something of the address alone. */
    private static ConnectionMode mode(@Nullable String pool) {
        if (pool == null) {
            return ConnectionMode.MUX;
        }
        return switch (pool) {
            case "mux", "closed" -> ConnectionMode.MUX;
            case "long" -> ConnectionMode.LONG;
            case "short" -> ConnectionMode.SHORT;
            default -> throw new IllegalArgumentException("pool: '" + pool + "' (expected: mux, long, short, closed)");
        };
    }

    private static PingPong carrier(String name) {
        return switch (name) {
            case "framed" -> PingPong.FRAMED;
            case "buffered" -> PingPong.BUFFERED;
            case "ttheader" -> PingPong.TTHEADER;
            case "ttheader-framed" -> PingPong.TTHEADER_FRAMED;
            default ->
                throw new IllegalArgumentException(
                        "carrier: '" + name + "' (expected: framed, buffered, ttheader, ttheader-framed)");
        };
    }

    /** An address that refuses connections: a port that was free a moment ago. */
    static String closedAddress() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clients.values().forEach(Client::close);
    }

    /**
     * Views of one client with the timeouts and the metainfo of one case.
     *
     * @param backward where what comes back with replies is put, when the options ask for it
     */
    record Views(Client client, Options options, Placeholders values, Map<String, String> backward) {
        TestServiceClient test() {
            return tuned(new TestServiceClient(client));
        }

        ScenarioServiceClient scenario() {
            return tuned(new ScenarioServiceClient(client));
        }

        ShapeServiceClient shapes() {
            return tuned(new ShapeServiceClient(client));
        }

        /** A client with newer.thrift for a server with older.thrift. */
        KeptServiceClient kept() {
            return tuned(new KeptServiceClient(client));
        }

        /** A client with older.thrift for a server with newer.thrift. */
        UpgradedServiceClient upgraded() {
            return tuned(new UpgradedServiceClient(client));
        }

        /** A client for methods that a registered service lacks. */
        io.streamx.interop.absent.ScenarioServiceClient absentMethods() {
            return tuned(new io.streamx.interop.absent.ScenarioServiceClient(client));
        }

        /** A client for a service that nobody registered. */
        io.streamx.interop.absent.AbsentServiceClient absentService() {
            return tuned(new io.streamx.interop.absent.AbsentServiceClient(client));
        }

        /** A client whose messages lack what the server requires of them. */
        io.streamx.interop.absent.TestServiceClient unreadable() {
            return tuned(new io.streamx.interop.absent.TestServiceClient(client));
        }

        /** The methods of one text as Protobuf. */
        MessageServiceClient messages() {
            return tuned(new MessageServiceClient(client));
        }

        /** A client for methods that a registered Protobuf service lacks. */
        io.streamx.interop.absentmessages.MessageServiceClient absentMessageMethods() {
            return tuned(new io.streamx.interop.absentmessages.MessageServiceClient(client));
        }

        /** A client for a Protobuf service that nobody registered. */
        AbsentMessageServiceClient absentMessageService() {
            return tuned(new AbsentMessageServiceClient(client));
        }

        /** A client that takes a Protobuf service for a Thrift one. */
        io.streamx.interop.absent.MessageServiceClient protobufAsThrift() {
            return tuned(new io.streamx.interop.absent.MessageServiceClient(client));
        }

        /** A client that takes a Thrift service for a Protobuf one. */
        io.streamx.interop.absentmessages.ScenarioServiceClient thriftAsProtobuf() {
            return tuned(new io.streamx.interop.absentmessages.ScenarioServiceClient(client));
        }

        /** A view without anything of the case, to ask the server what happened. */
        ScenarioServiceClient plain() {
            return new ScenarioServiceClient(client);
        }

        private <S extends ServiceClient<S>> S tuned(S view) {
            if (options.timeoutMs() != null) {
                view = view.withTimeout(Duration.ofMillis(options.timeoutMs()));
            }
            if (options.compressor() != null) {
                view = view.withCompression(options.compressor());
            }
            if (options.recvTimeoutMs() != null) {
                RecvTimeout limit = RecvTimeout.of(Duration.ofMillis(options.recvTimeoutMs()));
                view = view.withRecvTimeout(options.keepRemote() ? limit.keepRemote() : limit);
            }
            for (Map.Entry<String, String> entry : options.persistent().entrySet()) {
                view = view.withPersistent(entry.getKey(), values.in(entry.getValue()));
            }
            for (Map.Entry<String, String> entry : options.transients().entrySet()) {
                view = view.withTransient(entry.getKey(), values.in(entry.getValue()));
            }
            return options.backward() ? view.withBackward(backward::putAll) : view;
        }
    }
}
