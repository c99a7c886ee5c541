package io.streamx.conformance;

import connectrpc.conformance.v1.ConformanceService;
import connectrpc.conformance.v1.ServerCompat.ServerCompatRequest;
import connectrpc.conformance.v1.ServerCompat.ServerCompatResponse;
import io.streamx.gateway.GatewayOptions;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
import io.streamx.tls.ServerTls;
import java.util.concurrent.CountDownLatch;

/** The program that the suite starts to test servers: serves until the suite ends its process. */
final class ServerUnderTest {
    private ServerUnderTest() {}

    public static void main(String[] arguments) throws Exception {
        Wire wire = new Wire(System.in, System.out);
        ServerCompatRequest asked = wire.read(ServerCompatRequest.parser());
        if (asked == null) {
            return;
        }
        // The suite waits ten seconds for a server, and starts several beside each other.
        Server.Builder builder =
                Server.builder().port(0).warmUp(false).service(ConformanceService.bind(new ConformanceHandler()));
        GatewayOptions.Builder gateway = GatewayOptions.builder();
        if (asked.getMessageReceiveLimit() > 0) {
            gateway.maxRequestBytes(asked.getMessageReceiveLimit());
        }
        ServerCompatResponse.Builder answer = ServerCompatResponse.newBuilder().setHost("127.0.0.1");
        if (asked.getUseTls()) {
            builder.tls(tls(asked));
            answer.setPemCert(asked.getServerCreds().getCert());
        }
        try (Server server = builder.transportOptions(GrpcOptions.builder().build())
                .transportOptions(gateway.build())
                .start()) {
            wire.write(answer.setPort(server.port()).build());
            new CountDownLatch(1).await();
        }
    }

    private static ServerTls tls(ServerCompatRequest asked) {
        ServerTls.Builder tls = ServerTls.builder()
                .identity(
                        asked.getServerCreds().getCert().toByteArray(),
                        asked.getServerCreds().getKey().toByteArray());
        if (!asked.getClientTlsCert().isEmpty()) {
            tls.requireClientCertificates(asked.getClientTlsCert().toByteArray());
        }
        return tls.build();
    }
}
