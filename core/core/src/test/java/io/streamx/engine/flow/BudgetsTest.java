package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bounds on unread and unsent bytes, and who waits on them. */
@Timeout(30)
class BudgetsTest {
    private final Queue<Runnable> loop = new ArrayDeque<>();
    private final InboundQueueTest.RecordingGate gate = new InboundQueueTest.RecordingGate();

    @Test
    void readingPausesBeyondTheLimitAndResumesAtHalfOfIt() {
        ReadBudget budget = new ReadBudget(100, loop::add, gate);
        budget.received(60);
        budget.settle();
        assertThat(gate.paused).isZero();
        budget.received(60);
        budget.settle();
        assertThat(gate.paused).isEqualTo(1);
        assertThat(budget.isPaused()).isTrue();

        budget.taken(60);
        assertThat(loop).isEmpty();
        budget.taken(20);
        loop.remove().run();

        assertThat(gate.resumed).isEqualTo(1);
        assertThat(budget.isPaused()).isFalse();
    }

    @Test
    void manyTakersAskToResumeOnce() {
        ReadBudget budget = new ReadBudget(100, loop::add, gate);
        budget.received(120);
        budget.settle();

        budget.taken(100);
        budget.taken(10);
        budget.taken(10);

        assertThat(loop).hasSize(1);
        loop.remove().run();
        assertThat(gate.resumed).isEqualTo(1);
    }

    @Test
    void pausesAgainAfterResuming() {
        ReadBudget budget = new ReadBudget(100, loop::add, gate);
        for (int i = 0; i < 3; i++) {
            budget.received(120);
            budget.settle();
            budget.taken(120);
            loop.remove().run();
        }

        assertThat(gate.paused).isEqualTo(3);
        assertThat(gate.resumed).isEqualTo(3);
        assertThat(budget.unread()).isZero();
    }

    @Test
    void oneMessageLargerThanTheLimitFits() throws Exception {
        SendWindow window = new SendWindow(100, new SendBudget(1_000));
        window.awaitRoom();
        window.take(5_000);

        assertThat(window.unsent()).isEqualTo(5_000);
    }

    @Test
    void senderWaitsUntilItsStreamHasRoom() throws Exception {
        SendBudget connection = new SendBudget(1_000);
        SendWindow window = new SendWindow(100, connection);
        window.take(100);
        CompletableFuture<Void> sender = waiting(window);
        awaitWaiter(connection);
        assertThat(sender).isNotDone();

        window.giveBack(60);

        sender.get(10, TimeUnit.SECONDS);
        assertThat(window.unsent()).isEqualTo(40);
    }

    @Test
    void senderWaitsUntilItsConnectionHasRoom() throws Exception {
        SendBudget connection = new SendBudget(100_000);
        SendWindow busy = new SendWindow(1_000_000, connection);
        SendWindow other = new SendWindow(1_000_000, connection);
        other.take(2_000);
        busy.take(250_000);
        CompletableFuture<Void> sender = waiting(other);
        awaitWaiter(connection);
        assertThat(sender).isNotDone();

        busy.giveBack(220_000);

        sender.get(10, TimeUnit.SECONDS);
    }

    @Test
    void streamsThatAreStuckLeaveRoomForOthers() throws Exception {
        SendBudget connection = new SendBudget(1_000_000);
        for (int i = 0; i < 200; i++) {
            SendWindow stuck = new SendWindow(100_000, connection);
            for (long before = -1; before < stuck.unsent() && connection.hasRoomFor(stuck.unsent()); ) {
                before = stuck.unsent();
                stuck.take(1024);
            }
        }

        SendWindow other = new SendWindow(100_000, connection);
        other.awaitRoom();
        other.take(1024);

        assertThat(connection.unsent()).isLessThan(2_000_000);
    }

    @Test
    void manyStreamsThatAreStuckWithAMessageEachLeaveRoomForAnotherBeyondTheLimit() throws Exception {
        SendBudget connection = new SendBudget(1_000_000);
        for (int i = 0; i < 300; i++) {
            new SendWindow(1_000_000, connection).take(10_000);
        }
        SendWindow another = new SendWindow(1_000_000, connection);

        assertThat(another.awaitRoom(1)).isTrue();
        another.take(10_000);
        assertThat(another.awaitRoom(1)).isFalse();
    }

    @Test
    void connectionMissesLessThanAGranuleOfEachStream() {
        SendBudget connection = new SendBudget(1_000_000);
        SendWindow window = new SendWindow(1_000_000, connection);
        int taken = 0;
        for (int bytes = 1; bytes < 5_000; bytes += 97) {
            window.take(bytes);
            taken += bytes;
            assertThat(taken - connection.unsent()).isBetween(0L, 1023L);
        }
        window.giveBack(taken - 10);
        assertThat(connection.unsent()).isZero();
        window.giveBack(10);
        assertThat(connection.unsent()).isZero();
        assertThat(window.unsent()).isZero();
    }

    @Test
    void closingTheStreamLetsItsSendersGo() throws Exception {
        SendBudget connection = new SendBudget(1_000);
        SendWindow window = new SendWindow(100, connection);
        window.take(100);
        CompletableFuture<Void> first = waiting(window);
        CompletableFuture<Void> second = waiting(window);
        awaitWaiter(connection);

        window.close();

        first.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);
        assertThat(connection.waiters().isEmpty()).isTrue();
    }

    @Test
    void interruptedSenderStopsWaiting() throws Exception {
        SendBudget connection = new SendBudget(1_000);
        SendWindow window = new SendWindow(100, connection);
        window.take(100);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                window.awaitRoom();
                interrupted.complete(false);
            } catch (InterruptedException e) {
                interrupted.complete(true);
            }
        });
        awaitWaiter(connection);
        sender.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(connection.waiters().isEmpty()).isTrue();
    }

    private static CompletableFuture<Void> waiting(SendWindow window) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        window.awaitRoom();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private static void awaitWaiter(SendBudget connection) {
        while (connection.waiters().isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
