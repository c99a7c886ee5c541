package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamx.wire.TimeSource;
import io.streamx.wire.UnsentReplies.Turn;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where handlers wait before they make replies, and what lets them go on. */
@Timeout(30)
class ReplyRoomTest {
    private static final long LIMIT = 1 << 20;
    private static final long MEMORY = 16 << 20;
    private static final long LONG = TimeUnit.MINUTES.toNanos(10);

    private final Semaphore parks = new Semaphore(0);
    private final ProcessMemory memory = new ProcessMemory(MEMORY);
    private final TimeSource time = new TimeSource() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void parkNanos(Object blocker, long nanos) {
            parks.release();
            super.parkNanos(blocker, nanos);
        }
    };

    private ReplyRoom room() {
        return new ReplyRoom(LIMIT, new SendBudget(LIMIT, memory), memory, time);
    }

    private CompletableFuture<Boolean> waiting(Turn turn) throws InterruptedException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                done.complete(turn.await(LONG));
            } catch (Throwable t) {
                done.completeExceptionally(t);
            }
        });
        parks.acquire();
        return done;
    }

    @Test
    void aHandlerWaitsUntilItsConnectionHasRoom() throws Exception {
        ReplyRoom room = room();
        room.made(LIMIT);
        assertThat(room.enter()).isFalse();
        CompletableFuture<Boolean> handler = waiting(room.newTurn());

        room.left(LIMIT);

        assertThat(handler.get(20, TimeUnit.SECONDS)).isTrue();
        room.leave();
        assertThat(memory.waiters().isEmpty()).isTrue();
    }

    @Test
    void handlersThatWaitForADeafPeerAreNotWokenForOthers() throws Exception {
        ReplyRoom room = room();
        room.made(LIMIT);
        Turn turn = room.newTurn();
        CompletableFuture<Boolean> handler = waiting(turn);

        assertThat(memory.waiters().isEmpty()).isTrue();

        turn.giveUp();
        assertThat(handler.get(20, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void aHandlerWaitsWhileAsManyRepliesAreMadeAsProcessorsCanMake() throws Exception {
        ReplyRoom room = room();
        int entered = 0;
        while (room.enter()) {
            entered++;
        }
        assertThat(entered).isEqualTo(2 * Runtime.getRuntime().availableProcessors());
        CompletableFuture<Boolean> handler = waiting(room().newTurn());

        room.leave();

        assertThat(handler.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aReplyThatIsMadeWakesNobodyWhoWaitsForMemory() throws Exception {
        ReplyRoom room = room();
        SendBudget other = new SendBudget(MEMORY, memory);
        other.take(MEMORY + 1);
        Turn turn = room.newTurn();
        CompletableFuture<Boolean> handler = waiting(turn);

        // Replies that were begun before the memory was used up.
        assertThat(memory.beginMaking()).isTrue();
        memory.endMaking();

        // One that is woken in vain parks again.
        assertThat(parks.tryAcquire(200, TimeUnit.MILLISECONDS)).isFalse();
        other.giveBack(MEMORY + 1);
        assertThat(handler.get(20, TimeUnit.SECONDS)).isTrue();
    }
}
