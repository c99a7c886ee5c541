package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
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
    void whatALostConnectionHeldIsGivenBack() {
        ReadBudget budget = connection();
        receive(budget, 300 << 10);

        budget.close();

        assertThat(memory.used()).isZero();
    }

    @Test
    void manyConnectionsPauseBeforeTheBudgetIsUsedUp() {
        int held = 0;
        for (int i = 0; i < 40; i++) {
            ReadBudget budget = connection();
            while (!budget.isPaused()) {
                receive(budget, 4 << 10);
                held += 4 << 10;
            }
        }

        assertThat(memory.isExhausted()).isTrue();
        // Each of them may have its floor, and what one read brings.
        assertThat(held).isLessThan((int) LIMIT + 40 * (24 << 10));
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
