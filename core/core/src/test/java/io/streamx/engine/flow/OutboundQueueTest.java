package io.streamx.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.streamx.wire.Wire;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of steps that are queued for an event loop. */
@Timeout(60)
class OutboundQueueTest {
    /** A network that takes everything. */
    private static final Wire OPEN = new Wire() {
        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void flush() {
            // nothing was written
        }
    };

    @Test
    void aStepIsTakenOnTheEventLoop() throws Exception {
        DefaultEventLoop loop = new DefaultEventLoop();
        CountDownLatch taken = new CountDownLatch(1);

        assertThat(new OutboundQueue(loop, OPEN, () -> {}, failure -> {}).offer(taken::countDown))
                .isTrue();

        assertThat(taken.await(20, TimeUnit.SECONDS)).isTrue();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void anErrorOfAStepIsToldAndTheQueueGoesOn() throws Exception {
        DefaultEventLoop loop = new DefaultEventLoop();
        BlockingQueue<Throwable> told = new LinkedBlockingQueue<>();
        OutboundQueue queue = new OutboundQueue(loop, OPEN, () -> {}, told::add);
        CountDownLatch next = new CountDownLatch(1);

        queue.offer(() -> {
            throw new OutOfMemoryError("of this step");
        });
        queue.offer(next::countDown);

        assertThat(told.poll(20, TimeUnit.SECONDS)).isInstanceOf(OutOfMemoryError.class);
        assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void theQueueOfOneStreamTakesAllStepsOfSeveralThreadsInTheOrderOfEach() throws Exception {
        DefaultEventLoop loop = new DefaultEventLoop();
        OutboundQueue queue = OutboundQueue.ofOneStream(loop, OPEN, () -> {}, failure -> {});
        int threads = 4;
        int steps = 5_000;
        CountDownLatch taken = new CountDownLatch(threads * steps);
        List<String> outOfOrder = new CopyOnWriteArrayList<>();

        for (int i = 0; i < threads; i++) {
            int[] last = {-1};
            Thread.ofVirtual().start(() -> {
                for (int step = 0; step < steps; step++) {
                    int offered = step;
                    queue.offer(() -> {
                        if (last[0] != offered - 1) {
                            outOfOrder.add(offered + " behind " + last[0]);
                        }
                        last[0] = offered;
                        taken.countDown();
                    });
                }
            });
        }

        assertThat(taken.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(outOfOrder).isEmpty();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void whoQueuesForAnEventLoopThatHasEndedIsTold() {
        DefaultEventLoop loop = new DefaultEventLoop();
        OutboundQueue queue = new OutboundQueue(loop, OPEN, () -> {}, failure -> {});
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();

        for (int i = 0; i < 2; i++) {
            assertThat(queue.offer(() -> {
                        throw new AssertionError("was taken");
                    }))
                    .isFalse();
        }
    }
}
