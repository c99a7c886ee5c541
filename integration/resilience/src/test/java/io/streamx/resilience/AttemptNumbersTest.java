package io.streamx.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.ApplicationException;
import io.streamx.CallInfo;
import io.streamx.CallListener;
import io.streamx.client.Client;
import io.streamx.fixtures.EchoService;
import io.streamx.fixtures.OpenEnds;
import io.streamx.service.CallOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners, and with them traces and metrics, are told which attempt a call is. */
@Timeout(30)
class AttemptNumbersTest {
    private final OpenEnds ends = new OpenEnds();
    private final List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void closeAll() throws Exception {
        ends.close();
    }

    @Test
    void eachRetryHasItsNumber() {
        Client client = ends.connect(
                ends.serve(EchoService.with(stream -> {}, request -> {
                    throw new ApplicationException(6, "no");
                })),
                builder -> builder.install(Resilience.of(Policies.NONE.withRetry(
                                "*",
                                new RetryPolicy(3, Duration.ZERO, BackOff.NONE, Set.of(FailureKind.APPLICATION), 1.0))))
                        .callListener(new CallListener() {
                            @Override
                            public void onStart(CallInfo call) {
                                attempts.add(call.attempt());
                            }
                        }));

        assertThatThrownBy(() -> client.call(EchoService.SAY, "m", CallOptions.NONE))
                .isInstanceOf(ApplicationException.class);
        assertThat(attempts).containsExactly(1, 2, 3);
    }
}
