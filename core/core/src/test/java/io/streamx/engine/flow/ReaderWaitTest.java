package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the reader of a queue waits, and what ends its wait. */
@Timeout(30)
class ReaderWaitTest {
    private final InboundQueue queue =
            new InboundQueue(new ReadBudget(100_000, Runnable::run, new InboundQueueTest.RecordingGate()), null, null);

    @Test
    void waitingReaderIsWokenOnceForAllThatCame() throws Exception {
        CompletableFuture<Integer> first = taking();
        awaitReader();
        queue.offer(InboundQueueTest.message(7));
        queue.offer(InboundQueueTest.message(8));
        queue.wake();

        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(number(queue.take(false))).isEqualTo(8);
    }

    @Test
    void waitingReaderIsWokenByAnAbort() {
        CompletableFuture<Integer> taken = taking();
        awaitReader();
        queue.abort(new RpcException("cancelled"));

        assertThatThrownBy(() -> taken.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("cancelled");
    }

    @Test
    void waitingReaderIsWokenByTheEnd() throws Exception {
        CompletableFuture<Integer> taken = taking();
        awaitReader();
        queue.end(null);

        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }

    @Test
    void secondReaderIsRefusedWhileOneWaits() {
        CompletableFuture<Integer> taken = taking();
        awaitReader();

        assertThatThrownBy(() -> queue.take(false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already running");

        queue.end(null);
        assertThat(taken.join()).isEqualTo(-1);
    }

    @Test
    void interruptedReaderStopsWaiting() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                queue.take(false);
            } catch (InterruptedException expected) {
                done.countDown();
            }
        });
        awaitReader();
        reader.interrupt();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        queue.offer(InboundQueueTest.message(3));
        assertThat(number(queue.take(false))).isEqualTo(3);
    }

    @Test
    void interruptThatComesWithTheStreamsFailureReportsTheFailure() {
        CompletableFuture<Integer> taken = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> complete(taken));
        awaitReader();
        queue.end(new RpcException("reset by peer"));
        reader.interrupt();

        assertThatThrownBy(() -> taken.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("reset by peer");
    }

    @Test
    void messageThatCameBeforeTheInterruptIsTakenAndTheThreadStaysInterrupted() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                int first = number(queue.take(false));
                boolean interrupted = Thread.currentThread().isInterrupted();
                seen.complete(first + " " + interrupted);
            } catch (Throwable t) {
                seen.completeExceptionally(t);
            }
        });
        awaitReader();
        queue.offer(InboundQueueTest.message(7));
        // When a caller gives up the event loop interrupts the handler's thread before it wakes the reader.
        reader.interrupt();
        queue.end(new RpcException("cancelled"));

        assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("7 true");
    }

    @Test
    void timerFindsNobodyWaiting() {
        assertThat(queue.expireWait(System.nanoTime(), 1_000)).isEqualTo(1_000);
    }

    @Test
    void timerTellsWhatIsLeftAndThenEndsTheWait() throws Exception {
        CompletableFuture<Integer> taken = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        InboundMessage message = queue.take(true);
                        return message == null && !queue.isAtEnd() ? -2 : 0;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
        awaitReader();
        long hour = TimeUnit.HOURS.toNanos(1);

        assertThat(queue.expireWait(System.nanoTime(), hour)).isBetween(1L, hour);
        assertThat(taken).isNotDone();
        assertThat(queue.expireWait(System.nanoTime() + 2 * hour, hour)).isZero();
        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(-2);
    }

    private CompletableFuture<Integer> taking() {
        CompletableFuture<Integer> taken = new CompletableFuture<>();
        Thread.startVirtualThread(() -> complete(taken));
        return taken;
    }

    private void complete(CompletableFuture<Integer> taken) {
        try {
            InboundMessage message = queue.take(false);
            int number = message == null ? -1 : message.readInt();
            if (message != null) {
                queue.done();
            }
            taken.complete(number);
        } catch (Throwable t) {
            taken.completeExceptionally(t);
        }
    }

    private void awaitReader() {
        while (!queue.isAwaited()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoAsksWhetherAReaderWaitsIsToldOnceWhenItBeginsTo() throws Exception {
        CompletableFuture<Thread> told = new CompletableFuture<>();
        queue.whenAwaited(() -> told.complete(Thread.currentThread()));
        assertThat(told).isNotDone();
        queue.offer(InboundQueueTest.message(7));
        assertThat(number(queue.take(false))).isEqualTo(7);
        assertThat(told).isNotDone();

        CompletableFuture<Integer> taken = taking();

        assertThat(told.get(10, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
        queue.offer(InboundQueueTest.message(8));
        queue.wake();
        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(8);
    }

    @Test
    void whoAsksWhileAReaderWaitsIsToldAtOnce() throws Exception {
        CompletableFuture<Integer> taken = taking();
        awaitReader();
        List<Integer> told = new ArrayList<>();

        queue.whenAwaited(() -> told.add(1));

        assertThat(told).containsExactly(1);
        queue.end(null);
        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
        assertThat(told).containsExactly(1);
    }

    @Test
    void aReaderThatHasNotBeenWokenForItsMessageWaitsForNoOther() throws Exception {
        CompletableFuture<Integer> taken = taking();
        awaitReader();
        List<Integer> told = new ArrayList<>();
        queue.offer(InboundQueueTest.message(7));

        queue.whenAwaited(() -> told.add(1));
        queue.wake();

        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(told).isEmpty();
    }

    private int number(@Nullable InboundMessage message) {
        int number = Objects.requireNonNull(message).readInt();
        queue.done();
        return number;
    }
}
