package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.streamx.RpcException;
import io.streamx.wire.InboundMessage;
import io.streamx.wire.ReadGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class InboundQueueTest {
    private static final long LIMIT = 100_000;

    private final RecordingGate gate = new RecordingGate();
    private final ReadBudget budget = new ReadBudget(LIMIT, Runnable::run, gate);
    private final InboundQueue queue = new InboundQueue(budget, null, null);

    @Test
    void messagesComeInOrderAndThenTheEndForEver() throws Exception {
        queue.offer(message(1));
        queue.offer(message(2));
        queue.end(null);

        assertThat(number(queue.take(false))).isEqualTo(1);
        assertThat(number(queue.take(false))).isEqualTo(2);
        assertThat(queue.take(false)).isNull();
        assertThat(queue.isAtEnd()).isTrue();
        assertThat(queue.take(false)).isNull();
    }

    @Test
    void failureComesAfterTheMessagesAndForEver() throws Exception {
        queue.offer(message(1));
        queue.end(new RpcException("reset"));
        queue.end(null);

        assertThat(number(queue.take(false))).isEqualTo(1);
        assertThatThrownBy(() -> queue.take(false)).hasMessage("reset");
        assertThatThrownBy(() -> queue.take(false)).hasMessage("reset");
    }

    @Test
    void aFailureTakesThePlaceOfACleanEndThatNobodyHasSeen() throws Exception {
        queue.offer(message(1));
        queue.end(null);
        queue.end(new RpcException("cancelled"));
        queue.end(new RpcException("later"));

        assertThat(number(queue.take(false))).isEqualTo(1);
        assertThatThrownBy(() -> queue.take(false)).hasMessage("cancelled");
        assertThatThrownBy(() -> queue.take(false)).hasMessage("cancelled");
    }

    @Test
    void aReaderAtTheCleanEndIsToldOfAFailureThatComesAfterIt() throws Exception {
        queue.end(null);
        assertThat(queue.take(false)).isNull();

        queue.end(new RpcException("cancelled"));

        assertThatThrownBy(() -> queue.take(false)).hasMessage("cancelled");
    }

    @Test
    void theEndAfterAFailureChangesNothing() {
        queue.end(new RpcException("cancelled"));
        queue.end(null);

        assertThatThrownBy(() -> queue.take(false)).hasMessage("cancelled");
    }

    @Test
    void abortAfterAnEndDropsTheMessagesAndItsFailureGoesFirst() {
        queue.offer(message(1));
        queue.end(null);
        queue.abort(new RpcException("cancelled"));

        assertThatThrownBy(() -> queue.take(false)).hasMessage("cancelled");
    }

    @Test
    void closeAfterAFailureDropsTheMessagesAndLeavesTheFailure() {
        queue.offer(message(1));
        queue.end(new RpcException("reset"));
        queue.close();

        assertThatThrownBy(() -> queue.take(false)).hasMessage("reset");
    }

    @Test
    void messagesAfterAnEndCountForNothing() {
        queue.end(new RpcException("timeout"));
        queue.offer(message(1));
        queue.offer(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}), 0, 3);
        budget.settle();

        assertThat(budget.unread()).isZero();
        assertThatThrownBy(() -> queue.take(false)).hasMessage("timeout");
    }

    @Test
    void abortOvertakesTheMessagesAndGivesTheirBytesBack() {
        queue.offer(message(1));
        queue.offer(message(2));
        budget.settle();
        assertThat(budget.unread()).isPositive();

        queue.abort(new RpcException("cancelled"));

        assertThat(budget.unread()).isZero();
        assertThatThrownBy(() -> queue.take(false)).hasMessage("cancelled");
    }

    @Test
    void messagesAfterAnAbortCountForNothing() {
        queue.abort(new RpcException("cancelled"));
        queue.offer(message(1));
        budget.settle();

        assertThat(budget.unread()).isZero();
    }

    @Test
    void firstAbortStays() {
        queue.abort(new RpcException("first"));
        queue.abort(new RpcException("second"));

        assertThatThrownBy(() -> queue.take(false)).hasMessage("first");
    }

    @Test
    void waitingReaderIsWokenOnceForAllThatCame() throws Exception {
        CompletableFuture<Integer> first = taking();
        awaitReader();
        queue.offer(message(7));
        queue.offer(message(8));
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
    void secondReaderIsRefusedWhileAMessageIsBeingDecoded() throws Exception {
        queue.offer(message(1));
        queue.offer(message(2));
        queue.take(false);

        assertThatThrownBy(() -> queue.take(false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already running");

        queue.done();
        assertThat(number(queue.take(false))).isEqualTo(2);
    }

    @Test
    void abortWhileAMessageIsBeingDecodedDropsTheOthersAfterwards() throws Exception {
        queue.offer(message(1));
        queue.offer(message(2));
        budget.settle();
        InboundMessage first = queue.take(false);

        queue.abort(new RpcException("cancelled"));

        assertThat(Objects.requireNonNull(first).readInt()).isEqualTo(1);
        queue.done();
        assertThat(budget.unread()).isZero();
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
        queue.offer(message(3));
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
        queue.offer(message(7));
        // As the event loop does when a caller gives up: the handler's thread is interrupted before the reader is
        // woken.
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

    @Test
    void takenBytesGoBackToTheConnection() throws Exception {
        queue.offer(message(1));
        budget.settle();
        long unread = queue.unread();
        assertThat(unread).isPositive().isEqualTo(budget.unread());

        number(queue.take(false));

        assertThat(queue.unread()).isZero();
        assertThat(budget.unread()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 300, 3_000})
    void nothingIsLostBetweenAFastProducerAndAReaderThatParks(int filling) throws Exception {
        int count = filling > 1_000 ? 20_000 : 200_000;
        Random random = new Random(filling);
        CompletableFuture<Long> sum = CompletableFuture.supplyAsync(
                () -> {
                    long total = 0;
                    try {
                        for (InboundMessage m = queue.take(false); m != null; m = queue.take(false)) {
                            total += m.readInt();
                            queue.done();
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return total;
                },
                Thread::startVirtualThread);
        for (int i = 0; i < count; i++) {
            if (i % 11 == 0) {
                queue.offer(message(i));
            } else {
                ByteBuf read = Unpooled.buffer().writeByte(9).writeInt(i).writeZero(random.nextInt(filling + 1));
                queue.offer(read, 1, read.readableBytes() - 1);
            }
            if (i % 7 == 0) {
                queue.wake();
            }
            if (i % 101 == 0) {
                Thread.yield();
            }
        }
        queue.end(null);

        assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo((long) count * (count - 1) / 2);
        budget.settle();
        assertThat(budget.unread()).isZero();
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
        queue.offer(message(7));
        assertThat(number(queue.take(false))).isEqualTo(7);
        assertThat(told).isNotDone();

        CompletableFuture<Integer> taken = taking();

        assertThat(told.get(10, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
        queue.offer(message(8));
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
        queue.offer(message(7));

        queue.whenAwaited(() -> told.add(1));
        queue.wake();

        assertThat(taken.get(10, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(told).isEmpty();
    }

    @Test
    void whoGrantsCreditIsToldOfEachMessageThatIsTakenOrDropped() throws Exception {
        List<Integer> told = new ArrayList<>();
        InboundQueue credited = new InboundQueue(budget, told::add, null);
        credited.offer(message(1));
        credited.offer(InboundMessage.of(new byte[10], 3, 7));

        assertThat(credited.take(false)).isNotNull();
        credited.done();
        assertThat(told).containsExactly(4);

        credited.close();
        assertThat(told).containsExactly(4, 7);
    }

    private static InboundMessage message(int number) {
        byte[] bytes = {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
        return InboundMessage.of(bytes, 0, bytes.length);
    }

    private int number(@Nullable InboundMessage message) {
        int number = Objects.requireNonNull(message).readInt();
        queue.done();
        return number;
    }

    static final class RecordingGate implements ReadGate {
        int paused;
        int resumed;

        @Override
        public void pause() {
            paused++;
        }

        @Override
        public void resume() {
            resumed++;
        }
    }
}
