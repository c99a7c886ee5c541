package io.streamx.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.resilience.BackOff;
import io.streamx.resilience.BackupPolicy;
import io.streamx.resilience.BreakerPolicy;
import io.streamx.resilience.FailureKind;
import io.streamx.resilience.LimitPolicy;
import io.streamx.resilience.Policies;
import io.streamx.resilience.Resilience;
import io.streamx.resilience.RetryPolicy;
import io.streamx.server.Server;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls that policies make once more, refuse, and stop for a while. */
final class PolicyCalls {
    private PolicyCalls() {}

    /** Makes these calls. Clients and server are added to {@code ends}, and {@code metrics} are installed in all of them. */
    static void make(OpenEnds ends, MicrometerMetrics metrics) {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch answered = new CountDownLatch(1);
        Server server = ends.serve(
                EchoService.with(stream -> {}, request -> {
                    int number = calls.incrementAndGet();
                    if (request.equals("slow first") && number == 1) {
                        answered.await();
                    } else if (request.equals("slow first")) {
                        answered.countDown();
                    } else if (request.equals("fail")) {
                        throw new ApplicationException(6, "no");
                    }
                    return request;
                }),
                builder -> builder.install(metrics)
                        .maxConnections(100)
                        .install(Resilience.of(Policies.NONE.withLimit(new LimitPolicy(10, 0)))));
        Client backed = ends.connect(
                server,
                builder -> builder.install(metrics)
                        .install(Resilience.of(
                                Policies.NONE.withBackup("*", BackupPolicy.after(Duration.ofMillis(20))))));
        assertThat(backed.call(EchoService.SAY, "slow first", CallOptions.NONE)).isEqualTo("slow first");
        // Installed before the metrics, which hear of the breakers all the same.
        Client retrying = ends.connect(
                server,
                builder -> builder.install(Resilience.of(Policies.NONE
                                .withRetry(
                                        "*",
                                        new RetryPolicy(
                                                3, Duration.ZERO, BackOff.NONE, Set.of(FailureKind.APPLICATION), 1.0))
                                .withBreaker("*", BreakerPolicy.of(0.5, 3))))
                        .install(metrics));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> retrying.call(EchoService.SAY, "fail", CallOptions.NONE))
                    .isInstanceOf(Exception.class);
        }
    }
}
