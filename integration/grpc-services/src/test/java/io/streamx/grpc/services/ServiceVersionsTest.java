package io.streamx.grpc.services;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import io.streamx.ServerStreamingServer;
import io.streamx.client.Client;
import io.streamx.grpc.services.health.v1.HealthClient;
import io.streamx.grpc.services.health.v1.HealthListRequest;
import io.streamx.grpc.services.reflection.v1.ServerReflectionClient;
import io.streamx.grpc.services.reflection.v1.ServerReflectionRequest;
import io.streamx.grpc.services.reflection.v1.ServerReflectionResponse;
import io.streamx.grpc.services.reflection.v1.ServiceResponse;
import io.streamx.grpc.services.sample.Sample;
import io.streamx.grpc.services.sample.Sampler;
import io.streamx.grpc.services.sample.SamplerClient;
import io.streamx.server.Server;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two versions of a Protobuf package on one server, with what gRPC's tools ask about them. */
@Timeout(60)
class ServiceVersionsTest {
    private final HealthService health = new HealthService();
    private Server server;
    private Client client;

    private static final class First implements Sampler {
        @Override
        public Sample take(Sample request) {
            return Sample.newBuilder().setText("first " + request.getText()).build();
        }

        @Override
        public void drop(Empty request, ServerStreamingServer<Sample> stream) {}
    }

    private static final class Second implements io.streamx.grpc.services.sample.v2.Sampler {
        @Override
        public io.streamx.grpc.services.sample.v2.Sample take(io.streamx.grpc.services.sample.v2.Sample request) {
            return request.toBuilder().setText("second " + request.getText()).build();
        }
    }

    @BeforeEach
    void serve() {
        server = Server.builder()
                .port(0)
                .service(Sampler.bind(new First()))
                .service(io.streamx.grpc.services.sample.v2.Sampler.bind(new Second()))
                .service(health.definition())
                .service(ReflectionService::of)
                .start();
        client =
                Client.builder("versions").address("127.0.0.1:" + server.port()).build();
    }

    @AfterEach
    void stop() {
        client.close();
        health.shutDown();
        server.close();
    }

    @Test
    void generatedClientsReachTheVersionTheyAreOf() {
        assertThat(new SamplerClient(client)
                        .take(Sample.newBuilder().setText("x").build())
                        .getText())
                .isEqualTo("first x");
        assertThat(new io.streamx.grpc.services.sample.v2.SamplerClient(client)
                        .take(io.streamx.grpc.services.sample.v2.Sample.newBuilder()
                                .setText("x")
                                .build())
                        .getText())
                .isEqualTo("second x");
    }

    private ServerReflectionResponse reflected(ServerReflectionRequest.Builder request) {
        try (var stream = new ServerReflectionClient(client).serverReflectionInfo()) {
            stream.send(request.build());
            return Objects.requireNonNull(stream.recv());
        }
    }

    @Test
    void reflectionListsBothAndDescribesEach() {
        assertThat(reflected(ServerReflectionRequest.newBuilder().setListServices("*"))
                        .getListServicesResponse()
                        .getServiceList())
                .extracting(ServiceResponse::getName)
                .contains("sample.Sampler", "sample.v2.Sampler");
        for (String symbol : new String[] {"sample.Sampler", "sample.v2.Sampler"}) {
            assertThat(reflected(ServerReflectionRequest.newBuilder().setFileContainingSymbol(symbol))
                            .hasFileDescriptorResponse())
                    .as(symbol)
                    .isTrue();
        }
    }

    @Test
    void healthKnowsEachByItsFullName() {
        health.set("sample.Sampler", HealthService.Status.NOT_SERVING);
        health.set("sample.v2.Sampler", HealthService.Status.SERVING);

        assertThat(new HealthClient(client)
                        .list(HealthListRequest.getDefaultInstance())
                        .getStatusesMap())
                .containsOnlyKeys("", "sample.Sampler", "sample.v2.Sampler");
    }
}
