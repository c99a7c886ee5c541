package io.streamx.conformance;

import connectrpc.conformance.v1.ConformanceService;
import connectrpc.conformance.v1.ServerCompat.ServerCompatRequest;
import connectrpc.conformance.v1.ServerCompat.ServerCompatResponse;
import io.streamx.grpc.GrpcOptions;
import io.streamx.server.Server;
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
        Server.Builder builder = Server.builder().port(0).service(ConformanceService.bind(new ConformanceHandler()));
        if (asked.getMessageReceiveLimit() > 0) {
            builder.maxMessageBytes(asked.getMessageReceiveLimit());
        }
        try (Server server =
                builder.transportOptions(GrpcOptions.builder().build()).start()) {
            wire.write(ServerCompatResponse.newBuilder()
                    .setHost("127.0.0.1")
                    .setPort(server.port())
                    .build());
            new CountDownLatch(1).await();
        }
    }
}
