package io.streamx.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.client.Client;
import io.streamx.interop.testing.SimpleRequest;
import io.streamx.interop.testing.TestServiceClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Replies that are under way together and do not fit together: our end makes the windows of streams that have sent more
 * already so narrow that they are negative (RFC 9113 section 6.9.2), which peers have to take as it is meant.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ManyLargeMessagesTest {
    private static final int CALLS = 60;
    private static final int REPLY_BYTES = 500_000;
    private static final int STREAM_BYTES = 128 * 1024;
    private static final int CONNECTION_BYTES = 1 << 20;

    @RegisterExtension
    static final GoModule grpcGo = new GoModule("grpcgo");

    @Test
    void theyAllComeFromAServerOfGrpcJava() throws Exception {
        try (GrpcJavaPeer peer = new GrpcJavaPeer()) {
            assertAllCome(peer.address());
        }
    }

    @Test
    void theyAllComeFromAServerOfGrpcGo() throws Exception {
        try (PeerProcess peer = grpcGo.start("peer", "serve")) {
            assertAllCome("127.0.0.1:" + peer.announcement().get("port").asInt());
        }
    }

    private static void assertAllCome(String address) throws Exception {
        SimpleRequest request =
                SimpleRequest.newBuilder().setResponseSize(REPLY_BYTES).build();
        try (Client client = Client.builder("grpc.testing")
                        .address(address)
                        .connections(1)
                        .connectTimeout(JavaClients.PATIENCE)
                        .buffers(STREAM_BYTES, CONNECTION_BYTES)
                        .stallTimeout(Duration.ofSeconds(20))
                        .build();
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            TestServiceClient service = new TestServiceClient(client);
            List<CompletableFuture<Integer>> sizes = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                sizes.add(CompletableFuture.supplyAsync(
                        () -> service.unaryCall(request).getPayload().getBody().size(), callers));
            }
            for (CompletableFuture<Integer> size : sizes) {
                assertThat(size.get(50, TimeUnit.SECONDS)).isEqualTo(REPLY_BYTES);
            }
        }
    }
}
