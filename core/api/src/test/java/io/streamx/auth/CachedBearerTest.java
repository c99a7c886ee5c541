package io.streamx.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.CallContext;
import io.streamx.RpcTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a token is fetched, and what calls are given meanwhile. */
@Timeout(60)
class CachedBearerTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private volatile Instant now = START;
    private final SynchronousQueue<Object> answers = new SynchronousQueue<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final CountDownLatch failureSeen = new CountDownLatch(1);

    private final CachedBearer credentials = new CachedBearer(
            () -> {
                questions.incrementAndGet();
                Object answer = answers.take();
                if (answer instanceof Exception failure) {
                    throw failure;
                }
                return (AccessToken) answer;
            },
            () -> {
                // The thread that asks looks at the clock when its question has failed.
                if (Thread.currentThread().getName().equals("streamx-token")) {
                    failureSeen.countDown();
                }
                return Duration.between(START, now).toNanos();
            },
            new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    throw new UnsupportedOperationException();
                }
            });

    private static CredentialsRequest within(Duration limit) {
        return new CredentialsRequest(CallContext.current(), true, limit);
    }

    private String sent() throws Exception {
        return credentials.entriesFor(within(Duration.ofSeconds(40))).first("authorization");
    }

    private CompletableFuture<String> sending() {
        CompletableFuture<String> sent = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                sent.complete(sent());
            } catch (Exception e) {
                sent.completeExceptionally(e);
            }
        });
        return sent;
    }

    private void answer(Object answer) throws InterruptedException {
        assertThat(answers.offer(answer, 20, TimeUnit.SECONDS)).isTrue();
    }

    private static AccessToken token(String value, Instant expiresAt) {
        return new AccessToken(value, expiresAt);
    }

    /** The token that is sent is that one, at once or as soon as a question beside it has been answered. */
    private void comesToSend(String header) throws Exception {
        while (!sent().equals(header)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void callsThatWaitShareOneQuestion() throws Exception {
        List<CompletableFuture<String>> calls =
                Stream.generate(this::sending).limit(5).toList();
        answer(token("a", START.plusSeconds(1000)));

        for (CompletableFuture<String> call : calls) {
            assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer a");
        }
        assertThat(sent()).isEqualTo("Bearer a");
        assertThat(questions).hasValue(1);
    }

    @Test
    void anInterruptOfTheThreadThatAsksIsNoneOfTheCaller() throws Exception {
        CompletableFuture<String> call = sending();
        answer(new InterruptedException("shut down"));

        assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
                .cause()
                .isNotInstanceOf(InterruptedException.class)
                .hasRootCauseMessage("shut down");
    }

    @Test
    void aTokenIsRenewedBesideTheCallsBeforeItExpires() throws Exception {
        CompletableFuture<String> first = sending();
        answer(token("a", START.plusSeconds(1000)));
        assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer a");

        now = START.plusSeconds(939);
        assertThat(sent()).isEqualTo("Bearer a");
        assertThat(questions).hasValue(1);
        now = START.plusSeconds(940);
        assertThat(sent()).isEqualTo("Bearer a");
        answer(token("b", START.plusSeconds(2000)));
        comesToSend("Bearer b");
    }

    @Test
    void ofAShortLifeAFifthIsLeft() throws Exception {
        CompletableFuture<String> first = sending();
        answer(token("a", START.plusSeconds(100)));
        first.get(20, TimeUnit.SECONDS);

        now = START.plusSeconds(79);
        sent();
        assertThat(questions).hasValue(1);
        now = START.plusSeconds(80);
        assertThat(sent()).isEqualTo("Bearer a");
        answer(token("b", START.plusSeconds(200)));
        comesToSend("Bearer b");
    }

    @Test
    void afterItHasExpiredCallsWaitForTheNext() throws Exception {
        CompletableFuture<String> first = sending();
        answer(token("a", START.plusSeconds(100)));
        first.get(20, TimeUnit.SECONDS);

        now = START.plusSeconds(100);
        CompletableFuture<String> second = sending();
        answer(token("b", START.plusSeconds(200)));
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer b");
    }

    @Test
    void aFailureIsToldToThoseWhoWaitedAndTheNextCallAsksAgain() throws Exception {
        CompletableFuture<String> first = sending();
        answer(new IllegalStateException("away"));
        assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS)).hasRootCauseMessage("away");

        CompletableFuture<String> second = sending();
        answer(AccessToken.of("a"));
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer a");
    }

    @Test
    void whileARenewalFailsTheOldTokenIsUsed() throws Exception {
        CompletableFuture<String> first = sending();
        answer(token("a", START.plusSeconds(100)));
        first.get(20, TimeUnit.SECONDS);

        now = START.plusSeconds(90);
        assertThat(sent()).isEqualTo("Bearer a");
        answer(new IllegalStateException("away"));
        assertThat(failureSeen.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(sent()).isEqualTo("Bearer a");
        assertThat(questions).hasValue(2);
        now = START.plusSeconds(92);
        assertThat(sent()).isEqualTo("Bearer a");
        answer(token("b", START.plusSeconds(200)));
        comesToSend("Bearer b");
    }

    @Test
    void aRefusedTokenIsNotSentAgain() throws Exception {
        CompletableFuture<String> first = sending();
        answer(AccessToken.of("a"));
        first.get(20, TimeUnit.SECONDS);

        credentials.refused(CallContext.current(), credentials.entriesFor(within(Duration.ofSeconds(40))));
        CompletableFuture<String> second = sending();
        answer(AccessToken.of("b"));
        assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo("Bearer b");
        // A call that had been sent with the old token hears of it late.
        credentials.refused(CallContext.current(), io.streamx.Metadata.of("authorization", "Bearer a"));
        assertThat(sent()).isEqualTo("Bearer b");
    }

    @Test
    void aCallWaitsNoLongerThanItsTime() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CachedBearer silent = new CachedBearer(
                () -> {
                    asked.countDown();
                    return (AccessToken) answers.take();
                },
                System::nanoTime,
                Clock.systemUTC());

        assertThatThrownBy(() -> silent.entriesFor(within(Duration.ofMillis(50))))
                .isInstanceOf(RpcTimeoutException.class)
                .hasMessageContaining("no bearer token");
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        answer(AccessToken.of("late"));
        assertThat(silent.entriesFor(within(Duration.ofSeconds(40))).first("authorization"))
                .isEqualTo("Bearer late");
    }

    @Test
    void noTextShowsAToken() {
        assertThat(AccessToken.of("secret").toString()).doesNotContain("secret");
        assertThatThrownBy(() -> AccessToken.of("secret\n")).hasMessageNotContaining("secret");
        assertThat(io.streamx.service.CallOptions.NONE
                        .withMetadata(io.streamx.Metadata.of("authorization", "secret"))
                        .toString())
                .contains("authorization")
                .doesNotContain("secret");
    }
}
