package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The budget of all connections together: what each may hold grows less as the others hold more. */
@Timeout(30)
class ProcessMemoryTest {
    private static final long LIMIT = 1 << 20;
    private static final long OWN = 512 << 10;

    private final ProcessMemory memory = new ProcessMemory(LIMIT);
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final InboundQueueTest.RecordingGate gate = new InboundQueueTest.RecordingGate();

    private ReadBudget connection() {
        return new ReadBudget(OWN, loop::add, gate, memory);
    }

    private static void receive(ReadBudget budget, int bytes) {
        budget.received(bytes);
        budget.settle();
    }

    @Test
    void littleIsNotCounted() {
        receive(connection(), 10_000);

        assertThat(memory.used()).isZero();
        assertThat(memory.allowance(OWN)).isEqualTo(OWN);
    }

    @Test
    void whatIsHeldIsCountedAndGivenBackWhenItIsTaken() {
        ReadBudget budget = connection();
        receive(budget, 300 << 10);
        assertThat(memory.used()).isGreaterThanOrEqualTo(300 << 10);

        budget.taken(300 << 10);
        loop.forEach(Runnable::run);

        assertThat(memory.used()).isZero();
    }

    @Test
    void whatIsCountedAfterTheConnectionWasLostIsNotHeldForEver() {
        SendBudget budget = new SendBudget(OWN, memory);
        // Nobody gives these back: they were to be sent when the connection was lost.
        budget.take(300 << 10);
        budget.close();

        // A handler that has not noticed yet makes a reply, which is dropped.
        budget.take(100 << 10);
        budget.giveBack(100 << 10);

        assertThat(memory.used()).isZero();
    }

    @Test
    void whatALostConnectionHeldIsGivenBack() {
        ReadBudget budget = connection();
        receive(budget, 300 << 10);

        budget.close();

        assertThat(memory.used()).isZero();
    }

    @Test
    void manyConnectionsPauseBeforeTheBudgetIsUsedUp() {
        int held = 0;
        for (int i = 0; i < 20; i++) {
            ReadBudget budget = connection();
            while (!budget.isPaused()) {
                receive(budget, 4 << 10);
                held += 4 << 10;
            }
        }

        // Each of them may have its floor, and what one read brings.
        assertThat(held).isLessThan((int) LIMIT + 20 * (8 << 10));
    }

    @Test
    void soManyThatEvenLittleOfEachIsTooMuchUseItUp() {
        for (int i = 0; i < 60; i++) {
            ReadBudget budget = connection();
            while (!budget.isPaused()) {
                receive(budget, 4 << 10);
            }
        }

        assertThat(memory.isExhausted()).isTrue();
    }

    @Test
    void whatStreamsHaveSentThatNobodyTakesLeavesRoomForTheFirstMessagesOfOthers() {
        ProcessMemory larger = new ProcessMemory(16 * LIMIT);
        for (int i = 0; i < 8; i++) {
            SendBudget connection = new SendBudget(16 * OWN, larger);
            for (int stream = 0; stream < 50; stream++) {
                SendWindow stuck = new SendWindow(64 << 10, connection);
                while (connection.hasRoomFor(stuck.unsent()) && stuck.unsent() < 64 << 10) {
                    stuck.take(1024);
                }
            }
            assertThat(connection.hasRoomFor(0)).isTrue();
        }

        assertThat(larger.isExhausted()).isFalse();
    }

    @Test
    void aSenderThatHoldsNothingIsWokenWhenAnotherConnectionGivesMemoryBack() throws Exception {
        ReadBudget full = connection();
        receive(full, (int) LIMIT);
        SendBudget connection = new SendBudget(OWN, memory);
        connection.take(ProcessMemory.FLOOR_BYTES);
        SendWindow window = new SendWindow(64 << 10, connection);
        CompletableFuture<Void> sender = CompletableFuture.runAsync(
                () -> {
                    try {
                        window.awaitRoom();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
        while (connection.waiters().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(sender).isNotDone();

        full.close();

        sender.get(10, TimeUnit.SECONDS);
        assertThat(memory.waiters().isEmpty()).isTrue();
    }

    @Test
    void onlyOneThatHoldsMoreThanOthersMayHaveToEndAStream() {
        ReadBudget full = connection();
        receive(full, 900 << 10);
        ReadBudget small = connection();
        receive(small, 40 << 10);

        assertThat(small.isPaused()).isTrue();
        assertThat(small.isOverItsShare()).isFalse();
        assertThat(full.isOverItsShare()).isTrue();
    }

    @Test
    void sendersWaitEarlierWhereLittleIsLeft() {
        SendBudget free = new SendBudget(OWN, memory);
        free.take(50 << 10);
        assertThat(free.hasRoomFor(50 << 10)).isTrue();

        receive(connection(), 900 << 10);

        assertThat(free.hasRoomFor(50 << 10)).isFalse();
        free.giveBack(50 << 10);
        assertThat(free.hasRoomFor(0)).isTrue();
    }
}
