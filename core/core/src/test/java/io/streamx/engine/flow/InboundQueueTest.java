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

    static InboundMessage message(int number) {
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
