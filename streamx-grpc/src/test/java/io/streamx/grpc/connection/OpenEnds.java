package io.streamx.grpc.connection;

import io.streamx.Transport;
import io.streamx.client.Client;
import io.streamx.server.Server;
import io.streamx.service.ServiceDefinition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** The clients and servers of one test; {@link #close} ends them all, the last opened first. */
final class OpenEnds implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Serves on a free port; running handlers are cancelled at the end of the test. */
    Server serve(ServiceDefinition service, Consumer<Server.Builder> more) {
        Server server = Server.builder()
                .port(0)
                .shutdownWindow(Duration.ZERO)
                .service(service)
                .with(more)
                .start();
        open.push(server);
        return server;
    }

    Server serve(ServiceDefinition service) {
        return serve(service, plain -> {});
    }

    /** A client over gRPC named "caller" with one connection to that port. */
    Client connect(int port, Consumer<Client.Builder> more) {
        Client client = Client.builder("echo")
                .callerName("caller")
                .address("127.0.0.1:" + port)
                .connections(1)
                .transport(Transport.GRPC)
                .with(more)
                .build();
        open.push(client);
        return client;
    }

    Client connect(Server server, Consumer<Client.Builder> more) {
        return connect(server.port(), more);
    }

    Client connect(Server server) {
        return connect(server, plain -> {});
    }

    /** The same with its connection made, for tests whose limits of time are not to be spent on that. */
    Client connectNow(Server server, Consumer<Client.Builder> more) {
        Client client = connect(server, more);
        client.warmUp();
        return client;
    }

    @Override
    public void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
