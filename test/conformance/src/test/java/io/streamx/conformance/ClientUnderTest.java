package io.streamx.conformance;

import connectrpc.conformance.v1.ClientCompat.ClientCompatRequest;
import connectrpc.conformance.v1.ClientCompat.ClientCompatResponse;
import connectrpc.conformance.v1.ClientCompat.ClientErrorResult;
import connectrpc.conformance.v1.ConfigOuterClass.Compression;
import connectrpc.conformance.v1.ConformanceServiceClient;
import io.streamx.client.Client;
import io.streamx.grpc.GrpcOptions;
import io.streamx.tls.ClientTls;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The program that the suite starts to test clients: makes each call it is asked for and says what came of it. */
final class ClientUnderTest {
    /** Calls at the same time: their time limits are short, and the machine may be busy. */
    private static final int MAX_CALLS = 8;

    private ClientUnderTest() {}

    public static void main(String[] arguments) throws Exception {
        Wire wire = new Wire(System.in, System.out);
        Semaphore running = new Semaphore(MAX_CALLS);
        try (ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor()) {
            for (ClientCompatRequest asked = wire.read(ClientCompatRequest.parser());
                    asked != null;
                    asked = wire.read(ClientCompatRequest.parser())) {
                ClientCompatRequest call = asked;
                running.acquire();
                calls.submit(() -> {
                    try {
                        wire.write(outcome(call));
                    } finally {
                        running.release();
                    }
                    return null;
                });
            }
        }
    }

    private static ClientTls tls(ClientCompatRequest asked) {
        ClientTls.Builder tls =
                ClientTls.builder().trust(asked.getServerTlsCert().toByteArray());
        if (asked.hasClientTlsCreds()) {
            tls.identity(
                    asked.getClientTlsCreds().getCert().toByteArray(),
                    asked.getClientTlsCreds().getKey().toByteArray());
        }
        return tls.build();
    }

    private static ClientCompatResponse outcome(ClientCompatRequest asked) throws IOException {
        ClientCompatResponse.Builder outcome = ClientCompatResponse.newBuilder().setTestName(asked.getTestName());
        GrpcOptions.Builder grpc = GrpcOptions.builder();
        if (asked.getCompression() == Compression.COMPRESSION_GZIP) {
            grpc.compression("gzip");
        }
        Client.Builder builder = Client.builder("ConformanceService")
                .address(asked.getHost() + ":" + asked.getPort())
                .connections(1)
                .connectTimeout(Duration.ofSeconds(5))
                .transportOptions(grpc.build());
        if (asked.getMessageReceiveLimit() > 0) {
            builder.maxMessageBytes(asked.getMessageReceiveLimit());
        }
        if (!asked.getServerTlsCert().isEmpty()) {
            builder.tls(tls(asked));
        }
        try (Client client = builder.build()) {
            client.warmUp();
            ConformanceServiceClient service =
                    new ConformanceServiceClient(client).withMetadata(Entries.of(asked.getRequestHeadersList()));
            if (asked.hasTimeoutMs()) {
                service = service.withTimeout(Duration.ofMillis(asked.getTimeoutMs()));
            }
            return outcome.setResponse(new CallUnderTest(service, asked).make()).build();
        } catch (Exception unexpected) {
            return outcome.setError(ClientErrorResult.newBuilder().setMessage(String.valueOf(unexpected)))
                    .build();
        }
    }
}
